"""What can be done, one verb a file: load, ask the core, save, write the audit entry. None commits."""
