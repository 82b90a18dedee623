"""Pages: a view parses, calls one service, picks a template.

They stand in packages by what they are about, which are called as those of the services; beside them stands what all
pages use.
"""
