"""A course whose instructor set an activity up, and whose list of people the worker reads."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.lti.pages import Patience
from lti_tool.safe_http import SafeHttp
from lti_tool.services.courses import roster, roster_reading
from lti_tool.store.courses import GroupMemberRow, GroupRow, RosterReadRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from tests.certification import forms
from tests.certification.lms import INSTRUCTOR, LTI, ROSTER, Change, Lms
from tests.certification.place import Answer, words_of
from tests.lti_tool.lti.platform import put
from tests.lti_tool.lti.server import Asked, Reply, as_json

HTTP = SafeHttp(lab=True)
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"


@dataclass
class Course:
    """One activity, its instructor in `lms.browser`, and the LMS's list of people."""

    lms: Lms
    activity_id: UUID
    claims: tuple[Change, ...] = ()
    """What launches of this course say beside the usual."""

    @property
    def url(self) -> str:
        return f"{self.lms.attune.url}/a/{self.activity_id}"

    def enter(self, *changes: Change, **how: Any) -> Answer:
        """The page that a launch of the activity's link opens."""
        return self.lms.enter(*self.claims, *changes, **how)

    def lists(self, *members: dict[str, Any], link: str = "") -> None:
        """What the LMS's list holds from here on."""
        self.lms.server.reply(f"{self.lms.path}/members", page_of(*members, link=link))

    def people(self) -> Answer:
        """The instructor's page of people."""
        return self.lms.browser.get(f"{self.url}/people")

    def read(self) -> str:
        """The instructor has the list read, the worker reads it; what the page then says."""
        self.lms.attune.clock.advance(seconds=1)  # one reading comes after the other
        page = self.people()
        answer = forms.send(self.lms.browser, page, forms.form(page, "/refresh"))
        assert answer.status_code == 303, words_of(answer.text)
        self.work()
        return words_of(self.people().text)

    def work(self) -> None:
        """What the worker does with readings that wait."""
        attune = self.lms.attune
        mine = select(RosterReadRow.id).where(RosterReadRow.organization_id == self.lms.organization_id)
        with attune.session() as session:
            readings = [roster.take(session, read_id, attune.clock()) for read_id in session.scalars(mine)]
        for reading in filter(None, readings):
            patience = Patience(attune.clock, lambda seconds: None)
            problem = roster_reading.read(attune.sessions.writing, HTTP, reading, patience)
            with attune.session() as session:
                roster.settle(session, reading, problem, attune.clock())

    def asked(self, path: str = "/members") -> list[Asked]:
        return self.lms.server.asked_at(f"{self.lms.path}{path}")

    def standing(self) -> dict[str, tuple[str | None, Capability | None]]:
        """Everyone who may do something here: name and capability, by the platform's id."""
        with self.lms.attune.session() as session:
            rows = session.execute(
                select(LmsAccountRow.sub, PersonRow.name, MembershipRow.capability)
                .join(PersonRow, PersonRow.id == LmsAccountRow.person_id)
                .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
                .where(LmsAccountRow.registration_id == self.lms.registration_id, MembershipRow.ended_at.is_(None))
            )
            return {sub: (name, capability) for sub, name, capability in rows}

    def groups(self) -> dict[str, set[str]]:
        """The platform's ids of the people in each group, by its name."""
        with self.lms.attune.session() as session:
            rows = session.execute(
                select(GroupRow.name, LmsAccountRow.sub)
                .outerjoin(GroupMemberRow, GroupMemberRow.group_id == GroupRow.id)
                .outerjoin(LmsAccountRow, LmsAccountRow.person_id == GroupMemberRow.person_id)
                .where(GroupRow.organization_id == self.lms.organization_id)
            )
            found: dict[str, set[str]] = {}
            for name, sub in rows:
                found.setdefault(name, set()).update({sub} - {None})
            return found


def page_of(*members: dict[str, Any], link: str = "") -> Reply:
    """One page of a list of people."""
    headers = {"Link": link} if link else {}
    return as_json({"id": "x", "context": {"id": "course-1"}, "members": list(members)}, **headers)


def member(sub: str, *roles: str, **more: Any) -> dict[str, Any]:
    return {"user_id": sub, "roles": list(roles or ("Learner",)), **more}


def roster_claim(lms: Lms, **more: Any) -> Change:
    """The service of names and roles, as a launch brings it."""
    return put(ROSTER, {"context_memberships_url": f"{lms.issuer}/members", "service_versions": ["2.0"], **more})


def groups_claim(lms: Lms, **more: Any) -> Change:
    """The service of groups, as a launch brings it."""
    scope = ["https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"]
    said = {"scope": scope, "context_groups_url": f"{lms.issuer}/groups", "service_versions": ["1.0"], **more}
    return put(GROUPS, {name: value for name, value in said.items() if value is not None})


def set_up(lms: Lms, *claims: Change) -> Course:
    """An instructor comes in by a link without an activity, and sets one up."""
    lms.server.reply(f"{lms.path}/token", as_json({"access_token": "t", "token_type": "Bearer", "expires_in": 3600}))
    page = lms.enter(*claims, put("sub", "ines"), put("name", "Ines Flores"), role=INSTRUCTOR)
    chosen = forms.send(lms.browser, page, forms.form(page, "/choose"))
    assert chosen.status_code == 303, words_of(chosen.text)
    found = re.search(r"/a/([0-9a-f-]{36})", chosen.headers["Location"])
    assert found
    course = Course(lms, UUID(found[1]), claims)
    course.lists(member("ines", "Instructor", name="Ines Flores"))
    return course


def in_link(name: str) -> Change:
    """The launch comes by another link."""
    return put(LTI + "resource_link", "id", name)
