"""Blank forms for paper: a rubric to rate with by hand, as a PDF that screen readers can read too (PDF/UA)."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import segno

from lti_tool.documents import typeset
from rubrics.rubric import Criterion, Rubric


class Size(StrEnum):
    """A size of paper, by its name in Typst."""

    A4 = "a4"
    LETTER = "us-letter"


@dataclass(frozen=True, slots=True)
class Form:
    """One copy. Only a form with a code leads back to an observation."""

    code: str = ""
    """As people read it, such as AB12-CD34; empty on a form without one."""
    address: str = ""
    """Where the code leads when a phone reads it."""
    trainee: str = ""
    """Their name where it was chosen to be on the form; otherwise empty, which is safer if the paper is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the form says beside the rubric's own words, in the reader's language."""

    edition: str
    qr: str
    how_to_find: str
    date: str
    trainee: str
    mode: str
    modes: Sequence[str]
    agreed: str
    agreements: Sequence[str]
    reminders: Sequence[str]
    strength: str
    not_seen: str
    not_seen_hint: str
    evidence: str
    growth: str
    next_step: str
    afterwards: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Forms that are printed together: the same rubric, a code of its own on each."""

    rubric: Rubric
    """In the words that are printed."""
    activity: str = ""
    forms: Sequence[Form] = field(default=(Form(),))
    language: str
    words: Words


def pdf(blank: Blank, size: Size) -> bytes:
    """The forms, each beginning on a page of its own. Raises `CannotPrint`."""
    return typeset.pdf("form.typ", "form", _content(blank) | {"paper": size.value})


def qr_code(address: str) -> str:
    """The address as a QR code, in SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, scale=4)
    return drawn.getvalue().decode()


def qr_image(address: str) -> str:
    """The same as the address of an image in a page."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(border=2, scale=4))


def _content(blank: Blank) -> dict[str, Any]:
    return {
        "title": blank.rubric.title,
        "language": _tongue(blank.language),
        "rubric_language": _tongue(blank.rubric.language),
        "activity": blank.activity,
        "words": asdict(blank.words),
        "criteria": [_criterion(criterion) for criterion in blank.rubric.criteria],
        "forms": [asdict(form) | {"qr": qr_code(form.address) if form.address else ""} for form in blank.forms],
    }


def _tongue(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].casefold()


def _criterion(criterion: Criterion) -> Mapping[str, Any]:
    return {
        "statement": criterion.statement,
        "levels": [{"label": level.label, "anchor": level.anchor} for level in criterion.levels],
        "not_seen": criterion.may_be_not_observed,
    }
