"""Deciding about somebody's certification, what they read of it, and appeals."""
