"""Courses and their people: the list that the LMS has, activities and their trainees, from one term to the next."""
