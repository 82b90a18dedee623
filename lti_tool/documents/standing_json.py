"""Where somebody stands as JSON: the same evidence and day give the same text, byte for byte."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from grading.evidence import Kind
from grading.lifecycle.dates import Due, Name
from grading.lifecycle.offers import Asking
from grading.lifecycle.status import Facts, Status
from grading.periods import Period
from grading.program import Confidence, Program, StageKind, Who
from grading.proof import Answer, Change, Doing, LeftOut, Numbers, Proof, Why, is_said
from grading.standing import StageStanding, Standing, Weighed
from grading.telling.needs import asked, lines
from grading.telling.proofs import there
from grading.telling.said import number_text, told
from grading.telling.words import period
from lti_tool.documents.schema import schema_text

SCHEMA = "standing-1.json"
Number = Annotated[str, Field(description="A number, exact: 38.5. Unknown: nobody said how much more there is.")]


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NumbersOut(_Out):
    """How much there is. null: there is nothing to make a number of, which is not zero."""

    need: str | None = Field(description="A number, or a length of time such as 3 months.")
    unit: str
    sure: Number | None
    with_waiting: Number | None = Field(description="With everything that waits for a signature.")
    possible: Number | None = Field(description="With everything of which something is not said.")


class ItemOut(_Out):
    """A thing of the evidence, by its id there."""

    id: str
    kind: Kind
    on: date
    amount: Number | None = Field(None, description="What counts of it.")


class LeftOutOut(_Out):
    """A thing of the right sort that does not count, or of which `amount` does not count."""

    id: str
    kind: Kind
    on: date
    why: Why
    name: str
    amount: Number | None


class ChangeOut(_Out):
    """What would change the answer, and who can do it."""

    who: Who
    doing: Doing
    amount: Number | None
    unit: str
    name: str
    on: date | None


class StretchOut(_Out):
    """From one day to another; both belong to it."""

    first: date
    last: date


class ProofOut(_Out):
    """An answer with its reasons, and those of its parts."""

    answer: Answer
    form: str
    name: str
    there: str | None = Field(description="How much there is, in English.")
    numbers: NumbersOut | None
    counted: list[ItemOut]
    left_out: list[LeftOutOut]
    changes: list[ChangeOut]
    changes_on: date | None = Field(
        description="The next day on which time alone may change the answer or a number of it."
    )
    stretch: StretchOut | None
    parts: list["ProofOut"]


class RequirementOut(_Out):
    """One requirement."""

    key: str
    title: str
    kinds: list[str]
    confidence: Confidence
    shown_only: bool
    asks: list[str] = Field(description="What is asked, in English.")
    proof: ProofOut


class StageOut(_Out):
    """One stage. `met` and `asked` count the requirements that stand in the way."""

    key: str
    title: str
    kind: StageKind
    answer: Answer
    met: int
    asked: int
    requirements: list[RequirementOut]


class DateOut(_Out):
    """A date that follows from decisions and applications."""

    on: date
    name: Name
    rule: str = Field(description="Where the program's document says it.")
    counted_from: date
    stage: str
    moved: int = Field(description="By how many days pauses moved it.")


class OfferOut(_Out):
    """What one may ask for; nothing of it comes by itself."""

    what: Asking
    stage: str
    until: date | None
    fee: str


class FactsOut(_Out):
    """What goes with the status."""

    stage: str = Field(description="The stage that is held, or the one that was reached last; empty: none.")
    open: list[str] = Field(description="Stages that can be decided now.")
    ready: list[str] = Field(description="Those of them in which everything is met.")
    endorsements: list[str]
    endorsements_to_come: int = Field(description="How many more the program asks of somebody who is certified.")
    offers: list[OfferOut]
    extensions_used: int
    extensions_left: int
    paused_since: date | None
    suspended_since: date | None
    appeal_since: date | None
    last_decision: str | None = Field(description="Its id in the evidence.")
    set_aside: list[str] = Field(description="Decisions that do not fit the rules of the program, by their ids.")


class StandingOut(_Out):
    """Where one person stands in one edition of a program, on one day."""

    format: Literal["attune-standing"] = "attune-standing"
    version: Literal[1] = 1
    person: str
    program: str
    edition: str
    illustrative: bool = Field(description="The program restates what a body publishes; no recognition is claimed.")
    on: date
    changes_on: date | None = Field(
        description="The next day on which time alone may change an answer or a number of one."
    )
    status: Status
    facts: FactsOut
    dates: list[DateOut]
    stages: list[StageOut]


def standing_json(found: Standing, program: Program) -> str:
    """The standing as JSON, with a line end; names sorted, numbers as text."""
    return _text(_out(found, program))


def requirement_json(found: Standing, key: str) -> str:
    """One requirement of it. Raises `KeyError`."""
    every = (each for stage in found.stages for each in stage.requirements)
    weighed = next((each for each in every if each.requirement.key == key), None)
    if weighed is None:
        raise KeyError(key)
    return _text(_requirement(weighed))


def standing_schema() -> str:
    """The schema as it is published in `docs/schema/`, with a line end."""
    return schema_text(StandingOut, identifier=SCHEMA, title="Attune standing, version 1", mode="serialization")


def _text(out: BaseModel) -> str:
    return json.dumps(out.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _out(found: Standing, program: Program) -> StandingOut:
    return StandingOut(
        person=found.person,
        program=found.program,
        edition=found.edition,
        illustrative=program.illustrative,
        on=found.on,
        changes_on=found.changes_on,
        status=found.status,
        facts=_facts(found.facts),
        dates=[_date(each) for each in found.dates],
        stages=[_stage(each) for each in found.stages],
    )


def _facts(found: Facts) -> FactsOut:
    return FactsOut(
        stage=found.stage,
        open=list(found.open),
        ready=list(found.ready),
        endorsements=list(found.endorsements),
        endorsements_to_come=found.endorsements_to_come,
        offers=[OfferOut(what=each.what, stage=each.stage, until=each.until, fee=each.fee) for each in found.offers],
        extensions_used=found.extensions_used,
        extensions_left=found.extensions_left,
        paused_since=found.paused_since,
        suspended_since=found.suspended_since,
        appeal_since=found.appeal_since,
        last_decision=found.last_decision.id if found.last_decision else None,
        set_aside=[each.id for each in found.set_aside],
    )


def _date(found: Due) -> DateOut:
    return DateOut(
        on=found.on,
        name=found.name,
        rule=found.rule,
        counted_from=found.counted_from,
        stage=found.stage,
        moved=found.moved,
    )


def _stage(found: StageStanding) -> StageOut:
    return StageOut(
        key=found.stage.key,
        title=found.stage.title,
        kind=found.stage.kind,
        answer=found.answer,
        met=found.met,
        asked=found.asked,
        requirements=[_requirement(each) for each in found.requirements],
    )


def _requirement(found: Weighed) -> RequirementOut:
    requirement = found.requirement
    return RequirementOut(
        key=requirement.key,
        title=requirement.title,
        kinds=list(requirement.kinds),
        confidence=requirement.confidence,
        shown_only=requirement.shown_only,
        asks=["  " * deep + told(said) for deep, said in lines(asked(requirement.need))],
        proof=_proof(found.proof, requirement.who),
    )


def _proof(found: Proof, who: Who | None) -> ProofOut:
    said = there(found)
    stretch = found.stretch
    return ProofOut(
        answer=found.answer,
        form=found.form,
        name=found.name,
        there=told(said) if said else None,
        numbers=_numbers(found.numbers) if found.numbers else None,
        counted=[
            ItemOut(id=item.id, kind=item.kind, on=item.on, amount=_number(amount)) for item, amount in found.counted
        ],
        left_out=_left_out(found.left_out),
        changes=[_change(each, who) for each in found.changes],
        changes_on=found.changes_on,
        stretch=StretchOut(first=stretch.first, last=stretch.last) if stretch else None,
        parts=[_proof(each, who) for each in found.parts],
    )


def _numbers(found: Numbers) -> NumbersOut:
    need = told(period(found.need)) if isinstance(found.need, Period) else _number(found.need)
    three = {name: _number(getattr(found, name)) for name in ("sure", "with_waiting", "possible")}
    return NumbersOut(need=need, unit=found.unit, **three)


def _left_out(found: Iterable[LeftOut]) -> list[LeftOutOut]:
    ordered = sorted(found, key=lambda each: (each.why, each.name, each.item.on, each.item.id))
    return [
        LeftOutOut(
            id=each.item.id,
            kind=each.item.kind,
            on=each.item.on,
            why=each.why,
            name=each.name,
            amount=_number(each.amount),
        )
        for each in ordered
    ]


def _change(found: Change, who: Who | None) -> ChangeOut:
    """`who` adds what is missing, where the requirement names them."""
    return ChangeOut(
        who=who if who and found.doing is Doing.ADD else found.who,
        doing=found.doing,
        amount=_number(found.amount),
        unit=found.unit,
        name=found.name,
        on=found.on,
    )


def _number(value: Decimal | None) -> str | None:
    if value is None:
        return None
    return number_text(value) if is_said(value) else "unknown"
