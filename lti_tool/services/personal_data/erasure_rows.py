"""What goes of a person, table by table: rows that are deleted, words that are emptied. Never read, only taken away.

A test fills every table and finds no word of theirs afterwards, but for those that it names with the reason.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, null, or_, select, update
from sqlalchemy.orm import Session

from grading.ledger import EntryState
from lti_tool.services.observations.words_away import take_words_away
from lti_tool.services.personal_data.theirs import about, table
from rubrics.evidence import EvidenceState
from rubrics.supervision import Part

ALONE = (
    "journal_entry", "self_care_plan", "check_in", "debrief_prompt", "self_description", "saved_view",
)  # fmt: skip
"""What nobody else reads as theirs: it can go at any moment, whatever stands."""
OWN_WORDS = ("journal_entry", "self_care_plan", "check_in")
"""Those of them that hold words and say when they were saved."""
GONE = (
    *ALONE, "message", "mail", "web_session", "invitation", "contact", "survey_taken", "feedback", "act",
    "privacy_launch", "accommodation", "availability", "course_group_member", "conflict", "hand_over_note",
    "growth_goal", "credential_share", "evidence_seen", "lms_account", "terms_answer",
    "first_steps_left", "merge_request",
)  # fmt: skip
"""Rows that go whole; in an order in which none is pointed to any more."""
EMPTIED: Mapping[str, Mapping[str, Any]] = {
    "supersession": {"reason": None},
    "ledger_entry": {"title": None, "provider": None, "note": None, "why_reversed": None},
    "ledger_signature": {"document": None, "salt": "", "why_withdrawn": None},
    "ledger_return": {"reason": ""},
    "ledger_import": {"file_name": "", "rows": None},
    "decision": {"notice": ""},
    "enrollment_move": {"why": None},
    "appeal": {"words": None, "wish": None, "why_late": None},
    "appeal_step": {"words": None},
    "credential": {"name": "", "document": "", "integrity": None},
    "endorsement": {"by_name": "", "words": "", "document": None},
    "supervision_agreement": {"expectations": None, "channels": None, "confidentiality": None},
    "session_part": {"differs": None},
    "supervision_request": {"proposed": None},
    "growth_plan": {"answer": None},
    "audit_unlock": {"reason": ""},
    "calibration_rating": {"why": None},
    "membership": {"return_url": None, "mentees": null()},
}
"""Rows of which the fact stays, and what is put in the place of their words."""
NAME: Mapping[str, Any] = {"name": None}
ADDRESS: Mapping[str, Any] = {"email": None, "email_digest": None, "language": None}


def erase_alone(session: Session, ids: Collection[UUID]) -> dict[str, int]:
    """What is theirs alone: also files and notes that they never shared. How many rows went, by table."""
    session.flush()
    counts = _delete(session, ALONE, ids)
    evidence = table("evidence")
    counts["evidence"] = _withdraw_evidence(session, and_(about("evidence", ids), evidence.c.sharing == "only_me"))
    session.expire_all()
    return _some(counts)


def erase_all(session: Session, ids: Collection[UUID], now: datetime, *, name: bool) -> dict[str, int]:
    """All that can go; `name`: also their name, which otherwise stays beside what they signed for others.

    An erasure of theirs has to be under way, or the database refuses it. How many rows went or were emptied, by table.
    """
    session.flush()
    observation = table("observation")
    observed = session.scalars(select(observation.c.id).where(about("observation", ids))).all()
    counts = {"observation": len(observed)}
    if observed:
        take_words_away(session, observed)
    counts |= _delete(session, GONE, ids)
    for of, values in EMPTIED.items():
        counts[of] = _empty(session, of, about(of, ids), values)
    counts |= _rest(session, ids, now)
    counts["person"] = _empty(session, "person", about("person", ids), {**ADDRESS, **(NAME if name else {})})
    session.expire_all()
    return _some(counts)


def _rest(session: Session, ids: Collection[UUID], now: datetime) -> dict[str, int]:
    """What asks for more than a table and its columns."""
    appeal, credential, export = table("appeal"), table("credential"), table("export")
    endorsement, review = table("endorsement"), table("rubric_review")
    enrollment, membership = table("enrollment"), table("membership")
    _empty(session, "appeal", and_(about("appeal", ids), appeal.c.reasons.is_not(None)), {"reasons": ""})
    _empty(session, "credential", and_(about("credential", ids), credential.c.why.is_not(None)), {"why": ""})
    given = and_(endorsement.c.by_person_id.in_(ids), endorsement.c.taken_back_at.is_(None))
    taken_back = {"by_name": "", "words": "", "document": None, "agreed_at": None, "taken_back_at": now}
    _empty(session, "endorsement", given, taken_back)
    _empty(session, "export", and_(about("export", ids), export.c.state == "ready"), {"kept_until": now})
    ended = {"ended_at": now, "ended_by": enrollment.c.person_id}
    _empty(session, "enrollment", and_(about("enrollment", ids), enrollment.c.ended_at.is_(None)), ended)
    _empty(session, "membership", and_(about("membership", ids), membership.c.ended_at.is_(None)), {"ended_at": now})
    waits = and_(about("supervision_request", ids), table("supervision_request").c.ended_at.is_(None))
    _empty(session, "supervision_request", waits, {"ended_at": now})  # or others would be told that nobody answers
    unsigned = and_(about("ledger_entry", ids), table("ledger_entry").c.state == EntryState.WAITING)
    _empty(session, "ledger_entry", unsigned, {"state": EntryState.OPEN, "asked_id": None, "changed_at": now})
    _empty(session, "session_part", _said_of_sessions_alone(ids), {"differs": None})
    return {
        "rubric_review": _empty(session, "rubric_review", review.c.reviewer_id.in_(ids), {"named": None}),
        "supervision_session": _empty(session, "supervision_session", _sessions_alone(ids), _SESSION),
        "evidence": _withdraw_evidence(session, about("evidence", ids)),
        "capability_grant": _revoke(session, ids, now),
    }


_SESSION: Mapping[str, Any] = {"agenda": None, "goals": None}


def _sessions_alone(ids: Collection[UUID]) -> ColumnElement[bool]:
    """Sessions of theirs as the only trainee: of a group's the record is the others', too."""
    held, part = table("supervision_session"), table("session_part").alias()
    own = table("session_part").alias()
    mine = exists().where(own.c.session_id == held.c.id, own.c.person_id.in_(ids), own.c.part == Part.TRAINEE)
    others = exists().where(part.c.session_id == held.c.id, part.c.person_id.not_in(ids), part.c.part == Part.TRAINEE)
    return and_(mine, ~others)


def _said_of_sessions_alone(ids: Collection[UUID]) -> ColumnElement[bool]:
    """What others saw differently in sessions that were theirs alone: it is about their practice."""
    held = table("supervision_session")
    return table("session_part").c.session_id.in_(select(held.c.id).where(_sessions_alone(ids)))


def _withdraw_evidence(session: Session, which: ColumnElement[bool]) -> int:
    """Its files are deleted in the next clean-up."""
    evidence = table("evidence")
    values = {
        "title": None, "words": None, "address": None, "required_viewing": False, "state": EvidenceState.WITHDRAWN,
        "withdrawn_at": func.coalesce(evidence.c.withdrawn_at, evidence.c.moved_at),
    }  # fmt: skip
    left = or_(evidence.c.state != EvidenceState.WITHDRAWN, evidence.c.title.is_not(None))
    return _empty(session, "evidence", and_(which, left), values)


def _revoke(session: Session, ids: Collection[UUID], now: datetime) -> int:
    grant = table("capability_grant")
    standing = and_(grant.c.person_id.in_(ids), grant.c.revoked_at.is_(None))
    return _empty(session, "capability_grant", standing, {"revoked_at": now, "revoked_by": grant.c.person_id})


def _delete(session: Session, names: Collection[str], ids: Collection[UUID]) -> dict[str, int]:
    return {name: _count(session.execute(delete(table(name)).where(about(name, ids)))) for name in names}


def _empty(session: Session, name: str, which: ColumnElement[bool], values: Mapping[str, Any]) -> int:
    return _count(session.execute(update(table(name)).where(which).values(dict(values))))


def _count(result: Any) -> int:
    return int(result.rowcount)


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: number for name, number in counts.items() if number}
