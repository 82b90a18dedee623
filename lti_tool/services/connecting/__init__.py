"""Connections with LMSs: made, tried, looked after, moved and ended; what an LMS sends by itself."""
