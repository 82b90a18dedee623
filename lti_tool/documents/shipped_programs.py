"""The programs that come with Attune, and those in files of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grading.program import Program
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.program import read_program
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.text_in import read_text
from lti_tool.paths import CONFIG
from rubrics.refusal import _N

SHIPPED = CONFIG / "programs"
MOST_BYTES = 1_000_000
"""Of one file: less than a request may hold, so that a page can say it; the longest that ships has a fiftieth of it."""


@dataclass(frozen=True, slots=True)
class ProgramFile:
    """One file: its editions, in the order of the document, or what keeps it from being read."""

    path: Path
    editions: tuple[Program, ...] = ()
    problems: tuple[DocumentProblem, ...] = ()


def shipped(folder: Path = SHIPPED) -> tuple[ProgramFile, ...]:
    """Every program of the folder, by name. One that cannot be read takes none of the others down."""
    return tuple(_file(path) for path in sorted(folder.glob("*.toml")))


def editions_of(named: str, *, folder: Path = SHIPPED) -> tuple[Program, ...]:
    """The editions of a program by its id, or of the file with this path. Raises `DocumentProblems`."""
    path = Path(named)
    if path.suffix or "/" in named or path.is_file():
        return program_in(path)
    inside = folder / f"{named}.toml"
    if inside.is_file():
        return program_in(inside)
    known = sorted(each.stem for each in folder.glob("*.toml"))
    raise _whole(named, _unknown(named, known))


def edition_of(editions: Sequence[Program], named: str) -> Program:
    """The edition of this name. Raises `DocumentProblems`."""
    found = next((each for each in editions if each.edition == named), None)
    if found is None:
        sentence = _N("There is no edition “%(found)s”. The editions are: %(known)s.")
        known = ", ".join(each.edition for each in editions)
        raise _whole(editions[0].id, Sentence(sentence, found=named, known=known))
    return found


def program_in(path: Path) -> tuple[Program, ...]:
    """The editions in a file. Raises `DocumentProblems`."""
    return read_program(text_in(path), source=path.name)


def text_in(path: Path) -> str:
    """The text of a file, within limits. Raises `DocumentProblems`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        sentence = Sentence(_N("It cannot be opened: %(reason)s."), reason=error.strerror)
        raise _whole(str(path), sentence) from error
    if len(content) > MOST_BYTES:
        raise _whole(str(path), Sentence(_N("It is larger than any such document. Please look whether it is the one.")))
    return read_text(content, source=path.name)[0]


def _file(path: Path) -> ProgramFile:
    try:
        return ProgramFile(path, program_in(path))
    except DocumentProblems as found:
        return ProgramFile(path, problems=found.problems)


def _unknown(named: str, known: Sequence[str]) -> Sentence:
    close = get_close_matches(named, known, n=1)
    if close:
        sentence = _N("There is no such program here. Is it meant to be %(meant)s? A file is named by its path.")
        return Sentence(sentence, meant=close[0])
    sentence = _N("There is no such program here. Those that come with Attune are: %(known)s.")
    return Sentence(sentence, known=", ".join(known))


def _whole(source: str, sentence: Sentence) -> DocumentProblems:
    return DocumentProblems(DocumentProblem(source, "the whole file", sentence))
