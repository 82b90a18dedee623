"""What the process does that opens a file from outside, see `apart`: one file, one line of JSON."""

import json
import resource
import shutil
import sys
from pathlib import Path

from lti_tool.documents import magic, media, pdf_files, pictures
from rubrics.evidence import EvidenceKind
from rubrics.refusal import Refused

MEMORY = 2_000_000_000
COMPUTING = 300
"""Seconds; waiting for the disk is not counted."""
ROOM = 300_000_000
"""So much may be written in any case: a picture of as many dots as we take, not compressed at all."""


def main() -> None:  # pragma: no cover  # it limits its own process (`apart`), in which nothing is measured
    """Say what became of the file that the second argument names, written to where the third says."""
    source, target = map(Path, sys.argv[2:4])
    # A few bytes can say that one piece of a recording comes a million times: not much more is written than came.
    room = max(ROOM, 2 * source.stat().st_size)
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: COMPUTING,
        resource.RLIMIT_FSIZE: room,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    try:
        kind, media_type = opened(source, target)
        said = {"kind": kind.value, "media_type": media_type}
    except Refused as refused:
        said = {"code": refused.code}
    sys.stdout.write(json.dumps(said))


def opened(source: Path, target: Path) -> tuple[EvidenceKind, str]:
    """Recognize the file by what is in it and write what is kept of it. Raises `Refused`."""
    found = magic.recognize(source)
    if found.kind is EvidenceKind.PICTURE:
        return found.kind, pictures.made_anew(source, target, found.format)
    if found.kind is EvidenceKind.PDF:
        pdf_files.check(source)
        shutil.copyfile(source, target)
        return found.kind, "application/pdf"
    return media.made_anew(source, target, found.format)
