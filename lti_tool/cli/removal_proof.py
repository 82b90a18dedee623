"""The proof that an organization was removed: made, written down, and compared with what is left."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import click
import rfc8785

from lti_tool.file_store import Away, FileStore, NotStored, Unreadable
from lti_tool.services.leaving.removing import Removed

CERTIFICATE = "attune-removal/1"


@contextmanager
def to_write(certificate: Path | None) -> Iterator[IO[str] | None]:
    """The file for the proof is there before anything is removed; it goes again where nothing was."""
    if certificate is None:
        yield None
        return
    try:
        to = certificate.open("x", encoding="utf-8")
    except OSError as problem:
        raise click.ClickException(
            f"{certificate} cannot be written: {problem.strerror}. Nothing was removed."
        ) from None
    try:
        yield to
    finally:
        with suppress(OSError):
            to.close()
        with suppress(OSError):
            if certificate.stat().st_size == 0:
                certificate.unlink()


def write(proof: Mapping[str, Any], to: IO[str] | None) -> None:
    """Into the file; where there is none, or it takes nothing any more, it is said."""
    text = json.dumps(proof, indent=1, ensure_ascii=False)
    if to is None:
        click.echo(text)
        return
    try:
        to.write(f"{text}\n")
        to.flush()
    except OSError as problem:
        click.echo(text)
        click.echo(f"{to.name} cannot be written: {problem.strerror}. The proof stands above: please keep it.")
        return
    click.echo(f"{to.name}: the proof. Its digest: {proof['digest']}")


def proof_of(removed: Removed, left: Sequence[str], by: str | None, at: str) -> dict[str, Any]:
    """What it says; `left` are files that the store did not delete."""
    said = {
        "format": CERTIFICATE,
        "organization": {"id": str(removed.organization_id), "name": removed.name},
        "removed_at": at,
        "by": by,
        "rows_before": dict(removed.rows),
        "rows_after": dict.fromkeys(removed.rows, 0),
        "files_before": len(removed.files),
        "files_after": len(left),
        "files_left": list(left),
        "audit": {"number": removed.audit_number, "digest": removed.audit_digest},
        "export": removed.export_digest,
        "ids_looked_for": removed.ids,
        "ids_found_elsewhere": dict(removed.found),
    }
    return {**said, "digest": _digest(said)}


def _digest(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(dict(said))).hexdigest()


def differs(proof: dict[str, Any], stayed: Any) -> list[str]:
    """Where the proof is not what it was, or not what the database keeps."""
    said = {name: value for name, value in proof.items() if name != "digest"}
    troubles = [] if _digest(said) == proof.get("digest") else ["The proof is not as it was written."]
    kept = {
        "rows_before": stayed.rows_before, "files_before": stayed.files_before, "export": stayed.export_digest,
        "audit": {"number": stayed.audit_number, "digest": stayed.audit_digest},
    }  # fmt: skip
    return troubles + [f"The proof says otherwise: {name}." for name, value in kept.items() if said.get(name) != value]


def still_stored(store: FileStore | None, names: Sequence[str]) -> Iterator[str]:
    """Files that could not be deleted then."""
    for name in names:
        try:
            if store is None:
                raise Away
            next(store.read(name), b"")
        except NotStored:
            continue
        except Unreadable:
            yield f"The file {name} is left in the store."
        except Away:
            yield f"It cannot be looked whether the file {name} is left: the store of files does not answer."
        else:
            yield f"The file {name} is left in the store."
