"""Signing observations, each in one's own lane: what has to be so before, what was signed, what no longer stands."""
