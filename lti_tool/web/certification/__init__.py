"""Asking for a certification or its renewal, deciding, what its person reads, giving it back, appeals."""
