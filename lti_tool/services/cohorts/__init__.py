"""Many seen together: by name and never by rank; who needs somebody, how observers rate, what sites hold."""
