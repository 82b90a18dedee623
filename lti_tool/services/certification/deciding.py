"""Deciding about somebody's certification: what is open, who may, and keeping exactly what the person will read."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from grading import deciding as rules
from grading.appeals import USUAL
from grading.deciding import Choice, Days, Parts, Words
from grading.editions import Enrolled, enrolled
from grading.evidence import Outcome
from grading.periods import Period
from grading.standing import standing
from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.certification import appeal_terms, decision_release
from lti_tool.services.certification.decision_notices import Help, Notice, looked_at, rules_of, written
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.program_versions import Version, day_in
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.services.standing.person_evidence import evidence_of
from lti_tool.services.standing.standings import Stands, found_enrollment
from lti_tool.services.wellbeing.support_directory import contacts
from lti_tool.store.assignments import ConflictRow
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow, ObserverState, SignOffRow
from lti_tool.store.people import GrantRow, PersonRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.writing import insert_once
from rubrics.recusal import pair
from rubrics.refusal import Refused

MOST_HELP = 6


@dataclass(frozen=True, slots=True)
class Desk:
    """What stands before whoever decides."""

    enrollment_id: UUID
    person_id: UUID
    person: str
    stands: Stands
    """With every decision, also those that the person cannot read yet; without the one that is to be replaced."""
    choices: tuple[Choice, ...]
    number: int
    """Of the decision that comes next: two who decide at once meet at it."""
    keeps_out: Refused | None
    """Why the visitor does not decide here; None: they may."""
    others: tuple[str, ...]
    """Who else can decide, by name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody decides."""

    outcome: Outcome
    stage: str
    words: Words
    number: int
    """As the form was shown."""
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A notice that can be kept, as it would be read."""

    notice: Notice
    text: str
    digest: str
    readable_from: datetime
    version_id: UUID
    """The edition that it is decided by."""


def desk(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime, replaces: UUID | None = None) -> Desk:
    """The page of whoever decides. `replaces` is a decision whose place another one takes. Raises `NotHere`."""
    row = found_enrollment(session, visitor.organization_id, enrollment_id)
    if replaces is not None:
        _replaced(session, row, replaces)
    return _desk(session, visitor, row, now, replaces)


def prepare(session: Session, visitor: Visitor, enrollment_id: UUID, asked: Asked, now: datetime) -> Prepared:
    """The notice as the person would read it; nothing is kept.

    Raises `Refused`: a reason of `grading.deciding.may_decide` or "path_ended"; "decided_meanwhile"; "not_open"; the
    name of a field of `Words`. Raises `NotHere`.
    """
    row = found_enrollment(session, visitor.organization_id, enrollment_id)
    return _prepared(session, visitor, row, asked, now)


def decide(
    session: Session, visitor: Visitor, enrollment_id: UUID, asked: Asked, *, digest: str, now: datetime
) -> UUID:
    """Decide, with exactly the notice that was shown. The answer is the decision.

    Raises as `prepare`; and `Refused` ("changed_since_shown") where the notice would be another one now.
    """
    row = found_enrollment(session, visitor.organization_id, enrollment_id, locked=True)
    prepared = _prepared(session, visitor, row, asked, now)
    if prepared.digest != digest:
        raise Refused("changed_since_shown", "This changed after the page was shown. Please read it again first.")
    return keep(session, row, asked, prepared, by=visitor.person_id, now=now)


def keep(session: Session, row: EnrollmentRow, asked: Asked, prepared: Prepared, *, by: UUID, now: datetime) -> UUID:
    """Keep a prepared decision of an enrollment that is locked; the person is told once they can read it.

    Raises `Refused` ("decided_meanwhile").
    """
    id_, notice = new_id(), prepared.notice
    made = insert_once(
        session,
        DecisionRow,
        id=id_,
        organization_id=row.organization_id,
        enrollment_id=row.id,
        version_id=prepared.version_id,
        number=asked.number,
        outcome=asked.outcome,
        stage=asked.stage,
        on_day=notice.on,
        until=notice.until,
        review_on=notice.review_on,
        appeal_until=notice.appeal_until,
        notice=prepared.text,
        digest=prepared.digest,
        decided_by=by,
        decided_at=now,
        released_at=prepared.readable_from,
        supersedes_id=asked.replaces,
    )
    if not made:
        raise _meanwhile()
    facts = {"number": asked.number, "outcome": asked.outcome.value, "digest": prepared.digest}
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=by,
        act="decision.make",
        subject=f"decision:{id_}",
        now=now,
        **facts,
    )
    if prepared.readable_from <= now:
        decision_release.release(session, id_, now)
    return id_


def deciders(session: Session, organization_id: UUID) -> dict[UUID, str]:
    """The program leads of the organization, each human once, by name."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(GrantRow, GrantRow.person_id == PersonRow.id)
        .where(
            GrantRow.organization_id == organization_id,
            GrantRow.capability == Capability.PROGRAM_LEAD,
            GrantRow.revoked_at.is_(None),
            PersonRow.merged_into.is_(None),
        )
    )
    return {person_id: display_name(person_id, name) for person_id, name in rows}


def parts_of(session: Session, person_id: UUID) -> Parts:
    """Who observed or signed for a person, in any course and by whatever id, and whom a conflict keeps away."""
    ids = all_ids(session, {same_human(session, person_id)})
    return Parts(
        observed=_humans(session, _observers(ids)),
        signed=_humans(session, _signers(ids)),
        conflicts=_conflicts(session, same_human(session, person_id), ids),
    )


def edition_id(session: Session, stands: Stands) -> UUID:
    """The version that somebody is on: since a renewal it may be a later one than they entered."""
    every = program_versions.versions(session, stands.program_id)
    return next(each.id for each in every if each.program.edition == stands.enrolled.program.edition)


def next_number(session: Session, enrollment_id: UUID) -> int:
    """The number of the next decision of an enrollment."""
    last = select(func.max(DecisionRow.number)).where(DecisionRow.enrollment_id == enrollment_id)
    return 1 + (session.scalars(last).one() or 0)


def composed(
    session: Session, stands: Stands, asked: Asked, *, person: str, by: str, readable_from: datetime
) -> Notice:
    """The notice of a decision, with everything that it always holds."""
    program, words = stands.enrolled.program, asked.words
    stage = next((each.stage for each in stands.standing.stages if each.stage.key == asked.stage), None)
    of_rules = stage is not None and asked.outcome in _ABOUT_RULES
    titles = {each.key: each.title for each in program.requirements}
    replaced = session.get_one(DecisionRow, asked.replaces) if asked.replaces else None
    zone = ZoneInfo(program.time_zone)
    return Notice(
        outcome=asked.outcome,
        stage=stage.title if stage else "",
        program=program.name,
        body=program.body,
        edition=program.edition,
        person=person,
        decided_by=by,
        decided_on=stands.today,
        on=words.on,
        until=words.until,
        review_on=words.review_on if asked.outcome is Outcome.SUSPENDED else None,
        reasons=words.reasons.strip(),
        what_next=words.what_next.strip(),
        rules=rules_of(stands.standing, asked.stage) if of_rules else (),
        named=tuple(titles[key] for key in titles if key in words.named),
        all_the_same=words.all_the_same.strip(),
        looked_at=looked_at(stands.enrolled.evidence, stands.today),
        appeal_until=_appeal_until(session, stands, asked, max(words.on, readable_from.astimezone(zone).date())),
        help=_help(session, stands),
        replaces_of=replaced.decided_at.astimezone(zone).date() if replaced else None,
        why_replaced=words.why_replaced.strip() if replaced else "",
    )


_ABOUT_RULES = frozenset({Outcome.CERTIFIED, Outcome.RENEWED, Outcome.REINSTATED, Outcome.NOT_YET})


def as_it_stands(session: Session, row: EnrollmentRow, now: datetime, replaces: UUID | None = None) -> Stands:
    """Where the person stands with every decision, as if one of them had not been made."""
    every = program_versions.versions(session, row.program_id)
    entered = next(each for each in every if each.id == row.version_id)
    zone = ZoneInfo(entered.program.time_zone)
    evidence = evidence_of(session, row, edition=entered.program.edition, zone=zone)
    kept = tuple(each for each in evidence.decisions if each.id != str(replaces))
    today = day_in(entered.program, now)
    on = enrolled([each.program for each in every], replace(evidence, decisions=kept), today)
    return _stands(row, entered, on, today)


def _stands(row: EnrollmentRow, entered: Version, on: Enrolled, today: date) -> Stands:
    found = standing(on.program, on.evidence, today)
    return Stands(row.id, row.program_id, row.person_id, entered, on, today, found)


def _desk(session: Session, visitor: Visitor, row: EnrollmentRow, now: datetime, replaces: UUID | None) -> Desk:
    stands = as_it_stands(session, row, now, replaces)
    person, leads = same_human(session, row.person_id), deciders(session, row.organization_id)
    parts = parts_of(session, person)
    able = rules.who_may({str(each) for each in leads}, str(person), parts)
    others = (name for each, name in leads.items() if str(each) in able and each != visitor.person_id)
    return Desk(
        enrollment_id=row.id,
        person_id=person,
        person=_name(session, person),
        stands=stands,
        choices=rules.choices(stands.enrolled.program, stands.standing),
        number=next_number(session, row.id),
        keeps_out=_keeps_out(visitor.person_id, person, parts, row),
        others=tuple(sorted(others, key=str.casefold)),
    )


def _keeps_out(visitor_id: UUID, person_id: UUID, parts: Parts, row: EnrollmentRow) -> Refused | None:
    if row.ended_at is not None:
        return Refused("path_ended", "This path has ended, so nothing is decided in it.")
    try:
        rules.may_decide(str(visitor_id), str(person_id), parts)
    except Refused as refused:
        return refused
    return None


def _prepared(session: Session, visitor: Visitor, row: EnrollmentRow, asked: Asked, now: datetime) -> Prepared:
    if asked.replaces is not None:
        _replaced(session, row, asked.replaces)
    at = _desk(session, visitor, row, now, asked.replaces)
    if at.keeps_out is not None:
        raise at.keeps_out
    if at.number != asked.number:
        raise _meanwhile()
    choice = next((each for each in at.choices if (each.outcome, each.stage) == (asked.outcome, asked.stage)), None)
    if choice is None:
        raise Refused("not_open", "This cannot be decided now. Please choose one of those that are open.")
    asked = replace(asked, words=_fitting(choice, asked.words))
    zone = ZoneInfo(at.stands.enrolled.program.time_zone)
    readable_from = rules.readable_from(asked.outcome, row.hears, now, zone)
    days = Days(at.stands.today, _earliest(at.stands, row), readable_from.astimezone(zone).date())
    rules.check(choice, asked.words, days, replaces=asked.replaces is not None)
    by = display_name(visitor.person_id, visitor.name)
    notice = composed(session, at.stands, asked, person=at.person, by=by, readable_from=readable_from)
    return Prepared(notice, *written(notice), readable_from, edition_id(session, at.stands))


def _fitting(choice: Choice, words: Words) -> Words:
    """Without what this outcome does not know."""
    all_the_same = bool(choice.not_shown) and choice.outcome in rules.GOOD
    return replace(
        words,
        until=words.until if choice.names_until else None,
        review_on=words.review_on if choice.outcome is Outcome.SUSPENDED else None,
        named=words.named & set(choice.not_shown) if all_the_same else frozenset(),
        all_the_same=words.all_the_same if all_the_same else "",
    )


def _earliest(stands: Stands, row: EnrollmentRow) -> date:
    return max((each.on for each in stands.enrolled.evidence.decisions), default=row.entered_on)


def _appeal_until(session: Session, stands: Stands, asked: Asked, day: date) -> date | None:
    """So long after the day on which it holds and can be read; there is none against what somebody did themselves."""
    if asked.outcome is Outcome.SURRENDERED:
        return None
    within = stands.enrolled.program.lifecycle.due_process.appeal_within
    if within is None:
        terms = appeal_terms.newest_if_any(session, _organization(session, stands))
        within = Period(days=terms.terms.file_days if terms else USUAL.file_days)
    return within.after(day)


def _organization(session: Session, stands: Stands) -> UUID:
    return session.get_one(EnrollmentRow, stands.enrollment_id).organization_id


def _help(session: Session, stands: Stands) -> tuple[Help, ...]:
    found = contacts(session, _organization(session, stands))
    return tuple(Help(each.name, each.what_for, each.phone, each.address) for each in found[:MOST_HELP])


def _replaced(session: Session, row: EnrollmentRow, decision_id: UUID) -> DecisionRow:
    """The decision whose place another one takes: it stands. Raises `NotHere`, `Refused` ("decided_meanwhile")."""
    found = session.get(DecisionRow, decision_id)
    if found is None or found.enrollment_id != row.id or found.taken_back_at is not None:
        raise NotHere
    if session.scalars(select(DecisionRow.id).where(DecisionRow.supersedes_id == decision_id)).first() is not None:
        raise _meanwhile()
    return found


def _meanwhile() -> Refused:
    return Refused(
        "decided_meanwhile",
        "Someone else decided while you were writing. What you wrote stands below; please read first what was decided.",
    )


def _name(session: Session, person_id: UUID) -> str:
    return display_name(person_id, session.get_one(PersonRow, person_id).name)


def _observers(ids: Collection[UUID]) -> list[ColumnElement[bool]]:
    """Who has a part in an observation of theirs, or wrote in one."""
    mine = ObservationRow.trainee_id.in_(ids)
    agreed = (
        select(ObserverRow.person_id)
        .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
        .where(mine, ObserverRow.state == ObserverState.AGREED)
    )
    wrote = (
        select(AssessmentRow.observer_id)
        .join(ObservationRow, ObservationRow.id == AssessmentRow.observation_id)
        .where(mine)
    )
    return [PersonRow.id.in_(agreed), PersonRow.id.in_(wrote)]


def _signers(ids: Collection[UUID]) -> list[ColumnElement[bool]]:
    """Who signed for them, whether or not it still stands."""
    seen = (
        select(SignOffRow.signer_id)
        .join(ObservationRow, ObservationRow.id == SignOffRow.observation_id)
        .where(ObservationRow.trainee_id.in_(ids))
    )
    hours = (
        select(LedgerSignatureRow.signer_id)
        .join(LedgerEntryRow, LedgerEntryRow.id == LedgerSignatureRow.entry_id)
        .where(LedgerEntryRow.person_id.in_(ids))
    )
    return [PersonRow.id.in_(seen), PersonRow.id.in_(hours)]


def _humans(session: Session, which: Collection[ColumnElement[bool]]) -> frozenset[str]:
    """As whom these people are known today."""
    human = func.coalesce(PersonRow.merged_into, PersonRow.id)
    return frozenset(str(each) for each in session.scalars(select(human).where(or_(*which))))


def _conflicts(session: Session, human: UUID, ids: Collection[UUID]) -> frozenset[frozenset[str]]:
    """Between the person and everybody with whom either side declared one."""
    one, other = aliased(PersonRow), aliased(PersonRow)
    rows = session.execute(
        select(func.coalesce(one.merged_into, one.id), func.coalesce(other.merged_into, other.id))
        .select_from(ConflictRow)
        .join(one, one.id == ConflictRow.declared_by)
        .join(other, other.id == ConflictRow.about_id)
        .where(ConflictRow.ended_at.is_(None), or_(ConflictRow.declared_by.in_(ids), ConflictRow.about_id.in_(ids)))
    )
    apart = {each for row in rows for each in row} - {human}
    return frozenset(pair(str(human), str(each)) for each in apart)
