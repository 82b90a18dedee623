"""What was agreed with a site: recording it, changing it, taking it back; and telling people before it ends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.practicum.site_writing import LONGEST_LINE, LONGEST_NAME, held, one_line
from lti_tool.services.practicum.sites import not_over
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import GrantRow, MembershipRow
from lti_tool.store.sites import PlacementRow, SiteAgreementRow, SiteRow
from rubrics.placing import TOLD_BEFORE, Days, cover, is_due
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class AgreementWords:
    """What a person says of an agreement."""

    title: str
    days: Days
    signed_for_site_by: str = ""


def record(session: Session, visitor: Visitor, site_id: UUID, words: AgreementWords, now: datetime) -> UUID:
    """Record what was agreed with a site. Raises `Refused` ("title_needed", "days_in_order", "too_long"), `NotHere`."""
    site = held(session, visitor, site_id)
    row = SiteAgreementRow(
        id=new_id(),
        organization_id=site.organization_id,
        site_id=site.id,
        recorded_by=visitor.person_id,
        recorded_at=now,
        **_values(words),
    )
    session.add(row)
    session.flush()
    _audit(session, visitor, "site.agree", site.id, row.id, now)
    return row.id


def change(
    session: Session, visitor: Visitor, site_id: UUID, agreement_id: UUID, words: AgreementWords, now: datetime
) -> None:
    """Change an agreement, such as its last day: then its end is told anew. Raises as `record` does."""
    row = _agreement(session, visitor, site_id, agreement_id)
    values = _values(words)
    if values["ends_on"] != row.ends_on:
        row.reminded_on = None
    for name, value in values.items():
        setattr(row, name, value)
    _audit(session, visitor, "site.change_agreement", site_id, row.id, now)


def take_back(session: Session, visitor: Visitor, site_id: UUID, agreement_id: UUID, now: datetime) -> None:
    """It was not so: it counts no more. Twice changes nothing. Raises `NotHere`."""
    row = _agreement(session, visitor, site_id, agreement_id)
    if row.ended_at is None:
        row.ended_at = now
        _audit(session, visitor, "site.take_agreement_back", site_id, row.id, now)


def tell_of_ends(session: Session, now: datetime) -> int:
    """Tell those whom it concerns that an agreement ends, sixty and fourteen days before; how many end.

    Those are program leads, and instructors of courses that have somebody there. One that another continues is not
    told.
    """
    today = now.date()
    rows = session.scalars(
        select(SiteAgreementRow)
        .join(SiteRow, SiteRow.id == SiteAgreementRow.site_id)
        .where(
            SiteAgreementRow.ended_at.is_(None),
            SiteRow.ended_at.is_(None),
            SiteAgreementRow.ends_on.between(today, today + max(TOLD_BEFORE)),
            or_(SiteAgreementRow.reminded_on.is_(None), SiteAgreementRow.reminded_on < today),
        )
        .order_by(SiteAgreementRow.ends_on, SiteAgreementRow.id)
        .with_for_update(of=SiteAgreementRow)
    ).all()
    ending = [row for row in rows if row.ends_on is not None and is_due(row.ends_on, row.reminded_on, today)]
    days = _days_of(session, {row.site_id for row in ending})
    told = 0
    for row in ending:
        row.reminded_on = today
        if cover(days[row.site_id], max(today, row.begins_on)).day == row.ends_on:
            _tell(session, row, now)
            told += 1
    session.flush()
    return told


def _tell(session: Session, row: SiteAgreementRow, now: datetime) -> None:
    for person_id in _concerned(session, row, now.date()):
        notify.news(
            session,
            organization_id=row.organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.PLACEMENT,
            path=f"/sites/{row.site_id}",
        )


def _concerned(session: Session, row: SiteAgreementRow, today: date) -> list[UUID]:
    courses = (
        select(PlacementRow.course_id)
        .join(CourseRow, CourseRow.id == PlacementRow.course_id)
        .where(
            PlacementRow.site_id == row.site_id,
            PlacementRow.ended_at.is_(None),
            not_over(today),
            CourseRow.archived_at.is_(None),
        )
    )
    instructors = select(MembershipRow.person_id).where(
        MembershipRow.course_id.in_(courses),
        MembershipRow.capability == Capability.INSTRUCTOR,
        MembershipRow.ended_at.is_(None),
        MembershipRow.test_user.is_(False),
    )
    leads = select(GrantRow.person_id).where(
        GrantRow.organization_id == row.organization_id,
        GrantRow.capability == Capability.PROGRAM_LEAD,
        GrantRow.revoked_at.is_(None),
    )
    return sorted({*session.scalars(instructors), *session.scalars(leads)})


def _days_of(session: Session, site_ids: Collection[UUID]) -> Mapping[UUID, list[Days]]:
    found: dict[UUID, list[Days]] = {site_id: [] for site_id in site_ids}
    if found:
        for site_id, first, last in session.execute(
            select(SiteAgreementRow.site_id, SiteAgreementRow.begins_on, SiteAgreementRow.ends_on).where(
                SiteAgreementRow.site_id.in_(found), SiteAgreementRow.ended_at.is_(None)
            )
        ):
            found[site_id].append(Days(first, last))
    return found


def _agreement(session: Session, visitor: Visitor, site_id: UUID, agreement_id: UUID) -> SiteAgreementRow:
    held(session, visitor, site_id)
    row = session.scalars(
        select(SiteAgreementRow).where(SiteAgreementRow.id == agreement_id, SiteAgreementRow.site_id == site_id)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _values(words: AgreementWords) -> dict[str, object]:
    title = one_line(words.title, LONGEST_NAME)
    if not title:
        raise Refused("title_needed", "Please say what the agreement is called.")
    if words.days.last is not None and words.days.last < words.days.first:
        raise Refused("days_in_order", "The last day comes before the first. Please check both.")
    return {
        "title": title,
        "begins_on": words.days.first,
        "ends_on": words.days.last,
        "signed_for_site_by": one_line(words.signed_for_site_by, LONGEST_LINE) or None,
    }


def _audit(session: Session, visitor: Visitor, act: str, site_id: UUID, agreement_id: UUID, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"site:{site_id}",
        now=now,
        agreement=str(agreement_id),
    )
