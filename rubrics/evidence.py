"""Evidence: files, links and notes that a trainee puts beside their practice."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from rubrics.refusal import _N, Refused


class EvidenceKind(StrEnum):
    """What it is."""

    PICTURE = "picture"
    PDF = "pdf"
    AUDIO = "audio"
    VIDEO = "video"
    LINK = "link"
    NOTE = "note"


class EvidenceState(StrEnum):
    """How far it is. Nobody but its owner sees anything before it is ready."""

    ARRIVING = "arriving"
    """the file is being brought, or was cut off"""
    CHECKING = "checking"
    """it has arrived, and is looked at before anyone can open it"""
    READY = "ready"
    NOT_TAKEN = "not_taken"
    """it cannot be used as it is, and nothing of it was kept"""
    WITHDRAWN = "withdrawn"
    """taken back: hidden at once, its content purged after a day or on request"""


class Sharing(StrEnum):
    """Who else may see it. The first is how everything begins; each next one is wider."""

    ONLY_ME = "only_me"
    SUPERVISORS = "supervisors"
    """those who supervise the trainee"""
    ASSESSORS = "assessors"
    """those who observe the trainee, too"""


FILES = frozenset({EvidenceKind.PICTURE, EvidenceKind.PDF, EvidenceKind.AUDIO, EvidenceKind.VIDEO})
"""Kinds with a content of their own in the store of files."""
UNDO = timedelta(hours=24)
"""For so long what was taken back can be brought back; then its content is gone."""
LONGEST_TITLE = 200
LONGEST_WORDS = 20_000
LONGEST_ADDRESS = 2_000
_WIDTH = {Sharing.ONLY_ME: 0, Sharing.SUPERVISORS: 1, Sharing.ASSESSORS: 2}


def is_wider(wished: Sharing, now: Sharing) -> bool:
    """Whether somebody would see it who does not see it now: that is asked about first."""
    return _WIDTH[wished] > _WIDTH[now]


def may_open(state: EvidenceState, sharing: Sharing, *, supervises: bool, observes: bool) -> bool:
    """Whether somebody other than its owner may open it, who supervises or observes the owner."""
    if state is not EvidenceState.READY:
        return False
    return (supervises and sharing is not Sharing.ONLY_ME) or (observes and sharing is Sharing.ASSESSORS)


def title_of(text: str) -> str:
    """What it is called, as it is kept. Raises `Refused`."""
    title = " ".join(text.replace("\x00", "").split())
    if not title:
        raise Refused("evidence_title", "Please say in a few words what it is.")
    if len(title) > LONGEST_TITLE:
        raise Refused("evidence_title_long", "Please shorten its name to %(limit)s characters.", limit=LONGEST_TITLE)
    return title


def words_of(text: str) -> str | None:
    """What is said about it, as it is kept; None: nothing. Raises `Refused`."""
    words = text.replace("\x00", "").strip()
    if len(words) > LONGEST_WORDS:
        raise Refused("evidence_words_long", "Please shorten this to %(limit)s characters.", limit=LONGEST_WORDS)
    return words or None


def note_of(text: str) -> str:
    """The words of a note. Raises `Refused` also where there are none."""
    words = words_of(text)
    if words is None:
        raise Refused("evidence_note", "Please write something first.")
    return words


def address_of(text: str) -> str:
    """The address of a link: of the web, and nothing that a browser would run. Raises `Refused`."""
    address = text.strip()
    parts = _split(address)
    plain = address.isprintable() and not any(sign in address for sign in " <>\"'`\\")
    if not plain or parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        raise Refused("evidence_address", "Please check the address: it begins with https://.")
    if parts.username or parts.password:
        raise Refused("evidence_address_secret", "Please take the name and the password out of the address.")
    if len(address) > LONGEST_ADDRESS:
        raise Refused("evidence_address_long", "This address is very long. Please use a shorter one.")
    return address


def check_may_be_required(kind: EvidenceKind, *, captions: bool) -> None:
    """Nobody is asked to watch what they cannot follow. Raises `Refused`."""
    if kind is EvidenceKind.VIDEO and not captions:
        raise Refused(
            "captions_first", "A video needs captions before others are asked to watch it. Please bring captions first."
        )


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


NOT_TAKEN: Mapping[str, str] = {
    "file_empty": _N("There is nothing in this file. Please choose another one."),
    "file_kind": _N("Attune takes pictures, PDF, audio and video. Please bring this in one of these."),
    "file_document": _N("A document can be taken as PDF. Please save it as PDF, and bring that."),
    "file_heic": _N("This picture is in a format that few can open. Please save it as JPEG, and bring that."),
    "file_broken": _N("This file cannot be opened. Please check it, or save it anew, and bring it again."),
    "file_no_recording": _N("There is neither sound nor a moving picture in it that can be shown. Please check it."),
    "file_codec": _N("Few browsers can play this recording. Please save it as MP4 (H.264), and bring that."),
    "picture_large": _N("This picture has more dots than Attune takes. Please make it smaller, and bring that."),
    "pdf_cut": _N("The end of this PDF did not come along. Please bring it again."),
    "pdf_locked": _N("This PDF is locked. Please save it without a password, and bring that."),
    "gave_up": _N(
        "Attune stopped while it looked at this file, several times. Please bring it again; if it happens once more, "
        "tell your operator, who finds the reason in the log."
    ),
}
"""Why a file cannot be used as it is, and what to do: by the code that is kept of it."""


def not_taken(code: str) -> Refused:
    """The refusal with this code."""
    return Refused(code, NOT_TAKEN[code])
