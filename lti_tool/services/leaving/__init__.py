"""An organization that leaves: it takes along what it owns, and is removed with proof.

`owned` says what goes along, `taking` writes it, `checking` looks at it with nothing but the file, `removing` removes.
"""
