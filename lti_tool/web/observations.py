"""One observation: asking for it, reading it, taking it back, declining it."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services import ask as asking
from lti_tool.services import ending, possible_observers, record_access
from lti_tool.services.places import NotHere, Place
from lti_tool.services.read import read as read_record
from lti_tool.web import current
from lti_tool.web.access import needs, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.record_page import record_page
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.observation import Mode
from rubrics.refusal import Refused

bp = Blueprint("observations", __name__)

LONGEST_NOTE = 2_000
HOW = {
    Mode.LIVE: _N("The observer is with you while you support someone."),
    Mode.REMOTE: _N("The observer joins by phone or video while you support someone."),
    Mode.RECORDED: _N("A recording is made and watched later."),
    Mode.ROLE_PLAY: _N("You show it with someone who plays a part. Nobody is being supported."),
    Mode.CASE_DISCUSSION: _N("You talk through something that you did. Nobody else is present."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form for asking holds; None where nothing was chosen yet."""

    observer_id: UUID | None = None
    mode: Mode | None = None
    recorded: bool | None = None
    note: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@bp.route("/a/<uuid:activity_id>/ask", methods=["GET", "POST"])
@needs(Capability.TRAINEE)
@act
def ask(place: Place) -> ResponseReturnValue:
    """Ask someone to observe, and agree to it with the same act."""
    if request.method == "GET":
        return _ask_page(place, Typed())
    typed = _typed()
    if typed.problems or typed.observer_id is None or typed.mode is None or typed.recorded is None:
        return _ask_page(place, typed), 422
    try:
        observation_id = asking.request(
            current.db(),
            current.visitor(),
            place,
            observer_id=typed.observer_id,
            mode=typed.mode,
            recorded=typed.recorded,
            note=typed.note or None,
            now=current.now(),
        )
    except Refused as refused:
        typed.problems["observer"] = in_words(refused)
        return _ask_page(place, typed), 422
    return redirect(url_for("observations.read", observation_id=observation_id, said="asked"), 303)


def _ask_page(place: Place, typed: Typed) -> str:
    return render_template(
        "observations/ask.html",
        place=place,
        observers=[
            (str(person.id), person.name, _signs(person))
            for person in possible_observers.possible_observers(
                current.db(), current.visitor().person_id, place.course.id
            )
        ],
        modes=[(mode.value, word(mode).capitalize(), _(hint)) for mode, hint in HOW.items()],
        chosen={
            "observer": str(typed.observer_id),
            "mode": typed.mode.value if typed.mode else None,
            "recorded": {True: "yes", False: "no", None: None}[typed.recorded],
            "note": typed.note,
        },
        wanting=typed.problems,
        readers=record_access.who_will_see(current.db(), current.visitor(), place),
    )


def _signs(person: possible_observers.PersonName) -> str | None:
    lanes = ", ".join(word(lane) for lane in sorted(person.lanes))
    return _("also signs: %(lanes)s", lanes=lanes) if lanes else None


def _typed() -> Typed:
    given = request.form
    problems = {}
    observer_id, mode = _uuid(given.get("observer", "")), _mode(given.get("mode", ""))
    recorded = {"yes": True, "no": False}.get(given.get("recorded", ""))
    note = given.get("note", "").strip()
    if observer_id is None:
        problems["observer"] = _("Please choose whom you would like to ask.")
    if mode is None:
        problems["mode"] = _("Please choose how it will be seen.")
    if recorded is None:
        problems["recorded"] = _("Please choose yes or no. Nothing is recorded unless you say yes.")
    elif mode is Mode.RECORDED and not recorded:
        problems["recorded"] = _(
            "To be watched later it has to be recorded. Please say yes here, or choose another way."
        )
    if len(note) > LONGEST_NOTE:
        problems["note"] = _("Please shorten the note to %(limit)s characters.", limit=LONGEST_NOTE)
    return Typed(observer_id, mode, recorded, note, problems)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        abort(400)


def _mode(text: str) -> Mode | None:
    try:
        return Mode(text) if text else None
    except ValueError:
        abort(400)


@bp.get("/o/<uuid:observation_id>")
@signed_in
@writes
def read(observation_id: UUID) -> ResponseReturnValue:
    """The observation, as far as this reader may see it."""
    record = read_record(current.db(), current.visitor(), observation_id, current.now())
    return render_template("observations/read.html", **record_page(record))


@bp.route("/o/<uuid:observation_id>/withdraw", methods=["GET", "POST"])
@signed_in
@writes
@act
def withdraw(observation_id: UUID) -> ResponseReturnValue:
    """Take an observation back: asked once, no reason."""
    if request.method == "POST":
        asking.withdraw(current.db(), current.visitor(), observation_id, current.now())
        return redirect(url_for("observations.read", observation_id=observation_id, said="withdrawn"), 303)
    page = record_page(read_record(current.db(), current.visitor(), observation_id, current.now()))
    if not page["is_trainee"]:
        raise NotHere
    if not page["may_withdraw"]:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    return render_template("observations/withdraw.html", **page)


@bp.route("/o/<uuid:observation_id>/decline", methods=["GET", "POST"])
@signed_in
@writes
@act
def decline(observation_id: UUID) -> ResponseReturnValue:
    """Say no to observing: asked once, no reason."""
    if request.method == "POST":
        ending.decline(current.db(), current.visitor(), observation_id, current.now())
        return redirect(url_for("observations.read", observation_id=observation_id, said="declined"), 303)
    page = record_page(read_record(current.db(), current.visitor(), observation_id, current.now()))
    if not page["is_observer"]:
        raise NotHere
    return render_template("observations/decline.html", **page)
