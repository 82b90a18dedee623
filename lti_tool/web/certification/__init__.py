"""Decisions about a certification, and appeals: for whoever decides, and for whom it is about."""
