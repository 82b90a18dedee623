"""The whole content of an Attune, out of one database and into another, with a proof that it is the same.

`rows` says how a row looks outside of any database, `tables` reads and loads them, `archive` is the file between the
two. Nothing here reads what people wrote: encrypted text stays as it is.
"""
