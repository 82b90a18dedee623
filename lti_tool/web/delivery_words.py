"""What became of a score, in words for an instructor."""

from datetime import datetime

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer, sentence
from lti_tool.services.gradebook import GradebookView, ScoreLine
from lti_tool.web.moments import day_and_time
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import ngettext


def about_score(line: ScoreLine) -> str:
    """How one score stands, and what to do if something is to be done."""
    match line.state:
        case None:
            return _("Nothing is sent yet: so far there is no number for this column.")
        case DeliveryState.ACCEPTED:
            return _("Accepted by the LMS on %(when)s.", when=_when(line.accepted_at))
        case DeliveryState.NEEDS_PERSON:
            return _answer(line) or _("The LMS did not take it. Please look at the column there, then send it again.")
        case DeliveryState.WAITING:
            return _waiting(line)


def about_connection(view: GradebookView) -> str:
    """One sentence on the health of the connection to the LMS."""
    if not view.column_offered:
        return _(
            "The LMS offers no gradebook column for this activity, so nothing is sent. "
            "When it does, what is finished by then is sent too."
        )
    differing = sum(line.nothing_left for line in view.lines)
    needing = sum(line.state is DeliveryState.NEEDS_PERSON for line in view.lines) - differing
    if needing:
        return ngettext(
            "The LMS did not take %(count)d score. What it answered stands below, with what to do. Then send it again.",
            "The LMS did not take %(count)d scores. What it answered stands below, with what to do. "
            "Then send them again.",
            needing,
            count=needing,
        )
    if differing:
        return ngettext(
            "%(count)d score differs: the observation it came from was superseded. What to do stands below.",
            "%(count)d scores differ: the observations they came from were superseded. What to do stands below.",
            differing,
            count=differing,
        )
    trying = [line for line in view.lines if line.state is DeliveryState.WAITING and line.attempts]
    if trying:
        return _("The LMS has not taken everything yet. Attune tries again by itself, and nothing is lost.")
    if view.last_accepted_at:
        return _("The connection works: the LMS last accepted a score on %(when)s.", when=_when(view.last_accepted_at))
    return _("Nothing was sent so far.")


def _waiting(line: ScoreLine) -> str:
    if not line.attempts:
        return _("On its way to the LMS.")
    told = _answer(line)
    again = _("Attune tries again by itself, next on %(when)s.", when=_when(line.next_attempt_at))
    return f"{told} {again}" if told else again


def _answer(line: ScoreLine) -> str:
    if line.answer is None:
        return ""
    try:
        return _(sentence(Answer(line.answer)))
    except ValueError:
        return ""


def _when(moment: datetime | None) -> str:
    return day_and_time(moment) if moment else ""
