"""A credential from somewhere, taken out of what it came in: a JWT, JSON with a proof, a picture with either.

Nothing in it is to be believed before it was verified (`badge_checks`).
"""

import json
from dataclasses import dataclass
from typing import Any

import jwt

from lti_tool.documents.badge import Document
from lti_tool.documents.badge_picture import NotBaked, extracted, is_png
from lti_tool.documents.sentences import Sentence
from rubrics.refusal import _N

MOST_BYTES = 5_000_000
MOST_TEXT = 500_000
"""Letters of a credential without its picture; ours have some thousand."""
MOST_DEPTH = 30
MOST_PARTS = 5_000
_BAKED = {
    "none": _N("This picture carries no credential."),
    "several": _N("This picture carries several credentials, so nobody knows which one is meant."),
    "compressed": _N("The credential in this picture is packed in a way that Open Badges does not allow."),
}
_NOT_A_PICTURE = _N("This picture ends early or was changed on its way.")
_TOO_LARGE = _N("This is larger than any credential.")
_NEITHER = _N("This is neither a signed credential (JWT), nor JSON, nor a PNG picture that carries one.")
_TOO_DEEP = _N("There are more brackets in each other here than in any credential.")


class Unreadable(Exception):
    """It cannot be read as a credential; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = Sentence(sentence)


@dataclass(frozen=True, slots=True)
class Brought:
    """What was found."""

    document: Document
    """With the registered claims, where it is a JWT; without its proof, where it is JSON."""
    token: str | None
    header: dict[str, Any]
    """Of the JWT."""
    proofs: tuple[Any, ...] = ()
    """Of JSON."""
    in_picture: bool = False


def read(content: bytes) -> Brought:
    """Raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_TOO_LARGE)
    in_picture = is_png(content)
    text = _from_picture(content) if in_picture else _text(content)
    if len(text) > MOST_TEXT:
        raise Unreadable(_TOO_LARGE)
    if text.startswith("{"):
        whole = _object(text)
        proof = whole.pop("proof", [])
        return Brought(whole, None, {}, tuple(proof if isinstance(proof, list) else [proof]), in_picture)
    return _jwt(text, in_picture)


def _from_picture(content: bytes) -> str:
    try:
        return extracted(content).strip()
    except NotBaked as problem:
        raise Unreadable(_BAKED.get(str(problem), _NOT_A_PICTURE)) from None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").strip()
    except ValueError:
        raise Unreadable(_NEITHER) from None


def _jwt(text: str, in_picture: bool) -> Brought:
    try:
        header = jwt.get_unverified_header(text)
        payload = jwt.PyJWS().decode(text, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Unreadable(_NEITHER) from None
    return Brought(_object(payload), text, header, (), in_picture)


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(_NEITHER) from None
    if not isinstance(found, dict):
        raise Unreadable(_NEITHER)
    level: list[Any] = [found]
    parts = depth = 0
    while level:
        depth += 1
        inside = [one for each in level for one in (each.values() if isinstance(each, dict) else each)]
        level = [one for one in inside if isinstance(one, dict | list)]
        parts += len(inside)
        if depth > MOST_DEPTH or parts > MOST_PARTS:
            raise Unreadable(_TOO_DEEP if depth > MOST_DEPTH else _TOO_LARGE)
    return found
