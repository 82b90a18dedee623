"""What gradebook columns should show, and bringing it to the LMS."""
