"""Copied courses: what becomes of their activities is for an instructor of the new course to say."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.authoring import author
from lti_tool.services.courses import places
from lti_tool.services.linking import copy_choices, copy_decisions
from lti_tool.services.linking.copy_choices import VersionName, WaitingActivity
from lti_tool.services.linking.copy_decisions import Choice
from lti_tool.web import current
from lti_tool.web.access import NotForRole, signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.scores.column_words import called
from lti_tool.web.texts import comma, gettext, ngettext
from lti_tool.web.words import word

bp = Blueprint("copies", __name__)

FIELD = "choice-"


@dataclass(frozen=True, slots=True)
class ToDecide:
    """One activity on the page: its settings, and what can be chosen."""

    id: UUID
    title: str
    facts: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str, str], ...]
    chosen: str


@bp.get("/links/<uuid:link_id>/copied")
@signed_in
def copied_link(link_id: UUID) -> ResponseReturnValue:
    """A link that came along with a copied course: instructors decide, others read that it is not ready yet."""
    link = author.link_to_choose_for(current.db(), current.visitor(), link_id)
    if link.activity_id is not None:
        return redirect(url_for("landing.landing", activity_id=link.activity_id), 303)
    if not _is_instructor(link.course_id):
        return render_template("copies/not_ready.html", title=link.title)
    if copy_choices.waiting(current.db(), link.course_id):
        return redirect(url_for("copies.copied", course_id=link.course_id), 303)
    return redirect(url_for("deep_link.choose_for_link", link_id=link_id), 303)


@bp.route("/courses/<uuid:course_id>/copied", methods=["GET", "POST"])
@signed_in
@act
def copied(course_id: UUID) -> ResponseReturnValue:
    """The activities of the courses that this one was copied from, and what becomes of each."""
    _only_instructors(course_id)
    if request.method == "POST":
        copy_decisions.decide(current.db(), current.visitor(), course_id, _choices(), now=current.now())
        return redirect(url_for("copies.copied", course_id=course_id, said="copies_decided"), 303)
    waiting = copy_choices.waiting(current.db(), course_id)
    versions = copy_choices.versions(current.db(), [one.activity.rubric_version_id for one in waiting])
    return render_template(
        "copies/copied.html",
        course=copy_choices.course_name(current.db(), course_id),
        origins=copy_choices.origins(current.db(), course_id),
        waiting=[_to_decide(one, versions[one.activity.rubric_version_id]) for one in waiting],
        decided=copy_choices.decided(current.db(), course_id),
    )


@bp.post("/courses/<uuid:course_id>/copied/undo")
@signed_in
@act
def undo(course_id: UUID) -> ResponseReturnValue:
    """Decide about an activity anew."""
    _only_instructors(course_id)
    origin_id = uuid_of(request.form.get("origin", ""))
    copy_decisions.undo(current.db(), current.visitor(), course_id, origin_id, current.now())
    return redirect(url_for("copies.copied", course_id=course_id, said="copy_undone"), 303)


def _only_instructors(course_id: UUID) -> None:
    if not _is_instructor(course_id):
        raise NotForRole


def _is_instructor(course_id: UUID) -> bool:
    standing = places.standing_of(current.db(), current.visitor().person_id, course_id)
    return Capability.INSTRUCTOR in standing.capabilities


def _choices() -> dict[UUID, Choice]:
    """What the form says about each activity."""
    chosen = {name.removeprefix(FIELD): value for name, value in request.form.items() if name.startswith(FIELD)}
    try:
        return {uuid_of(name): Choice(value) for name, value in chosen.items()}
    except ValueError:
        abort(400)


def _to_decide(one: WaitingActivity, version: VersionName) -> ToDecide:
    activity = one.activity
    return ToDecide(
        id=activity.id,
        title=activity.title,
        facts=(
            (gettext("Rubric"), gettext("%(title)s, edition %(number)d", title=version.title, number=version.number)),
            (gettext("Observations that each trainee needs"), str(activity.required_observations)),
            (gettext("Who signs"), comma().join(word(lane) for lane in activity.lanes)),
            (gettext("What the gradebook column shows"), called(activity.column_shows)),
            (gettext("To answer before signing"), ngettext("%(num)d day", "%(num)d days", activity.response_days)),
        ),
        choices=_ways(version),
        chosen=Choice.COPY if one.came_along else Choice.LATER,
    )


def _ways(version: VersionName) -> tuple[tuple[str, str, str], ...]:
    hint = gettext("With the settings above. Links that came along lead to it, and their gradebook columns are used.")
    ways = [(Choice.COPY, gettext("Use a copy here"), hint)]
    if version.newer_number is not None:
        newer = gettext("Use a copy here with the newer rubric, edition %(number)d", number=version.newer_number)
        hint = gettext("The same settings otherwise. The course that this one was copied from keeps its edition.")
        ways.append((Choice.COPY_WITH_NEWER_RUBRIC, newer, hint))
    hint = gettext("Links that came along can be set up anew.")
    ways.append((Choice.LEAVE, gettext("Leave it behind"), hint))
    ways.append((Choice.LATER, gettext("Decide later"), gettext("It stays on this page.")))
    return tuple(ways)
