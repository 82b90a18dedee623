"""Rating together: the same examples, each alone, and then a talk."""
