"""Evidence: brought, shared, opened, taken back."""
