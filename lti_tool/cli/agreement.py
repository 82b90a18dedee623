"""attune agreement: how far observers agree, from a file of ratings."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click

from grading.agreement.catalog import OWN_WEIGHTS, STATISTICS, Known, with_weights
from grading.agreement.estimates import Estimate, estimate
from grading.agreement.projection import spearman_brown
from grading.agreement.ratings import Level, Ratings
from grading.agreement.reasons import SAID, CannotCompute, Reason
from grading.agreement.weights import own_weights
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.agreement_json import (
    AgreementOut,
    IntervalOut,
    RatedOut,
    StatisticOut,
    agreement_json,
    agreement_schema,
)
from lti_tool.documents.rating_rows import Asked, Rated, read, read_weights

NOT_COMPUTED, UNREADABLE = 1, 2
NAMES = (*STATISTICS, *OWN_WEIGHTS)
PROJECTED = ("icc1", "icc2", "icc3")
MOST_DRAWS = 100_000


@dataclass(frozen=True, slots=True)
class _Wanted:
    statistics: tuple[str, ...]
    weights: list[list[float]] | None
    draws: int
    seed: int
    observers: int | None


class _Scale(click.ParamType[tuple[str, ...]]):
    name = "LEVELS"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        levels = tuple(each.strip() for each in value.split(","))
        if len(levels) < 2 or not all(levels) or len(set(levels)) != len(levels):
            self.fail("please write each level once, in order, with commas: 1,2,3,4", param, ctx)
        return levels


def _schema(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(agreement_schema(), nl=False)
        ctx.exit()


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--statistic", "statistics", multiple=True, type=click.Choice(NAMES), help="Only this one; may be named repeatedly."
)
@click.option("--level", type=click.Choice([level.value for level in Level]), default=None, help="Of measurement.")
@click.option("--scale", type=_Scale(), default=None, help="Every level there is, in order, used or not: 1,2,3,4.")
@click.option(
    "--weights", "weights", type=click.Path(path_type=Path), default=None, help="Disagreement of levels, as a square."
)
@click.option("--observers", type=click.IntRange(1, 1000), default=None, help="What the mean of so many would reach.")
@click.option(
    "--bootstrap", "draws", type=click.IntRange(0, MOST_DRAWS), default=0, help="Intervals, of so many draws."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (see --schema).")
@click.option("--schema", is_flag=True, is_eager=True, expose_value=False, callback=_schema, help="Print its schema.")
def agreement(
    file: Path,
    *,
    statistics: Sequence[str],
    level: str | None,
    scale: tuple[str, ...] | None,
    weights: Path | None,
    observers: int | None,
    draws: int,
    seed: int,
    as_json: bool,
) -> None:
    """Say how far those who rated the same agree: FILE is .csv, .xlsx or .ods.

    Its head is `unit,rater,rating` (long) or `unit` and a column for each observer (wide); a column `criterion` has
    each criterion worked out by itself. Ends with 0, with 1 where something that was asked for cannot be computed, and
    with 2 where a file cannot be read. Needs no database and no settings.
    """
    try:
        rated = read(_content(file), source=str(file), asked=Asked(Level(level) if level else None, scale))
        square = read_weights(_content(weights), source=str(weights)) if weights else None
        wanted = _Wanted(tuple(statistics), square, draws, seed, observers)
        found = AgreementOut(
            file=str(file),
            draws=draws,
            seed=seed,
            observers=observers,
            rated=[_worked_out(each, wanted, scale is not None, weights) for each in rated],
        )
    except DocumentProblems as unreadable:
        for each in unreadable.problems:
            click.echo(f"{each.source}: {each.place}: {each.sentence}", err=True)
        sys.exit(UNREADABLE)
    click.echo(agreement_json(found) if as_json else "\n".join(_in_words(found)))
    if any(each.value is None for one in found.rated for each in one.statistics):
        sys.exit(NOT_COMPUTED)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        said = f"It cannot be opened: {error.strerror}."
        raise DocumentProblems(DocumentProblem(str(path), "the whole file", said)) from error


def _worked_out(rated: Rated, wanted: _Wanted, named: bool, weights: Path | None) -> RatedOut:
    ratings = rated.ratings
    known = _known(ratings, wanted, weights)
    used = ratings.used
    return RatedOut(
        criterion=rated.criterion,
        level=ratings.level,
        scale=[str(value) for value in ratings.scale],
        scale_named=named,
        unused=[str(value) for value in ratings.scale if value not in used],
        units=ratings.rated,
        observers=ratings.raters,
        ratings=ratings.given,
        complete_units=sum(times for unit, times in ratings.units if unit.ratings == ratings.raters),
        statistics=[_statistic(name, each, ratings, wanted) for name, each in known.items()],
    )


def _known(ratings: Ratings, wanted: _Wanted, weights: Path | None) -> Mapping[str, Known]:
    """What was asked for; else what suits these ratings."""
    every = STATISTICS
    if wanted.weights is not None:
        try:
            every = with_weights(own_weights(wanted.weights, len(ratings.scale)))
        except ValueError as unsuited:
            said = f"{str(unsuited).capitalize()}. Please write disagreement: 0 for the same level, more for worse."
            raise DocumentProblems(DocumentProblem(str(weights), "the whole file", said)) from unsuited
    if wanted.statistics:
        return {name: every.get(name, Known(f"{name}, own weights", _without_weights)) for name in wanted.statistics}
    return {name: each for name, each in every.items() if each.suits(ratings)}


def _without_weights(_ratings: Ratings) -> float:
    raise CannotCompute(Reason.NEEDS_WEIGHTS)


def _statistic(name: str, known: Known, ratings: Ratings, wanted: _Wanted) -> StatisticOut:
    # A generator for each statistic: its interval does not depend on which others were asked for.
    found = estimate(known.work_out, ratings, chance=Random(wanted.seed), draws=wanted.draws)  # noqa: S311
    return StatisticOut(
        name=name,
        title=known.title,
        value=found.value,
        reason=found.reason,
        sentence=SAID[found.reason] if found.reason else None,
        interval=_interval(found),
        projected=_projected(name, found, wanted.observers),
    )


def _interval(found: Estimate) -> IntervalOut | None:
    if found.interval is None:
        return None
    of = found.interval
    return IntervalOut(low=of.low, high=of.high, share=of.share, draws=of.draws)


def _projected(name: str, found: Estimate, observers: int | None) -> float | None:
    if observers is None or found.value is None or name not in PROJECTED:
        return None
    try:
        return spearman_brown(found.value, observers)
    except CannotCompute:
        return None


def _in_words(found: AgreementOut) -> Iterator[str]:
    for each in found.rated:
        name = f"{found.file}, {each.criterion}" if each.criterion else found.file
        yield f"{name}: {each.units} units, {each.observers} observers, {each.ratings} ratings"
        named = "" if each.scale_named else ", which is what was used: name every level there is with --scale"
        yield f"  {each.level.value}; scale {', '.join(each.scale)}{named}"
        if each.unused:
            yield f"  nobody gave {', '.join(each.unused)}; weights count it all the same"
        if any(one.name.startswith(("icc", "sem")) for one in each.statistics) and each.complete_units < each.units:
            yield f"  ICC and standard errors are of the {each.complete_units} units that every observer rated"
        wide = max((len(one.title) for one in each.statistics), default=0)
        for one in each.statistics:
            yield f"  {one.title:<{wide}}  {_value_in_words(one, found)}"
    if found.draws:
        yield f"In brackets: where the middle 95 of 100 of {found.draws} draws lie (bootstrap, seed {found.seed})."


def _value_in_words(one: StatisticOut, found: AgreementOut) -> str:
    if one.value is None:
        return f"cannot be computed: {one.sentence}"
    said = f"{one.value:7.4f}"
    if one.interval:
        said += f"  [{one.interval.low:.4f} to {one.interval.high:.4f}]"
    elif found.draws:
        said += "  [no interval: too few draws could be computed]"
    if one.projected is not None:
        said += f"  the mean of {found.observers}: {one.projected:.4f}"
    return said
