"""Evidence that somebody brings, and who else may see it."""
