"""A person's own data: what there is, a copy of it, who opened it, how long it is kept, and erasing it."""
