"""Looking at what an organization took along with nothing but the file: its digests, its audit, its signatures."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

from lti_tool.documents import did
from lti_tool.documents.badge_keys import rsa_of
from lti_tool.file_store import CHUNK
from lti_tool.services.audit import FIRST, digest_of
from lti_tool.services.leaving.archive import FORMAT, MANIFEST

LARGEST_MANIFEST = 500_000_000
AUDIT = "tables/audit_entry.jsonl"


class NotTakenAlong(Exception):
    """The file is not what an organization took along, or only a part of it; the message says why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it."""

    troubles: tuple[str, ...]
    """What does not hold, a sentence each."""
    organization: str
    made_at: str
    digest: str
    """Of the manifest."""
    files: int
    rows: int
    acts: int
    signatures: int


def is_one(path: Path) -> bool:
    """Whether the file says of itself that an organization took it along."""
    try:
        with zipfile.ZipFile(path) as content:
            return bool(_manifest(content))
    except (OSError, zipfile.BadZipFile, NotTakenAlong):
        return False


def check(path: Path) -> Checked:
    """All checks. Raises `NotTakenAlong`."""
    try:
        with zipfile.ZipFile(path) as content:
            return _checked(content)
    except OSError as problem:
        raise NotTakenAlong(f"{path} cannot be opened: {problem.strerror}.") from None
    except zipfile.BadZipFile:
        raise NotTakenAlong(f"{path} is no ZIP file, or only the beginning of one.") from None


def _checked(content: zipfile.ZipFile) -> Checked:
    manifest = _manifest(content)
    troubles = list(_files(content, manifest["files"]))
    chain, acts = _audit(content, manifest)
    signed, signatures = _signatures(content, manifest)
    return Checked(
        troubles=(*troubles, *chain, *signed),
        organization=manifest["organization"]["name"],
        made_at=manifest["made_at"],
        digest=hashlib.sha256(content.read(MANIFEST)).hexdigest(),
        files=len(manifest["files"]),
        rows=sum(table["rows"] for table in manifest["tables"].values()),
        acts=acts,
        signatures=signatures,
    )


def _manifest(content: zipfile.ZipFile) -> dict[str, Any]:
    try:
        if content.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise NotTakenAlong("Its manifest is larger than any.")
        read = json.loads(content.read(MANIFEST))
        known = read["format"] == FORMAT
        whole = {"organization", "made_at", "files", "tables", "audit"} <= read.keys()
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotTakenAlong("It has no manifest of an organization that took its data along.") from None
    if not known or not whole:
        raise NotTakenAlong(f"Its manifest is not of the form {FORMAT}.")
    return read  # type: ignore[no-any-return]  # JSON


def _files(content: zipfile.ZipFile, listed: Mapping[str, Any]) -> Iterator[str]:
    there = {each.filename for each in content.infolist()} - {MANIFEST}
    for name in sorted(there - listed.keys()):
        yield f"{name} is in the file and not in its manifest."
    for name, said in listed.items():
        try:
            sha256 = hashlib.sha256()
            with content.open(name) as one:
                while piece := one.read(CHUNK):
                    sha256.update(piece)
        except (KeyError, zipfile.BadZipFile, EOFError, OSError):
            yield f"{name} cannot be read."
            continue
        if sha256.hexdigest() != said["sha256"]:
            yield f"{name} is not as it was."


def _audit(content: zipfile.ZipFile, manifest: Mapping[str, Any]) -> tuple[tuple[str, ...], int]:
    """Each entry follows from the one before, up to the one that the manifest names."""
    previous, number = FIRST, 0
    try:
        for number, entry in enumerate(sorted(_lines(content, AUDIT), key=lambda row: int(row["number"])), 1):
            digest = digest_of(
                number=entry["number"],
                organization=entry["organization_id"],
                at=entry["at"],
                person=entry["person_id"],
                act=entry["act"],
                subject=entry["subject"],
                facts=entry["facts"],
                previous=previous,
            )
            if (entry["number"], entry["previous_digest"], entry["digest"]) != (number, previous, digest):
                return (f"The list of acts does not hold: entry {number} is not what was written there.",), number
            previous = digest
    except (KeyError, ValueError, TypeError):
        return ("The list of acts cannot be read.",), number
    if (number, previous) != (manifest["audit"]["number"], manifest["audit"]["digest"]):
        return ("The list of acts does not end where the manifest says.",), number
    return (), number


def _signatures(content: zipfile.ZipFile, manifest: Mapping[str, Any]) -> tuple[tuple[str, ...], int]:
    """Each JWT of a credential is signed with a key of the issuer's identity that is in the file."""
    documents = [name for name in manifest["files"] if name.startswith("credentials/") and name.endswith(".jwt")]
    if not documents:
        return (), 0
    troubles = []
    try:
        identity = json.loads(content.read(f"website/o/{manifest['organization']['id']}/did.json"))
    except (KeyError, ValueError):
        return ("The issuer's identity, which its credentials are signed with, cannot be read.",), 0
    for name in documents:
        try:
            text = content.read(name).decode()
            key = rsa_of(did.method_of(identity, jwt.get_unverified_header(text).get("kid", "")))
            if key is None:
                raise jwt.InvalidKeyError
            jwt.decode(text, key, algorithms=["RS256"], options={"verify_exp": False, "verify_aud": False})
        except (jwt.PyJWTError, ValueError, KeyError):
            troubles.append(f"{name} is not signed with a key of the issuer.")
    return tuple(troubles), len(documents) - len(troubles)


def _lines(content: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with content.open(name) as rows:
        for row in rows:
            yield json.loads(row)
