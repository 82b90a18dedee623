"""Samples for auditors, and answers to what they found."""
