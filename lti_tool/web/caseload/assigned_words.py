"""What people are assigned as, as forms name it and pages say it."""

from lti_tool.services.caseload.assignments import Room, What
from lti_tool.store.assignments import AssignedAs
from lti_tool.web.moments import day
from lti_tool.web.texts import comma, ngettext
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.sign_off import Lane

WHAT: dict[str, tuple[AssignedAs, Lane | None]] = {
    "observer": (AssignedAs.OBSERVER, None),
    "peer": (AssignedAs.SUPERVISOR, Lane.PEER),
    "clinical": (AssignedAs.SUPERVISOR, Lane.CLINICAL),
    "mentor": (AssignedAs.MENTOR, None),
}
"""As forms name it."""


def what_of(name: str, *, backup: bool) -> What | None:
    """What a form named; None where it is nothing."""
    found = WHAT.get(name)
    return None if found is None else What(found[0], found[1], backup)


def what_words(what: What) -> str:
    """For example: supervisor, peer lane (back-up)."""
    said = word(what.assigned_as)
    if what.lane is not None:
        said = f"{said}, {word(what.lane)}"
    return _("%(what)s (back-up)", what=said) if what.backup else said


def choices() -> list[tuple[str, str, str | None]]:
    """For radios: each with what it means."""
    hints = {
        "observer": _("Is offered to the trainee first when they ask."),
        "peer": _("Reads and signs in the peer lane."),
        "clinical": _("Reads and signs in the clinical lane."),
        "mentor": _("Reads what the trainee shares with mentors, and comments. Never rates or signs."),
    }
    return [
        (name, what_words(What(assigned_as, lane)).capitalize(), hints[name])
        for name, (assigned_as, lane) in WHAT.items()
    ]


def room_words(room: Room | None) -> str:
    """To how many somebody is assigned, how many they can take on, whether they are away; empty if nothing is known."""
    if room is None:
        return ""
    said = [_("%(taken)s of %(capacity)s", taken=room.taken, capacity=room.capacity)]
    if room.capacity is None:
        said = [ngettext("%(num)d trainee", "%(num)d trainees", room.taken)] if room.taken else []
    elif room.full:
        said.append(_("no room"))
    away = away_words(room)
    return comma().join([*said, *([away] if away else [])])


def away_words(room: Room) -> str:
    """When somebody is away, whether now or later; empty if nobody said so."""
    if room.away_from is None:
        return ""
    if room.away and room.away_until is None:
        return _("away until further notice")
    if room.away and room.away_until is not None:
        return _("away until %(day)s", day=day(room.away_until))
    if room.away_until is None:
        return _("away from %(first)s", first=day(room.away_from))
    return _("away from %(first)s to %(last)s", first=day(room.away_from), last=day(room.away_until))
