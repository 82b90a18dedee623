"""What comes next for one observation, in a sentence or two: it depends on who reads."""

from lti_tool.access import Who
from lti_tool.services.lines import ObservationLine
from lti_tool.services.read import Record
from lti_tool.web import current
from lti_tool.web.moments import day
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.observation import State


def what_next(record: Record) -> str:
    """What the reader can expect, or do, now."""
    if Who.TRAINEE in record.who:
        return for_trainee(record.line)
    if record.may_sign:
        return _("It is ready for your signature. You see everything before you sign.")
    if Who.OBSERVER in record.who:
        return for_observer(record.line)
    return for_others(record.line)


def for_trainee(line: ObservationLine) -> str:
    """For the person whose practice it is."""
    names = {"observer": line.observer_name}
    match line.state:
        case State.REQUESTED | State.SCHEDULED | State.CONSENTED:
            return _(
                "%(observer)s has your request. Before anything is written down, %(observer)s asks the person you "
                "support whether they agree. Nothing is needed from you now.",
                **names,
            )
        case State.IN_PROGRESS:
            return _(
                "%(observer)s is writing down what was seen. You read it before anyone signs, and you can answer.",
                **names,
            )
        case State.PAUSED:
            return _("It is paused. It goes on when you two are ready; nothing is lost, and nobody has to say why.")
        case State.DRAFTED | State.IN_MODERATION:
            return _("What was seen is written down. You read it before anyone signs, and you can answer.")
        case State.AMENDING:
            return _(
                "%(observer)s rewrites something after your words. You read it again before anyone signs.", **names
            )
        case State.IN_RECONCILIATION:
            return _("Those who sign meet about it. Nothing is needed from you; you can read what they agree on.")
        case State.SHARED if _window_passed(line):
            return _(
                "The time to answer before signing was until %(day)s. As long as nobody has signed, "
                "you can still answer, with words or without.",
                day=_respond_until(line),
            )
        case State.SHARED:
            return _(
                "Read it in your own time. You can answer until %(day)s, with words or without. "
                "From then on it can be signed without an answer; that is recorded as silence and as nothing else.",
                day=_respond_until(line),
            )
        case State.ANSWERED:
            return _("It waits for a signature: %(lanes)s. Nothing is needed from you.", lanes=_lanes(line))
        case State.FINAL | State.RELEASED:
            return _("It is signed and counts on your path. It stays exactly as it was signed.")
        case State.DECLINED:
            return _(
                "%(observer)s could not take this on. That says nothing about you or your practice. "
                "You can ask someone else at any time.",
                **names,
            )
        case State.CANCELED:
            return _("You called it off. You can ask for a new one at any time.")
        case State.NOT_HELD:
            return _("It did not take place, and nobody has to say why. You can ask for a new one at any time.")
        case State.SUPERSEDED | State.RECONSIDERED:
            return _("Another record stands in the place of this one, which can still be read as it was signed.")
        case State.STOPPED:
            return _(
                "This observation was stopped, and nobody has to say why. Nothing of it counts. "
                "You can ask for a new one at any time."
            )
        case State.WITHDRAWN:
            return _("You took this back. Nobody else can see it, and nothing of it counts.")


def for_observer(line: ObservationLine) -> str:
    """For the person who was asked to observe."""
    names = {"trainee": line.trainee_name}
    match line.state:
        case State.REQUESTED | State.SCHEDULED | State.CONSENTED:
            return _("%(trainee)s asked you to observe. Begin when the time has come, or say that you cannot.", **names)
        case State.IN_PROGRESS:
            return _("Your draft is open. Nobody else can see it until you share it.")
        case State.SHARED if not _window_passed(line):
            return _(
                "%(trainee)s is reading it and can answer until %(day)s. Nothing is needed from you now.",
                day=_respond_until(line),
                **names,
            )
        case _:
            return for_others(line)


def for_others(line: ObservationLine) -> str:
    """For supervisors and instructors; they never see a withdrawn one."""
    match line.state:
        case State.REQUESTED | State.SCHEDULED | State.CONSENTED:
            return _("It waits for %(observer)s, who was asked to observe.", observer=line.observer_name)
        case State.IN_PROGRESS:
            return _("%(observer)s is writing down what was seen.", observer=line.observer_name)
        case State.PAUSED:
            return _("It is paused.")
        case State.DRAFTED | State.IN_MODERATION:
            return _("What was seen is written down, and not yet shared with %(trainee)s.", trainee=line.trainee_name)
        case State.AMENDING:
            return _("%(observer)s rewrites something after the trainee's words.", observer=line.observer_name)
        case State.IN_RECONCILIATION:
            return _("Those who sign meet about it.")
        case State.SHARED if _window_passed(line):
            return _(
                "%(trainee)s could answer until %(day)s and has not done so. It can be signed now.",
                trainee=line.trainee_name,
                day=_respond_until(line),
            )
        case State.SHARED:
            return _(
                "%(trainee)s is reading it and can answer until %(day)s.",
                trainee=line.trainee_name,
                day=_respond_until(line),
            )
        case State.ANSWERED:
            return _("It waits for a signature: %(lanes)s.", lanes=_lanes(line))
        case State.FINAL | State.RELEASED:
            return _("It is signed. It stays exactly as it was signed.")
        case State.DECLINED:
            return _("The observer could not take this on. No reason was asked.")
        case State.CANCELED | State.NOT_HELD:
            return _("It did not take place. No reason was asked.")
        case State.SUPERSEDED | State.RECONSIDERED:
            return _("Another record stands in the place of this one, which can still be read as it was signed.")
        case State.STOPPED | State.WITHDRAWN:
            return _("It was stopped, and nothing of it counts. No reason was asked.")


def _window_passed(line: ObservationLine) -> bool:
    return line.respond_until is not None and current.now() >= line.respond_until


def _respond_until(line: ObservationLine) -> str:
    return day(line.respond_until) if line.respond_until else ""


def _lanes(line: ObservationLine) -> str:
    return ", ".join(word(lane) for lane in sorted(line.lanes_open))
