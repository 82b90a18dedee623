"""What docs/rule-kinds.md shows: for each kind a rule, and evidence with the answer that it has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date

from grading.checking.check import check
from grading.checking.findings import Finding, Severity
from grading.editions import edition_for
from grading.evidence import Evidence
from grading.program import Program
from grading.proof import Answer
from grading.standing import Standing, standing
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.program import read_program
from tests.project import ROOT, text_of

PAGE = text_of(ROOT / "docs" / "rule-kinds.md")
DAY = date(2026, 3, 1)
"""The day of the examples that name no other."""
HEAD = """
id = "example"
name = "Example"
body = "A board"
time_zone = "UTC"
"""
STAGE = '\n[[stages]]\nkey = "initial"\ntitle = "Certification"\n'
ASKED = '\n[[requirements]]\nkey = "asked"\nstage = "initial"\ntitle = "What is asked"\n'
ANSWERS = {
    Answer.MET: "met",
    Answer.NOT_YET: "not yet",
    Answer.WAITING: "waiting for a person",
    Answer.NOT_APPLICABLE: "not applicable",
    Answer.UNKNOWN: "cannot be known",
}
LISTS = ("unlisted_name",)
SAYS = "Met|Not yet|Waiting for a person|Cannot be known|Not applicable|The checker says|The status is|The date"
BLOCK = re.compile(rf"(?:^(?P<label>(?:{SAYS})[^\n]*):\n\n)?^```toml\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LABEL = re.compile(r"(?P<says>.*?)(?:,? on (?P<on>\d{4}-\d{2}-\d{2}))?")


@dataclass(frozen=True, slots=True)
class Example:
    """Evidence for a rule, and what it says."""

    kind: str
    number: int
    rule: str
    says: str
    on: date
    text: str

    @property
    def parts(self) -> list[str]:
        """What it says, one after the other, with small letters."""
        return self.says.lower().split("; ")

    def said(self) -> list[str]:
        """What the page says."""
        return self.parts

    def found(self) -> list[str]:
        """What is so, in the words of the page."""
        program = self._program()
        stands = standing(program, self._evidence(), self.on)
        return [self._in_words(part, program, stands) for part in self.parts]

    def _in_words(self, part: str, program: Program, stands: Standing) -> str:
        if part.startswith("the checker"):
            codes = [f"`{each.code}`" for each in findings(self.rule)]
            return f"the checker says {', '.join(codes) or 'nothing'}"
        if part.startswith("the status"):
            return f"the status is {stands.status.value.replace('_', ' ')}"
        if part.startswith("the date"):
            name = part.split("`")[1]
            on = min((each.on for each in stands.dates if each.name == name), default=None)
            return f"the date `{name}` is {on or 'not there'}"
        return ANSWERS[stands.of(program.requirements[-1].key).answer]

    def _evidence(self) -> Evidence:
        head = f'person = "somebody"\nas_of = {self.on}\n'
        return read_evidence(head + self.text, zone=UTC, source=self.kind)[0]

    def _program(self) -> Program:
        return edition_for(editions(self.rule), self._evidence().entered_on)


def findings(rule: str) -> list[Finding]:
    """What the checker would have mended or chosen; blocks leave out the lists of names that it asks for."""
    found = check(editions(rule))
    return [each for each in found if each.severity is not Severity.LOOK and each.code not in LISTS]


def editions(rule: str) -> tuple[Program, ...]:
    """The program around a block: a need alone stands in a requirement, and stages are added where there are none."""
    bare = re.search(r"^\[", rule, re.MULTILINE) is None
    stages = "" if "[[stages]]" in rule else STAGE
    nothing = "" if bare or "[[requirements]]" in rule else f"{ASKED}at_least = 1\nof = {{ kind = 'training' }}\n"
    return read_program(
        HEAD + (stages + ASKED + rule if bare else _tables_last(rule, stages + nothing)), source="rule-kinds.md"
    )


def _tables_last(rule: str, more: str) -> str:
    """Entries of the program itself come before its tables."""
    first = re.search(r"^\[", rule, re.MULTILINE)
    place = first.start() if first else len(rule)
    return rule[:place] + more + "\n" + rule[place:]


def sections() -> dict[str, str]:
    """The text about each kind."""
    found = re.split(r"^### `([a-z_]+)`\n", PAGE, flags=re.MULTILINE)[1:]
    return {name: re.split(r"^## ", text, flags=re.MULTILINE)[0] for name, text in zip(*[iter(found)] * 2, strict=True)}


def blocks_without_answer() -> list[str]:
    """Rules to which the page gives no evidence."""
    shown = {each.rule for each in examples()}
    return [
        block["text"]
        for text in sections().values()
        for block in BLOCK.finditer(text)
        if not block["label"] and block["text"] not in shown
    ]


def examples() -> Iterator[Example]:
    """All of them, in the order of the page."""
    for kind, text in sections().items():
        rule = ""
        for number, block in enumerate(BLOCK.finditer(text)):
            found = LABEL.fullmatch(block["label"] or "")
            if not block["label"] or found is None:
                rule = block["text"]
                continue
            on = date.fromisoformat(found["on"]) if found["on"] else DAY
            yield Example(kind, number, rule, found["says"], on, block["text"])
