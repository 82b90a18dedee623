"""The steps of trying a connection. None writes anything about a real person.

A score goes only to the LMS's own test user, into a column that is taken away at the end.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from grading.scores import MAXIMUM, DesiredScore
from lti_tool.lti import key_sets
from lti_tool.lti.access_tokens import AccessTokens
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.errors import PlatformProblem, PlatformUnavailable
from lti_tool.lti.gradebook import Gradebook
from lti_tool.lti.names import LINE_ITEM_SCOPE, RESULT_SCOPE, ROSTER_SCOPE, SCORE_SCOPE
from lti_tool.lti.pages import Patience
from lti_tool.lti.roster import read_roster
from lti_tool.lti.service import Service
from lti_tool.lti.trial_column import TIMEOUT, TrialColumn
from lti_tool.safe_http import HttpAnswer, SafeHttp
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.connecting.trial import Outcome, Prepared, Result, Step, Trial

TRIED_SCORE = Decimal(1)


def take_step(
    sessions: sessionmaker[Session], http: SafeHttp, prepared: Prepared, trial: Trial, now: datetime
) -> Trial:
    """Take the next step. Nothing is raised: whatever happens is a result."""
    taking = _Taking(sessions, http, prepared, trial, now)
    steps: Mapping[Step, Callable[[], Result]] = {
        Step.KEYS: taking.keys,
        Step.TOKEN: taking.token,
        Step.LAUNCH: taking.launch,
        Step.ROSTER: taking.roster,
        Step.COLUMN: taking.make_column,
        Step.SCORE: taking.score,
        Step.RESULT: taking.result,
        Step.CLEAN_UP: taking.clean_up,
    }
    step = trial.next_step
    if step is None:
        return trial
    result = steps[step]()
    return replace(trial, results=(*trial.results, result), column=taking.column)


class _Taking:
    """One step, with what it needs."""

    def __init__(
        self, sessions: sessionmaker[Session], http: SafeHttp, prepared: Prepared, trial: Trial, now: datetime
    ) -> None:
        known = prepared.registration
        tokens = PlatformTokens(sessions, organization_id=known.organization_id, registration_id=known.id, now=now)
        self._http, self._prepared, self._trial, self._now = http, prepared, trial, now
        self._course = prepared.course
        deployment_id = prepared.course.deployment_id if prepared.course else None
        common = (http, known, prepared.key, tokens, now)
        self._tokens = AccessTokens(*common, deployment_id=deployment_id)
        self._service = Service(*common, deployment_id=deployment_id)
        self._gradebook = Gradebook(*common, deployment_id=deployment_id)
        self.column = trial.column

    def keys(self) -> Result:
        read = key_sets.readable_keys(self._http, self._prepared.registration.jwks_url)
        if isinstance(read, PlatformProblem):
            return _mend(Step.KEYS, read.value, address=self._prepared.registration.jwks_url)
        return _well(Step.KEYS, "keys_read", count=read)

    def token(self) -> Result:
        refused = Posted(Answer.SCOPE_NOT_GRANTED, retry=False)
        for scope in (ROSTER_SCOPE, LINE_ITEM_SCOPE, SCORE_SCOPE):
            granted = self._tokens.fresh(scope)
            if isinstance(granted, str):
                return _well(Step.TOKEN, "token_given")
            refused = granted
            if refused.answer is not Answer.SCOPE_NOT_GRANTED:
                break
        return _answered(Step.TOKEN, refused)

    def launch(self) -> Result:
        seen = self._prepared.last_launch_at
        if seen is None:
            return Result(Step.LAUNCH, Outcome.TO_MEND, "never_launched")
        return _well(Step.LAUNCH, "launched", moment=seen.isoformat())

    def roster(self) -> Result:
        if self._course is None:
            return _not_tried(Step.ROSTER, "no_course")
        if self._course.memberships_url is None:
            return _not_tried(Step.ROSTER, "no_roster")
        patience = Patience(clock=lambda: self._now, pause=lambda _seconds: None)
        try:
            first = next(read_roster(_Hasty(self._service), self._course.memberships_url, patience), ())
        except PlatformUnavailable as problem:
            return _mend(Step.ROSTER, str(problem.code))
        return _well(Step.ROSTER, "roster_read", count=len(first))

    def make_column(self) -> Result:
        if self._course is None:
            return _not_tried(Step.COLUMN, "no_course")
        if self._course.line_items_url is None:
            return _not_tried(Step.COLUMN, "no_gradebook")
        if LINE_ITEM_SCOPE not in self._course.scopes:
            return _not_tried(Step.COLUMN, "columns_not_offered")
        columns = TrialColumn(self._service, self._course.line_items_url, self._now)
        before = columns.left_over()
        for column in () if isinstance(before, Posted) else before:
            columns.take_away(column)
        made = columns.make()
        if isinstance(made, Posted):
            return _answered(Step.COLUMN, made)
        self.column = made
        return _well(Step.COLUMN, "column_made")

    def score(self) -> Result:
        if self.column is None or self._course is None:
            return _not_tried(Step.SCORE, "no_column")
        if SCORE_SCOPE not in self._course.scopes:
            return _not_tried(Step.SCORE, "scores_not_offered")
        if self._course.test_user is None:
            return _not_tried(Step.SCORE, "no_safe_person")
        posted = self._gradebook.post_score(
            self.column,
            self._course.scopes,
            sub=self._course.test_user,
            desired=DesiredScore(TRIED_SCORE, MAXIMUM),
            timestamp=self._now,
            completed=False,
        )
        if posted.answer is Answer.ACCEPTED:
            return _well(Step.SCORE, "score_taken")
        if posted.answer is Answer.PERSON_NOT_IN_COURSE:
            return _not_tried(Step.SCORE, posted.answer.value)
        return _answered(Step.SCORE, posted)

    def result(self) -> Result:
        if self.column is None or self._course is None or self._course.line_items_url is None:
            return _not_tried(Step.RESULT, "no_column")
        if not self._trial.went_well(Step.SCORE) or self._course.test_user is None:
            return _not_tried(Step.RESULT, "no_score")
        if RESULT_SCOPE not in self._course.scopes:
            return _not_tried(Step.RESULT, "results_not_offered")
        columns = TrialColumn(self._service, self._course.line_items_url, self._now)
        shown = columns.shown_for(self.column, self._course.test_user)
        if isinstance(shown, Posted):
            return _answered(Step.RESULT, shown)
        if shown != TRIED_SCORE:
            return _mend(Step.RESULT, "another_score")
        return _well(Step.RESULT, "score_read_back")

    def clean_up(self) -> Result:
        if self.column is None or self._course is None or self._course.line_items_url is None:
            return _not_tried(Step.CLEAN_UP, "nothing_left")
        columns = TrialColumn(self._service, self._course.line_items_url, self._now)
        if columns.take_away(self.column).answer is not Answer.ACCEPTED:
            return _mend(Step.CLEAN_UP, "column_left", course=self._course.title)
        self.column = None
        return _well(Step.CLEAN_UP, "column_taken_away")


class _Hasty:
    """A service that waits no longer than one step may take."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def call(self, *request: Any, timeout: float, limit: int) -> HttpAnswer | Posted:
        """One request."""
        return self._service.call(*request, timeout=min(timeout, TIMEOUT), limit=limit)


def _well(step: Step, code: str, **values: str | int) -> Result:
    return Result(step, Outcome.WELL, code, values)


def _not_tried(step: Step, code: str) -> Result:
    return Result(step, Outcome.NOT_TRIED, code)


def _mend(step: Step, code: str, **values: str | int) -> Result:
    return Result(step, Outcome.TO_MEND, code, values)


def _answered(step: Step, posted: Posted) -> Result:
    return Result(step, Outcome.TO_MEND, posted.answer.value)
