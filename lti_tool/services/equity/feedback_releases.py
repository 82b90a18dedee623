"""Showing feedback, on the first night of a month: what was written, and final, before the month began.

So the day on which a block appears tells of nobody's decision, nobody can try whether one more person wrote, and no
person decides what is shown.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from grading.feedback_blocks import LEAST, Block, FeedbackAbout, Voice, next_block
from lti_tool.services import audit
from lti_tool.services.equity.feedback_minimum import chosen_since, minimum
from lti_tool.services.equity.feedback_outcomes import ways_of
from lti_tool.services.equity.feedback_questions import QUESTIONS
from lti_tool.services.equity.feedback_shown import about_of, ids_in
from lti_tool.services.equity.reports import digest
from lti_tool.store.base import new_id
from lti_tool.store.equity import FeedbackRow, ReleaseRow, ReportKind
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow


@dataclass(frozen=True, slots=True)
class _About:
    about: FeedbackAbout
    person_id: UUID | None
    site_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Written:
    voice: Voice
    human: UUID
    written_at: datetime


def organizations(session: Session) -> Sequence[UUID]:
    """Where anything was written."""
    return session.scalars(select(FeedbackRow.organization_id).distinct().order_by(FeedbackRow.organization_id)).all()


def release_due(session: Session, organization_id: UUID, now: datetime) -> int:
    """Make the blocks that are due in an organization; safe to run twice, and late. How many were made."""
    session.scalars(select(OrganizationRow.id).where(OrganizationRow.id == organization_id).with_for_update()).one()
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if chosen_since(session, organization_id, month):
        return 0  # nobody tries one number after the other
    shown = _shown(session, organization_id)
    least = minimum(session, organization_id)
    made = 0
    for subject, written in _written(session, organization_id).items():
        in_blocks = shown.get(subject, frozenset())
        counted = {each.voice.person for each in written if each.voice.id in in_blocks}
        waiting = [each for each in written if each.voice.id not in in_blocks and each.written_at < month]
        if len({each.voice.person for each in waiting} - counted) < LEAST:
            continue
        final = _final(session, organization_id, waiting, month, now)
        block = next_block([each.voice for each in final], counted, QUESTIONS[subject.about], least)
        if block is not None:
            _keep(session, organization_id, subject, block, now)
            made += 1
    return made


def _final(
    session: Session, organization_id: UUID, waiting: Sequence[_Written], month: datetime, now: datetime
) -> list[_Written]:
    """Of whom the own outcome was final before the month began."""
    ways = ways_of(session, organization_id, {each.human for each in waiting}, now)
    since = [(each, ways[each.human].final_since(each.written_at)) for each in waiting]
    return [each for each, final in since if final is not None and final < month]


def _written(session: Session, organization_id: UUID) -> Mapping[_About, list[_Written]]:
    """All that was written, locked, without the words: nobody changes it meanwhile."""
    by, of = aliased(PersonRow), aliased(PersonRow)
    rows = session.execute(
        select(
            FeedbackRow.id,
            FeedbackRow.about,
            FeedbackRow.site_id,
            FeedbackRow.answers,
            FeedbackRow.minimum,
            FeedbackRow.written_at,
            func.coalesce(by.merged_into, FeedbackRow.by_person_id).label("human"),
            func.coalesce(of.merged_into, of.id).label("of_person_id"),
        )
        .join(by, by.id == FeedbackRow.by_person_id)
        .outerjoin(of, of.id == FeedbackRow.of_person_id)
        .where(FeedbackRow.organization_id == organization_id)
        .order_by(FeedbackRow.written_at, FeedbackRow.id)
        .with_for_update(of=FeedbackRow)
    )
    found: dict[_About, list[_Written]] = defaultdict(list)
    for row in rows:
        if row.human == row.of_person_id:  # two people who turned out to be one
            continue
        voice = Voice(str(row.id), str(row.human), row.minimum, row.answers)
        found[_About(row.about, row.of_person_id, row.site_id)].append(_Written(voice, row.human, row.written_at))
    return found


def _shown(session: Session, organization_id: UUID) -> Mapping[_About, frozenset[str]]:
    found: dict[_About, frozenset[str]] = defaultdict(frozenset)
    blocks = select(ReleaseRow).where(
        ReleaseRow.organization_id == organization_id, ReleaseRow.report == ReportKind.FEEDBACK
    )
    for block in session.scalars(blocks):
        subject = _About(about_of(block), block.of_person_id, block.site_id)
        found[subject] |= {str(each) for each in ids_in(block)}
    return found


def _keep(session: Session, organization_id: UUID, subject: _About, block: Block, now: datetime) -> None:
    document = {"about": subject.about.value, "minimum": block.minimum, "middle": dict(block.middle)}
    salt = secrets.token_hex(16)  # so few answers are possible that a digest in the audit would tell them
    row = ReleaseRow(
        id=new_id(), organization_id=organization_id, report=ReportKind.FEEDBACK, of_person_id=subject.person_id,
        site_id=subject.site_id, document=document, digest=digest({**document, "salt": salt}), released_at=now,
        rules={
            "minimum": block.minimum,
            "salt": salt,
            "held_back": sum(middle is None for middle in block.middle.values()),
            "feedback": sorted(voice.id for voice in block.voices),
        },
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.write(
        session, organization_id=organization_id, person_id=None, act="feedback.show", subject=f"report:{row.id}",
        now=now, digest=row.digest, minimum=block.minimum,
    )  # fmt: skip
