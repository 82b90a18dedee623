"""How an activity is held: what can be changed later, and what that changes for whom, said before it is saved."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.courses import activity_settings
from lti_tool.services.courses.activity_settings import LIMITS, SettingChange, Settings, settings_of
from lti_tool.services.courses.places import Place
from lti_tool.services.qualifications.qualified import LONGEST_KIND
from lti_tool.web import current, transactions
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import number_typed
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import Tab, tabs
from lti_tool.web.texts import _N, comma, ngettext
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.refusal import Refused
from rubrics.sign_off import WAYS_IN, Assurance

bp = Blueprint("activity_settings", __name__)

NAMES = {
    "observers": _N("People who watch one observation"),
    "threshold": _N("How many levels apart they may be without meeting"),
    "request_days": _N("Days until an unanswered request comes back"),
    "response_days": _N("Days that trainees have to add their own words"),
    "required_observations": _N("Observations that each trainee needs"),
    "least_assurance": _N("How sure it has to be who signs"),
    "code_asked": _N("Signing asks for a code that is mailed"),
    "qualifications": _N("What whoever signs has to be qualified in"),
    "supervision_days": _N("Days until a trainee who would like supervision has an answer"),
    "needs_agreement": _N("Whoever signs has a supervision agreement with the trainee"),
}
FOR_WHOM = {
    "observers": _N("For observations that are asked for from now on. What is under way keeps its observers."),
    "threshold": _N("Where the last observer hands in from now on. Meetings that are open stay open."),
    "request_days": _N("For requests that wait, and for those to come."),
    "response_days": _N("For what is shared from now on. A day that a trainee was told stays."),
    "required_observations": _N(
        "For every trainee of this activity, at once. What is finished stays finished; where the gradebook shows "
        "progress, it is worked out anew."
    ),
    "least_assurance": _N("For signatures that are given from now on. What was signed stays signed."),
    "code_asked": _N(
        "For signatures that are given from now on, also under hours and trainings of this course. What was signed "
        "stays signed. Nobody signs on the trainee's device meanwhile."
    ),
    "qualifications": _N("For signatures that are given from now on. What was signed stays signed."),
    "supervision_days": _N("For wishes from now on. A day that a trainee was told stays."),
    "needs_agreement": _N(
        "For signatures that are given from now on. What was signed stays signed. The page Supervision shows who has "
        "no agreement yet."
    ),
}
ASSURANCES = (
    (Assurance.LAUNCH, _N("Only whoever opened Attune from the course can sign.")),
    (Assurance.LINK_WITH_CODE, _N("Supervisors without an account at your LMS can sign, too.")),
    (Assurance.IN_PERSON, _N("A supervisor can also sign on the trainee's device. It says so beside the signature.")),
)


@bp.route("/a/<uuid:activity_id>/settings", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def settings(place: Place) -> ResponseReturnValue:
    """The settings; first what a change would mean is shown, then it is saved."""
    now = settings_of(place.activity)
    if request.method == "GET":
        return _page(place, _fields(now))
    typed = request.form.to_dict()
    wanted, problems = _read(typed, now)
    if problems:
        return _page(place, typed, problems=problems), 422
    changed = activity_settings.changes(now, wanted)
    if changed and typed.get("seen") != _mark(now, wanted):
        return _page(place, typed, changed=changed, seen=_mark(now, wanted)), 422
    try:
        to_look_at = activity_settings.change(current.db(), current.visitor(), place, wanted, current.now())
    except Refused as refused:
        if refused.code not in NAMES:
            raise
        transactions.give_up()
        return _page(place, typed, problems={refused.code: in_words(refused)}), 422
    for delivery_id in to_look_at:
        current.look_at(Kind.DELIVERY, delivery_id)
    return redirect(url_for("activity_settings.settings", activity_id=place.activity.id, said="settings_kept"), 303)


def _page(
    place: Place,
    values: Mapping[str, str],
    *,
    problems: dict[str, str] | None = None,
    changed: tuple[SettingChange, ...] = (),
    seen: str = "",
) -> str:
    return render_template(
        "activity/settings.html",
        place=place,
        values={**dict.fromkeys(NAMES, ""), **values},
        problems=problems or {},
        names={name: _(text) for name, text in NAMES.items()},
        for_whom={name: _(text) for name, text in FOR_WHOM.items()},
        assurances=[(value.value, word(value), _(hint)) for value, hint in ASSURANCES],
        limits=LIMITS,
        codes_can_go=current.settings().sends_mail or place.activity.code_asked,
        changed=[(_(NAMES[one.name]), _shown(one.before), _shown(one.after), _(FOR_WHOM[one.name])) for one in changed],
        under_way=_under_way(place),
        seen=seen,
        tabs=tabs(place),
        tab=Tab.ACTIVITY,
    )


def _under_way(place: Place) -> str:
    count = activity_settings.under_way(current.db(), place.activity.id)
    return ngettext("%(num)d observation is under way.", "%(num)d observations are under way.", count)


def _shown(value: int | Assurance | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return comma().join(value) or _("nothing in particular")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return word(value) if isinstance(value, Assurance) else str(value)


def _fields(now: Settings) -> dict[str, str]:
    return {
        **{name: str(getattr(now, name)) for name in LIMITS},
        "least_assurance": now.least_assurance.value,
        "qualifications": "\n".join(now.qualifications),
        "needs_agreement": "yes" if now.needs_agreement else "",
        "code_asked": "yes" if now.code_asked else "",
    }


def _read(typed: Mapping[str, str], now: Settings) -> tuple[Settings, dict[str, str]]:
    """What was typed; and, by field, what is still needed."""
    problems: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for name, (least, most) in LIMITS.items():
        number = number_typed(typed.get(name))
        if not least <= number <= most:
            problems[name] = _("Please give a number from %(least)s to %(most)s.", least=least, most=most)
        numbers[name] = number
    assurance = typed.get("least_assurance", "")
    if assurance not in WAYS_IN:
        problems["least_assurance"] = _("Please choose one.")
        assurance = now.least_assurance
    # As `qualified.record` keeps them: what is asked for in other words is never met.
    lines = (
        " ".join(line.replace("\x00", "").split())[:LONGEST_KIND]
        for line in typed.get("qualifications", "").splitlines()
    )
    kinds = tuple(dict.fromkeys(line for line in lines if line))
    wanted = Settings(
        observers=numbers["observers"],
        threshold=numbers["threshold"],
        request_days=numbers["request_days"],
        response_days=numbers["response_days"],
        required_observations=numbers["required_observations"],
        supervision_days=numbers["supervision_days"],
        least_assurance=Assurance(assurance),
        code_asked=typed.get("code_asked") == "yes" and (now.code_asked or current.settings().sends_mail),
        qualifications=kinds,
        needs_agreement=typed.get("needs_agreement") == "yes",
    )
    return wanted, problems


def _mark(now: Settings, wanted: Settings) -> str:
    """Names this change, so that exactly what was looked at is saved."""
    return hashlib.sha256(repr((asdict(now), asdict(wanted))).encode()).hexdigest()[:16]
