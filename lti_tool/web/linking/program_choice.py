"""What an instructor chooses when placing a program: which column of which program, and under what title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from werkzeug.datastructures import MultiDict

from grading.scores import ProgramColumnShows
from lti_tool.services.scores.placed_programs import ProgramChoice, ProgramOffer
from lti_tool.services.scores.program_columns import ProgramColumn
from lti_tool.web.texts import gettext

LONGEST_TITLE = 255
MET = "=met"
"""What the value of a column ends with that shows met or not yet."""


@dataclass(frozen=True, slots=True)
class ProgramForm:
    """The form as it was filled in, for showing it again."""

    title: str = ""
    column: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def columns(offers: Sequence[ProgramOffer]) -> list[tuple[str, str, str | None]]:
    """Every column that can be chosen, as a radio button: value, label, hint."""
    found: list[tuple[str, str, str | None]] = []
    for offer in offers:
        named = gettext("%(program)s: progress", program=offer.name)
        hint = gettext("The share of the requirements that are met. No reason and no word leaves Attune.")
        found.append((f"{offer.program_id}:", named, hint))
        named = gettext("%(program)s: met or not yet", program=offer.name)
        hint = gettext(
            "The full score once all requirements for certification are met. Until then the cell stays empty, which "
            "does not count as 0."
        )
        found.append((f"{offer.program_id}{MET}", named, hint))
        for requirement in offer.hours:
            named = gettext("%(program)s: hours", program=offer.name)
            hint = gettext("The share of the hours that count for “%(title)s”.", title=requirement.title)
            found.append((f"{offer.program_id}:{requirement.key}", named, hint))
    return found


def read_program_choice(form: MultiDict[str, str], offers: Sequence[ProgramOffer]) -> ProgramChoice | ProgramForm:
    """The choice; or, where something is still needed, the form with what that is."""
    title, column = form.get("title", "").strip(), form.get("column", "")
    problems: dict[str, str] = {}
    if not title or len(title) > LONGEST_TITLE:
        problems["title"] = gettext("Please give it a title of at most 255 characters.")
    chosen = read_column(column, offers)
    if chosen is None:
        problems["column"] = gettext("Please choose what the gradebook shows.")
    if chosen is None or problems:
        return ProgramForm(title, column, problems)
    program_id, shows = chosen
    return ProgramChoice(title, program_id, shows.shows, shows.requirement)


def read_column(value: str, offers: Sequence[ProgramOffer]) -> tuple[UUID, ProgramColumn] | None:
    """The program and what its column shows, as one of `columns` calls it; None where none does."""
    if value not in {each for each, _label, _hint in columns(offers)}:
        return None
    if value.endswith(MET):
        return UUID(value.removesuffix(MET)), ProgramColumn(ProgramColumnShows.MET)
    program_id, _, requirement = value.partition(":")
    shows = ProgramColumnShows.HOURS if requirement else ProgramColumnShows.PROGRESS
    return UUID(program_id), ProgramColumn(shows, requirement or None)
