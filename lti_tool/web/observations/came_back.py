"""What came back to the instructors because it stood still, and asking somebody else."""

from itertools import groupby
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.asking import asking_another
from lti_tool.services.asking.possible_observers import PersonName
from lti_tool.services.caseload.assignments import Room, can_take_on, stand_ins
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.observations import came_back
from lti_tool.services.observations.came_back import CameBack, Why
from lti_tool.services.observations.lines import ObservationLine, line
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.caseload import assigned_words
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.paging import one_page
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import Tab, tabs
from lti_tool.web.texts import _N, comma, gettext
from lti_tool.web.transactions import give_up
from rubrics.observation import State
from rubrics.refusal import Refused

bp = Blueprint("came_back", __name__)

HEADINGS: dict[Why, str] = {
    Why.NO_OBSERVER: _N("Someone else is needed to observe"),
    Why.STOPPED: _N("Stopped, because someone else is needed"),
    Why.NO_ANSWER: _N("Asked, and no answer yet"),
    Why.TIME_PASSED: _N("The time passed: did it take place?"),
    Why.NOT_HANDED_IN: _N("Begun, and still being written down"),
    Why.NO_SIGNER: _N("Someone else is needed to sign"),
    Why.TALK: _N("The trainee would like to talk"),
    Why.MEETING: _N("A meeting is still to be held"),
    Why.SIGNED_BEFORE: _N("Signed before somebody stepped aside"),
}
MEANINGS: dict[Why, str] = {
    Why.NO_OBSERVER: _N("Nobody observes these now. You can ask somebody; the trainee agrees first."),
    Why.STOPPED: _N("Nothing of these counts. The trainee can ask anew, and you can assign somebody for it."),
    Why.NO_ANSWER: _N("You can remind them, or ask somebody else in their place; the trainee agrees first."),
    Why.TIME_PASSED: _N("Please talk with both. Either of them can say that it did not take place, or begin it."),
    Why.NOT_HANDED_IN: _N("It was begun two weeks ago. Please ask whoever observes what would help them to finish."),
    Why.NO_SIGNER: _N("Nobody can sign these in a lane that is open. You can let somebody sign on the page People."),
    Why.TALK: _N("It was asked for two weeks ago. Please bring the two together."),
    Why.MEETING: _N("It was opened two weeks ago. Please bring them together."),
    Why.SIGNED_BEFORE: _N(
        "They stay as they were signed. You may want to talk with the trainee about a new observation."
    ),
}


@bp.get("/a/<uuid:activity_id>/came-back")
@needs(Capability.INSTRUCTOR)
def all_of_it(place: Place) -> ResponseReturnValue:
    """Everything that stands still, by why."""
    paged = one_page(came_back.came_back(current.db(), place, current.now()))
    return render_template(
        "assignments/came_back.html",
        place=place,
        paged=paged,
        parts=[(why, list(items)) for why, items in groupby(paged.shown, key=_why)],
        headings=HEADINGS,
        meanings=MEANINGS,
        tabs=tabs(place),
        tab=Tab.ACTIVITY,
    )


@bp.route("/a/<uuid:activity_id>/came-back/<uuid:observation_id>", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def ask_another(place: Place, observation_id: UUID) -> ResponseReturnValue:
    """Ask somebody else to observe: those who stand in first."""
    seen = line(current.db(), current.visitor().organization_id, observation_id)
    if seen.activity_id != place.activity.id or seen.state is State.WITHDRAWN:
        raise NotHere
    instead_of = uuid_if_any(request.values.get("instead_of"))
    if request.method == "GET":
        return _ask_page(place, seen, instead_of)
    chosen = uuid_if_any(request.form.get("person"))
    if chosen is None:
        return _ask_page(place, seen, instead_of, gettext("Please choose whom to ask.")), 422
    try:
        asking_another.ask_another(
            current.db(), current.visitor(), place, observation_id, instead_of=instead_of, person_id=chosen,
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        give_up()
        return _ask_page(place, seen, instead_of, in_words(refused)), 422
    return redirect(_back(place, "asked_another"), 303)


@bp.post("/a/<uuid:activity_id>/came-back/<uuid:observation_id>/remind")
@needs(Capability.INSTRUCTOR)
@act
def remind(place: Place, observation_id: UUID) -> ResponseReturnValue:
    """Have those reminded who were asked and did not answer."""
    asking_another.remind(current.db(), current.visitor(), place, observation_id, current.now())
    return redirect(_back(place, "reminded"), 303)


def _ask_page(place: Place, seen: ObservationLine, instead_of: UUID | None, problem: str | None = None) -> str:
    today = current.now().date()
    room = can_take_on(current.db(), place.course.id, today)
    asked = instead_of or seen.observer_id
    instead = {one.person_id for one in stand_ins(current.db(), place.course.id, seen.trainee_id, asked, today)}
    people = asking_another.who_can_be_asked(current.db(), place, seen)
    ordered = sorted(people, key=lambda person: (person.id not in instead, not person.assigned, person.name.casefold()))
    return render_template(
        "assignments/ask_another.html",
        place=place,
        line=seen,
        page_course_id=seen.course_id,
        instead_of=next((one for one in seen.taking_part if one.person_id == instead_of), None),
        people=[
            (str(person.id), person.name, _about(person, person.id in instead, room.get(person.id)))
            for person in ordered
        ],
        chosen=request.form.get("person"),
        problem=problem,
        tabs=tabs(place),
        tab=Tab.ACTIVITY,
    )


def _about(person: PersonName, instead: bool, room: Room | None) -> str | None:
    """What to know of somebody before asking them."""
    assigned = gettext("back-up") if instead else gettext("assigned") if person.assigned else ""
    return comma().join(filter(None, (assigned, assigned_words.room_words(room)))) or None


def _why(one: CameBack) -> Why:
    return one.why


def _back(place: Place, said: str) -> str:
    return url_for("came_back.all_of_it", activity_id=place.activity.id, said=said)
