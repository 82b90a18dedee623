"""What came of a survey: shown once, when it has ended and enough people answered; so nothing can be subtracted."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.equity import surveys
from lti_tool.services.equity.surveys import SurveyLine
from lti_tool.store.equity import SurveyAnswerRow

AGREES = 4
NEAR_NONE, NEAR_ALL = 5, 95


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question. None: fewer than the minimum answered it."""

    words: str
    indicator: str
    answered: int | None
    agreeing: int | None
    """Of a hundred who answered it, rounded to 5: how many chose 4 or 5. Never below 5 or above 95."""


@dataclass(frozen=True, slots=True)
class Results:
    """What may be shown."""

    line: SurveyLine
    running: bool
    answered: int | None
    """None: fewer than the minimum."""
    questions: tuple[QuestionResult, ...] = ()
    words: tuple[str, ...] = ()
    """What people wrote, in an order by chance."""


def results(session: Session, organization_id: UUID, survey_id: UUID, today: date) -> Results:
    """What may be shown today. Raises `NotHere`."""
    line = surveys.one(session, organization_id, survey_id)
    running = line.open_on(today)
    count = surveys.answered(session, survey_id)
    enough = count >= line.minimum
    if running or not enough:
        return Results(line, running, count if enough and not running else None)
    rows = session.execute(
        select(SurveyAnswerRow.answers, SurveyAnswerRow.words).where(SurveyAnswerRow.survey_id == survey_id)
    ).all()
    words = [text for _answers, text in rows if text]
    random.SystemRandom().shuffle(words)
    given = [answers for answers, _text in rows]
    shown = tuple(_result(question, given, line.minimum) for question in line.questions)
    return Results(line, running, count, shown, tuple(words))


def _result(question: Mapping[str, Any], given: Sequence[Mapping[str, int]], minimum: int) -> QuestionResult:
    numbers = [answers[question["key"]] for answers in given if question["key"] in answers]
    if len(numbers) < minimum:
        return QuestionResult(question["words"], question["indicator"], None, None)
    share = 5 * round(20 * sum(number >= AGREES for number in numbers) / len(numbers))
    return QuestionResult(question["words"], question["indicator"], len(numbers), min(max(share, NEAR_NONE), NEAR_ALL))
