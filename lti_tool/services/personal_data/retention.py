"""How long an organization keeps things: what it chose, what would go, and letting it go. Twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services import audit
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.personal_data import erasure
from lti_tool.services.personal_data.retention_rules import AT_ONCE, RULES
from lti_tool.services.personal_data.what_stands import what_many_stand
from lti_tool.store.base import new_id
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.privacy import RetentionChoiceRow, RetentionRule
from rubrics.refusal import Refused

log = structlog.get_logger("attune.worker")

LONGEST = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Line:
    """One rule, as it stands for an organization, and what would go by it now: counts only, nobody by name."""

    rule: RetentionRule
    days: int | None
    """None: nothing goes."""
    chosen: bool
    """Whether the organization chose it."""
    least: int
    rows: int
    people: int
    since: datetime | None
    """The earliest moment that any of it is counted from; None: nothing would go."""


def preview(
    session: Session, organization_id: UUID, now: datetime, instead: Mapping[RetentionRule, int | None] | None = None
) -> tuple[Line, ...]:
    """What would go now; with `instead`, if these days were chosen. Nothing is changed."""
    chosen = _chosen(session, organization_id)
    with_these = {**chosen, **{rule: days for rule, days in (instead or {}).items() if days is not None}}
    return tuple(_line(session, organization_id, rule, with_these, chosen, now) for rule in RULES)


def choose(session: Session, visitor: Visitor, rule: RetentionRule, days: int | None, now: datetime) -> None:
    """Keep it so many days from now on; None: as Attune does where nobody chose. Raises `Refused`."""
    least = RULES[rule].least.days
    if days is not None and not least <= days <= LONGEST.days:
        raise Refused(
            "days", "Please give a number of days from %(least)s to %(most)s.", least=least, most=LONGEST.days
        )
    session.execute(select(OrganizationRow.id).where(OrganizationRow.id == visitor.organization_id).with_for_update())
    row = session.scalars(
        select(RetentionChoiceRow)
        .where(RetentionChoiceRow.organization_id == visitor.organization_id, RetentionChoiceRow.rule == rule)
        .with_for_update()
    ).one_or_none()
    if (row.days if row else None) == days:
        return
    if days is None:
        session.delete(row)
    else:
        row = row or RetentionChoiceRow(id=new_id(), organization_id=visitor.organization_id, rule=rule)
        row.days, row.chosen_by, row.chosen_at = days, visitor.person_id, now
        session.add(row)
    session.flush()
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="retention.choose",
        subject=f"organization:{visitor.organization_id}",
        now=now,
        rule=rule.value,
        days=days,
    )


def organizations(session: Session) -> Sequence[tuple[UUID, str]]:
    """All of them, by name."""
    found = session.execute(select(OrganizationRow.id, OrganizationRow.name).order_by(OrganizationRow.name))
    return [(id_, name) for id_, name in found]


def run(sessions: sessionmaker[Session], organization_id: UUID, now: datetime) -> dict[RetentionRule, int]:
    """Let go what is over; the answer is how many rows (of records: people) went, by rule.

    Each rule, and of records each person, in a transaction of its own: one that breaks off stops none.
    """
    with sessions() as session:
        lines = preview(session, organization_id, now)
    went: dict[RetentionRule, int] = {}
    for line in lines:
        if line.days is None or not (line.rows or line.rule is RetentionRule.RECORDS):
            continue  # of records not all were looked at for the preview
        try:
            if gone := _run(sessions, organization_id, line, now):
                went[line.rule] = gone
        except Exception:  # whatever it was, the others go on
            log.exception("a rule of keeping broke off", rule=line.rule.value)
    return went


def _run(sessions: sessionmaker[Session], organization_id: UUID, line: Line, now: datetime) -> int:
    before = now - timedelta(days=line.days or 0)
    go = RULES[line.rule].go
    if go is None:
        return _records(sessions, organization_id, before, now)
    with sessions.begin() as session:
        go(session, organization_id, before)
        audit.write(
            session,
            organization_id=organization_id,
            person_id=None,
            act="retention.run",
            subject=f"organization:{organization_id}",
            now=now,
            rule=line.rule.value,
            days=line.days,
            rows=line.rows,
        )
    return line.rows


def _records(sessions: sessionmaker[Session], organization_id: UUID, before: datetime, now: datetime) -> int:
    with sessions() as session:
        found = [row[0] for row in session.execute(RULES[RetentionRule.RECORDS].over(organization_id, before)).all()]
    gone = 0
    for person_id in found:
        try:
            with sessions.begin() as session:
                person = session.get(PersonRow, person_id, with_for_update=True)
                gone += person is not None and erasure.time_is_over(session, person, now) is not None
        except Exception:  # whatever it was, the others go on
            log.exception("erasing broke off", person=str(person_id))
    return gone


def _chosen(session: Session, organization_id: UUID) -> dict[RetentionRule, int]:
    rows = session.execute(
        select(RetentionChoiceRow.rule, RetentionChoiceRow.days).where(
            RetentionChoiceRow.organization_id == organization_id
        )
    )
    return {row.rule: row.days for row in rows}


def _line(
    session: Session,
    organization_id: UUID,
    rule: RetentionRule,
    days: Mapping[RetentionRule, int],
    chosen: Mapping[RetentionRule, int],
    now: datetime,
) -> Line:
    kept = RULES[rule]
    usual = kept.usual.days if kept.usual else None
    held = days.get(rule, usual)
    rows, people, since = (0, 0, None) if held is None else _over(session, organization_id, rule, held, now)
    return Line(
        rule=rule,
        days=held,
        chosen=rule in chosen,
        least=kept.least.days,
        rows=rows,
        people=people,
        since=since,
    )


def _over(
    session: Session, organization_id: UUID, rule: RetentionRule, days: int, now: datetime
) -> tuple[int, int, datetime | None]:
    over = RULES[rule].over(organization_id, now - timedelta(days=days))
    if rule is RetentionRule.RECORDS:
        found = session.execute(over.limit(AT_ONCE)).all()
        stands = what_many_stand(session, {person_id for person_id, _since in found}, now)
        gone = [since for person_id, since in found if not stands[person_id]]
        return len(gone), len(gone), min(gone, default=None)
    rows = over.subquery()
    of, at = list(rows.columns)
    number, people, since = session.execute(select(func.count(), func.count(of.distinct()), func.min(at))).one()
    return number, people, since


def at_night(sessions: sessionmaker[Session], now: datetime) -> None:
    """Let go what is over, organization by organization."""
    with sessions() as session:
        found = organizations(session)
    for organization_id, _name in found:
        run(sessions, organization_id, now)
