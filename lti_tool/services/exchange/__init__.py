"""Files in and out: what somebody brings, what comes with Attune, tables and packages to take along."""
