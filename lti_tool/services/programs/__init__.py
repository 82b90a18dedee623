"""Programs: written, published, entered, and gone on with under another edition."""
