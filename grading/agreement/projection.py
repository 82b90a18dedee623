"""What more observations or observers would bring."""

from math import ceil, sqrt

from grading.agreement.reasons import CannotCompute, Reason


def spearman_brown(reliability: float, times: float) -> float:
    """The reliability of the mean of so many times as much. Below 0 it may have none, which raises `CannotCompute`."""
    below = 1 + (times - 1) * reliability
    if below <= 0:
        raise CannotCompute(Reason.NO_DIFFERENCE)
    return times * reliability / below


def needed(reliability: float, wanted: float) -> int:
    """How many times as much is needed for the wanted reliability, which lies between 0 and 1.

    Raises `CannotCompute` where one alone tells nothing: no number of them would do.
    """
    if not 0 < wanted < 1:
        raise ValueError("the wanted reliability lies between 0 and 1")
    if reliability <= 0:
        raise CannotCompute(Reason.NO_DIFFERENCE)
    exact = wanted * (1 - reliability) / (reliability * (1 - wanted))
    return max(1, ceil(exact - 1e-9))  # 4 of something does not become 5 by how floats round


def standard_error(spread: float, reliability: float) -> float:
    """The standard error of measurement, from a standard deviation and a reliability of at most 1."""
    return spread * sqrt(1 - reliability)
