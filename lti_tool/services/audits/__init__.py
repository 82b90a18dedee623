"""Samples that auditors draw, what they read, and what they found."""
