"""Programs: written, published, entered; and one's own path through one."""
