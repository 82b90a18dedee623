"""Telling people that something waits or changed, by message and mail, and never what it is about."""
