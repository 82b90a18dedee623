"""Wording rules as TOML: those that come with Attune, and those that a program adds."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.problems import problems_in
from lti_tool.documents.sentences import Sentence, shortened
from lti_tool.documents.toml import read_toml
from lti_tool.paths import CONFIG
from rubrics.refusal import _N
from rubrics.wording import Kind, Rule

MOST_RULES = 50
"""In one language: each may have many words."""
MOST_BYTES = 64_000
LONGEST = 500
LONGEST_WORD = 100

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
    if len(text.encode()) > MOST_BYTES:
        said = Sentence(_N("This is more than %(most)s kB. Please keep to fewer words."), most=MOST_BYTES // 1000)
        raise DocumentProblems(DocumentProblem(source, "the whole file", said))
    try:
        found = _Rules.model_validate(read_toml(text, source=source))
    except ValidationError as error:
        raise problems_in(error, source=source, entries=_ENTRIES, examples=_EXAMPLES) from error
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


def _problems(found: _Rules) -> Iterator[tuple[str, Sentence]]:
    if not is_language(found.language):
        said = _N("“%(found)s” is no code of a language. Please write one such as en or es.")
        yield "language", Sentence(said, found=shortened(found.language))
    if len(found.rules) > MOST_RULES:
        said = _N("These are %(found)s rules. Please keep to %(most)s in one language; a rule can have many words.")
        yield "rules", Sentence(said, found=len(found.rules), most=MOST_RULES)
    for position, rule in enumerate(found.rules, start=1):
        for name, sentence in problems_of(_rule(rule, found.language, position)):
            yield f"rules[{position}].{name}", sentence


def problems_of(rule: Rule) -> Iterator[tuple[str, Sentence]]:
    """What would help where the rule cannot be used: the entry, and a sentence."""
    if not rule.words:
        yield "words", Sentence(_N("Please give at least one word to look for."))
    for name, words in (("words", rule.words), ("unless", rule.unless)):
        for position, word in enumerate(words, start=1):
            said = _problem_of_word(word)
            if said is not None:
                yield f"{name}[{position}]", said
    if any(len(text) > LONGEST for text in (rule.sentence, *rule.instead)):
        said = Sentence(_N("Please keep each sentence and suggestion to %(most)s letters."), most=LONGEST)
        yield "sentence" if len(rule.sentence) > LONGEST else "instead", said


def is_language(code: str) -> bool:
    """Whether it is written as codes of languages are: es, es-MX."""
    return bool(_LANGUAGE.fullmatch(code))


def _problem_of_word(word: str) -> Sentence | None:
    if not word.replace("*", "").strip():
        return Sentence(
            _N("“%(found)s” names no word. Please write the word to look for, such as non-complian*."), found=word
        )
    if _STAR_IN_MIDST.search(word):
        said = _N("“%(found)s” has two stars in one word. Please write one star, where other letters may follow.")
        return Sentence(said, found=shortened(word))
    if len(word) > LONGEST_WORD:
        return Sentence(_N("Please keep a word or phrase to %(most)s letters."), most=LONGEST_WORD)
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
