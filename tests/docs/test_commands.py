"""Every command that a document shows is there, is read by the command line as it stands, and does what it says.

What can run on an Attune in which nothing is yet is run; `NEEDS_MORE` says of the others why they cannot.
"""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

from lti_tool.cli import attune
from lti_tool.documents.templates import template
from tests.docs.test_links import DOCUMENTS, commands
from tests.lti_tool.cli.test_commands import Run, environment, run
from tests.project import ROOT, text_of

__all__ = ["environment", "run"]

PLACEHOLDER = re.compile(r"\b[A-Z][A-Z_]+\b|\bNUMBER:DIGEST\b")
"""What only a reader knows, such as PLATFORM: such a line is read by the command line and not run."""
NEEDS_MORE = {
    "audit verify attune-": "a file that somebody took along",
    "audit verify package.json": "a package that somebody took along, and the issuer's keys",
    "backup restore": "an empty database beside the one that was backed up",
    "bench": "minutes, and a machine at rest: it measures",
    "check --online": "an Attune that answers at its address",
    "credentials verify": "a credential that was issued",
    "db downgrade": "the Attune of an earlier version afterwards",
    "demo": "goes on until it is stopped; the journeys run it",
    "mail test": "a mail server",
    "metrics": "an address that its operator chose for it",
    "organizations": "an organization of that name, with people in it",
    "people sign-out": "people who are signed in",
    "platforms move": "two LMSs that are connected",
    "programs enroll": "a person who came in",
    "programs diff our-program.toml": "two editions that somebody wrote",
    "rubrics export warm-line": "a rubric of that name",
    "serve": "goes on until it is stopped; the journeys run it",
    "worker": "goes on until it is stopped; the journeys run it",
}
"""How lines begin that are not run here, and what they need."""
ENDS_WITH = {"programs diff us-rbt": 1}
"""As diff does: 1 says that something differs."""
MORE = """
person = "A-17"
as_of = 2026-03-01

[[practice]]
id = "p-9"
on = 2026-02-11
amount = "3 hours"
"""


def lines(document: Path) -> list[str]:
    """Commands of Attune that a document shows, in its order, each once."""
    return list(dict.fromkeys(line.strip() for line in commands(document) if line.startswith("attune ")))


def reached(line: str) -> tuple[click.Command, list[str], list[str]]:
    """The command that a line names, the words that name it, and what is left for the command to read."""
    words, command, path = shlex.split(line, comments=True)[1:], attune, []
    here: click.Command = command
    while isinstance(here, click.Group) and words and words[0] in here.commands:
        here = here.commands[words[0]]
        path.append(words.pop(0))
    return here, path, words


def is_named_only(line: str) -> bool:
    """Whether it is a mention, such as `attune rubrics check`: a group, or without what the command needs."""
    command, path, words = reached(line)
    if isinstance(command, click.Group):
        return True
    try:
        command.make_context(" ".join(path), list(words))
    except click.MissingParameter:
        return True
    except click.BadOptionUsage:  # the last option has no value: a mention of the option
        return bool(words) and words[-1].startswith("--")
    except (click.ClickException, click.exceptions.Exit):
        return False
    return False


def why_not(line: str) -> str | None:
    """Why it is not run here; None where it is."""
    if PLACEHOLDER.search(line):
        return "a name that only its reader knows"
    return next((why for begins, why in NEEDS_MORE.items() if line.startswith(f"attune {begins}")), None)


SHOWN = [document for document in DOCUMENTS if document.name != "CHANGELOG.md" and lines(document)]
each_document = pytest.mark.parametrize("document", SHOWN, ids=lambda path: str(path.relative_to(ROOT)))


@each_document
def test_cap_f2_commands_are_read_by_the_command_line_as_they_stand(document: Path) -> None:
    """Each option is there and has its value; nothing is left over."""
    for line in lines(document):
        command, _path, words = reached(line)
        if isinstance(command, click.Group):
            assert not words, line
            continue
        known = {name for parameter in command.params for name in parameter.opts}
        if words and words[-1] in known:
            words.pop()
        _found, left, _order = command.make_parser(click.Context(command, info_name=line)).parse_args(list(words))
        assert not left, f"{line}: nothing reads {left}"


@each_document
def test_cap_f2_commands_run_as_they_stand_on_an_attune_in_which_nothing_is_yet(
    document: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, as somebody would who reads it with the files beside them that it speaks of."""
    run("people", "invite", "--name", "Sam Example", "--email", "sam@school.example")
    monkeypatch.chdir(beside(tmp_path / "beside"))
    for line in lines(document):
        _command, path, words = reached(line)
        as_it_is = not is_named_only(line) and why_not(line) is None
        said = run(*path, *words) if as_it_is else run(*path, "--help")
        expected = next((code for begins, code in ENDS_WITH.items() if line.startswith(f"attune {begins}")), 0)
        assert said.exit_code == (expected if as_it_is else 0), f"{line}\n{said.output}{said.exception}"


def test_what_is_said_not_to_run_is_shown_somewhere() -> None:
    shown = [line.removeprefix("attune ") for document in SHOWN for line in lines(document)]
    assert [begins for begins in NEEDS_MORE if not any(line.startswith(begins) for line in shown)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_cap_f2_what_is_made_is_known_to_make_with_the_names_it_is_given(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in commands(document):
        if not (found := re.match(r"(?:\w+=\S+ )*(make(?: .*)?)$", line.strip())):
            continue
        _make, *words = shlex.split(found[1], comments=True)
        given = [word.split("=")[0] for word in words if "=" in word]
        assert all(re.search(rf"\$\({name}\)|\b{name} \?=", makefile) for name in given), line
        said = subprocess.run(["make", "--dry-run", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        assert said.returncode == 0, f"{line}\n{said.stderr}"


def beside(folder: Path) -> Path:
    """A folder with the files that the documents speak of, as somebody may have written them."""
    folder.mkdir()
    shutil.copy(ROOT / "config" / "rubrics" / "warm-line.toml", folder / "our-rubric.toml")
    for name in ("our-program.toml", "program.toml"):
        shutil.copy(ROOT / "config" / "programs" / "icrc-pr.toml", folder / name)
    evidence = shown_in("docs/standing.md", "# evidence.toml")
    texts = {
        "evidence.toml": evidence,
        "evidence.json": json.dumps(tomllib.loads(evidence), default=str),
        "more.toml": MORE,
        "ratings.csv": "unit,rater,rating\n1,A,3\n1,B,4\n2,A,2\n2,B,2\n3,A,1\n3,B,2\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "competencies.csv").write_bytes(template("framework", "en", form="csv"))
    (folder / "our-rubric.xlsx").write_bytes(template("rubric", "en"))
    return folder


def shown_in(document: str, first_line: str) -> str:
    """A fenced example of a document, found by its first line."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text_of(ROOT / document), re.MULTILINE | re.DOTALL)
    return next(block for block in blocks if block.startswith(first_line))
