"""What of each table an organization takes along. What was promised to be somebody's alone stays theirs."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, case, null, select

from grading.ledger import EntryState
from lti_tool.access import Field
from lti_tool.services.personal_data.theirs import table
from lti_tool.store.base import Base, EncryptedText
from lti_tool.store.data_map import Mapped, data_map
from rubrics.evidence import EvidenceState, Sharing

ORGANIZATION = "organization"
OWNER = "organization_id"
PROMISED = "Promised to its owner alone, or counted only with many others: each takes along their own on “Your data”."
PASSING = "Of use for hours only: sessions, tokens, forms that were just sent."
_PROMISED_FIELDS = frozenset({
    Field.JOURNAL, Field.SELF_CARE_PLAN, Field.CHECK_IN, Field.SELF_DESCRIPTION, Field.FEEDBACK,
})  # fmt: skip
_PROMISED_TO = frozenset({"owner", "declarer", "counted"})
_PROMISED_TABLES = frozenset({"survey_taken", "ledger_import"})
_PASSING = frozenset({"session", "token", "act", "deep_link", "privacy_launch", "login_state", "merge_request"})
NOBODY, AUTHOR, HOLDER = "nobody", "author", "owner"
_FOR_CHECKING = frozenset({("observation", "salt"), ("ledger_signature", "salt")})
"""Nobody is shown these, and without them no digest of a signature can be worked out anew."""
_SECRETS = frozenset({("registration_invitation", "token_digest")})
"""Of no use to anybody but a thief, beside those that the data map shows to nobody."""
Rows = Callable[[Table], ColumnElement[bool]]


def _submitted(_of: Table) -> ColumnElement[bool]:
    return table("assessment").c.submitted_at.is_not(None)


def _of_submitted(of: Table) -> ColumnElement[bool]:
    there = table("assessment")
    return of.c.assessment_id.in_(select(there.c.id).where(there.c.submitted_at.is_not(None)))


def _of_sent(of: Table) -> ColumnElement[bool]:
    there = table("appeal")
    return of.c.appeal_id.in_(select(there.c.id).where(there.c.sent_at.is_not(None)))


def _handed_in(of: Table) -> ColumnElement[bool]:
    part = table("calibration_part")
    return of.c.part_id.in_(select(part.c.id).where(part.c.handed_in_at.is_not(None)))


SHARED: Mapping[str, Rows] = {
    "evidence": lambda of: (of.c.sharing != Sharing.ONLY_ME) & (of.c.state != EvidenceState.WITHDRAWN),
    "appeal": lambda of: of.c.sent_at.is_not(None),
    "appeal_step": _of_sent,
    "appeal_member": _of_sent,
    "calibration_rating": _handed_in,
    "comment": lambda of: of.c.taken_back_at.is_(None),
    "endorsement": lambda of: of.c.agreed_at.is_not(None) & of.c.taken_back_at.is_(None),
    "ledger_entry": lambda of: of.c.state != EntryState.OPEN,
    "hand_over_note": lambda of: of.c.given_at.is_not(None),
    "assessment": _submitted,
    "rating": _of_submitted,
    "assessment_revision": _of_submitted,
}
"""Tables of which only rows go along that whoever wrote them gave to somebody else, and did not take back."""


def tables() -> tuple[Table, ...]:
    """The organization itself and every table with rows that it owns, each after those that it refers to."""
    return tuple(each for each in Base.metadata.sorted_tables if each.name == ORGANIZATION or OWNER in each.c)


def of(owned: Table, organization_id: UUID) -> ColumnElement[bool]:
    """That a row is this organization's."""
    return (owned.c.id if owned.name == ORGANIZATION else owned.c[OWNER]) == organization_id


def left_out(name: str) -> str | None:
    """Why nothing of a table goes along; None where something does."""
    mapped = data_map().tables[name]
    promised = mapped.sees in _PROMISED_TO or mapped.sees in _PROMISED_FIELDS
    if promised or mapped.part == "alone" or name in _PROMISED_TABLES:
        return PROMISED
    return PASSING if mapped.kept in _PASSING else None


def columns(owned: Table) -> tuple[Column[Any], ...]:
    """The columns of a table that go along: none that is a secret, or of use to its author alone."""
    mapped = data_map().tables[owned.name]
    return tuple(each for each in owned.c if not _withheld(mapped, each))


def rows(owned: Table, organization_id: UUID) -> Select[Any]:
    """What goes along of a table, by its key."""
    once_of = data_map().tables[owned.name].once_of
    found = select(
        *(_once(owned.c[once_of[each.name]], each) if each.name in once_of else each for each in columns(owned))
    ).where(of(owned, organization_id))
    if owned.name in SHARED:
        found = found.where(SHARED[owned.name](owned))
    return found.order_by(*owned.primary_key.columns)


def _once(come: Column[Any], column: Column[Any]) -> ColumnElement[Any]:
    return case((come.is_not(None), column), else_=null()).label(column.name)


def _withheld(mapped: Mapped, column: Column[Any]) -> bool:
    if (mapped.name, column.name) in _FOR_CHECKING:
        return False
    if (mapped.name, column.name) in _SECRETS or (mapped.sees == NOBODY and isinstance(column.type, EncryptedText)):
        return True
    return mapped.sees_of.get(column.name) in (NOBODY, AUTHOR, HOLDER)
