"""One reading of a course's list, page by page. No transaction waits while the LMS is asked."""

from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.answers import Posted
from lti_tool.lti.errors import PlatformProblem, PlatformUnavailable
from lti_tool.lti.groups import read_groups
from lti_tool.lti.pages import Patience
from lti_tool.lti.roster import read_roster
from lti_tool.lti.service import Service
from lti_tool.safe_http import HttpAnswer, SafeHttp
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.courses import course_groups, roster, roster_members
from lti_tool.services.courses.roster import Reading


class _Calls:
    """The registration's services over a longer time: each call has the time it is made at, so tokens stay good."""

    def __init__(self, sessions: sessionmaker[Session], http: SafeHttp, reading: Reading, patience: Patience) -> None:
        self._sessions = sessions
        self._http = http
        self._reading = reading
        self._patience = patience

    def call(self, *request: Any, **limits: Any) -> HttpAnswer | Posted:
        """One request."""
        known, now = self._reading.registration, self._patience.clock()
        tokens = PlatformTokens(
            self._sessions, organization_id=known.organization_id, registration_id=known.id, now=now
        )
        service = Service(self._http, known, self._reading.key, tokens, now, deployment_id=self._reading.deployment_id)
        return service.call(*request, **limits)


def read(
    sessions: sessionmaker[Session], http: SafeHttp, reading: Reading, patience: Patience
) -> PlatformProblem | None:
    """Read the list to its end and keep each page as it comes; a problem says why it was not.

    Who is not in the list is ended only once all of it was read: a list that breaks off ends nobody.
    """
    calls = _Calls(sessions, http, reading, patience)
    groups = read_groups(calls, reading.groups_url, patience) if reading.groups_url else None
    with sessions.begin() as session:
        known_groups = course_groups.keep_listed(session, reading.organization_id, reading.course_id, groups)
    anybody = False
    try:
        for members in read_roster(calls, reading.memberships_url, patience, groups=bool(groups)):
            active = sum(member.active for member in members)
            anybody = anybody or active > 0
            with sessions.begin() as session:
                if not roster.moves_on(session, reading, active, patience.clock()):
                    return PlatformProblem.ROSTER_STOPPED
                roster_members.keep(session, reading, members, known_groups, patience.clock())
    except PlatformUnavailable as problem:
        return PlatformProblem(problem.code)
    if not anybody:
        return PlatformProblem.ROSTER_NOT_READ  # every course has somebody: this is a stumble, and would end them all
    with sessions.begin() as session:
        roster_members.end_unlisted(session, reading, patience.clock())
    return None
