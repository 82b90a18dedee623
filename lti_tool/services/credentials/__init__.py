"""Credentials that holders carry: issued, shown, endorsed, withdrawn."""
