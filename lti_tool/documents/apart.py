"""Files from outside are opened in a process of its own: whatever they do to it, the worker goes on.

It has no settings, no keys and no database, and only so much memory, time and room on the disk.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rubrics.evidence import EvidenceKind, not_taken

SECONDS = 1800
"""After that it is given up."""


@dataclass(frozen=True, slots=True)
class MadeAnew:
    """What a file turned out to be, as it is kept."""

    kind: EvidenceKind
    media_type: str


def made_anew(source: Path, target: Path) -> MadeAnew:
    """Recognize the file and write what is kept of it. Raises `Refused` with what to do for one that is not taken."""
    command = [sys.executable, "-I", "-c", _CHILD, str(Path(__file__).parents[2]), str(source), str(target)]
    try:
        done = subprocess.run(  # noqa: S603  # our own words; the two paths are names that we made
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, timeout=SECONDS, check=False
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise not_taken("file_broken") from None
    if "code" in said:
        raise not_taken(said["code"])
    return MadeAnew(EvidenceKind(said["kind"]), said["media_type"])


_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from lti_tool.documents import opening; opening.main()"
