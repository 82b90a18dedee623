"""Captions as WebVTT: looked at before a browser gets them, and written plainly."""

import re

from rubrics.refusal import Refused

LARGEST = 2_000_000
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
DROPPED = ("STYLE", "REGION", "NOTE")
"""Blocks that are not spoken words: they change how it looks, or were only for whoever wrote it."""


def checked(content: bytes) -> str:
    """The captions, with their cues and nothing else. Raises `Refused` with what to do, and at which line."""
    if len(content) > LARGEST:
        raise Refused("captions_large", "These captions are larger than 2 MB. Please bring shorter ones.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("captions_encoding", "Please save the captions in UTF-8, and bring them again.") from None
    blocks = _blocks(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
    if not blocks or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", blocks[0][1][0]):
        raise Refused("captions_kind", "Captions are taken as WebVTT: a file whose first line begins with WEBVTT.")
    cues = [_cue(number, lines) for number, lines in blocks[1:] if not lines[0].startswith(DROPPED)]
    if not cues:
        raise Refused("captions_empty", "There are no words in these captions yet.")
    return "\n\n".join(("WEBVTT", *cues)) + "\n"


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """What stands between empty lines, with the number of its first line."""
    found: list[tuple[int, list[str]]] = []
    open_ = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            open_ = False
        elif open_:
            found[-1][1].append(line)
        else:
            found.append((number, [line]))
            open_ = True
    return found


def _cue(number: int, lines: list[str]) -> str:
    at = next((place for place, line in enumerate(lines[:2]) if "-->" in line), None)
    times = _CUE.fullmatch(lines[at].strip()) if at is not None else None
    if at is None or times is None:
        raise Refused(
            "captions_time", "Please check line %(line)s of the captions: times look like 00:01.000 --> 00:04.000",
            line=number + (at or 0),
        )  # fmt: skip
    if _seconds(times.groups()[:4]) >= _seconds(times.groups()[4:]):
        raise Refused(
            "captions_order",
            "Please check line %(line)s of the captions: they end before they begin.",
            line=number + at,
        )
    return "\n".join(lines[at:])


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
