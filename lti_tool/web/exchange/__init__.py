"""Files in and out, tables and packages to take along."""
