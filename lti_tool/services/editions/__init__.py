"""Texts that an organization publishes edition by edition: its terms, and its scope of practice."""
