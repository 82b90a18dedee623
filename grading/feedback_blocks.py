"""What trainees said of somebody or of a site: shown in blocks of several people, so that nobody can be told apart.

A block is made once and stays as it is. Nobody is counted in two blocks about the same, so that two of them have no
answer in common, and laying them side by side tells no more than each does by itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LEAST = 3
"""Nothing is ever shown of fewer people. An organization may ask for more."""


class FeedbackAbout(StrEnum):
    """What a trainee says something about."""

    SUPERVISOR = "supervisor"
    """somebody who supervised or observed them"""
    SITE = "site"
    FEEDBACK = "feedback"
    """how useful the words were that an observer wrote"""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person said once."""

    id: str
    person: str
    """The same for everything that one human said."""
    promised: int
    """From how many people on they were told that it would be shown."""
    answers: Mapping[str, int]
    """By the keys of the questions; what was left out is not in it."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is shown together."""

    voices: tuple[Voice, ...]
    minimum: int
    """Of at least so many people, who are in no earlier block, each figure is."""
    middle: Mapping[str, int | None]
    """To each question the middle one of the answers, the lower of two; None: too few answered it."""


def next_block(
    waiting: Sequence[Voice], counted: Collection[str], questions: Sequence[str], least: int
) -> Block | None:
    """All that can be shown together now, of what waits about the same; None: nothing yet.

    `waiting` is in the order in which it was written: of one person the newest answer to a question counts. `counted`
    are the people of earlier blocks: what they said besides goes along, and is in no figure.

    The middle answer of three or more tells nobody's: whatever one of them answered, the others can have answered so
    that it is the same.
    """
    voices = _together(waiting, counted, max(least, LEAST))
    if not voices:
        return None
    minimum = max(LEAST, least, *(voice.promised for voice in voices))
    new = [voice for voice in voices if voice.person not in counted]
    return Block(voices, minimum, {key: _middle(new, key, minimum) for key in questions})


def _together(waiting: Sequence[Voice], counted: Collection[str], least: int) -> tuple[Voice, ...]:
    """The most that can be shown together, with as many people as each of them was promised."""
    voices = tuple(waiting)
    while True:
        people = len({voice.person for voice in voices}.difference(counted))
        enough = tuple(voice for voice in voices if max(least, voice.promised) <= people)
        if enough == voices:
            return voices
        voices = enough


def _middle(voices: Sequence[Voice], question: str, minimum: int) -> int | None:
    newest = {voice.person: voice.answers[question] for voice in voices if question in voice.answers}
    if len(newest) < minimum:
        return None
    return sorted(newest.values())[(len(newest) - 1) // 2]
