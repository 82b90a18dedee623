"""Wording of a rubric: words that wound, and words with which a level or a criterion cannot be rated.

Which words, a rule says, and rules are data. Which texts a kind of rule looks at is decided here.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rubrics.language import languages
from rubrics.refusal import _N
from rubrics.rubric import Rubric
from rubrics.rubric_texts import Text, Use, texts

MISSING_ANCHOR = "missing_anchor"


class Kind(StrEnum):
    """What is the matter with words of a rule."""

    BANNED = "banned"
    """they wound, wherever they stand: nothing is published with them"""
    PERSON = "person"
    """a level describes the person, not the help that was needed"""
    UNOBSERVABLE = "unobservable"
    """a criterion begins with what nobody can see or hear"""
    DOUBLE = "double"
    """a criterion joins two behaviors, which may need different help"""


@dataclass(frozen=True, slots=True)
class Rule:
    """Words to look for in one language.

    They are found as whole words and whatever their case; `*` stands for any letters within a word. In Arabic writing
    also with short words that are written in front of them without a space (such as "and", "for", "the"), and whether
    or not vowels are written.
    """

    code: str
    """Names the rule for machines."""
    language: str
    """`es` is for every Spanish, `es-MX` for the Spanish of Mexico alone."""
    kind: Kind
    words: tuple[str, ...]
    sentence: str = ""
    """A program's own, shown as it is written; empty for the sentence of the kind."""
    instead: tuple[str, ...] = ()
    """What can be said in place of them."""
    unless: tuple[str, ...] = ()
    """Phrases in which the words are left alone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at again: where, why, and what could be said instead."""

    place: str
    """Counted from 1, as in `rubrics.publication`: `criteria[3].levels[2].anchor`."""
    code: str
    blocks: bool
    """Whether it keeps the rubric from being published; else it is a suggestion."""
    sentence: str
    """For gettext, with `%(found)s` for `values`."""
    found: str
    """The very text that was found; empty where something is absent."""
    instead: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """What is filled into the sentence once it is translated."""
        return {"found": self.found}

    def in_english(self) -> str:
        """The sentence where nobody translates."""
        return self.sentence % self.values


_SENTENCES = {
    Kind.BANNED: _N("Please find other words for “%(found)s”. It can wound the people who read it."),
    Kind.PERSON: _N(
        "Here “%(found)s” describes the person. Please say what was seen this time, and which help was needed."
    ),
    Kind.UNOBSERVABLE: _N("Nobody can see or hear “%(found)s”. Please name what is done or said when it is so."),
    Kind.DOUBLE: _N(
        "Two behaviors may be joined here by “%(found)s”. If one can be shown without the other, please make two "
        "criteria of them."
    ),
}
_ANCHOR_NEEDED = _N("This level has no anchor yet. Please say what is seen at this level, and which help was needed.")

_WHOLE = frozenset({Use.TITLE, Use.SUMMARY, Use.STATEMENT, Use.LABEL, Use.ANCHOR})
_LOOKED_AT = {
    # Examples are left alone: they are somebody's speech.
    Kind.BANNED: _WHOLE | {Use.GUIDE, Use.WATCH_FOR},
    Kind.PERSON: frozenset({Use.LABEL, Use.ANCHOR}),
    Kind.UNOBSERVABLE: frozenset({Use.STATEMENT}),
    Kind.DOUBLE: frozenset({Use.STATEMENT}),
}

_VOWELS = "\u0640\u064b-\u065f\u0670"  # of Arabic, and the stroke that makes a word longer: written or not
_LETTER = rf"[\w\u0300-\u036f{_VOWELS}]"  # with accents that are typed as signs of their own
_ALEFS = "اأإآٱ"
_ARABIC = re.compile("[\u0621-\u064a]")
_WRITTEN_IN_FRONT = rf"(?:[وف][{_VOWELS}]*)?(?:[بكل]?[{_VOWELS}]*ا[{_VOWELS}]*ل|ل[{_VOWELS}]*ل|[بكل])?[{_VOWELS}]*"
_QUOTED = re.compile("“[^”]*”|«[^»]*»")
# A verb is the trainee's where a statement or a part of it begins, perhaps after one word such as “Always”.
_BEGINS = re.compile(rf"(?:^|[.,;:()–—،؛])\s*(?:{_LETTER}+\s+)?$")


def lint(rubric: Rubric, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """What to look at again in the rubric and its translations, in their order. Each text in its language's rules."""
    by_language = {each: [rule for rule in rules if speaks(rule, each)] for each in languages(rubric)}
    return tuple(finding for text in texts(rubric) for finding in _in_rubric(text, by_language[text.language]))


def lint_text(text: Text, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """What to look at again in one text."""
    return tuple(_in_text(text, [rule for rule in rules if speaks(rule, text.language)]))


def speaks(rule: Rule, language: str) -> bool:
    """Whether the rule is for texts of this language."""
    own, asked = rule.language.casefold(), language.casefold()
    return own in (asked, asked.partition("-")[0])


def _in_rubric(text: Text, rules: Sequence[Rule]) -> Iterator[Finding]:
    if text.use is Use.ANCHOR and not text.words.strip():
        yield Finding(text.place, MISSING_ANCHOR, True, _ANCHOR_NEEDED, "")
    yield from _in_text(text, rules)


def _in_text(text: Text, rules: Sequence[Rule]) -> Iterator[Finding]:
    plain = _plain(text.words)
    for rule in rules:
        if text.use in _LOOKED_AT[rule.kind] and any(part in plain for part in _parts(rule.words)):
            yield from _by(rule, text)


def _by(rule: Rule, text: Text) -> Iterator[Finding]:
    # A program's own sentence is shown as written, whatever signs are in it.
    sentence = rule.sentence.replace("%", "%%") or _SENTENCES[rule.kind]
    blocks = rule.kind is Kind.BANNED and text.use in _WHOLE
    told = set[str]()
    for found in _matches(rule, text.words):
        if found.casefold() not in told:
            told.add(found.casefold())
            yield Finding(text.place, rule.code, blocks, sentence, found, rule.instead)
        if rule.kind is Kind.DOUBLE:
            return  # that it joins behaviors is said once, however many


def _matches(rule: Rule, words: str) -> Iterator[str]:
    spared = [match.span() for match in _pattern(rule.unless).finditer(words)] if rule.unless else []
    if rule.kind is Kind.BANNED:
        spared += [match.span() for match in _QUOTED.finditer(words)]
    for match in _pattern(rule.words).finditer(words):
        if any(start < match.end() and match.start() < end for start, end in spared):
            continue
        if rule.kind is not Kind.UNOBSERVABLE or _BEGINS.search(words[: match.start()]):
            yield match[0]


@lru_cache(maxsize=2048)
def _parts(words: tuple[str, ...]) -> frozenset[str]:
    """Of each, its longest part, one of which stands in every text that has a word: quickly looked for."""
    return frozenset(max(_plain(word).replace("*", " ").split(), key=len) for word in words)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFC", text.casefold())
    return re.sub(f"[{_VOWELS}]", "", re.sub(f"[{_ALEFS}]", "ا", plain)) if _ARABIC.search(plain) else plain


@lru_cache(maxsize=2048)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_expression(each) for each in sorted(words, key=len, reverse=True)), re.IGNORECASE)


def _expression(word: str) -> str:
    parts = unicodedata.normalize("NFC", word).split()
    inner = r"\s+".join("".join(_sign(sign) for sign in part) for part in parts)
    before = rf"(?<!{_LETTER})" if _in_word(parts[0][0]) else ""
    before += _WRITTEN_IN_FRONT if _ARABIC.match(parts[0]) else ""
    after = rf"(?!{_LETTER})" if _in_word(parts[-1][-1]) else ""
    return f"{before}{inner}{after}"


def _sign(sign: str) -> str:
    if sign == "*":
        return f"{_LETTER}*"
    if sign in _ALEFS:
        return rf"[{_ALEFS}][{_VOWELS}]*"
    if _ARABIC.match(sign):
        return rf"{sign}[{_VOWELS}]*"
    apart = unicodedata.normalize("NFD", sign)
    return re.escape(sign) if apart == sign else f"(?:{re.escape(sign)}|{re.escape(apart)})"


def _in_word(sign: str) -> bool:
    return sign == "*" or sign.isalnum()
