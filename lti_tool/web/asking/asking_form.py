"""The forms for asking for an observation, for proposing one, and for consenting: what they hold, what they need."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from flask import abort, request

from lti_tool.services.asking.possible_observers import PersonName
from lti_tool.services.caseload.assignments import Room, can_take_on
from lti_tool.services.courses.places import Place
from lti_tool.services.practicum import placements
from lti_tool.services.practicum.placements import Placement
from lti_tool.web import current
from lti_tool.web.caseload.assigned_words import away_words
from lti_tool.web.form_values import uuid_if_any, uuid_of
from lti_tool.web.moment_fields import TypedTime, typed_time
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, comma, semicolon
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.consent import Audience
from rubrics.observation import Mode
from rubrics.refusal import Refused

LONGEST_NOTE = 2_000
HOW = {
    Mode.LIVE: _N("The observer is with you while you support someone."),
    Mode.REMOTE: _N("The observer joins by phone or video while you support someone."),
    Mode.RECORDED: _N("A recording is made and watched later."),
    Mode.ROLE_PLAY: _N("You show it with someone who plays a part. Nobody is being supported."),
    Mode.CASE_DISCUSSION: _N("You talk through something that you did. Nobody else is present."),
}


class Chosen(TypedDict):
    """What the template marks as chosen."""

    observers: list[str]
    mode: str | None
    recorded: str | None
    mentors: bool
    note: str
    placement: str | None


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds; None where nothing was chosen yet."""

    observers: tuple[UUID, ...] = ()
    mode: Mode | None = None
    recorded: bool | None = None
    audience: frozenset[Audience] = frozenset()
    note: str = ""
    time: TypedTime = field(default_factory=TypedTime)
    problems: dict[str, str] = field(default_factory=dict)
    placement_id: UUID | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is needed any more."""
        return not self.problems and self.mode is not None and self.recorded is not None

    @property
    def chosen(self) -> Chosen:
        """For the template."""
        return {
            "observers": [str(observer_id) for observer_id in self.observers],
            "mode": self.mode.value if self.mode else None,
            "recorded": {True: "yes", False: "no", None: None}[self.recorded],
            "mentors": Audience.MENTORS in self.audience,
            "note": self.note,
            "placement": str(self.placement_id) if self.placement_id else None,
        }


def typed_request(wanted: int, now: datetime) -> Typed:
    """The form for asking, and for proposing: who, how, and perhaps when and where."""
    typed = typed_consent()
    observers = tuple(dict.fromkeys(uuid_of(text) for text in _observers()))
    note = request.form.get("note", "").strip()
    placement_id = uuid_if_any(request.form.get("placement"))
    time = typed_time(request.form, now, needed=False)
    problems = typed.problems | time.problems
    if not observers and wanted == 1:
        problems["observer"] = _("Please choose whom you would like to ask.")
    elif len(observers) != wanted:
        problems["observer"] = _("Please choose %(number)s people: each of them watches for themselves.", number=wanted)
    if len(note) > LONGEST_NOTE:
        problems["note"] = _("Please shorten the note to %(limit)s characters.", limit=LONGEST_NOTE)
    return Typed(observers, typed.mode, typed.recorded, typed.audience, note, time, problems, placement_id)


def typed_consent() -> Typed:
    """How it may be seen, and who else may read it."""
    mode = _mode(request.form.get("mode", ""))
    recorded = {"yes": True, "no": False}.get(request.form.get("recorded", ""))
    audience = frozenset({Audience.MENTORS}) if request.form.get("mentors") == "yes" else frozenset[Audience]()
    problems = {}
    if mode is None:
        problems["mode"] = _("Please choose how it will be seen.")
    if recorded is None:
        problems["recorded"] = _("Please choose yes or no. Nothing is recorded unless you say yes.")
    elif mode is Mode.RECORDED and not recorded:
        problems["recorded"] = _(
            "To be watched later it has to be recorded. Please say yes here, or choose another way."
        )
    return Typed(mode=mode, recorded=recorded, audience=audience, problems=problems)


def choices(people: Sequence[PersonName], course_id: UUID) -> list[tuple[str, str, str | None]]:
    """For radios or checkboxes; those who were chosen for the trainee say so, and those who are away."""
    room = can_take_on(current.db(), course_id, current.now().date())
    return [(str(one.id), one.name, _about(one, room.get(one.id))) for one in people]


def modes(*, to_trainee: bool = True) -> list[tuple[str, str, str | None]]:
    """The ways in which it can be seen; what each means is said to the trainee."""
    return [(mode.value, word(mode).capitalize(), _(hint) if to_trainee else None) for mode, hint in HOW.items()]


def sites_of(place: Place, trainee_id: UUID) -> list[tuple[str, str, str | None]]:
    """Where the trainee practices, for radios: each with its kind of practice. Empty where they are not placed."""
    found = placements.of_trainees(current.db(), place, [trainee_id], current.now().date())[trainee_id]
    told = [(str(one.id), one.site_name, comma().join(_kinds(one)) or None) for one in found]
    return [*told, ("", _("Somewhere else, or not said"), None)] if told else []


def problem_of(refused: Refused) -> dict[str, str]:
    """At which field of the form a refusal is said."""
    places = {"double_booked": "day", "not_placed": "placement", "site_scope": "placement", "scope_first": "scope",
              "newer_edition": "scope"}  # fmt: skip
    return {places.get(refused.code, "observer"): in_words(refused)}


def _kinds(one: Placement) -> list[str]:
    return [word(kind) for kind in (one.model, one.setting) if kind is not None]


def _observers() -> list[str]:
    """One radio (`observer`), or several checkboxes (`observers`)."""
    return [text for text in (*request.form.getlist("observer"), *request.form.getlist("observers")) if text]


def _about(person: PersonName, room: Room | None) -> str | None:
    lanes = comma().join(word(lane) for lane in sorted(person.lanes))
    said = [_("assigned by an instructor")] if person.assigned else []
    said += [_("also signs: %(lanes)s", lanes=lanes)] if lanes else []
    said += [away_words(room)] if room and room.away_from else []
    return semicolon().join(said) or None


def _mode(text: str) -> Mode | None:
    try:
        return Mode(text) if text else None
    except ValueError:
        abort(400)
