"""Wording rules as TOML: those that come with Attune, and those that a program adds."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.problems import problem_in
from lti_tool.documents.toml import read_toml
from lti_tool.paths import CONFIG
from rubrics.wording import Kind, Rule

MOST_RULES = 500
LONGEST = 500

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_STAR_IN_MIDST = re.compile(r"\*\S*\*")


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Rule(_Entries):
    code: str = ""
    kind: Annotated[Kind, Field(strict=False)]  # written by name
    words: list[str]
    instead: list[str] = []
    unless: list[str] = []
    sentence: str = ""


class _Rules(_Entries):
    language: str
    rules: list[_Rule] = []


_ENTRIES = {(): frozenset(_Rules.model_fields), ("rules",): frozenset(_Rule.model_fields)}
_EXAMPLES = {
    "language": 'language = "en"',
    "rules": "a line [[rules]], followed by the entries of the first rule",
    "code": 'code = "noncompliance"',
    "kind": 'kind = "banned"',
    "words": 'words = ["non-complian*", "noncomplian*"]',
    "instead": 'instead = ["has not been agreed on yet"]',
    "unless": 'unless = ["natural support*"]',
    "sentence": 'sentence = "Our council asks for other words here."',
}


@cache
def bundled_rules() -> tuple[Rule, ...]:
    """The rules that come with Attune, language by language."""
    files = sorted((CONFIG / "wording").glob("*.toml"))
    return tuple(rule for path in files for rule in read_rules(path.read_text(encoding="utf-8"), source=path.name))


def read_rules(text: str, *, source: str) -> tuple[Rule, ...]:
    """The rules that a person wrote, in their order. Raises `DocumentProblems`, which names `source`."""
    try:
        found = _Rules.model_validate(read_toml(text, source=source))
    except ValidationError as error:
        raise DocumentProblems(problem_in(error, source=source, entries=_ENTRIES, examples=_EXAMPLES)) from error
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem
    problems = [DocumentProblem(source, place, sentence) for place, sentence in _problems(found)]
    if problems:
        raise DocumentProblems(*problems)
    return tuple(_rule(each, found.language, position) for position, each in enumerate(found.rules, start=1))


def write_rules(language: str, rules: Sequence[Rule]) -> str:
    """The rules of one language as TOML; `read_rules` gives back equal ones."""
    entries: dict[str, Any] = {"language": language}
    if rules:
        entries["rules"] = [_entries(rule) for rule in rules]
    return tomlkit.dumps(entries)


def _rule(found: _Rule, language: str, position: int) -> Rule:
    return Rule(
        code=found.code or f"rule-{position}",
        language=language,
        kind=found.kind,
        words=tuple(found.words),
        sentence=found.sentence,
        instead=tuple(found.instead),
        unless=tuple(found.unless),
    )


def _problems(found: _Rules) -> list[tuple[str, str]]:
    problems = []
    if not _LANGUAGE.fullmatch(found.language):
        problems.append(
            ("language", f"“{found.language}” is no code of a language. Please write one such as en or es.")
        )
    if len(found.rules) > MOST_RULES:
        problems.append(("rules", f"These are {len(found.rules)} rules. Please keep to {MOST_RULES} in one language."))
    for position, rule in enumerate(found.rules, start=1):
        problems += _problems_of_rule(rule, f"rules[{position}]")
    return problems


def _problems_of_rule(rule: _Rule, place: str) -> list[tuple[str, str]]:
    problems = []
    if not rule.words:
        problems.append((f"{place}.words", "Please give at least one word to look for."))
    for name in ("words", "unless"):
        for position, word in enumerate(getattr(rule, name), start=1):
            said = problem_with_word(word)
            if said:
                problems.append((f"{place}.{name}[{position}]", said))
    if len(rule.sentence) > LONGEST or any(len(each) > LONGEST for each in rule.instead):
        problems.append((place, f"Please keep sentences and suggestions to {LONGEST} letters."))
    return problems


def problem_with_word(word: str) -> str | None:
    """What would help where a word cannot be looked for; None where it can."""
    if not word.replace("*", "").strip():
        return f"“{word}” names no word. Please write the word to look for, such as non-complian*."
    if _STAR_IN_MIDST.search(word):
        return f"“{word}” has two stars in one word. Please write one star, where other letters may follow."
    if len(word) > 100:
        return "Please keep a word or phrase to 100 letters."
    return None


def _entries(rule: Rule) -> dict[str, Any]:
    entries = {
        "code": rule.code,
        "kind": rule.kind.value,
        "words": list(rule.words),
        "instead": list(rule.instead),
        "unless": list(rule.unless),
        "sentence": rule.sentence,
    }
    return {name: value for name, value in entries.items() if value}
