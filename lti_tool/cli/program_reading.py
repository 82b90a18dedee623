"""Programs and days as the commands take them; what cannot be read ends in its places and remedies, and status 2."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from grading.program import Program
from lti_tool.documents import DocumentProblems
from lti_tool.documents.program_texts import FIRST_YEAR, LAST_YEAR
from lti_tool.documents.shipped_programs import edition_of, editions_of
from rubrics.refusal import Refused

UNREADABLE = 2
NOTHING_CHANGED = "Nothing was changed: this was only looked at."


@contextmanager
def or_said() -> Iterator[None]:
    """Ends with status 2 and every place to mend, where a document cannot be read."""
    try:
        yield
    except DocumentProblems as found:
        for each in found.problems:
            click.echo(f"{each.source}: {each.place}: {each.sentence}", err=True)
        click.echo(NOTHING_CHANGED, err=True)
        sys.exit(UNREADABLE)
    except Refused as found_none:
        click.echo(str(found_none), err=True)
        sys.exit(UNREADABLE)


def program_named(named: str, edition: str | None = None) -> Program:
    """A program by its id or file, also as `id@edition`; the newest edition where none is named.

    Raises `DocumentProblems`.
    """
    if edition is None and "@" in named and not Path(named).exists():
        named, _, edition = named.rpartition("@")
    editions = editions_of(named)
    return editions[-1] if edition is None else edition_of(editions, edition)


class Day(click.ParamType[date]):
    """A day, as 2026-03-01."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day. Tells how to write it where it is none."""
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is no day. Please write one such as 2026-03-01.", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(f"The year {day.year} is too far away. Please check the day.", param, ctx)
        return day
