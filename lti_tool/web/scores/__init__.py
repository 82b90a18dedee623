"""Gradebook columns: what they show, and whether it got through."""
