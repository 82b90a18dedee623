"""Supervision: agreements, sessions, wishes for one, and growth plans."""
