"""Who observes, supervises and mentors whom: assigned, handed over, away."""
