"""How answers are put together."""

from collections.abc import Sequence

from grading.proof import Answer

STRICTEST = (Answer.NOT_YET, Answer.UNKNOWN, Answer.WAITING, Answer.MET, Answer.NOT_APPLICABLE)
"""Of several that are all asked for, the first of these that occurs is the answer."""
KINDEST = (Answer.MET, Answer.WAITING, Answer.UNKNOWN, Answer.NOT_YET, Answer.NOT_APPLICABLE)
"""Of several of which one is enough."""


def all_together(answers: Sequence[Answer]) -> Answer:
    """The answer where every one is asked for; nothing asked is not applicable."""
    return min(answers, key=STRICTEST.index, default=Answer.NOT_APPLICABLE)


def of_levels(levels: Sequence[bool]) -> Answer:
    """The answer from: it holds by what stands; with what waits; with what is not said."""
    for holds, answer in zip(levels, (Answer.MET, Answer.WAITING, Answer.UNKNOWN), strict=True):
        if holds:
            return answer
    return Answer.NOT_YET
