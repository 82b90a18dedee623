"""Who of a program needs a person of the program this week: three groups, each person with the one thing to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from lti_tool.access import Capability, Field
from lti_tool.services.cohorts import cohort_week
from lti_tool.services.cohorts.cohort_matrix import Line
from lti_tool.services.cohorts.cohort_week import Group
from lti_tool.services.personal_data import record_access
from lti_tool.services.programs import program_lists
from lti_tool.services.standing import kept_standings
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, writes
from lti_tool.web.cohorts.cohort_words import date_said
from lti_tool.web.moments import day
from lti_tool.web.texts import _N, gettext

bp = Blueprint("cohort_week", __name__)

HEADINGS: Mapping[Group, str] = {
    Group.WAITS: _N("Waits for you"),
    Group.DATE: _N("A date comes within seven days"),
    Group.QUIET: _N("Nothing new for thirty days"),
}
ABOUT: Mapping[Group, str] = {
    Group.WAITS: _N("A person of the program can do something next."),
    Group.DATE: _N("It may help to hear of it in time."),
    Group.QUIET: _N("A friendly word may be welcome. Whoever has paused is not here: they are left in peace."),
}
NOTHING: Mapping[Group, str] = {
    Group.WAITS: _N("Nobody waits for you."),
    Group.DATE: _N("No date comes within seven days."),
    Group.QUIET: _N("Of everybody there is something new."),
}
ON_A_DATE: Mapping[Name, str] = {
    Name.DECISION_DUE: _N("Look at it and decide"),
    Name.APPEAL_ANSWER_DUE: _N("Look at the appeal"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One person: why they are here, and the one thing to do."""

    line: Line
    path: str
    """Where all of them stands."""
    why: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class GroupWords:
    """One group."""

    key: str
    heading: str
    about: str
    nothing: str
    rows: tuple[Row, ...]
    more: int


@bp.get("/programs/<uuid:program_id>/cohort/week")
@needs_in_organization(Capability.PROGRAM_LEAD)
@writes
def of_program(program_id: UUID) -> ResponseReturnValue:
    """Three groups; whoever is in one is not in the next."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    program = program_lists.program(session, visitor.organization_id, program_id)
    kept_standings.work_out(session, program_id, now)
    found = cohort_week.week(session, program, now)
    record_access.log_reading_of_several(
        session,
        visitor,
        trainees=[line.person_id for named in found.values() for line in named.lines],
        fields=[Field.STANDING],
        now=now,
    )
    groups = [
        GroupWords(
            key=group.value,
            heading=gettext(HEADINGS[group]),
            about=gettext(ABOUT[group]),
            nothing=gettext(NOTHING[group]),
            rows=tuple(_row(group, line) for line in named.lines),
            more=named.count - len(named.lines),
        )
        for group, named in found.items()
    ]
    return render_template("cohort/week.html", program=program, groups=groups)


def _row(group: Group, line: Line) -> Row:
    path = f"/people-of/{line.enrollment_id}"
    match group:
        case Group.WAITS if line.status is Status.READY_FOR_DECISION:
            why, label = gettext("Everything that is asked is there."), gettext("Look at it and decide")
            return Row(line, path, why, label, f"{path}/decide")
        case Group.WAITS:
            why, label = gettext("Something is to be noted or answered."), gettext("Look at what is open")
            return Row(line, path, why, label, path)
        case Group.DATE:
            label = gettext(ON_A_DATE.get(line.due, _N("Look at it with them"))) if line.due else ""
            return Row(line, path, date_said(line), label, path)
        case Group.QUIET:
            since = line.new_on or line.entered_on
            why = gettext("nothing new since %(day)s", day=day(since))
            return Row(line, path, why, gettext("Ask how they are"), path)
