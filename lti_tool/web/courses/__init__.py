"""A course: its people, its activities' settings, one trainee of an activity, the end of its term."""
