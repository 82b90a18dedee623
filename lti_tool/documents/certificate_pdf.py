"""A certificate to show to people, as a PDF for screen readers too (PDF/UA). The same input gives the same bytes."""

import tomllib
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

from babel.dates import format_date

from lti_tool.documents import typeset
from lti_tool.documents.paper import Size, qr_code
from lti_tool.documents.typeset import CannotPrint
from lti_tool.paths import CONFIG

SHIPPED = CONFIG / "certificates"
FALLBACK = "en"
LOOKS = ("plain", "framed", "wide")


@dataclass(frozen=True, slots=True)
class Wording:
    """What certificates in one language say if a program says nothing else, and the labels on them."""

    language: str
    title: str
    words: str
    labels: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What stands on one certificate."""

    title: str
    name: str
    """As the holder wishes it."""
    words: str
    """What is certified, before the title of the stage."""
    stage: str
    program: str
    program_language: str
    issuer: str
    restates: str = ""
    """The body whose rules the program only restates: no recognition by it is claimed. Empty for rules of one's own."""
    issued_on: date
    valid_until: date | None
    """The last day; None: without an end."""
    signed_by: str
    """Who stands for it; may be empty."""
    look: str
    """One of `LOOKS`."""
    language: str
    address: str
    """Of the page that shows how it stands, or of the one that says how to check it."""
    has_page: bool
    """Whether that is the credential's own page."""


@cache
def wordings() -> dict[str, Wording]:
    """The languages that certificates can be in, with what comes with Attune for each."""
    found = {}
    for path in sorted(SHIPPED.glob("*.toml")):
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = Wording(path.stem, read["title"], read["words"], read["labels"])
    return found


def wording(language: str) -> Wording:
    """What there is for a language, or for the nearest that there is: `es` for `es-MX`, else English."""
    found = wordings()
    plain = _tongue(language)
    return found.get(language) or found.get(plain) or found[FALLBACK]


def pdf(certificate: Certificate, size: Size) -> bytes:
    """The certificate. Raises `CannotPrint`, as where no font at hand has the letters of a name.

    Fonts of the machine are looked at only where those that come with Attune lack a letter.
    """
    content = _content(certificate) | {"paper": size.value}
    try:
        return typeset.pdf("certificate.typ", "certificate", content)
    except CannotPrint:
        return typeset.pdf("certificate.typ", "certificate", content, fonts_of_the_machine=True)


def _content(certificate: Certificate) -> dict[str, Any]:
    said = wording(certificate.language)
    until = certificate.valid_until
    return asdict(certificate) | {
        "language": said.language,
        "program_language": _tongue(certificate.program_language),
        "labels": said.labels,
        "no_recognition": said.labels["restates"] % {"body": certificate.restates} if certificate.restates else "",
        "issued_on": _day(certificate.issued_on, said.language),
        "valid_until": _day(until, said.language) if until else "",
        "qr": qr_code(certificate.address),
    }


def _day(day: date, language: str) -> str:
    return format_date(day, format="long", locale=language)


def _tongue(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].casefold()
