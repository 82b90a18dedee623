"""PDF files: looked at from outside. They are never opened here, and leave as they came, to be saved."""

from pathlib import Path

from rubrics.refusal import Refused

PIECE = 1_000_000
LOCKED = b"/Encrypt"
END = b"%%EOF"
TAIL = 4096


def check(path: Path) -> None:
    """Raises `Refused` for a file that was cut off, or that only opens with a password."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        if END not in file.read():
            raise Refused("pdf_cut", "The end of this PDF did not come along. Please bring it again.")
        file.seek(0)
        former = b""
        while piece := file.read(PIECE):
            if LOCKED in former + piece:
                raise Refused("pdf_locked", "This PDF is locked. Please save it without a password, and bring that.")
            former = piece[-len(LOCKED) :]
