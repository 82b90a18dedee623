"""PDF files: looked at from outside. They are never opened here, and leave as they came, to be saved."""

from pathlib import Path

from rubrics.evidence import not_taken

PIECE = 1_000_000
LOCKED = b"/Encrypt"
END = b"%%EOF"
TAIL = 4096


def check(path: Path) -> None:
    """Raises `Refused` for a file that was cut off, or that only opens with a password."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        if END not in file.read():
            raise not_taken("pdf_cut")
        file.seek(0)
        former = b""
        while piece := file.read(PIECE):
            if LOCKED in former + piece:
                raise not_taken("pdf_locked")
            former = piece[-len(LOCKED) :]
