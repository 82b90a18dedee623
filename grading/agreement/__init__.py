"""How far people who rated the same thing agree: the statistics, worked out by hand and without any library.

Everything here is a function of `Ratings`. What cannot be worked out raises `CannotCompute` with the reason; no number
ever stands in its place.
"""
