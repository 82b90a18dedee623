"""Terms, and the scope of practice: read, said yes to, written edition by edition."""
