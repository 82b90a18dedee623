"""What a requirement is made of: a few values, which together say every kind of rule in `docs/rule-kinds.md`."""
