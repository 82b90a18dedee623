"""Whether everything that one selection means is meant by another too."""

from collections.abc import Sequence

from grading.requirements.selection import Selection, Where


def narrower(inner: Selection, outer: Selection) -> bool:
    """Whether what counts for `inner` counts for `outer` too, of the same time and in the same unit."""
    return (
        inner.kinds <= outer.kinds
        and inner.unit == outer.unit
        and (not outer.windows or inner.windows == outer.windows)
        and (not outer.not_counting or inner.not_counting == outer.not_counting)
        and implies(inner.where, outer.where)
    )


def implies(inner: Sequence[Where], outer: Sequence[Where]) -> bool:
    """Whether a thing that is like `inner` is always like `outer`."""
    return all(any(_implies(each, other) for each in inner) for other in outer)


def _implies(inner: Where, outer: Where) -> bool:
    if inner == outer:
        return True
    if inner.name != outer.name or outer.none_of or outer.said:
        return False
    if outer.any_of and not (inner.any_of and inner.any_of <= outer.any_of):
        return False
    if outer.at_least is not None and (inner.at_least is None or inner.at_least < outer.at_least):
        return False
    return outer.at_most is None or (inner.at_most is not None and inner.at_most <= outer.at_most)
