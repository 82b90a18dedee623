"""Links that lead from a course into Attune: chosen, called something, and copied with their course."""
