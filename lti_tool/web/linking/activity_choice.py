"""What an instructor chooses for an activity: one form, in the LMS's picker and behind a link without an activity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from werkzeug.datastructures import MultiDict

from grading.scores import LAST, ColumnShows
from lti_tool.services.authoring.author import ActivityChoice, RubricChoice
from lti_tool.services.scores.columns import MOST_LAST
from lti_tool.web.scores.column_words import choices
from lti_tool.web.texts import _N, gettext, ngettext
from rubrics.sign_off import Lane
from rubrics.typed import whole_number

LANES = (
    (Lane.PEER, _N("Peer lane"), _N("A peer supervisor signs.")),
    (Lane.CLINICAL, _N("Clinical lane"), _N("A clinical supervisor signs.")),
)


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    """The form as it was filled in, for showing it again."""

    version_id: str = ""
    title: str = ""
    column_shows: str = ColumnShows.COMPLETION
    column_last: str = str(LAST)
    required_observations: str = "3"
    lanes: tuple[str, ...] = (Lane.PEER,)
    response_days: str = "7"
    observers: str = "1"
    problems: Mapping[str, str] = field(default_factory=dict)


def first_form(rubrics: tuple[RubricChoice, ...], title: str | None) -> ChoiceForm:
    """The form with what is preselected: completion, the peer lane, and the rubric if there is only one."""
    only = str(rubrics[0].version_id) if len(rubrics) == 1 else ""
    return ChoiceForm(version_id=only, title=title or gettext("Observed practice"))


def read_choice(form: MultiDict[str, str]) -> ActivityChoice | ChoiceForm:
    """The choice; or, where something is still needed, the form with what that is."""
    problems: dict[str, str] = {}
    version_id = uuid_in(form.get("version_id", ""))
    title = form.get("title", "").strip()
    shows = form.get("column_shows", "")
    lanes = tuple(dict.fromkeys(form.getlist("lanes")))
    required = whole_number(form.get("required_observations", ""))
    days, observers = whole_number(form.get("response_days", "")), whole_number(form.get("observers", "1"))
    last = whole_number(form.get("column_last", str(LAST)))
    if version_id is None:
        problems["version_id"] = gettext("Please choose the rubric.")
    if not title or len(title) > 255:
        problems["title"] = gettext("Please give the activity a title of at most 255 characters.")
    if shows not in set(ColumnShows):
        problems["column_shows"] = gettext("Please choose what the gradebook shows.")
    if last is None or not 1 <= last <= MOST_LAST:
        problems["column_last"] = gettext("Please give a number from 1 to 20.")
    if not lanes or not set(lanes) <= set(Lane):
        problems["lanes"] = gettext("Please choose at least one lane that signs.")
    if required is None or not 1 <= required <= 50:
        problems["required_observations"] = gettext("Please give a number from 1 to 50.")
    if days is None or not 1 <= days <= 60:
        problems["response_days"] = gettext("Please give a number from 1 to 60.")
    if observers is None or not 1 <= observers <= 10:
        problems["observers"] = gettext("Please give a number from 1 to 10.")
    if problems or version_id is None or required is None or days is None or observers is None or last is None:
        return shown_again(form, problems)
    return ActivityChoice(
        version_id=version_id,
        title=title,
        column_shows=ColumnShows(shows),
        column_last=last,
        required_observations=required,
        lanes=tuple(Lane(lane) for lane in lanes),
        response_days=days,
        observers=observers,
    )


def shown_again(form: MultiDict[str, str], problems: Mapping[str, str]) -> ChoiceForm:
    """The form as it was sent, with what is still needed."""
    return ChoiceForm(
        version_id=form.get("version_id", ""),
        title=form.get("title", ""),
        column_shows=form.get("column_shows", ""),
        column_last=form.get("column_last", str(LAST)),
        required_observations=form.get("required_observations", ""),
        lanes=tuple(form.getlist("lanes")),
        response_days=form.get("response_days", ""),
        observers=form.get("observers", "1"),
        problems=problems,
    )


def for_template(rubrics: tuple[RubricChoice, ...], form: ChoiceForm) -> dict[str, object]:
    """What `activity/_choice.html` shows."""
    return {
        "chosen": form,
        "rubrics": [(str(rubric.version_id), rubric.title, _about(rubric)) for rubric in rubrics],
        "languages": {str(rubric.version_id): rubric.language for rubric in rubrics},
        "column_shows": choices(),
        "lanes": [(value, gettext(text), gettext(hint)) for value, text, hint in LANES],
    }


def _about(rubric: RubricChoice) -> str:
    reviewed = (
        gettext("Reviewed by people with lived experience: %(review)s.", review=rubric.reviewed)
        if rubric.reviewed
        else gettext("Not yet reviewed by people with lived experience of your community.")
    )
    count = ngettext("%(num)s criterion.", "%(num)s criteria.", rubric.criteria_count)
    return f"{rubric.summary} {count} {reviewed}"


def uuid_in(text: str) -> UUID | None:
    """The id in a form's field; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
