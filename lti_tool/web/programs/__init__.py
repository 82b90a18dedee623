"""Programs: written, published, entered, gone on with under another edition; one's own path, and pauses."""
