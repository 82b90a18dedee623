"""Checking a package with nothing but the file: what does not hold comes first, and where."""

import io
import json
import zipfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from lti_tool.documents.package import FORMAT, NAME, VERSION, Sealed, canonical, digests_of, holds, sha256

LARGEST = 200_000_000
LEFT_ALONE = frozenset({NAME, "read-me.txt"})


class NotAPackage(ValueError):
    """It cannot be read as a package at all; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that does not hold."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a package."""

    troubles: tuple[Trouble, ...]
    signed_with: str | None
    signed_by: str
    """The organization that says so."""
    person: str
    counts: Mapping[str, int] = field(default_factory=dict)


def check(content: bytes, keys: Sequence[Mapping[str, Any]] | None = None) -> Checked:
    """All checks, of the JSON or of the archive that holds it. Raises `NotAPackage`.

    `keys` are public keys (JWK) that somebody knows to be the organization's, from elsewhere.
    """
    files: dict[str, bytes] | None = None
    if content[:4] == b"PK\x03\x04":
        files = _unpacked(content)
        content = files.get(NAME, b"")
        if not content:
            raise NotAPackage(f"There is no {NAME} in this archive.")
    outside = _read(content)
    troubles = list(_troubles(outside, files, keys))
    package = outside["package"]
    return Checked(
        troubles=tuple(troubles),
        signed_with=package.get("signed_with"),
        signed_by=str(_in(package, "organization", "name")),
        person=str(_in(package, "person", "name")),
        counts={
            name: len(package[name]) for name in ("signatures", "decisions", "documents") if _sized(package.get(name))
        },
    )


def keys_in(text: str) -> tuple[dict[str, Any], ...]:
    """The public keys of a JWK set, a single JWK, or a DID document. Raises `NotAPackage`."""
    found = _json(text.encode(), "the file of keys")
    if not isinstance(found, dict):
        raise NotAPackage("The file of keys is no JWK set and no DID document.")
    methods = found.get("verificationMethod") or []
    keys = found.get("keys") or [each.get("publicKeyJwk") for each in methods if isinstance(each, dict)]
    keys = [each for each in keys or [found] if isinstance(each, dict) and "kty" in each]
    if not keys:
        raise NotAPackage("There is no key in the file of keys.")
    return tuple(keys)


def _read(content: bytes) -> dict[str, Any]:
    found = _json(content, "This file")
    package = found.get("package") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(package, dict) or package.get("format") != FORMAT:
        raise NotAPackage("This is JSON, and no package of Attune.")
    if package.get("version") != VERSION:
        raise NotAPackage(
            f"This package is of version {package.get('version')}; here version {VERSION} can be checked. "
            "Please check it with the edition of Attune that made it, or a newer one."
        )
    return found


def _json(content: bytes, what: str) -> Any:
    try:
        return json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise NotAPackage(
            f"{what} cannot be read as JSON. If only a part of it was copied, please copy it once more."
        ) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > LARGEST:
                raise NotAPackage("This archive is larger than any package.")
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as problem:
        if isinstance(problem, NotAPackage):
            raise
        raise NotAPackage("This archive is not whole. Please copy it once more.") from None


def _troubles(
    outside: dict[str, Any], files: Mapping[str, bytes] | None, keys: Sequence[Mapping[str, Any]] | None
) -> Iterator[Trouble]:
    package = outside["package"]
    try:
        whole = canonical(package)
    except (ValueError, TypeError):
        yield Trouble("package", "It holds a number that no package has. It was tampered with.")
        return
    try:
        Sealed.model_validate(outside)
    except ValidationError as problem:
        for each in problem.errors()[:5]:
            yield Trouble("/".join(map(str, each["loc"])), "It is not what stands in a package. It was tampered with.")
    else:
        yield from _signatures(package)
        yield from _decisions(package)
        yield from _chain(package["chain"])
        yield from _proved(package)
    yield from _parts(package)
    if sha256(whole) != outside.get("sha256"):
        yield Trouble("package", "Its digest is not the one that stands beside it. It was tampered with.")
    yield from _jws(outside, whole, keys)
    if files is not None:
        yield from _files(package.get("files"), files)


def _signatures(package: dict[str, Any]) -> Iterator[Trouble]:
    for place, each in enumerate(package["signatures"]):
        where = f"signatures/{place} ({each['of']})"
        document = each["document"]
        if document is None:
            continue
        if sha256(document.encode()) != each["digest"]:
            yield Trouble(where, "What was shown is not what was signed: its digest is another. It was tampered with.")
            continue
        said = _object(document)
        for name in ("lane", "attestation", "assurance"):
            if said.get(name) not in (None, each[name]):
                yield Trouble(f"{where}/{name}", "The document that was signed says something else.")


def _decisions(package: dict[str, Any]) -> Iterator[Trouble]:
    for place, each in enumerate(package["decisions"]):
        if each["document"] is not None and sha256(each["document"].encode()) != each["digest"]:
            where = f"decisions/{place}"
            yield Trouble(where, "What was decided is not what was told: its digest is another. It was tampered with.")


def _chain(chain: dict[str, Any]) -> Iterator[Trouble]:
    before: dict[str, Any] | None = None
    for entry in chain["entries"]:
        where = f"chain/entry {entry['number']}"
        if entry_digest(chain["organization"], entry) != entry["digest"]:
            yield Trouble(where, "Its content is not what was written. It was tampered with.")
        if before is not None and entry["number"] <= before["number"]:
            yield Trouble(where, "It does not come after the one before it.")
        elif before is not None and entry["number"] == before["number"] + 1 and entry["previous"] != before["digest"]:
            yield Trouble(where, "It does not follow the entry before it. It was tampered with.")
        before = entry
    head = chain["head"]
    if before is None or head is None:
        return
    beyond = before["number"] > head["number"]
    if beyond or (before["number"] == head["number"] and before["digest"] != head["digest"]):
        yield Trouble("chain/head", "The chain does not end as it says. It was tampered with.")


def _proved(package: dict[str, Any]) -> Iterator[Trouble]:
    """Each signature and decision that names an entry is told of there."""
    entries = {entry["number"]: entry for entry in package["chain"]["entries"]}
    for part in ("signatures", "decisions"):
        for place, each in enumerate(package[part]):
            if each["entry"] is None:
                continue
            entry = entries.get(each["entry"])
            told = entry["facts"].get("digest") if entry else None
            if entry is None or told not in _told_as(each):
                yield Trouble(f"{part}/{place}", "The audit does not tell of it as it stands here.")


def _told_as(each: dict[str, Any]) -> set[Any]:
    """The audit has the digest of what was shown; the signature's own may be of the same with a salt in it."""
    found = {each["digest"]}
    said = _object(each["document"]) if each["document"] is not None else {}
    if "salt" in said:
        found.add(sha256(canonical({name: value for name, value in said.items() if name != "salt"})))
    return found


def entry_digest(organization: str, entry: Mapping[str, Any]) -> str:
    """As the audit makes it."""
    content = {name: entry[name] for name in ("number", "at", "person", "act", "subject", "facts", "previous")}
    return sha256(canonical({**content, "organization": organization}))


def _parts(package: dict[str, Any]) -> Iterator[Trouble]:
    said = package.get("parts")
    said = said if isinstance(said, dict) else {}
    found = digests_of(package)
    for name in sorted({*said, *found}):
        if said.get(name) != found.get(name):
            yield Trouble(name, "This part is not as it was packed. It was tampered with.")


def _jws(outside: dict[str, Any], whole: bytes, keys: Sequence[Mapping[str, Any]] | None) -> Iterator[Trouble]:
    kid, jws = outside["package"].get("signed_with"), outside.get("jws")
    if kid is None and jws is None:
        if keys is not None:
            yield Trouble("jws", "It is not signed, so the keys that you gave say nothing of it.")
        return
    header = _header(jws)
    if header is None or header.get("kid") != kid or not holds(str(jws), whole, header["jwk"]):
        yield Trouble("jws", "The signature does not fit: it is of something else, or of another key.")
        return
    if keys is not None and not any(_same(each, header["jwk"]) for each in keys):
        yield Trouble("jws", "It is signed by a key that is not among those that you gave.")


def _header(jws: Any) -> dict[str, Any] | None:
    """None where it is no detached JWS, written in the one way in which it can be written."""
    if not isinstance(jws, str) or jws.count(".") != 2:
        return None
    first, payload, last = jws.split(".")
    try:
        for each in (first, last):
            if urlsafe_b64encode(urlsafe_b64decode(each + "=" * (-len(each) % 4))).rstrip(b"=").decode() != each:
                return None
        header = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except ValueError:
        return None
    there = isinstance(header, dict) and isinstance(header.get("jwk"), dict) and not payload
    return header if there else None


def _same(known: Mapping[str, Any], jwk: Mapping[str, Any]) -> bool:
    return all(known.get(name) == jwk.get(name) for name in ("kty", "n", "e"))


def _files(said: Any, files: Mapping[str, bytes]) -> Iterator[Trouble]:
    said = said if isinstance(said, dict) else {}
    for name in sorted({*said, *files} - LEFT_ALONE):
        if name not in files:
            yield Trouble(name, "This file is not in the archive any more.")
        elif name not in said:
            yield Trouble(name, "This file was not in the package.")
        elif sha256(files[name]) != said[name]:
            yield Trouble(name, "This file is not as it was packed. It was tampered with.")


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _in(package: Mapping[str, Any], *names: str) -> Any:
    found: Any = package
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _sized(found: Any) -> bool:
    return isinstance(found, list | dict)
