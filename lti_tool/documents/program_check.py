"""Programs in files, checked: files that share an id are one program, and each finding has its file and line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.checking.check import check
from grading.checking.findings import Finding
from grading.program import Program
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.program import read_program
from lti_tool.documents.program_places import line_of_document, line_of_requirement
from lti_tool.documents.shipped_programs import text_in


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, and where its text stands."""

    finding: Finding
    file: str
    line: int | None
    """None where it cannot be told for certain."""


@dataclass(frozen=True, slots=True)
class CheckedProgram:
    """What was found in one program; `unreadable` says why a file could not be looked at."""

    files: tuple[str, ...]
    program: str = ""
    found: tuple[Found, ...] = ()
    unreadable: tuple[DocumentProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    text: str
    editions: tuple[Program, ...]


def check_files(paths: Iterable[Path]) -> tuple[CheckedProgram, ...]:
    """Each program of the files, in their order. A file that cannot be read takes none of the others down."""
    checked: list[CheckedProgram | str] = []
    programs: dict[str, list[_File]] = {}
    for path in paths:
        try:
            text = text_in(path)
            file = _File(str(path), text, read_program(text, source=path.name))
        except DocumentProblems as unreadable:
            checked.append(CheckedProgram((str(path),), unreadable=unreadable.problems))
            continue
        id_ = file.editions[0].id
        if id_ not in programs:
            checked.append(id_)
        programs.setdefault(id_, []).append(file)
    return tuple(_checked(each, programs[each]) if isinstance(each, str) else each for each in checked)


def check_text(text: str, *, source: str, beside: Sequence[Program] = ()) -> CheckedProgram:
    """One document, together with editions that are not in it. Raises `DocumentProblems`.

    What is found in the others alone is left out; findings have lines of this document.
    """
    file = _File(source, text, read_program(text, source=source))
    own = {each.edition for each in file.editions}
    found = check((*beside, *file.editions))
    about_it = (each for each in found if not each.editions or own & set(each.editions))
    placed = tuple(_placed(each, dict.fromkeys(own, file), file) for each in about_it)
    return CheckedProgram((source,), file.editions[0].id, placed)


def _checked(id_: str, files: Sequence[_File]) -> CheckedProgram:
    found = check(edition for file in files for edition in file.editions)
    holding = {edition.edition: file for file in reversed(files) for edition in file.editions}
    return CheckedProgram(
        tuple(file.path for file in files), id_, tuple(_placed(each, holding, files[0]) for each in found)
    )


def _placed(finding: Finding, holding: Mapping[str, _File], first: _File) -> Found:
    file = next((holding[each] for each in finding.editions if each in holding), first)
    if finding.requirement:
        line = line_of_requirement(file.text, finding.requirement, finding.place, finding.editions)
    else:
        line = line_of_document(file.text, finding.place, finding.editions)
    return Found(finding, file.path, line)
