"""Connections with LMSs: made, tried, looked after, moved and ended."""
