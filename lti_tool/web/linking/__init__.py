"""What an instructor adds to a course, in the LMS's picker and behind links; copied courses."""
