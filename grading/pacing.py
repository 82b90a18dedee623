"""How a platform that has trouble is spared: it rests, and one score asks whether it is well again."""

from datetime import timedelta

PATIENT_WITH = 3
"""Troubles in a row after which a platform rests: one or two may be those of the scores that met them."""
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=15)


def rests(troubles: int, jitter: float) -> timedelta | None:
    """How long a platform rests after so many troubles in a row; None while there are few.

    First 10 to 12 seconds, then doubling up to a quarter of an hour. `jitter`, from 0 to below 1, keeps those who
    were refused together from coming back together.
    """
    if not 0 <= jitter < 1:
        raise ValueError(f"jitter is from 0 to below 1, not {jitter}")
    if troubles < PATIENT_WITH:
        return None
    doublings = min(troubles - PATIENT_WITH, 16)  # far beyond LONGEST_REST
    return min(FIRST_REST * (1 << doublings) * (1 + jitter / 5), LONGEST_REST)


def counts_as_its_own(trouble_of_the_platform: bool, *, took_others_since: bool) -> bool:
    """Whether an attempt that did not arrive uses up the patience with its score.

    While a platform is down no score is to blame. A platform that has taken other scores since this one was first
    tried is well: what it stumbles over is this one.
    """
    return not trouble_of_the_platform or took_others_since
