"""Signing entries of the ledger, or handing them back: each one by itself, also where several are read at once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grading.ledger import EntryState
from lti_tool.services import audit
from lti_tool.services.caseload.relations import relations_of
from lti_tool.services.courses import archived
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.editions import scope
from lti_tool.services.entering import visitors
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours import ledger
from lti_tool.services.hours.ledger import LedgerEntry
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name, lanes_of
from lti_tool.services.scores import program_columns
from lti_tool.services.signing.confirming import assurance_of
from lti_tool.services.signing.gates import not_qualified
from lti_tool.services.signing.sign_off import PLAIN, Reader
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerReturnRow, LedgerSignatureRow
from lti_tool.store.messages import MessageKind
from rubrics.observation import State
from rubrics.refusal import _N, Refused
from rubrics.sign_off import Assurance, Lane, digest_of, may_sign

FORM = "entry/1"
LONGEST_REASON = 2_000
MOST = 20
"""So many are read on one page."""
ATTESTATION = _N("I know of this, it took place as it says here, and I sign for it in my lane.")
"""The sentence that a signer agrees to."""


@dataclass(frozen=True, slots=True)
class ToSign:
    """What the signer is shown; `digest` is of `document`, which says all of it."""

    entry: LedgerEntry
    document: dict[str, Any]
    digest: str
    lane: Lane
    lanes: tuple[Lane, ...]
    """In which the signer may sign for this person."""
    assurance: Assurance


@dataclass(frozen=True, slots=True)
class Shown:
    """One of several as the page shows it: what would be signed, or why that is not possible now."""

    entry_id: UUID
    to_sign: ToSign | None
    not_yet: Refused | None
    """None beside no `to_sign`: it is not there for this person any more."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of whoever signs."""

    qualifications: tuple[str, ...]
    code: bool
    """A code that is mailed to them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to do with one of several."""

    entry_id: UUID
    sign: bool
    """False: hand it back, with the reason."""
    digest: str = ""
    lane: Lane | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several."""

    wanted: Wanted
    done: bool
    not_yet: Refused | None


def preview(
    session: Session,
    visitor: Visitor,
    entry_id: UUID,
    now: datetime,
    *,
    lane: Lane | None = None,
    reader: Reader = PLAIN,
    with_code: bool = True,
) -> ToSign:
    """What would be signed now, in this lane or the signer's first. `with_code`: as in `gates.check`.

    Raises `Refused` where the visitor may not sign it now, `NotHere` for whoever was not asked to.
    """
    entry = _asked_of(session, visitor, entry_id)
    lanes = _lanes(session, visitor, entry)
    chosen = lane or next(iter(lanes), Lane.PEER)
    asked = _asked_for(session, entry.course_id, chosen)
    assurance = assurance_of(visitor, now, code_asked=asked.code)
    _check(session, visitor, entry, chosen, lanes, now, asked, assurance, with_code=with_code)
    document = _document(session, visitor, entry, chosen, reader, assurance)
    return ToSign(entry, document, digest_of(rfc8785.dumps(document)), chosen, lanes, assurance)


def sign(
    session: Session,
    visitor: Visitor,
    entry_id: UUID,
    *,
    digest: str,
    now: datetime,
    lane: Lane | None = None,
    reader: Reader = PLAIN,
) -> None:
    """Sign what was shown: `digest` is that of the page, in the same words. Whoever wrote the entry is told.

    Raises `Refused` when what would be signed is no longer what was shown, and as `preview` does.
    """
    one = Wanted(entry_id, sign=True, digest=digest, lane=lane)
    _send_copy(session, visitor, _sign(session, visitor, one, now, reader), now)


def _sign(session: Session, visitor: Visitor, one: Wanted, now: datetime, reader: Reader) -> str:
    """The answer opens the copy."""
    entry_id, digest, lane = one.entry_id, one.digest, one.lane
    row = _held(session, visitor, entry_id)
    shown = preview(session, visitor, entry_id, now, lane=lane, reader=reader)
    if shown.digest != digest:
        raise Refused(
            "changed_since_shown",
            "This entry changed after the page was shown. Please read it again before you sign.",
        )
    secret = _keep(session, visitor, row, shown, now)
    row.state, row.changed_at = EntryState.SIGNED, now
    session.flush()
    _note(session, visitor, row, "ledger.sign", now, lane=shown.lane.value, digest=digest)
    _tell(session, visitor, row, now)
    program_columns.desire_for(session, row.person_id, now)
    return secret


def hand_back(session: Session, visitor: Visitor, entry_id: UUID, *, reason: str, now: datetime) -> None:
    """Hand the entry back to whoever wrote it, with a reason that they read.

    Raises `Refused` ("reason_needed", "too_long", "not_waiting"), `NotHere` for whoever was not asked to sign it.
    """
    row = _held(session, visitor, entry_id)
    entry = _asked_of(session, visitor, entry_id)
    _is_waiting(entry)
    if entry.person_id in relations_of(session, visitor.person_id, row.course_id or entry.id).conflicts:
        raise Refused("conflict", "Someone else does this for this person. Nothing is needed here.")
    words = reason_in(reason)
    session.add(
        LedgerReturnRow(
            id=new_id(),
            organization_id=row.organization_id,
            entry_id=row.id,
            returned_by=visitor.person_id,
            reason=words,
            returned_at=now,
        )
    )
    row.state, row.changed_at = EntryState.RETURNED, now
    session.flush()
    _note(session, visitor, row, "ledger.hand_back", now)
    _tell(session, visitor, row, now)


def shown(
    session: Session,
    visitor: Visitor,
    entry_ids: Sequence[UUID],
    now: datetime,
    *,
    reader: Reader = PLAIN,
    with_code: bool = True,
) -> tuple[Shown, ...]:
    """Everything that would be signed, each in full; what cannot be signed says why.

    `with_code`: as in `gates.check`.
    """
    once = tuple(dict.fromkeys(entry_ids))[:MOST]
    return tuple(_shown(session, visitor, one, now, reader, with_code=with_code) for one in once)


def settle(
    session: Session, visitor: Visitor, wanted: Sequence[Wanted], now: datetime, *, reader: Reader = PLAIN
) -> tuple[Outcome, ...]:
    """Sign each, or hand it back. One that is refused never touches the others: what became of each is told."""
    # Locked in one order before the first entry in the audit: two who settle the same never wait in a circle.
    for one in sorted(wanted, key=lambda one: one.entry_id):
        try:
            _held(session, visitor, one.entry_id)
        except NotHere:
            continue
    settled = [_settle(session, visitor, one, now, reader) for one in wanted[:MOST]]
    if copies := [secret for _, secret in settled if secret]:
        _send_copy(session, visitor, copies[0], now)
    return tuple(outcome for outcome, _ in settled)


def note_refusal(session: Session, visitor: Visitor, entry_id: UUID, *, code: str, now: datetime) -> None:
    """Write down that the visitor was not let sign, and by which rule."""
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="ledger.sign_refused",
        subject=f"ledger_entry:{entry_id}",
        now=now,
        rule=code,
    )


def reason_in(text: str) -> str:
    """The reason as it is kept. Raises `Refused` (reason_needed, too_long)."""
    words = text.replace("\x00", "").strip()
    if not words:
        raise Refused("reason_needed", "Please say why, in a sentence or two. Whoever wrote the entry reads it.")
    if len(words) > LONGEST_REASON:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST_REASON)
    return words


def _shown(
    session: Session, visitor: Visitor, entry_id: UUID, now: datetime, reader: Reader, *, with_code: bool
) -> Shown:
    try:
        found = preview(session, visitor, entry_id, now, reader=reader, with_code=with_code)
        return Shown(entry_id, found, None)
    except NotHere:
        return Shown(entry_id, None, None)
    except Refused as refused:
        return Shown(entry_id, None, refused)


def _settle(session: Session, visitor: Visitor, one: Wanted, now: datetime, reader: Reader) -> tuple[Outcome, str]:
    """What became of it, and what opens the copy of what was signed."""
    secret = ""
    try:
        with session.begin_nested():
            if one.sign:
                secret = _sign(session, visitor, one, now, reader)
            else:
                hand_back(session, visitor, one.entry_id, reason=one.reason, now=now)
    except Refused as refused:
        return Outcome(one, done=False, not_yet=refused), ""
    except (NotHere, IntegrityError):
        return Outcome(one, done=False, not_yet=None), ""
    return Outcome(one, done=True, not_yet=None), secret


def _asked_of(session: Session, visitor: Visitor, entry_id: UUID) -> LedgerEntry:
    entry = ledger.entry_for(session, visitor, entry_id)
    if entry.asked_id != visitor.person_id:
        raise NotHere
    return entry


def _held(session: Session, visitor: Visitor, entry_id: UUID) -> LedgerEntryRow:
    """The entry, locked until this transaction ends. Raises `NotHere` for whoever was not asked to sign it."""
    found = session.scalars(
        select(LedgerEntryRow)
        .where(
            LedgerEntryRow.id == entry_id,
            LedgerEntryRow.organization_id == visitor.organization_id,
            LedgerEntryRow.asked_id == visitor.person_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotHere
    return found


def _lanes(session: Session, visitor: Visitor, entry: LedgerEntry) -> tuple[Lane, ...]:
    """Those in which the visitor may sign for this person, the one in which they are assigned to them first."""
    if entry.course_id is None:
        return ()
    standing = standing_of(session, visitor.person_id, entry.course_id)
    relations = relations_of(session, visitor.person_id, entry.course_id)
    assigned = {lane for trainee_id, lane in relations.supervises if trainee_id == entry.person_id}
    found = lanes_of(entry.person_id, standing, relations)
    return tuple(sorted(found, key=lambda lane: (lane not in assigned, lane is not Lane.PEER)))


def _check(
    session: Session,
    visitor: Visitor,
    entry: LedgerEntry,
    lane: Lane,
    lanes: Sequence[Lane],
    now: datetime,
    asked: _Asked,
    assurance: Assurance,
    *,
    with_code: bool,
) -> None:
    _is_waiting(entry)
    if entry.course_id is None:
        raise NotHere
    archived.check_course(session, entry.course_id)
    relations = relations_of(session, visitor.person_id, entry.course_id)
    may_sign(
        signer=str(visitor.person_id),
        lanes_of_signer=frozenset(lanes),
        lane=lane,
        lanes_needed=frozenset({lane}),
        lanes_signed=frozenset(),
        trainee=str(entry.person_id),
        state=State.ANSWERED,
        conflict=entry.person_id in relations.conflicts,
        not_qualified=not_qualified(session, visitor.person_id, asked.qualifications, now.date()),
        assurance=assurance,
        code_asked=asked.code and with_code,
    )
    scope.check(session, visitor.organization_id, visitor.person_id)


def _is_waiting(entry: LedgerEntry) -> None:
    if entry.state is EntryState.SIGNED:
        raise Refused("already_signed", "This entry has been signed already. Nothing more is needed here.")
    if entry.state is not EntryState.WAITING:
        raise Refused(
            "not_waiting",
            "This entry does not wait for a signature any more: it was taken back or handed back meanwhile. "
            "Nothing is needed from you.",
        )


def _asked_for(session: Session, course_id: UUID | None, lane: Lane) -> _Asked:
    """What any activity of the course asks of whoever signs in this lane."""
    rows = session.execute(
        select(ActivityRow.lanes, ActivityRow.qualifications, ActivityRow.code_since)
        .where(ActivityRow.course_id == course_id)
        .order_by(ActivityRow.created_at, ActivityRow.id)
    )
    of_lane = [(kinds, since) for lanes, kinds, since in rows if lane.value in lanes]
    return _Asked(
        qualifications=tuple(dict.fromkeys(kind for kinds, _ in of_lane for kind in kinds)),
        code=any(since is not None for _, since in of_lane),
    )


def _document(
    session: Session, visitor: Visitor, entry: LedgerEntry, lane: Lane, reader: Reader, assurance: Assurance
) -> dict[str, Any]:
    return {
        "attune": FORM,
        "language": reader.language,
        "entry": str(entry.id),
        "person": {"id": str(entry.person_id), "name": entry.person_name},
        "signer": {"id": str(visitor.person_id), "name": display_name(visitor.person_id, visitor.name)},
        "course": session.scalars(select(CourseRow.title).where(CourseRow.id == entry.course_id)).one(),
        "kind": entry.kind.value,
        "day": entry.day.isoformat(),
        "amount": f"{entry.amount.normalize():f}",
        "unit": entry.unit,
        "title": entry.title,
        "provider": entry.provider,
        "note": entry.note,
        "said": [list(pair) for pair in entry.said_in_words],
        "site": entry.site_name,
        "model": entry.model.value if entry.model else None,
        "setting": entry.setting.value if entry.setting else None,
        "evidence": entry.evidence_title,
        "corrects": str(entry.corrects_id) if entry.corrects_id else None,
        "lane": lane.value,
        "attestation": reader.say(ATTESTATION),
        "assurance": assurance.value,
    }


def _keep(session: Session, visitor: Visitor, row: LedgerEntryRow, shown: ToSign, now: datetime) -> str:
    """The signature, with its document; the link of the signer's copy goes out by mail, and is kept nowhere else."""
    salt, secret = secrets.token_hex(16), secrets.token_urlsafe(32)
    document = rfc8785.dumps({**shown.document, "salt": salt})
    signature = LedgerSignatureRow(
        id=new_id(),
        organization_id=row.organization_id,
        entry_id=row.id,
        signer_id=visitor.person_id,
        lane=shown.lane,
        salt=salt,
        digest=digest_of(document),
        document=document.decode(),
        link_digest=visitors.digest_of(secret),
        assurance=shown.assurance,
        signed_at=now,
    )
    session.add(signature)
    session.flush()
    return secret


def _send_copy(session: Session, visitor: Visitor, secret: str, now: datetime) -> None:
    """One mail, whose link opens everything that was signed at this moment."""
    organization_id, person_id = visitor.organization_id, visitor.person_id
    notify.copy_of_entries(session, organization_id=organization_id, person_id=person_id, secret=secret, now=now)


def _tell(session: Session, visitor: Visitor, row: LedgerEntryRow, now: datetime) -> None:
    notify.news(
        session,
        organization_id=row.organization_id,
        person_id=row.person_id,
        now=now,
        kind=MessageKind.HOURS,
        path=f"/ledger/{row.id}",
        sender_id=visitor.person_id,
    )


def _note(session: Session, visitor: Visitor, row: LedgerEntryRow, act: str, now: datetime, **facts: str) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"ledger_entry:{row.id}",
        now=now,
        **facts,
    )
