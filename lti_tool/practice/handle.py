"""A running practice LMS, as a test holds it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from lti_tool.practice import courses, enrollment
from lti_tool.practice.calls import Call, Delivery, Mischief
from lti_tool.practice.launches import Offer
from lti_tool.practice.people import Person, Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Activity, Course, LineItem, Score, Tool
from lti_tool.practice.score_log import Accepted
from lti_tool.practice.set_up import register_tool
from lti_tool.practice.storms import Forecast, Storm
from lti_tool.practice.visitor import LmsVisitor


class PracticeLms:
    """A running practice LMS, as a test holds it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.base_url = platform.base_url
        """The institution. Also the issuer, unless the profile has that apart."""
        self.issuer = platform.issuer
        self.auth_url = platform.authority.auth_url

    def start_over(self) -> None:
        """Forget everything but the keys: quicker than another LMS."""
        self.platform.start_over()

    # Tools

    def register_tool(self, address: str, *, announce_deployment: bool = True, offer: Offer | None = None) -> Tool:
        """Register the tool whose registration page is at `address`. Raises `NotRegistered`.

        `offer` says what the administrator takes away, or which registration is renewed.
        """
        return register_tool(self.platform, address, announce_deployment=announce_deployment, offer=offer)

    def add_tool(self, tool: Tool) -> Tool:
        """Register a tool by hand; its client id and deployment id are given here."""
        return self.platform.add_tool(tool)

    def tools(self) -> tuple[Tool, ...]:
        """All registrations, oldest first."""
        return tuple(self.platform.state.tools.values())

    def add_deployment(self, tool: Tool | None = None) -> str:
        """Put a tool (the newest, if not said) into use in one more place; the tool is not told."""
        found = self.platform.state.tools[(tool or self.tools()[-1]).client_id]
        added = self.platform.new_deployment_id()
        self.platform.change_tool(replace(found, more_deployments=(*found.more_deployments, added)))
        return added

    def install(self, tool: Tool) -> Tool:
        """Take over a registration of another institution of the same issuer, with a deployment of its own here."""
        return self.platform.add_tool(replace(tool, more_deployments=()))

    def set_privacy(self, level: str, tool: Tool | None = None) -> None:
        """Say how much of a person a tool learns: public, name_only, email_only or anonymous."""
        found = self.platform.state.tools[(tool or self.tools()[-1]).client_id]
        self.platform.change_tool(replace(found, privacy=level))

    # People

    def visitor(self) -> LmsVisitor:
        """A new browser without JavaScript and without cookies."""
        return LmsVisitor(self.base_url, self.platform.authority.neighbors)

    def person(self, who: str) -> Person:
        """A person by id, key or full name. Raises LookupError."""
        found = enrollment.find_person(self.platform.state, who)
        if found is None:
            raise LookupError(f"nobody is called {who!r}")
        return found

    def user_id(self, who: str) -> str:
        """The id by which tools know a person (`sub`, `userId`). Raises LookupError."""
        return self.platform.user_id(self.person(who))

    def add_person(self, key: str, name: str, *roles: str, nameless: bool = False) -> Person:
        """Open an account for somebody who is in every course; roles are those of `Role`."""
        return enrollment.add_person(self.platform, key, name, tuple(map(Role, roles)), nameless=nameless)

    def enroll_many(self, number: int) -> None:
        """Let there be so many more trainees ("crowd-0", "crowd-1", ...)."""
        enrollment.enroll_many(self.platform, number)

    def change_roles(self, who: str, *roles: str, course: str | None = None) -> None:
        """Give a person these roles, in one course or everywhere."""
        person, kinds = self.person(who), tuple(map(Role, roles))
        if course is None:
            enrollment.change_person(self.platform, replace(person, role=kinds[0], also=kinds[1:]))
        for one in [course] if course else self.platform.state.courses:
            enrollment.set_membership(self.platform, person, one, roles=kinds)

    def remove_member(self, who: str, *, course: str = "2", status: str = enrollment.DELETED) -> None:
        """Take a person out of a course; Inactive is a pause."""
        enrollment.set_membership(self.platform, self.person(who), course, status=status)

    def take_back_member(self, who: str, *, course: str = "2") -> None:
        """Let a person into a course again."""
        enrollment.set_membership(self.platform, self.person(who), course)

    # Courses

    def courses(self) -> tuple[Course, ...]:
        """All courses, oldest first; the first one has the id "2"."""
        return tuple(self.platform.state.courses.values())

    def add_course(self, title: str) -> Course:
        """One more course, with everybody in it."""
        return courses.add_course(self.platform, title)

    def change_course(self, course: str = "2", *, state: str) -> None:
        """Make a course available, unpublished or concluded."""
        courses.change_course(self.platform, replace(self.platform.state.courses[course], state=state))

    def context_id(self, course: str = "2") -> str:
        """The id by which tools know a course."""
        return self.platform.profile.ids.course(self.platform, self.platform.state.courses[course])

    def link_id(self, activity: Activity) -> str:
        """The id by which tools know a link."""
        return self.platform.profile.ids.link(self.platform, activity)

    def activities(self, course: str | None = None) -> tuple[Activity, ...]:
        """All activities, or those of a course, oldest first."""
        return tuple(one for one in self.platform.state.activities.values() if course in (None, one.course_id))

    def add_activity(
        self,
        title: str,
        *,
        custom: Mapping[str, str] | None = None,
        maximum: float | None = None,
        course: str = "2",
        url: str = "",
    ) -> Activity:
        """A link to the newest tool that nobody chose in it, with a column if a maximum is given."""
        tool = self.tools()[-1]
        column = None if maximum is None else LineItem("", tool.client_id, "", title, maximum)
        return courses.add_activity(self.platform, tool, title, custom=custom, column=column, course_id=course, url=url)

    def remove_activity(self, activity: Activity) -> None:
        """Take a link out of its course, with its columns and their scores."""
        courses.remove_activity(self.platform, activity)

    def copy_course(self, course: str = "2", *, title: str = "Copy") -> Course:
        """Copy a course with its links: new ids, the same addresses and custom words, and no scores."""
        return courses.copy_course(self.platform, self.platform.state.courses[course], title)

    def duplicate_activity(self, activity: Activity) -> Activity:
        """Copy one link within its course."""
        keep = self.platform.profile.copies_keep_tags
        return courses.duplicate_activity(self.platform, activity, activity.course_id, keep_tags=keep)

    # Gradebook

    def line_items(self) -> tuple[LineItem, ...]:
        """All columns, oldest first."""
        return tuple(self.platform.state.line_items.values())

    def change_line_item(self, item: LineItem, **changes: object) -> None:
        """Edit a column in the LMS: label, maximum, published, closed."""
        changed: LineItem = replace(item, **changes)  # type: ignore[arg-type] # the names are LineItem's own
        courses.change_line_item(self.platform, changed)

    def scores(self) -> tuple[Score, ...]:
        """What stands for each person in each column."""
        return tuple(self.platform.state.scores.values())

    def score(self, person: str, line_item_id: str | None = None) -> Score | None:
        """What stands for a person in a column (in the newest one, if not said)."""
        found, items = enrollment.find_person(self.platform.state, person), self.line_items()
        if found is None or not items:
            return None
        return self.platform.state.scores.get((line_item_id or items[-1].id, found.id))

    def teacher_grades(
        self, person: str, given: float | None, *, line_item_id: str | None = None, comment: str = ""
    ) -> None:
        """A teacher writes points into the gradebook (into the newest column, if not said); None empties the cell."""
        item = self.platform.state.line_items[line_item_id or self.line_items()[-1].id]
        courses.grade_by_hand(self.platform, item, self.person(person), given, comment)

    # Calls and mischief

    def calls(self, place: str | None = None) -> tuple[Call, ...]:
        """What tools asked of the services, oldest first."""
        return self.platform.calls.all(place)

    def deliveries(self) -> tuple[Delivery, ...]:
        """The notices that were sent to tools, oldest first."""
        return tuple(self.platform.deliveries)

    def forget_calls(self) -> None:
        """Begin an empty call log."""
        self.platform.calls.clear()

    def misbehave(self, place: str, kind: str, *, times: int = 1, value: float = 0.0) -> None:
        """Spoil the next calls of a place; see `Mischief`. Raises ValueError."""
        self.platform.misbehavior.wish(Mischief(place, kind, times, value))

    def behave(self) -> None:
        """Forget all mischief that was asked for."""
        self.platform.misbehavior.clear()

    def storm(self, forecast: Forecast) -> None:
        """Let a storm blow until `calm`. Raises ValueError."""
        self.platform.storm = Storm(forecast)

    def calm(self) -> Mapping[str, int]:
        """End the storm; the answer says how often each kind befell each place ("scores 503")."""
        storm, self.platform.storm = self.platform.storm, None
        return dict(storm.counts) if storm else {}

    def move_clock(self, seconds: float) -> None:
        """Let the LMS's clock be so far ahead of the true time (below 0: behind)."""
        self.platform.clock.offset = timedelta(seconds=seconds)

    def accepted(self, person: str, line_item_id: str | None = None) -> tuple[Accepted, ...]:
        """Every score that was kept for a person in a column (the newest, if not said), oldest first."""
        key = (line_item_id or self.line_items()[-1].id, self.person(person).id)
        return self.platform.accepted.all().get(key, ())

    def rotate_key(self) -> None:
        """Sign with a new key from now on; the former one stays in the key set."""
        self.platform.rotate_key()

    def forget_tokens(self) -> None:
        """Make every access token unknown."""
        self.platform.tokens.clear()
