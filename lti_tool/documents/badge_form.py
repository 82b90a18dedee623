"""Whether a credential has the form that Open Badges 3.0 asks for: each thing that it has not, in a sentence."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lti_tool.documents.badge import Document
from lti_tool.documents.badge_contexts import CREDENTIALS
from lti_tool.documents.sentences import Sentence, shortened
from rubrics.refusal import _N

OPEN_BADGES_BEGIN = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0."
KINDS = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_HAS_NO = _N("%(place)s is not there.")
_OF_TYPE = _N("%(place)s does not have the type %(type)s.")
_LISTS = {
    "credentialSubject.result": "Result",
    "credentialSubject.identifier": "IdentityObject",
    "credentialSubject.achievement.alignment": "Alignment",
    "credentialSubject.achievement.resultDescription": "ResultDescription",
    "evidence": "Evidence",
    "issuer.otherIdentifier": "IdentifierEntry",
}


def problems(document: Document) -> Iterator[Sentence]:
    """What is not as it should be; nothing for a good one."""
    yield from _contexts(document.get("@context"))
    if not isinstance(document.get("id"), str):
        yield Sentence(_HAS_NO, place="id")
    types = listed(document.get("type"))
    if "VerifiableCredential" not in types:
        yield Sentence(_OF_TYPE, place=_N("The credential"), type="VerifiableCredential")
    if not any(kind in types for kind in KINDS):
        yield Sentence(_OF_TYPE, place=_N("The credential"), type="OpenBadgeCredential")
    yield from _issuer(document.get("issuer"))
    yield from _subject(document.get("credentialSubject"))
    for name in ("validFrom", "validUntil"):
        if (name == "validFrom" or name in document) and moment_of(document.get(name)) is None:
            yield Sentence(_N("%(place)s is not a moment with its time zone."), place=name)
    for place, kind in _LISTS.items():
        for each in listed(_at(document, place)):
            if not isinstance(each, dict) or kind not in listed(each.get("type")):
                yield Sentence(_OF_TYPE, place=place, type=kind)


def listed(value: Any) -> list[Any]:
    """What may be one or several, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def moment_of(value: Any) -> datetime | None:
    """A moment with a zone; None for anything else."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read if read and read.tzinfo is not None else None


def _contexts(found: Any) -> Iterator[Sentence]:
    contexts = listed(found)
    if not contexts or contexts[0] != CREDENTIALS:
        yield Sentence(_N("Its first context is not %(context)s."), context=CREDENTIALS)
    second = contexts[1] if len(contexts) > 1 else None
    if not isinstance(second, str) or not second.startswith(OPEN_BADGES_BEGIN):
        sentence = _N("Its second context is not that of Open Badges 3.0, but %(found)s.")
        yield Sentence(sentence, found=shortened(str(second)) if second else "…")


def _issuer(issuer: Any) -> Iterator[Sentence]:
    if isinstance(issuer, str):
        return
    if not isinstance(issuer, dict) or not isinstance(issuer.get("id"), str):
        yield Sentence(_HAS_NO, place="issuer.id")
        return
    if "Profile" not in listed(issuer.get("type")):
        yield Sentence(_OF_TYPE, place="issuer", type="Profile")
    parent = issuer.get("parentOrg")
    if parent is not None and not (isinstance(parent, dict) and "Profile" in listed(parent.get("type"))):
        yield Sentence(_OF_TYPE, place="issuer.parentOrg", type="Profile")


def _subject(subject: Any) -> Iterator[Sentence]:
    if not isinstance(subject, dict):
        yield Sentence(_HAS_NO, place="credentialSubject")
        return
    if "AchievementSubject" not in listed(subject.get("type")):
        yield Sentence(_OF_TYPE, place="credentialSubject", type="AchievementSubject")
    if not isinstance(subject.get("id"), str) and not subject.get("identifier"):
        yield Sentence(_N("It does not say whom it is about."))
    achievement = subject.get("achievement")
    if not isinstance(achievement, dict):
        yield Sentence(_HAS_NO, place="credentialSubject.achievement")
        return
    if "Achievement" not in listed(achievement.get("type")):
        yield Sentence(_OF_TYPE, place="credentialSubject.achievement", type="Achievement")
    for name in ("id", "name", "description", "criteria"):
        if not achievement.get(name):
            yield Sentence(_HAS_NO, place=f"credentialSubject.achievement.{name}")


def _at(document: Document, place: str) -> Any:
    found: Any = document
    for name in place.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
