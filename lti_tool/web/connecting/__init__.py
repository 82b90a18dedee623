"""Connections with LMSs, for operators and for administrators of an LMS; what an LMS sends by itself."""
