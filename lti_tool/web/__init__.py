"""Pages: a view parses, calls one service, picks a template."""
