"""What can be done, one verb a file: load, ask the core, save, write the audit entry. None commits.

Each verb stands in the package of what it is about; beside the packages stands what all of them use.
"""
