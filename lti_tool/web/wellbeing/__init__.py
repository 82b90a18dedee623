"""What is one's own, and where to turn."""
