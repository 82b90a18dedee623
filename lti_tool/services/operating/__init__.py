"""What runs by itself or for the operator, beside people's acts: cleaning up, nights, backups, keys, readiness."""
