"""Example performances with master ratings: what observers look at together to come to rate alike.

An example belongs to the published words that it was rated with. Its ratings are proposals until people agreed on them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from rubrics.assessment import Rating
from rubrics.changes import Kind as ChangeKind
from rubrics.changes import changes
from rubrics.publication import Problem
from rubrics.refusal import _N
from rubrics.rubric import Criterion, Rubric

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_OVER_HTTPS = re.compile(r"https://[^\s/?#@\\\[\]]+([/?#]\S*)?")
_NOT_WHAT_IS_RATED = frozenset({"alignments", "principles", "relational", "must_be_met", "met_at"})
"""Parts of a criterion that leave each level as it was."""
_MARKS = (
    (
        re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
        _N("There seems to be an e-mail address in it. Please look whether it tells who somebody is."),
    ),
    (
        re.compile(r"(?<!\d)\+?\d(?:[ ./()-]{0,2}\d){7,}"),
        _N("There seems to be a telephone number in it. Please look whether it tells who somebody is."),
    ),
    (
        re.compile(r"\b(?:(?:Mrs?|Ms|Mx|Dr|Sra?|Dra)\b\.?|(?:Señora?|Doctora?)\b) [A-ZÁÉÍÓÚÑ]\w+"),
        _N("There seems to be a name in it. Please look whether it tells who somebody is."),
    ),
)


class Medium(StrEnum):
    """What an example is to those who look at it."""

    TEXT = "text"
    VIDEO = "video"


class Origin(StrEnum):
    """Where an example comes from."""

    WRITTEN = "written"
    """Written or acted for this: nobody's own meeting."""
    RECORDING = "recording"
    """A meeting that was held; those who took part permitted this use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One performance, in one language, with what it is rated by those who agreed on it."""

    key: str
    """Tells it from other examples of the rubric."""
    title: str
    medium: Medium = Medium.TEXT
    language: str
    text: str = ""
    """The performance in words; of a video, what should be known before."""
    address: str = ""
    """Where the video is."""
    captions: bool = False
    transcript: str = ""
    minutes: int | None = None
    """How long it takes to read or watch."""
    setting: str = ""
    practice_model: str = ""
    content_note: str = ""
    """What a part of it is about that someone may wish to choose about; empty where there is nothing to say."""
    group: str = ""
    """Examples of one group can stand in for each other: whoever wants another one is given one of them."""
    origin: Origin = Origin.WRITTEN
    permission: str = ""
    """Where the permission for a recording is kept."""
    ratings: tuple[Rating, ...] = ()
    """Each with its reason as the evidence. A criterion without one is not rated yet: no level, and not zero."""
    agreed_by: str = ""
    """Who agreed on these ratings, by names or roles; empty while nobody did."""
    agreed_on: date | None = None

    def __post_init__(self) -> None:
        criteria = [rating.criterion for rating in self.ratings]
        if len(set(criteria)) != len(criteria):
            raise ValueError("a criterion has one rating at most")

    def rating(self, criterion: str) -> Rating | None:
        """The master rating of this criterion, or None as long as there is none."""
        return next((rating for rating in self.ratings if rating.criterion == criterion), None)


def problems(example: Example, rubric: Rubric) -> tuple[Problem, ...]:
    """What is still to be done before its ratings can be agreed on; empty when nothing is.

    Places are the names of entries, and `ratings.KEY` or `ratings.KEY.reason` with the criterion's key.
    """
    return (*_of_the_performance(example), *_of_ratings(example, rubric))


def hints(example: Example) -> tuple[str, ...]:
    """What in its texts may tell who somebody is, in sentences. It keeps nothing from being used."""
    texts = "\n".join((example.text, example.transcript, *(rating.evidence for rating in example.ratings)))
    return tuple(sentence for pattern, sentence in _MARKS if pattern.search(texts))


def not_agreed(example: Example) -> Example:
    """The same with its ratings as proposals."""
    return replace(example, agreed_by="", agreed_on=None)


def carried_over(example: Example, before: Rubric, after: Rubric) -> Example:
    """The example for another version of its rubric: ratings stay where the criterion is what it was.

    Where it was changed, the level is asked anew and the reason is kept to be read again. Nobody agreed on it yet.
    """
    changed = _changed(before, after)
    kept = (rating for rating in example.ratings if after.criterion(rating.criterion) is not None)
    ratings = tuple(
        Rating(each.criterion, None, not_observed=False, evidence=each.evidence) if each.criterion in changed else each
        for each in kept
    )
    return replace(not_agreed(example), ratings=ratings)


def _changed(before: Rubric, after: Rubric) -> frozenset[str]:
    """The keys of criteria that are not rated as before."""
    found = set[str]()
    for change in changes(before, after):
        parts = change.place.split(".")
        if "criteria" not in parts[:-1]:
            continue
        key, *inside = parts[parts.index("criteria") + 1 :]
        if not inside and change.kind is ChangeKind.MOVED:
            continue
        if not _NOT_WHAT_IS_RATED.intersection(inside[:1]):
            found.add(key)
    return frozenset(found)


def _of_the_performance(example: Example) -> Iterator[Problem]:
    if _blank(example.title):
        yield Problem("title", _N("Please give the example a title."))
    if not _LANGUAGE.fullmatch(example.language):
        yield Problem("language", _N("Please name the language by its code, such as en-US."))
    if example.medium is Medium.VIDEO:
        yield from _of_a_video(example)
    elif _blank(example.text):
        yield Problem("text", _N("Please write what was done and said."))
    if example.origin is Origin.RECORDING and _blank(example.permission):
        yield Problem(
            "permission", _N("Please say where the permission of those who took part is kept: a recording needs it.")
        )


def _of_a_video(example: Example) -> Iterator[Problem]:
    if not is_safe_address(example.address):
        yield Problem("address", _N("Please give the video's address, beginning with https://."))
    if not example.captions:
        yield Problem(
            "captions", _N("The video needs captions before anybody can be asked to watch it. Until then it is kept.")
        )


def is_safe_address(address: str) -> bool:
    """Whether it is an address that a browser opens over https."""
    return _OVER_HTTPS.fullmatch(address) is not None


def _of_ratings(example: Example, rubric: Rubric) -> Iterator[Problem]:
    for criterion in rubric.criteria:
        yield from _of_rating(criterion, example.rating(criterion.key))
    for rating in example.ratings:
        if rubric.criterion(rating.criterion) is None:
            yield Problem(f"ratings.{rating.criterion}", _N("This edition has no such criterion. Please take it out."))


def _of_rating(criterion: Criterion, rating: Rating | None) -> Iterator[Problem]:
    place = f"ratings.{criterion.key}"
    left_out = rating is not None and rating.not_observed and criterion.may_be_not_observed
    if rating is None or (rating.level is None and not left_out):
        yield Problem(place, _choose(criterion))
    elif rating.level is not None and criterion.level(rating.level) is None:
        yield Problem(place, _N("This level is not part of the rubric. Please choose one of those shown."))
    elif _blank(rating.evidence):
        yield Problem(f"{place}.reason", _N("Please say why: what in the example shows it?"))


def _choose(criterion: Criterion) -> str:
    if criterion.may_be_not_observed:
        return _N("Please choose a level, or that it is not seen in this example.")
    return _N("Please choose a level. This one is looked at every time.")


def _blank(text: str) -> bool:
    return not text.strip()
