"""Many seen together, by name and never by rank; how observers rate; supervision and sites at a glance."""
