"""How criteria were rated, in words, pictures and tables: gaps, distributions, and what was usual month by month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from grading.practice_gaps import CriterionGap, Gap, Month, Tally
from lti_tool.web import pictures
from lti_tool.web.moments import month as month_text
from lti_tool.web.pictures import Dots, Label, Strip, Table, TableRow
from lti_tool.web.texts import _N, gettext
from rubrics.rubric import Rubric

GAPS: Mapping[Gap, str] = {
    Gap.NEVER: _N("Nobody has been observed in it yet."),
    Gap.LONG_AGO: _N("Nobody has been observed in it for 90 days."),
    Gap.OFTEN_NOT_OBSERVED: _N("In at least half of the observations there was no occasion for it."),
    Gap.MORE_HELP: _N("In the last three months more help was usual than in the three before."),
}
OF_ABSENCE = frozenset({Gap.NEVER, Gap.LONG_AGO})
"""They say nothing of anybody who was observed, so they are told of few people too."""
WITHOUT_LEVELS = OF_ABSENCE | {Gap.OFTEN_NOT_OBSERVED}
"""What may be told to whoever does not read ratings."""


@dataclass(frozen=True, slots=True)
class GapWords:
    """One criterion with what is to be looked at."""

    label: Label
    sentences: tuple[str, ...]


def gaps_told(
    found: Iterable[CriterionGap], rubric: Rubric, enough: bool, kinds: frozenset[Gap] = frozenset(Gap)
) -> tuple[GapWords, ...]:
    """The gaps of these kinds, by criterion; without `enough` only those that tell of nobody."""
    told = kinds if enough else kinds & OF_ABSENCE
    sentences: dict[str, list[str]] = {}
    for each in found:
        if each.gap in told:
            sentences.setdefault(each.criterion, []).append(gettext(GAPS[each.gap]))
    return tuple(GapWords(_label(rubric, key), tuple(said)) for key, said in sentences.items())


def distribution(tallies: Sequence[Tally], rubric: Rubric) -> Strip:
    """How often each level was given, criterion by criterion; of few people nothing is told."""
    highest = max((level.number for criterion in rubric.criteria for level in criterion.levels), default=1)
    columns = [*(str(number) for number in range(1, highest + 1)), gettext("not seen")]
    rows = [
        Dots(
            _label(rubric, each.criterion),
            tuple(each.levels.get(number, 0) for number in range(1, highest + 1)) if each.enough else None,
            each.not_observed,
            gettext("too few to tell"),
        )
        for each in tallies
    ]
    heads = (
        gettext("Criterion"),
        *(gettext("Level %(number)d", number=number) for number in range(1, highest + 1)),
        gettext("Not seen"),
    )
    return pictures.strip(columns, rows, heads)


def over_time(tallies: Sequence[Tally], rubric: Rubric, months: Sequence[date]) -> Table:
    """The level in the middle of each month, in words; of few ratings or people nothing is told."""
    rows = (
        TableRow(
            _label(rubric, each.criterion),
            tuple(_usual(each.months.get(month), each.criterion, rubric) for month in months),
        )
        for each in tallies
    )
    return Table((gettext("Criterion"), *(month_text(month) for month in months)), tuple(rows))


def level_names(rubric: Rubric) -> tuple[Label, ...]:
    """What the numbers of levels are called, where that is the same for every criterion; else none."""
    names = {tuple((level.number, level.label) for level in criterion.levels) for criterion in rubric.criteria}
    if len(names) != 1:
        return ()
    return tuple(Label(f"{number}: {label}", rubric.language) for number, label in next(iter(names)))


def _usual(month: Month | None, key: str, rubric: Rubric) -> str:
    if month is None or not sum(month.levels.values()):
        return gettext("none rated")
    number = month.usual
    if number is None:
        return gettext("too few to tell")
    criterion = rubric.criterion(key)
    level = criterion.level(number) if criterion else None
    return f"{number}: {level.label}" if level else str(number)


def _label(rubric: Rubric, key: str) -> Label:
    criterion = rubric.criterion(key)
    return Label(criterion.statement if criterion else key, rubric.language)
