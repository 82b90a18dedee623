"""Courses and their people: the list that the LMS has, activities, and the end of a term."""
