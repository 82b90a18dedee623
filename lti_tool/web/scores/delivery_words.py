"""What became of scores, in words: of one, for an instructor; of a column and the way to it; for the trainee."""

from datetime import datetime

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer, sentence
from lti_tool.services.scores.own_cells import OwnCells
from lti_tool.services.scores.sync_states import ColumnState, ScoreLine, SyncPage
from lti_tool.web.moments import day_and_time
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import ngettext


def about_score(line: ScoreLine, held_up: bool = False) -> str:
    """How one score stands, and what to do if something is to be done; `held_up` where nothing goes to its column."""
    if held_up and line.state is DeliveryState.WAITING:
        return _("It waits for what is said above. Nothing is lost.")
    match line.state:
        case None:
            return _("Nothing is sent yet: so far there is no number for this column.")
        case DeliveryState.ACCEPTED:
            return _("Accepted by the LMS on %(when)s.", when=_when(line.accepted_at))
        case DeliveryState.NEEDS_PERSON:
            return said(line.answer) or _(
                "The LMS did not take it. Please look at the column there, then send it again."
            )
        case DeliveryState.WAITING:
            return _waiting(line)
        case DeliveryState.DIFFERS:
            return said(line.answer) or _(
                "The LMS shows another score, perhaps set by hand, and it was left as it is. "
                "Please say which one stands."
            )
        case DeliveryState.LET_STAND:
            return _("The score in the LMS stands, as a person decided. Attune does not change it.")
        case DeliveryState.CLEARED:
            return _("A person had the cell emptied. As soon as something new counts, Attune sends that.")


def about_connection(page: SyncPage, now: datetime) -> tuple[str, ...]:
    """How the column and the way to it are, a paragraph for each thing; what to do where something is to be done."""
    column = page.column
    if column is None:
        offers_none = _(
            "The LMS offers no gradebook column for this activity, so nothing is sent. "
            "When it does, what is finished by then is sent too."
        )
        return (offers_none,)
    held_up = in_the_way(column, now)
    return (held_up,) if held_up else _about_scores(page) or (_calm(page.counts.last_accepted_at),)


def in_the_way(column: ColumnState, now: datetime) -> str:
    """Why nothing goes to this column for now; empty where nothing is in its way."""
    if column.stopped_at is not None:
        return _(
            "Nothing is sent to this column any more since %(when)s, as a person decided. "
            "What the LMS shows stays there.",
            when=_when(column.stopped_at),
        )
    if column.gone_at is not None:
        return _(
            "This column is not in the LMS any more: that was seen on %(when)s. Attune keeps every score and sends "
            "nothing until you say how it goes on.",
            when=_when(column.gone_at),
        )
    if column.ended_at is not None:
        return _(
            "This LMS was left on %(when)s, so nothing is sent to it any more. What it shows stays there, and every "
            "score is kept here.",
            when=_when(column.ended_at),
        )
    if not column.switched_on:
        return said(Answer.SWITCHED_OFF)
    if column.rests(now):
        told = said(column.problem) or _("The LMS does not answer well just now.")
        again = _("Attune goes on by itself on %(when)s, and nothing is lost.", when=_when(column.resting_until))
        return f"{told} {again}"
    if column.not_made:
        told = said(column.change_answer)
        return f"{_('The column is not in the LMS yet. Its scores wait, and nothing is lost.')} {told}".strip()
    return ""


def about_comparing(column: ColumnState) -> str:
    """When the column was last compared with what the LMS shows, and what came of it."""
    if column.being_read:
        return _("It is being compared with what the LMS shows.")
    if column.read_problem is not None:
        told = said(column.read_problem)
        return f"{_('It could not be compared with what the LMS shows.')} {told}".strip()
    if column.read_at is None:
        return _("It was not compared with what the LMS shows so far.")
    return _("Last compared with what the LMS shows on %(when)s.", when=_when(column.read_at))


def about_own_cells(cells: OwnCells) -> str:
    """For the trainee: calm, without a number, with nothing for them to do; empty where there is nothing to say."""
    states, since = cells.states, cells.accepted_at
    if states & {DeliveryState.NEEDS_PERSON, DeliveryState.DIFFERS}:
        return _("Your instructors look at the gradebook. Nothing is needed from you.")
    if DeliveryState.WAITING in states:
        return _("In the gradebook: on its way. Nothing is needed from you.")
    if DeliveryState.ACCEPTED in states and since is not None:
        return _("In the gradebook: shown since %(when)s.", when=_when(since))
    if states:
        return _("In the gradebook: as your instructors decided.")
    return ""


def said(answer: str | None) -> str:
    """The sentence of an answer's code; empty for a code of another edition."""
    if answer is None:
        return ""
    try:
        return _(sentence(Answer(answer)))
    except ValueError:
        return ""


def _about_scores(page: SyncPage) -> tuple[str, ...]:
    counts = page.counts
    needing = counts.of(DeliveryState.NEEDS_PERSON) - counts.nothing_left
    told = [
        _not_taken(needing) if needing else "",
        _differing(counts.of(DeliveryState.DIFFERS)) if counts.of(DeliveryState.DIFFERS) else "",
        _superseded(counts.nothing_left) if counts.nothing_left else "",
    ]
    if not any(told) and counts.trying:
        return (_("The LMS has not taken everything yet. Attune tries again by itself, and nothing is lost."),)
    return tuple(filter(None, told))


def _not_taken(number: int) -> str:
    return ngettext(
        "The LMS did not take %(count)d score. What it answered stands below, with what to do. Then send it again.",
        "The LMS did not take %(count)d scores. What it answered stands below, with what to do. Then send them again.",
        number,
        count=number,
    )


def _differing(number: int) -> str:
    return ngettext(
        "The LMS shows another score than Attune's for %(count)d person. Nothing was overwritten: "
        "you say below which one stands.",
        "The LMS shows other scores than Attune's for %(count)d people. Nothing was overwritten: "
        "you say below which ones stand.",
        number,
        count=number,
    )


def _superseded(number: int) -> str:
    return ngettext(
        "The LMS still shows %(count)d score that does not count any more. What to do stands below.",
        "The LMS still shows %(count)d scores that do not count any more. What to do stands below.",
        number,
        count=number,
    )


def _calm(last_accepted_at: datetime | None) -> str:
    if last_accepted_at:
        return _("The connection works: the LMS last accepted a score on %(when)s.", when=_when(last_accepted_at))
    return _("Nothing was sent so far.")


def _waiting(line: ScoreLine) -> str:
    if line.to_clear:
        return _("A person asked to have the cell emptied. That is on its way to the LMS.")
    if not line.attempts:
        return _("On its way to the LMS.")
    told = said(line.answer)
    again = _("Attune tries again by itself, next on %(when)s.", when=_when(line.next_attempt_at))
    return f"{told} {again}" if told else again


def _when(moment: datetime | None) -> str:
    return day_and_time(moment) if moment else ""
