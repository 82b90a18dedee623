"""A course: its people, its activities' settings, the end of its term."""
