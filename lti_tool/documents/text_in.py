"""From the bytes of a text file to its letters."""

import codecs

from lti_tool.documents.brought import Note
from lti_tool.documents.rows import Checking, problem
from rubrics.refusal import _N

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1252": "Windows-1252",
    "iso-8859-1": "ISO 8859-1",
    "iso-8859-15": "ISO 8859-15",
    "mac-roman": "Mac Roman",
    "cp850": "DOS 850",
}
"""What a person may choose from, and how it is called."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 4096


def read_text(content: bytes, *, source: str, encoding: str | None = None) -> tuple[str, tuple[Note, ...]]:
    """The letters, without a byte order mark; and a note where the encoding was guessed.

    A chosen `encoding` (of `ENCODINGS`) is used as it is. Raises `DocumentProblems`, which names the line.
    """
    checking = Checking(source)
    if encoding:
        text = _decoded(content, _chosen(content, encoding, source), source)
    else:
        found, guessed = _recognized(content)
        text = _decoded(content, found, source)
        if guessed:
            checking.note(
                "the whole file",
                _N("These letters are not UTF-8 and were read as %(encoding)s. Please look at a word with accents."),
                encoding=ENCODINGS.get(found.removesuffix("-le").removesuffix("-be"), found),
            )
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = _line_of(text[: text.index("\0")])
        raise problem(
            source,
            f"line {line}",
            _N("There is a NUL character, which no text has. Please save the file as text or as .xlsx again."),
        )
    return text, checking.notes()


def _chosen(content: bytes, encoding: str, source: str) -> str:
    name = encoding.strip().lower().replace("_", "-")
    if name not in ENCODINGS:
        raise problem(
            source,
            "the whole file",
            _N("The encoding “%(found)s” is not known here. Please choose one of %(known)s."),
            found=encoding,
            known=", ".join(ENCODINGS),
        )
    if name == "utf-16":
        return _marked(content) or _wide(content) or "utf-16-le"
    return name


def _recognized(content: bytes) -> tuple[str, bool]:
    """The encoding, and whether it was guessed."""
    marked = _marked(content)
    if marked:
        return marked, False
    wide = _wide(content)
    if wide:
        return wide, True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252", True
    return "utf-8", False


def _marked(content: bytes) -> str | None:
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: half of the bytes of a Western header line are zero."""
    beginning = content[:_LOOKED_AT]
    high, low = beginning[0::2].count(0), beginning[1::2].count(0)
    few, most = sorted((high, low))
    if most * 5 < len(beginning) or few * 10 > most:
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def _decoded(content: bytes, encoding: str, source: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_of(content[: error.start].decode(encoding, errors="replace"))
        raise problem(
            source,
            f"line {line}",
            _N("The byte %(found)s is no letter in %(encoding)s. Please choose the one the file was saved in."),
            found=f"0x{content[error.start]:02X}",
            encoding=ENCODINGS.get(encoding, encoding.upper()),
        ) from error


def _line_of(before: str) -> int:
    return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
