"""Where people practice, what was agreed there, and what is different for somebody so that they can take part."""
