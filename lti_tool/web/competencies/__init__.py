"""Competency frameworks: those that came in, and those of one's own."""
