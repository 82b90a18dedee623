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
COMPUTING = 900
"""Seconds; waiting for the disk is not counted."""


def main() -> None:
    """Say what became of the file that the second argument names, written to where the third says."""
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, COMPUTING), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    source, target = map(Path, sys.argv[2:4])
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
