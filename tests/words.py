"""Words that no page or message of Attune uses, and how to find the texts that people read."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract

from tests.project import ROOT, text_of, tracked_files

NEVER = (
    # the scan list of our wording guide
    r"fail(s|ed|ing|ure|ures)?", r"reject(s|ed|ing|ion)?", r"den(y|ies|ied)", r"invalid", r"illegal", r"forbidden",
    r"violat(e|es|ed|ion|ions)", r"delinquent", r"deficien(t|cy|cies)", r"unsatisfactory", r"incompetent", r"overdue",
    r"expire(s|d)?", r"terminat(e|es|ed|ion)", r"abort(s|ed)?", r"kill(s|ed)?", r"suspicious", r"penalt(y|ies)",
    r"you must", r"you forgot", r"warning!", r"hurry", r"last chance",
    # what else the guide and the glossary replace
    r"error", r"non-?complian(t|ce)", r"remediation", r"students?", r"teachers?", r"approv(e|es|ed|al)", r"grades?",
    r"candidates?", r"programmes?", r"simply", r"revoked", r"surveillance", r"congratulations", r"oops", r"victims?",
)  # fmt: skip
PATTERN = re.compile(rf"(?<![\w-])({'|'.join(NEVER)})(?![\w-])", re.IGNORECASE)
QUOTED = re.compile("“[^”]*”")
SHOWN_BY = {
    "_", "_N", "gettext", "ngettext", "lazy_gettext",
    "Refused", "LaunchRejected", "PlatformUnavailable", "Unreachable", "RegistrationProblem",
}  # fmt: skip
TEMPLATE_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
TEMPLATE_OPTIONS = {"silent": "false"}
JAVASCRIPT_STRING = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")


def found_in(text: str) -> list[str]:
    """The words in a text that should be others; what stands in “quotes” is talked about, not said."""
    return [match.group(0) for match in PATTERN.finditer(QUOTED.sub("", text))]


def texts_of_python(path: Path) -> Iterator[tuple[int, str]]:
    """The texts that a module shows to people: arguments of gettext, `_N` and our exceptions."""
    for node in ast.walk(ast.parse(text_of(path))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SHOWN_BY:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value


def texts_of_template(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a template, as the catalogs have them."""
    found = extract("jinja2", BytesIO(path.read_bytes()), keywords=TEMPLATE_KEYWORDS, options=TEMPLATE_OPTIONS)
    for line, messages, _comments, _context in found:
        for message in messages if isinstance(messages, tuple) else (messages,):
            if message:
                yield line, message


def texts_of_script(path: Path) -> Iterator[tuple[int, str]]:
    """Everything in quotes in a script of ours."""
    for number, line in enumerate(text_of(path).splitlines(), start=1):
        for match in JAVASCRIPT_STRING.finditer(line.split("//")[0]):
            yield number, next(group for group in match.groups() if group is not None)


def texts_of_document(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a TOML file that is shown to people."""
    yield from ((0, text) for text in _strings(tomllib.loads(text_of(path))))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


@cache
def sources() -> tuple[tuple[Path, int, str], ...]:
    """Every text that Attune can show, with its place. The practice LMS plays someone else, and is left out."""
    return tuple(_sources())


def _sources() -> Iterator[tuple[Path, int, str]]:
    practice = ROOT / "lti_tool" / "practice"
    kinds = (
        (("rubrics/*.py", "grading/*.py", "lti_tool/*.py"), texts_of_python),
        (("templates/*.html",), texts_of_template),
        (("lti_tool/static/*.js",), texts_of_script),
        (("config/rubrics/*.toml",), texts_of_document),
    )
    for patterns, texts in kinds:
        for pattern in patterns:
            for path in tracked_files(pattern):
                if not path.is_relative_to(practice) and "vendor" not in path.parts:
                    yield from ((path, line, text) for line, text in texts(path))
