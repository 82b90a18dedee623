"""Several schools in one Attune, each full of records that only its own people may meet.

Everything that belongs to a house carries its mark in every title, name and word, so that a page which shows
something of a house can be told by its text.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.competency import Competency, Framework
from lti_tool.access import Capability
from lti_tool.documents.example import to_document as example_document
from lti_tool.documents.rubric import to_document
from lti_tool.lti.claims import AgsEndpoint, Course, DeepLinkingSettings, ForUser, Launch, Platform, ResourceLink
from lti_tool.lti.names import DATA_PRIVACY_REQUEST
from lti_tool.services import organizations
from lti_tool.services.asking import ask
from lti_tool.services.authoring import author
from lti_tool.services.competencies import frameworks
from lti_tool.services.connecting import platforms, registration_addresses
from lti_tool.services.entering import external
from lti_tool.services.entering.visitors import who_is_it
from lti_tool.services.linking import basket, copy_decisions
from lti_tool.services.observations import answer, observe
from lti_tool.store.assignments import AssignedAs, AssignmentRow, QualificationRow
from lti_tool.store.base import new_id
from lti_tool.store.copies import ActivityCopyRow, CopySource, CourseCopyRow, LinkOriginRow
from lti_tool.store.courses import CourseRow, GroupKind, GroupMemberRow, GroupRow, ResourceLinkRow
from lti_tool.store.drafts import DraftCriterionRow, DraftRow, DraftStepRow, ReviewRow
from lti_tool.store.files import FileHolds, FileRow, FileState
from lti_tool.store.meetings import CommentRow
from lti_tool.store.observations import ObservationRow, SignOffRow
from lti_tool.store.paper import PaperFormRow
from lti_tool.store.people import GrantRow, MembershipRow
from lti_tool.store.platforms import DeploymentRow, HostState, ServiceHostRow
from lti_tool.store.rubrics import ExampleRow, RubricRow, RubricVersionRow
from rubrics.consent import PersonServed
from rubrics.observation import Mode
from rubrics.paper_code import LENGTH, LETTERS, complete
from rubrics.sign_off import Lane
from rubrics.translation import Translation
from tests.databases import SECRET
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, TRAINEE, World
from tests.lti_tool.web.course import HOST
from tests.lti_tool.web.house_around import around_practice
from tests.lti_tool.web.house_gradebook import the_gradebook
from tests.lti_tool.web.house_path import the_path
from tests.lti_tool.web.house_proving import the_proving
from tests.rubrics.examples import an_example
from tests.rubrics.making import a_rubric

CANVAS = "https://canvas.instructure.com"
"""The one issuer of every hosted Canvas."""
ADMINISTRATOR = ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",)
ROLES = {
    "ines": INSTRUCTOR, "jo": ASSISTANT, "amara": ASSISTANT, "kim": ASSISTANT, "leo": ASSISTANT, "sam": TRAINEE,
    "noor": TRAINEE,
}  # fmt: skip
"""Jo observes Noor and signs in the peer lane, Amara in the clinical lane that no activity asks for; Kim only may
observe; Leo observed and is not in the course any more."""
OUTSIDE = ("ada", "ola", "lea", "rea", "sage", "tess")
"""People of no course: an administrator of the LMS, who came in about Noor's data, an operator, a program lead, a
reviewer, a safeguarding lead and an auditor."""


@dataclass
class House(World):
    """One course of one deployment of one registration of one organization."""

    app: Any = None
    mark: str = ""
    deployment: str = "1"
    context: str = "course-1"
    suffix: str = ""
    """Makes other people of the same names, where the registration is the same."""
    course_id: UUID | None = None
    objects: dict[str, list[Any]] = field(default_factory=dict)
    """What addresses and forms name, by what it is called here."""

    def launch(self, sub: str, roles: tuple[str, ...], **changes: object) -> Launch:
        mine: dict[str, object] = {
            "deployment_id": self.deployment,
            "context": Course(id=self.context, title=f"Course {self.mark}", label=None),
            "resource_link": ResourceLink(id="link-1", title=f"Link {self.mark}"),
            "name": f"{sub.title()} {self.mark}",
            "platform": Platform(guid=self.mark, name=f"Campus {self.mark}"),
            "ags": AgsEndpoint(line_item=f"{self.issuer}/items/7", line_items=f"{self.issuer}/items", scopes=()),
            "return_url": f"{self.issuer}/course/1",
        }
        return super().launch(sub + self.suffix, roles, **(mine | changes))

    def come_in(self, who: str) -> str:
        """The secret of a new session."""
        if who not in OUTSIDE:
            return self.enter(who, ROLES[who]).token
        outside: dict[str, object] = {"context": None, "resource_link": None, "custom": {}}
        if who == "ada":
            outside |= {"message_type": DATA_PRIVACY_REQUEST, "for_user": ForUser("noor" + self.suffix, None)}
        return self.enter(who, ADMINISTRATOR, **outside).token

    def browser(self, who: str) -> Any:
        """Someone of this house, signed in."""
        token = self.come_in(who)
        self.session.commit()
        browser = self.app.test_client()
        browser.set_cookie("__Host-attune", token, domain=HOST, secure=True)
        return browser

    def outside(self, who: str) -> UUID:
        """The person of no course, who comes in for it."""
        found = who_is_it(self.session, self.come_in(who), self.now)
        assert found is not None
        return found.person_id

    def note(self, name: str, *ids: Any) -> None:
        """These are what an address or a form calls `name`."""
        self.objects.setdefault(name, []).extend(ids)


def build(app: Flask, session: Session, now: datetime, *, organization: str, mark: str, **where: Any) -> House:
    """A house with everything in it; `where` are fields of `House`."""
    organization_id = organizations.organization_named(session, organization, now)
    issuer, client_id = where.get("issuer", CANVAS), where.get("client_id", "client-1")
    registration_id = where.pop("registration_id", None) or platforms.add(
        session,
        organization_id,
        platforms.NewPlatform(
            name=f"LMS {mark}", family="canvas", issuer=issuer, client_id=client_id, auth_url=f"{issuer}/auth",
            token_url=f"{issuer}/token", jwks_url=f"{issuer}/jwks",
        ),
        now,
    )  # fmt: skip
    where |= {"issuer": issuer, "client_id": client_id}
    house = House(session, now, organization_id, registration_id, app=app, mark=mark, **where)
    _people_and_activity(house)
    _observations(house)
    _from_outside(house)
    _ways_in(house)
    _copied_course(house)
    _next_term(house)
    _of_the_operator(house)
    _being_written(house)
    around_practice(house)
    the_path(house)
    the_gradebook(house)
    the_proving(house)
    leo_goes(house)
    session.commit()
    return house


def _people_and_activity(house: House) -> None:
    house.course_id = house.enter("ines", INSTRUCTOR).course_id
    assert house.course_id is not None
    house.visitor("ines", INSTRUCTOR)
    house.activity_id = place_activity(house, house.course_id, "Activity")
    for who, roles in ROLES.items():
        house.visitor(who, roles)
        house.enter(who, roles)
    house.grant(house.visitor("jo"), Lane.PEER)
    house.grant(house.visitor("amara"), Lane.CLINICAL)
    house.grant(house.visitor("leo"), Lane.PEER)
    house.note("activity_id", house.activity_id)
    house.note("course_id", house.course_id)
    house.note("person_id", house.visitor("noor").person_id)  # the first one is who observations are about
    house.note("person_id", *(house.visitor(who).person_id for who in ROLES if who != "noor"))
    house.note("grant_id", *house.session.scalars(select(GrantRow.id).where(GrantRow.course_id == house.course_id)))
    rated_with = version_of(house.session, house.organization_id)
    offered = [choice.version_id for choice in author.choices(house.session, house.organization_id)]
    house.note("version_id", rated_with, *(other for other in offered if other != rated_with))
    group = GroupRow(
        id=new_id(), organization_id=house.organization_id, course_id=house.course_id, kind=GroupKind.GROUP,
        lti_group_id="1", name=f"Group {house.mark}",
    )  # fmt: skip
    house.session.add(group)
    house.session.flush()
    house.session.add(
        GroupMemberRow(
            id=new_id(), organization_id=house.organization_id, group_id=group.id,
            person_id=house.visitor("noor").person_id, listed_at=house.now,
        )
    )  # fmt: skip
    house.note("group_id", group.id)


def place_activity(house: House, course_id: UUID, title: str) -> UUID:
    """Another activity, to which no link leads yet."""
    choice = author.ActivityChoice(
        version_id=version_of(house.session, house.organization_id), title=f"{title} {house.mark}"
    )
    return author.place_activity(house.session, house.visitor("ines"), course_id, choice, now=house.now)


def _observations(house: House) -> None:
    for state in range(5):
        house.note("observation_id", observation(house, "jo", state))
    asked_for = house.session.get_one(ObservationRow, house.objects["observation_id"][0])
    asked_for.starts_at, asked_for.ends_at = house.now + timedelta(days=1), house.now + timedelta(days=1, hours=1)
    house.note("leos_observation_id", *(observation(house, "leo", state) for state in (1, 2)))
    made = select(ObservationRow.id).where(ObservationRow.activity_id == house.activity_id)
    house.note("sign_off_id", *house.session.scalars(select(SignOffRow.id).where(SignOffRow.observation_id.in_(made))))


def observation(house: House, observer: str, how_far: int) -> UUID:
    """Of Noor: asked for, begun, shared, answered, signed."""
    session, now, mark = house.session, house.now, house.mark
    noor, other = house.visitor("noor"), house.visitor(observer)
    made = ask.request(
        session, noor, house.place(noor), observer_id=other.person_id, mode=Mode.ROLE_PLAY, recorded=False,
        note=f"Note {mark}", now=now,
    )  # fmt: skip
    if how_far >= 1:
        observe.person_served(session, other, made, PersonServed.NOT_APPLICABLE, now)
        ratings = {
            criterion.key: observe.RatingChange(level=4, not_observed=False, evidence=f"Evidence {mark}")
            for criterion in observe.form(session, other, made).rubric.criteria
        }
        words = {name: f"{name} {mark}" for name in ("strength", "growth", "next_step")}
        observe.save(session, other, made, observe.Change(ratings=ratings, **words), now)
    if how_far >= 2:
        observe.share(session, other, made, now)
    if how_far >= 3:
        answer.answer(session, noor, made, words=f"Response {mark}", now=now)
    if how_far >= 4:
        house.sign(observer, made)
    return made


def _ways_in(house: House) -> None:
    bare = house.enter("ines", INSTRUCTOR, custom={}, resource_link=ResourceLink(id="bare", title=f"Bare {house.mark}"))
    house.note("link_id", UUID(bare.path.split("/")[2]))
    wanted = DeepLinkingSettings(
        return_url=f"{house.issuer}/return", accept_types=("ltiResourceLink",), accept_multiple=True,
        accept_line_item=None, data=f"data {house.mark}", title=f"Wanted {house.mark}", text=None,
    )  # fmt: skip
    asked = house.enter("ines", INSTRUCTOR, deep_linking=wanted, resource_link=None, custom={})
    deep_link_id = UUID(asked.path.split("/")[2])
    chosen = basket.Chosen(f"Queue {house.mark}", place="queue")
    basket.add(house.session, house.visitor("ines"), deep_link_id, chosen, house.now)
    house.note("deep_link_id", deep_link_id)
    house.note("basket_key", chosen.key)
    assert house.course_id is not None
    house.note("unplaced_id", place_activity(house, house.course_id, "Unplaced"))


def _copied_course(house: House) -> None:
    """This course is a copy of an earlier one, and a link that came along waits."""
    before = house.enter(
        "ines", INSTRUCTOR, custom={}, resource_link=None,
        context=Course(id=f"{house.context}-before", title=f"Before {house.mark}", label=None),
    ).course_id  # fmt: skip
    assert before is not None
    assert house.course_id is not None
    origin = place_activity(house, before, "Origin")
    house.note("origin_id", origin)
    house.note("course_id", before)
    link = ResourceLinkRow(
        id=new_id(), organization_id=house.organization_id, course_id=house.course_id, activity_id=None,
        lti_resource_link_id="came along", title=f"Came along {house.mark}",
    )  # fmt: skip
    copy = CourseCopyRow(
        id=new_id(), organization_id=house.organization_id, course_id=house.course_id, origin_course_id=before,
        source=CopySource.NOTICE, noticed_at=house.now,
    )  # fmt: skip
    house.session.add_all([link, copy])
    house.session.flush()
    house.session.add(
        LinkOriginRow(
            id=new_id(), organization_id=house.organization_id, resource_link_id=link.id, origin_activity_id=origin
        )
    )
    house.note("link_id", link.id)
    decided = place_activity(house, before, "Decided")
    copy_decisions.decide(
        house.session, house.visitor("ines"), house.course_id, {decided: copy_decisions.Choice.COPY}, now=house.now
    )
    copied = select(ActivityCopyRow.activity_id).where(ActivityCopyRow.origin_activity_id == decided)
    house.note("unplaced_id", house.session.scalars(copied).one())
    house.note("origin_id", decided)


def _next_term(house: House) -> None:
    """This course goes on in a later one."""
    later = house.enter(
        "ines", INSTRUCTOR, custom={}, resource_link=None,
        context=Course(id=f"{house.context}-after", title=f"After {house.mark}", label=None),
    ).course_id  # fmt: skip
    house.session.get_one(CourseRow, later).continues_id = house.course_id
    house.note("course_id", later)


def _from_outside(house: House) -> None:
    """Roz, without an LMS account, was invited to sign for Noor."""
    ines = house.visitor("ines")
    asked = external.Asked(
        name=f"Roz {house.mark}", email=f"roz-{house.mark.lower()}@clinic.example", observes=True,
        lanes=frozenset({Lane.PEER}), trainees=frozenset({house.visitor("noor").person_id}),
    )  # fmt: skip
    person_id = external.invite(house.session, ines, house.place(ines), asked, secret_keys=(SECRET,), now=house.now)
    house.objects["person_id"].insert(1, person_id)
    house.note("grant_id", *house.session.scalars(select(GrantRow.id).where(GrantRow.person_id == person_id)))
    assigned = select(AssignmentRow.id).where(AssignmentRow.person_id == person_id)
    house.note("assignment_id", *house.session.scalars(assigned))
    mentor = AssignmentRow(
        id=new_id(), organization_id=house.organization_id, course_id=house.course_id, assigned_as=AssignedAs.MENTOR,
        trainee_id=house.visitor("noor").person_id, person_id=house.visitor("jo").person_id, assigned_at=house.now,
    )  # fmt: skip
    house.session.add(mentor)
    house.note("assignment_id", mentor.id)
    shared = house.session.get_one(ObservationRow, house.objects["observation_id"][-1])
    shared.shared_with_mentors = True
    own = {"organization_id": house.organization_id, "person_id": house.visitor("jo").person_id}
    comment = CommentRow(id=new_id(), observation_id=shared.id, words=f"Comment {house.mark}", at=house.now, **own)
    qualification = QualificationRow(
        id=new_id(), kind=f"Kind {house.mark}", valid_from=house.now.date(), recorded_at=house.now,
        recorded_by=ines.person_id, organization_id=house.organization_id,
        person_id=house.objects["person_id"][0],
    )  # fmt: skip
    house.session.add_all([comment, qualification])
    house.note("comment_id", comment.id)
    house.note("qualification_id", qualification.id)


def _of_the_operator(house: House) -> None:
    house.note("registration_id", house.registration_id)
    course = house.session.get_one(CourseRow, house.course_id)
    house.note("deployment_id", house.session.get_one(DeploymentRow, course.deployment_id).id)
    host = ServiceHostRow(
        id=new_id(), organization_id=house.organization_id, registration_id=house.registration_id,
        host=f"{house.mark.lower()}.example", state=HostState.WAITING, seen_at=house.now,
    )  # fmt: skip
    house.session.add(host)
    house.session.flush()
    house.note("host_id", host.id)
    house.note("secret", registration_addresses.hand_out(house.session, house.organization_id, uses=1, now=house.now))
    for who, capability in (
        ("ola", Capability.OPERATOR), ("lea", Capability.PROGRAM_LEAD), ("rea", Capability.REVIEWER),
        ("sage", Capability.SAFEGUARDING_LEAD), ("tess", Capability.AUDITOR),
    ):  # fmt: skip
        grant = GrantRow(
            id=new_id(), organization_id=house.organization_id, person_id=house.outside(who), capability=capability,
            granted_at=house.now,
        )  # fmt: skip
        house.session.add(grant)
        house.session.flush()
        house.note("organization_grant_id", grant.id)
    house.come_in("ada")


def _being_written(house: House) -> None:
    """What program leads look after: a draft with its criterion, step and review, a framework, an example, a file."""
    session, now, organization_id, mark = house.session, house.now, house.organization_id, house.mark
    lea, rea = house.outside("lea"), house.outside("rea")
    own = {"organization_id": organization_id}
    rubric = replace(
        a_rubric(), key=f"rubric-{mark.lower()}", title=f"Rubric {mark}", summary=f"Summary {mark}",
        translations=(Translation(language="es", title=f"Título {mark}"),),
    )  # fmt: skip
    document = to_document(rubric)
    version_id = house.objects["version_id"][0]
    row = RubricRow(id=new_id(), key=rubric.key, **own)
    session.add(row)
    session.flush()
    draft = DraftRow(
        id=new_id(), rubric_id=row.id, head={key: document[key] for key in document if key != "criteria"}, steps=1,
        created_by=lea, created_at=now, changed_by=lea, changed_at=now, review_asked_at=now, **own,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    for position, criterion in enumerate(document["criteria"]):
        session.add(
            DraftCriterionRow(
                id=new_id(), draft_id=draft.id, key=criterion["key"], position=position, document=criterion, **own
            )
        )
    session.add(
        DraftStepRow(
            id=new_id(), draft_id=draft.id, number=1, place="title", by=lea, at=now, **own,
            change={"what": "set", "before": f"Before {mark}", "after": f"Rubric {mark}"},
        )
    )  # fmt: skip
    session.add(
        ReviewRow(
            id=new_id(), draft_id=draft.id, reviewer_id=rea, digest="0" * 64, document=document, ready=False,
            words=f"Wish {mark}", reviewed_at=now, **own,
        )
    )  # fmt: skip
    competency = Competency(identifier=str(new_id()), code=f"C1{mark}", statement=f"Competency {mark}")
    framework = Framework(
        identifier=str(new_id()), key=f"framework-{mark.lower()}", title=f"Framework {mark}", language="en-US",
        competencies=(competency,),
    )  # fmt: skip
    framework_id = frameworks.save(session, organization_id, framework, bundled=False, now=now).framework_id
    example = ExampleRow(
        id=new_id(), rubric_version_id=version_id, document=example_document(an_example(title=f"Example {mark}")),
        revision=1, changed_by=lea, changed_at=now, **own,
    )  # fmt: skip
    file = FileRow(
        id=new_id(), person_id=lea, name=f"file-{mark}.csv", holds=FileHolds.RUBRICS, options={}, content=b"x",
        state=FileState.WAITING, done=0, brought_at=now, moved_at=now, **own,
    )  # fmt: skip
    of_the_first, blank = (
        PaperFormRow(
            id=new_id(), code=code_of(mark, number), rubric_version_id=version_id, printed_at=now,
            observation_id=observation_id, printed_by=house.visitor("jo").person_id, **own,
        )
        for number, observation_id in enumerate((house.objects["observation_id"][0], None))
    )  # fmt: skip
    session.add_all([example, file, of_the_first, blank])
    session.flush()
    # Rubrics belong to the organization: people of all its courses read what is published, so it has no mark.
    for edition in ("First", "Second"):
        out = replace(a_rubric(), key=f"published-{mark.lower()}", title=f"{edition} edition")
        house.note("version_id", author.publish_rubric(session, organization_id, out, now=now))
    published = session.get_one(RubricVersionRow, house.objects["version_id"][-1])
    house.note("rubric_id", published.rubric_id, row.id)
    house.note("draft_id", draft.id)
    house.note("framework_id", framework_id)
    house.note("competency_id", competency.identifier)
    house.note("example_id", example.id)
    house.note("file_id", file.id)
    house.note("code", of_the_first.code, blank.code)
    house.note("blank_code", blank.code)


def code_of(mark: str, number: int) -> str:
    """A code of a printed form that no other house has."""
    letters = "".join(letter for letter in mark if letter in LETTERS)
    return complete(f"{letters[:4]}{number}".ljust(LENGTH - 1, "2"))


def leo_goes(house: House) -> None:
    """The LMS's list does not have him any more."""
    row = house.session.scalars(
        select(MembershipRow).where(
            MembershipRow.course_id == house.course_id, MembershipRow.person_id == house.visitor("leo").person_id
        )
    ).one()
    row.ended_at = house.now
