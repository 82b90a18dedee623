"""What an entry counts for in the programs of its writer, before it is written and once it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from grading.evidence import Item, Kind, Value
from grading.what_counts import Counts, counts_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours.ledger_choices import own_enrollments, signers_of
from lti_tool.services.hours.ledger_writing import Written, said_of
from lti_tool.services.standing.evidence_people import Reading, qualified_in
from lti_tool.services.standing.person_evidence import said_values
from lti_tool.services.standing.standings import many_stands

IMAGINED = "imagined:1"


@dataclass(frozen=True, slots=True)
class InProgram:
    """What an entry counts for in one program."""

    program: str
    counts: tuple[Counts, ...]
    """Empty: nothing that is asked now looks at such things."""
    has_come: bool
    """Whether the day of the entry has come where the program is."""


def what_counts(
    session: Session, visitor: Visitor, written: Written, now: datetime, *, but: UUID | None = None
) -> tuple[InProgram, ...]:
    """For each program of the visitor, as if everything that waits were signed; `but` is left out (it is changed)."""
    enrolled = own_enrollments(session, visitor)
    without = frozenset({f"ledger:{but}"}) if but else frozenset()
    item = _item(session, visitor, written)
    before = many_stands(session, enrolled, now, own=True, without=without)
    after = many_stands(session, enrolled, now, [item], own=True, without=without)
    return tuple(
        InProgram(
            program=with_it.enrolled.program.name,
            counts=counts_of(without_it.standing, with_it.standing, item),
            has_come=written.day <= with_it.today,
        )
        for without_it, with_it in zip(before, after, strict=True)
    )


def _item(session: Session, visitor: Visitor, written: Written) -> Item:
    """As it will be once it is signed by whoever is chosen."""
    has = said_values(said_of(written))
    known = {"model": written.model, "setting": written.setting, "site": written.site_id}
    for name, value in known.items():
        if value is not None:
            has.setdefault(name, frozenset({str(value)}))
    return Item(
        IMAGINED,
        Kind(written.kind.value),
        written.day,
        written.amount,
        "hours",
        {**_of_signer(session, visitor, written), **has},
        stands_from=written.day,
    )


def _of_signer(session: Session, visitor: Visitor, written: Written) -> Mapping[str, Value]:
    signer = next((one for one in signers_of(session, visitor) if one.key == written.signer), None)
    if signer is None:
        return {}
    qualified = qualified_in(session, {signer.person_id})
    known = Reading(ZoneInfo("UTC"), qualified).names("supervisor", [signer.person_id], written.day)
    lane: dict[str, Value] = {"lane": frozenset({next(iter(signer.lanes)).value})} if len(signer.lanes) == 1 else {}
    return {**known, **lane, "signed_by": frozenset({str(signer.person_id)})}
