"""Who keeps out of what concerns somebody, because either of the two declared a conflict. Why is nobody's to know."""

from collections.abc import Collection

from rubrics.refusal import Refused

Pair = frozenset[str]
"""Two people between whom a conflict stands; which of them declared it is not told."""


def pair(one: str, other: str) -> Pair:
    """The two, in no order."""
    return frozenset((one, other))


def stands_between(person: str, trainee: str, conflicts: Collection[Pair]) -> bool:
    """Whether a conflict stands between the two, whichever of them declared it."""
    return pair(person, trainee) in conflicts


def may_take_part(person: str, trainee: str, conflicts: Collection[Pair]) -> None:
    """Whether the person may observe, sign, decide or sit on a panel about the trainee. Raises `Refused` ("conflict").

    The sentence says who does it and not why: it is the same for whoever declared it and for the other side.
    """
    if stands_between(person, trainee, conflicts):
        raise Refused("conflict", "Someone else does this for this person. Nothing is needed here.")


def free(people: Collection[str], trainee: str, conflicts: Collection[Pair]) -> frozenset[str]:
    """Those of the people who may take part, for a panel or a re-assignment."""
    return frozenset(person for person in people if not stands_between(person, trainee, conflicts))
