"""Signing observations, one or several, also in person; and taking a signature back."""
