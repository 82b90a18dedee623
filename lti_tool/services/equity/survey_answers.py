"""Answering without a name: who answered and what was answered are two tables that nothing links.

An order would link them: rows lie in the order in which they were written, and encrypted text tells its second.
So with every answer all answers of the survey, and who answered, are written anew, each in an order by chance.
"""

import random
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity import surveys
from lti_tool.services.equity.surveys import SurveyLine
from lti_tool.store.equity import SurveyAnswerRow, SurveyTakenRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

LONGEST = 2_000
SCALE = range(1, 6)


def has_answered(session: Session, visitor: Visitor, survey_id: UUID) -> bool:
    """Whether the visitor did."""
    return session.get(SurveyTakenRow, (survey_id, visitor.person_id)) is not None


def answer(
    session: Session, visitor: Visitor, survey_id: UUID, answers: Mapping[str, int], words: str, now: datetime
) -> None:
    """Keep the answers, once for each person. Raises `NotHere`, `Refused`; nothing of it is in the audit."""
    row = surveys.held(session, visitor.organization_id, survey_id)
    if not surveys.is_asked(session, visitor, survey_id):
        raise NotHere
    line = surveys.one(session, visitor.organization_id, survey_id)
    if not line.open_on(now.date()):
        raise Refused("closed", "This survey has ended, so nothing more is taken in. Nothing of yours was kept.")
    text = words.replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    given = {key: number for key, number in answers.items() if key in _keys(line) and number in SCALE}
    if not given and not text:
        raise Refused("nothing", "Nothing is chosen yet. You can also close this page: you need not answer.")
    taken = insert_once(
        session, SurveyTakenRow, survey_id=survey_id, person_id=visitor.person_id, organization_id=row.organization_id
    )
    if taken:
        _shuffle_taken(session, row.organization_id, survey_id)
        _write_anew(session, row.organization_id, survey_id, given, text or None)


def _write_anew(
    session: Session, organization_id: UUID, survey_id: UUID, given: Mapping[str, int], words: str | None
) -> None:
    of_the_survey = SurveyAnswerRow.survey_id == survey_id
    kept = session.execute(select(SurveyAnswerRow.answers, SurveyAnswerRow.words).where(of_the_survey)).all()
    everything = [(answers, text) for answers, text in kept] + [(dict(given), words)]
    random.SystemRandom().shuffle(everything)
    session.execute(delete(SurveyAnswerRow).where(of_the_survey))
    own = {"organization_id": organization_id, "survey_id": survey_id}
    session.execute(
        insert(SurveyAnswerRow),
        [{"id": uuid4(), "answers": answers, "words": text, **own} for answers, text in everything],
    )


def _shuffle_taken(session: Session, organization_id: UUID, survey_id: UUID) -> None:
    of_the_survey = SurveyTakenRow.survey_id == survey_id
    people = list(session.scalars(select(SurveyTakenRow.person_id).where(of_the_survey)))
    random.SystemRandom().shuffle(people)
    session.execute(delete(SurveyTakenRow).where(of_the_survey))
    own = {"organization_id": organization_id, "survey_id": survey_id}
    session.execute(insert(SurveyTakenRow), [{"person_id": person_id, **own} for person_id in people])


def _keys(line: SurveyLine) -> frozenset[str]:
    return frozenset(question["key"] for question in line.questions)
