"""attune rubrics check: what keeps a rubric in a file from being published, and what could be said better."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import click

from lti_tool.documents import DocumentProblem, DocumentProblems, formats
from lti_tool.documents.brought import Options
from lti_tool.documents.formats import Format
from lti_tool.documents.text_in import read_text
from lti_tool.documents.toml_lines import line_of
from lti_tool.documents.wording import bundled_rules, read_rules
from rubrics.language import languages
from rubrics.publication import problems
from rubrics.rubric import Rubric
from rubrics.wording import Rule, lint

BLOCKED, UNREADABLE = 1, 2


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing to look at again."""

    place: str
    line: int | None
    code: str
    blocks: bool
    sentence: str
    found: str = ""
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One rubric of a file; `unreadable` says why a file could not be looked at."""

    file: str
    rubric: str = ""
    findings: tuple[Looked, ...] = ()
    notes: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def blocked(self) -> int:
        """How many findings keep it from being published."""
        return sum(finding.blocks for finding in self.findings)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--language",
    default=None,
    help="Look only at the words in this language, such as es; a file that names none is in it.",
)
@click.option(
    "--rules",
    "rule_files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Wording rules of your own, on top of those that come with Attune.",
)
@click.option("--strict", is_flag=True, help="End with 1 for suggestions too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(files: Sequence[Path], language: str | None, rule_files: Sequence[Path], strict: bool, as_json: bool) -> None:
    """Look at rubrics in files of any format: what is still to come, and which words to find others for.

    Ends with 0 where nothing keeps them from being published, 1 where something does, 2 where a file cannot be read.
    Needs no database and no settings.
    """
    try:
        rules = (*bundled_rules(), *(rule for path in rule_files for rule in _rules_in(path)))
    except DocumentProblems as unreadable:
        click.echo(str(unreadable), err=True)
        sys.exit(UNREADABLE)
    checked = [each for path in files for each in _checked(path, rules, language)]
    click.echo(json.dumps(_as_json(checked), ensure_ascii=False) if as_json else "\n".join(_in_words(checked)))
    if any(each.unreadable for each in checked):
        sys.exit(UNREADABLE)
    if any(each.blocked or (strict and each.findings) for each in checked):
        sys.exit(BLOCKED)


def _rules_in(path: Path) -> tuple[Rule, ...]:
    text, _notes = read_text(_content(path), source=str(path))
    return read_rules(text, source=str(path))


def _checked(path: Path, rules: Sequence[Rule], language: str | None) -> Iterator[Checked]:
    options = Options(language=language)
    try:
        content = _content(path)
        kind = formats.recognize(content, source=str(path), options=options)
        brought = formats.read(content, source=str(path), options=options, kind=kind)
        if not brought.rubrics:
            raise _whole(path, "There is no rubric in it.")
    except DocumentProblems as unreadable:
        yield Checked(str(path), unreadable=tuple(f"{each.place}: {each.sentence}" for each in unreadable.problems))
        return
    notes = tuple(f"{note.place}: {note.sentence}" for note in brought.notes)
    text = read_text(content, source=str(path))[0] if kind is Format.TOML else None
    for rubric in brought.rubrics:
        found = [
            finding
            for finding in _findings(text, rubric, rules)
            if language is None or _is_in(finding.place, rubric, language)
        ]
        yield Checked(str(path), rubric.key, tuple(sorted(found, key=lambda each: not each.blocks)), notes)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _whole(path, f"It cannot be opened: {error.strerror}.") from error


def _whole(path: Path, said: str) -> DocumentProblems:
    return DocumentProblems(DocumentProblem(str(path), "the whole file", said))


def _findings(text: str | None, rubric: Rubric, rules: Sequence[Rule]) -> Iterator[Looked]:
    """What is found in the rubric, with its line where it was written as this TOML."""
    found = lint(rubric, rules)
    told = {finding.place for finding in found if not finding.found}
    for problem in problems(rubric):
        if problem.place not in told:  # an anchor that is absent is found by both
            line = line_of(text, rubric, problem.place) if text else None
            yield Looked(problem.place, line, "not_ready", True, problem.sentence)
    for finding in found:
        line = line_of(text, rubric, finding.place, finding.found) if text else None
        said = finding.in_english()
        yield Looked(finding.place, line, finding.code, finding.blocks, said, finding.found, finding.instead)


def _is_in(place: str, rubric: Rubric, language: str) -> bool:
    """Whether the words at the place are in this language: `es` means every Spanish."""
    number = int(place.removeprefix("translations[").partition("]")[0]) if place.startswith("translations[") else 0
    spoken, asked = languages(rubric)[number].casefold(), language.casefold()
    return asked in (spoken, spoken.partition("-")[0])


def _as_json(checked: Sequence[Checked]) -> dict[str, object]:
    return {
        "files": [asdict(each) for each in checked],
        "blocks": sum(each.blocked for each in checked),
        "suggestions": sum(len(each.findings) - each.blocked for each in checked),
    }


def _in_words(checked: Sequence[Checked]) -> Iterator[str]:
    several = {each.file for each, other in pairwise(checked) if each.file == other.file}
    for each in checked:
        named = f"{each.file}, {each.rubric}" if each.file in several else each.file
        if each.unreadable:
            yield f"{named}: cannot be read"
            yield from (f"  {reason}" for reason in each.unreadable)
            continue
        suggestions = len(each.findings) - each.blocked
        state = f"{each.blocked} to mend before it can be published" if each.blocked else "nothing to mend"
        yield f"{named}: {state}; {suggestions} suggestion{'' if suggestions == 1 else 's'}"
        yield from (f"  note: {note}" for note in each.notes)
        for finding in each.findings:
            yield from _finding_in_words(finding)


def _finding_in_words(finding: Looked) -> Iterator[str]:
    line = f"line {finding.line}, " if finding.line else ""
    yield f"  {'to mend' if finding.blocks else 'suggestion'}: {line}{finding.place}"
    yield f"    {finding.sentence}"
    if finding.instead:
        yield f"    For example: {'; '.join(finding.instead)}"
