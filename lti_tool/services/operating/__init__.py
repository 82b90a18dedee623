"""What runs by itself beside people's acts: cleaning up, nights, keys, readiness."""
