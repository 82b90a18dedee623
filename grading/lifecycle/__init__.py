"""Dates from dates: how long a certification is valid, when it is renewed, what follows when it is not."""
