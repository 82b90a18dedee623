"""Who observes, supervises and mentors whom: assigned, handed over, and stood in for."""
