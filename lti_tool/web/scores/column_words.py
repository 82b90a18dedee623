"""What a gradebook column can show, in words for instructors: each choice with a plain sentence."""

from collections.abc import Collection
from dataclasses import dataclass

from grading.scores import ColumnShows, Nothing
from lti_tool.services.scores.column_names import Fixed
from lti_tool.web.texts import _N, gettext
from lti_tool.web.words import word

LONGEST_LABEL = 255
COLUMN_SHOWS = (
    (
        ColumnShows.COMPLETION,
        _N("How many of the required observations are finished"),
        _N("The gradebook shows progress only. No rating leaves Attune."),
    ),
    (
        ColumnShows.RUBRIC_RESULT,
        _N("The result of the rubric"),
        _N(
            "The gradebook shows the mean of what was rated; with several observers, of the mean of their levels. "
            "Words never leave Attune."
        ),
    ),
    (
        ColumnShows.MET,
        _N("Met or not yet"),
        _N(
            "The full score once as many observations are finished as are required, in each of which everything that "
            "must be met was seen and met. Until then the cell stays empty, which does not count as 0."
        ),
    ),
    (
        ColumnShows.COUNT,
        _N("The number of finished observations"),
        _N("A point for each, out of the number that is required. No rating leaves Attune."),
    ),
    (
        ColumnShows.LATEST,
        _N("The latest result of the rubric"),
        _N("Of the observation that was held last. If it does not meet what must be met, no older one steps in."),
    ),
    (ColumnShows.BEST, _N("The best result of the rubric"), _N("Of the one observation that was rated highest.")),
    (
        ColumnShows.MEAN_OF_LAST,
        _N("The mean of the last results of the rubric"),
        _N(
            "Of as many observations as you say below. There is no number while one of them does not meet what must be."
        ),
    ),
)
USUAL = 2
"""So many of the choices are shown at once, the others on asking."""
NOTHING = {
    Nothing.NOTHING_FINISHED: _N("empty, since nothing is finished yet"),
    Nothing.NOT_YET: _N("not yet, so it is empty"),
    Nothing.NOT_MET: _N("empty, since what must be met is not met yet"),
    Nothing.NOTHING_RATED: _N("empty, since nothing that is averaged was rated"),
}
FIXED = {
    Fixed.NOT_OFFERED: _N("The LMS does not let Attune change its columns. Please change it there."),
    Fixed.STOPPED: _N("Nothing is sent to this column at present, so nothing of it is changed."),
    Fixed.SCORED: _N("Its maximum stays as it is: scores went there already, and the LMS might change them."),
    Fixed.THE_LMS: _N("Its maximum stays as it is: this LMS turns empty cells into 0 when it changes."),
}

Choice = tuple[str, str, str]
"""A value, what it is called, and a sentence on it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: the usual ones, and the others."""

    usual: tuple[Choice, ...]
    others: tuple[Choice, ...]


def choices(without: Collection[ColumnShows] = ()) -> Choices:
    """The choices in the reader's language, but for those that are left out."""
    usual, others = COLUMN_SHOWS[:USUAL], COLUMN_SHOWS[USUAL:]
    return Choices(_in_words(usual, without), _in_words(others, without))


def _in_words(
    several: tuple[tuple[ColumnShows, str, str], ...], without: Collection[ColumnShows]
) -> tuple[Choice, ...]:
    return tuple((value.value, gettext(text), gettext(hint)) for value, text, hint in several if value not in without)


def called(shows: ColumnShows) -> str:
    """The choice by its name, as the form has it."""
    return gettext(next(text for value, text, _hint in COLUMN_SHOWS if value is shows))


def meaning(shows: ColumnShows) -> str:
    """The sentence on it."""
    return gettext(next(hint for value, _text, hint in COLUMN_SHOWS if value is shows))


def label_for(title: str, shows: ColumnShows) -> str:
    """What a further column is called in the LMS, unless somebody gives it another name."""
    ending = f": {word(shows)}"
    return title[: LONGEST_LABEL - len(ending)] + ending


def why_empty(nothing: Nothing) -> str:
    """An empty cell, and why it is."""
    return gettext(NOTHING[nothing])


def why_fixed(fixed: Fixed) -> str:
    """Why something of a column is not changed from here."""
    return gettext(FIXED[fixed])
