"""First steps on the first page of each kind of person: in words, to be left and taken up again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.entering import first_steps
from lti_tool.services.entering.first_steps import FirstSteps, Name, Step
from lti_tool.store.first_steps import Part
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.editions.scope_part import own_path
from lti_tool.web.texts import _N, gettext

bp = Blueprint("first_steps", __name__)

BEFORE: dict[Part, str] = {
    Part.TRAINEE: _N(
        "In any order, and when it suits you. Nothing is observed unless you say yes, and nothing is signed before you "
        "had time to answer. What was written is read by you, by who observed and by those who sign; your instructors "
        "see how far it is."
    ),
    Part.OBSERVER: _N(
        "In any order. Whom you know too well to be fair you need not observe: you can step aside, and nobody asks for "
        "a reason."
    ),
    Part.INSTRUCTOR: _N("In any order. A step is marked as done once it shows in this course."),
    Part.PROGRAM_LEAD: _N("In any order. A step is marked as done once it shows in your organization."),
}
WORDS: dict[Name, tuple[str, str]] = {
    Name.SCOPE: (
        _N("Read what belongs to the role and what does not, and note that you work by it."),
        _N("Read what belongs to the role"),
    ),
    Name.CONTACT: (
        _N("Say where mail may reach you, and at which hours. No mail at all is an answer, too."),
        _N("Choose how mail reaches you"),
    ),
    Name.ASK: (
        _N("Choose somebody to watch you at your practice, once you feel like it. They can say no, and so can you."),
        _N("Choose who watches"),
    ),
    Name.READ: (
        _N("Read what was seen, and add your own words if you like. Whoever signs reads them first."),
        _N("Read what was seen"),
    ),
    Name.WRITE_DOWN: (
        _N("Write down a first hour of practice or a first training, where your program counts them."),
        _N("Write down a first entry"),
    ),
    Name.HAND_ON: (
        _N("Hand an entry to whoever can sign it. Until you do, only you see it."),
        _N("Choose an entry to hand on"),
    ),
    Name.SAY_YES_OR_NO: (
        _N("Say yes or no when a trainee asks for you. It appears on this page."),
        _N("See who asks"),
    ),
    Name.OBSERVE: (
        _N("Watch once, and write down what you saw: a strength first. It can wait until after the session."),
        _N("See what is looked at"),
    ),
    Name.SIGN: (
        _N("Sign what a trainee has read and answered. It appears on this page when it is ready."),
        _N("See what you signed so far"),
    ),
    Name.TRAINEES: (
        _N("Have Attune read who is in the course. Trainees also appear when they open the activity."),
        _N("See who is in the course"),
    ),
    Name.WHO_OBSERVES: (
        _N("Say who watches, and who signs in each lane that this activity asks for."),
        _N("Choose them by name"),
    ),
    Name.FIRST_OBSERVATION: (
        _N("Show trainees what is looked at. They ask for an observation themselves, or you suggest one to them."),
        _N("See what is looked at"),
    ),
    Name.FIRST_SCORE: (
        _N("See the first score arrive in the LMS. It is sent after the last signature."),
        _N("See what the LMS shows"),
    ),
    Name.SUPPORT: (
        _N("List whom people can turn to after a hard day. It stands at the foot of every page."),
        _N("List somebody"),
    ),
    Name.SAMPLE: (
        _N("See what a running program looks like. Everybody in it is made up, and you can take it away again."),
        _N("Look at a sample program"),
    ),
    Name.PROGRAM: (
        _N("Take a program into use: one that comes with Attune, or one of your own."),
        _N("See those that come with Attune"),
    ),
    Name.PUBLISH_SCOPE: (
        _N("Publish what belongs to the role and what does not, so that everybody works by the same words."),
        _N("Write what belongs to the role"),
    ),
    Name.ENROLL: (
        _N("Enroll the first person, or let people begin by themselves."),
        _N("Choose who begins"),
    ),
}
"""A sentence, and what its link is called."""
OF_ONE_THING: dict[Name, tuple[str, str]] = {
    Name.READ: ("observations.read", "observation_id"),
    Name.SAY_YES_OR_NO: ("observations.read", "observation_id"),
    Name.ENROLL: ("programs.program", "program_id"),
}
"""Pages that need something which may not be there yet, and what names it in their address."""
OF_THE_ACTIVITY: dict[Name, str] = {
    Name.ASK: "observations.ask",
    Name.OBSERVE: "landing.rubric",
    Name.FIRST_OBSERVATION: "landing.rubric",
    Name.TRAINEES: "people.people",
    Name.WHO_OBSERVES: "people.people",
    Name.FIRST_SCORE: "gradebook.gradebook",
}
OF_ITSELF: dict[Name, str] = {
    Name.CONTACT: "contact.page",
    Name.WRITE_DOWN: "ledger_writing.new",
    Name.HAND_ON: "ledger.entries",
    Name.SIGN: "signatures.signatures",
    Name.SUPPORT: "support_directory.edit",
    Name.PUBLISH_SCOPE: "scope.editions",
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step as it is shown; `address` None: there is no place for it yet."""

    text: str
    label: str
    address: str | None
    done: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The whole panel."""

    part: Part
    before: str
    steps: tuple[StepWords, ...]


def panel(found: FirstSteps | None) -> Panel | None:
    """In the reader's language; None where nothing is to be shown."""
    if found is None:
        return None
    steps = tuple(_words(step, found.activity_id) for step in found.steps)
    return Panel(found.part, gettext(BEFORE[found.part]), steps)


@bp.post("/first-steps/leave")
@signed_in
@act
def leave() -> ResponseReturnValue:
    """Show the visitor's first steps of one part no more; then back to where they were."""
    try:
        part = Part(request.form.get("part", ""))
    except ValueError:
        abort(400)
    first_steps.leave(current.db(), current.visitor(), part, current.now())
    back = own_path(request.form.get("back")) or url_for("health.support")
    return redirect(f"{back}{'&' if '?' in back else '?'}said=steps_left", 303)


@bp.post("/first-steps/take-up")
@signed_in
@act
def take_up() -> ResponseReturnValue:
    """Show them again on the pages on which they stood."""
    first_steps.take_up(current.db(), current.visitor())
    return redirect(url_for("health.support", said="steps_taken_up"), 303)


def _words(step: Step, activity_id: UUID | None) -> StepWords:
    text, label = WORDS[step.name]
    address = None if step.done else _address(step, activity_id)
    return StepWords(gettext(text), gettext(label), address, step.done)


def _address(step: Step, activity_id: UUID | None) -> str | None:
    """Where a step is done; None where there is no place for it yet."""
    if step.name in OF_ONE_THING:
        endpoint, of = OF_ONE_THING[step.name]
        named: dict[str, Any] = {of: step.about}
        return url_for(endpoint, **named) if step.about else None
    if step.name in OF_THE_ACTIVITY:
        return url_for(OF_THE_ACTIVITY[step.name], activity_id=activity_id) if activity_id else None
    if step.name is Name.SCOPE:
        return url_for("scope.read", back=request.path)
    if step.name is Name.SAMPLE:
        return url_for("programs.everything", _anchor="sample")
    if step.name is Name.PROGRAM:
        return url_for("programs.everything", _anchor="shipped")
    return url_for(OF_ITSELF[step.name])
