"""attune rubrics check: what keeps a rubric in a file from being published, and what could be said better."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.rubric import from_document, read_rubric
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
    """One file; `unreadable` says why nothing could be looked at."""

    file: str
    findings: tuple[Looked, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def blocked(self) -> int:
        """How many findings keep it from being published."""
        return sum(finding.blocks for finding in self.findings)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--language", default=None, help="Look only at the words in this language, such as es.")
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
    """Look at rubrics in files (TOML or JSON): what is still to come, and which words to find others for.

    Ends with 0 where nothing keeps them from being published, 1 where something does, 2 where a file cannot be read.
    Needs no database and no settings.
    """
    try:
        rules = (*bundled_rules(), *(rule for path in rule_files for rule in read_rules(_text(path), source=str(path))))
    except DocumentProblems as unreadable:
        click.echo(str(unreadable), err=True)
        sys.exit(UNREADABLE)
    checked = [_checked(path, rules, language) for path in files]
    click.echo(json.dumps(_as_json(checked), ensure_ascii=False) if as_json else "\n".join(_in_words(checked)))
    if any(each.unreadable for each in checked):
        sys.exit(UNREADABLE)
    if any(each.blocked or (strict and each.findings) for each in checked):
        sys.exit(BLOCKED)


def _checked(path: Path, rules: Sequence[Rule], language: str | None) -> Checked:
    try:
        text = _text(path)
        rubric = _rubric(text, str(path))
    except DocumentProblems as unreadable:
        return Checked(str(path), unreadable=tuple(f"{each.place}: {each.sentence}" for each in unreadable.problems))
    found = [
        each for each in _findings(text, rubric, rules) if language is None or _is_in(each.place, rubric, language)
    ]
    return Checked(str(path), tuple(sorted(found, key=lambda each: not each.blocks)))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        said = f"It cannot be opened: {error.strerror}."
    except UnicodeDecodeError as error:
        said = f"The letters are not UTF-8 from byte {error.start + 1} on. Please save it as UTF-8."
    raise DocumentProblems(DocumentProblem(str(path), "the whole file", said))


def _rubric(text: str, source: str) -> Rubric:
    try:
        return _of_json(text, source) if text.lstrip().startswith("{") else read_rubric(text, source=source)
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem
    except RecursionError as error:
        said = "There are more brackets in each other here than any rubric has."
        raise DocumentProblems(DocumentProblem(source, "the whole file", said)) from error


def _of_json(text: str, source: str) -> Rubric:
    try:
        return from_document(json.loads(text))
    except json.JSONDecodeError as error:
        said = "The file can be read up to here. Please look at the quotes, brackets and commas here and just before."
        raise DocumentProblem(source, f"line {error.lineno}, column {error.colno}", said) from error


def _findings(text: str, rubric: Rubric, rules: Sequence[Rule]) -> Iterator[Looked]:
    toml = not text.lstrip().startswith("{")
    found = lint(rubric, rules)
    told = {finding.place for finding in found if not finding.found}
    for problem in problems(rubric):
        if problem.place not in told:  # an anchor that is absent is found by both
            line = line_of(text, rubric, problem.place) if toml else None
            yield Looked(problem.place, line, "not_ready", True, problem.sentence)
    for finding in found:
        line = line_of(text, rubric, finding.place, finding.found) if toml else None
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
    for each in checked:
        if each.unreadable:
            yield f"{each.file}: cannot be read"
            yield from (f"  {reason}" for reason in each.unreadable)
            continue
        suggestions = len(each.findings) - each.blocked
        state = f"{each.blocked} to mend before it can be published" if each.blocked else "nothing to mend"
        yield f"{each.file}: {state}; {suggestions} suggestion{'' if suggestions == 1 else 's'}"
        for finding in each.findings:
            yield from _finding_in_words(finding)


def _finding_in_words(finding: Looked) -> Iterator[str]:
    line = f"line {finding.line}, " if finding.line else ""
    yield f"  {'to mend' if finding.blocks else 'suggestion'}: {line}{finding.place}"
    yield f"    {finding.sentence}"
    if finding.instead:
        yield f"    For example: {'; '.join(finding.instead)}"
