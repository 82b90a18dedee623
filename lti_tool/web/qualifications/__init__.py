"""What people are qualified in, what was noted of them, and trainings that an LMS tells of."""
