"""An organization's own wording rules as rows of a form: one word or phrase in each line."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from lti_tool.documents.wording import MOST_RULES, problems_of
from lti_tool.web.texts import gettext
from rubrics.wording import Kind, Rule

BLANK = 3
_NAMES = ("code", "words", "instead", "unless", "kind", "sentence")


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in one row."""

    code: str
    words: str = ""
    instead: str = ""
    unless: str = ""
    kind: str = ""
    sentence: str = ""
    taken_out: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not any((self.words, self.instead, self.unless, self.sentence))

    def rule(self, language: str) -> Rule:
        """The rule that the row says; a kind that is still to be chosen counts as the first."""
        return Rule(
            code=self.code,
            language=language,
            kind=Kind(self.kind) if self.kind else Kind.BANNED,
            words=_lines(self.words),
            sentence=" ".join(self.sentence.split()),
            instead=_lines(self.instead),
            unless=_lines(self.unless),
        )

    def problems(self) -> dict[str, str]:
        """What would help before the row can be saved, by field."""
        found = {} if self.kind else {"kind": gettext("Please choose what the words are looked for as.")}
        for place, sentence in problems_of(self.rule("en")):
            found.setdefault(place.partition("[")[0], gettext(sentence.template, **sentence.values))
        return found


def rows_of(rules: Sequence[Rule]) -> tuple[Row, ...]:
    """The rules as rows."""
    return tuple(
        Row(
            code=rule.code,
            words="\n".join(rule.words),
            instead="\n".join(rule.instead),
            unless="\n".join(rule.unless),
            kind=rule.kind.value,
            sentence=rule.sentence,
        )
        for rule in rules
    )


def typed_rows(form: MultiDict[str, str]) -> tuple[Row, ...]:
    """The rows of a form, blank ones too."""
    rows = []
    for number in range(1, MOST_RULES + 1):
        if f"code-{number}" in form:
            values = {name: _plain(form.get(f"{name}-{number}", "")) for name in _NAMES}
            kind = values.pop("kind")
            known = kind if kind in set(Kind) else ""
            rows.append(Row(**values, kind=known, taken_out=f"out-{number}" in form))
    return tuple(rows)


def blank_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Some more to write in, each with a code of its own, as long as there is room."""
    taken = {row.code for row in rows}
    free = (f"own-{number}" for number in range(1, 2 * MOST_RULES + 1) if f"own-{number}" not in taken)
    room = min(BLANK, MOST_RULES - len(rows))
    return tuple(Row(code) for code, _ in zip(free, range(room), strict=False))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
