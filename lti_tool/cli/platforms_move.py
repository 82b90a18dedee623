"""attune platforms move: a site goes from one LMS to another."""

import os
import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from lti_tool.cli.opening import connection_named, engine_on, now, refuse_unless_up_to_date, settings_now
from lti_tool.documents import DocumentProblems
from lti_tool.services.connecting import moving, moving_lists
from lti_tool.services.connecting.connections import Connection, Operator
from lti_tool.services.connecting.moving import Moved, Pair
from lti_tool.services.connecting.moving_lists import NotAList
from lti_tool.store.engine import open_sessions

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--write-lists", "folder", type=FOLDER, help="Only write the lists to fill in, into this folder.")
@click.option("--people", "people_file", type=FILE, help="Who is who: a CSV with the columns old and new.")
@click.option("--courses", "courses_file", type=FILE, help="Which course is which, in the same way.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each row, and keep nothing of it.")
def move(
    old: str, new: str, *, folder: Path | None, people_file: Path | None, courses_file: Path | None, dry_run: bool
) -> None:
    """Move people and courses from the LMS OLD to NEW, both connected here, named by id or issuer.

    No record changes: courses and people stay what they are, and are known to NEW from then on. Rows without a value
    in the column new stay in OLD. Where one row cannot be done, nothing is.
    """
    settings = settings_now()
    with engine_on(settings) as engine:
        refuse_unless_up_to_date(engine)
        with open_sessions(engine)() as session:
            before, after = connection_named(session, old), connection_named(session, new)
            if before.organization_id != after.organization_id:
                raise click.ClickException("They belong to two organizations, which never share anything.")
            if folder is not None:
                _write(session, before, after, folder, settings.public_url)
                return
            if people_file is None and courses_file is None:
                raise click.UsageError("Say what moves: --people, --courses, or both. Begin with --write-lists.")
            people, courses = _read(people_file), _read(courses_file)
            by = Operator(before.organization_id, None)
            moved = moving.move(session, by, before.id, after.id, people, courses, now())
            if not dry_run and not moved.problems:
                session.commit()
    _say(moved, dry_run=dry_run)


def _write(session: Session, before: Connection, after: Connection, folder: Path, public_url: str) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in (
        (moving_lists.PEOPLE, moving_lists.people(session, before.id, after.id)),
        (moving_lists.COURSES, moving_lists.courses(session, before.id)),
        (moving_lists.LINKS, moving_lists.links(session, before.id, public_url)),
    ):
        path = folder / name
        if path.exists():
            raise click.ClickException(f"{path} is there already. Choose another folder: nothing is overwritten.")
        with open(path, "w", encoding="utf-8", newline="", opener=_for_us_alone) as to:
            to.write(text)
        click.echo(f"{path}: {text.count(chr(10)) - 1} rows")
    click.echo("Fill in the column new with the ids of the next LMS. The lists hold names: delete them afterwards.")


def _read(file: Path | None) -> tuple[Pair, ...]:
    if file is None:
        return ()
    try:
        return moving_lists.read(file.read_bytes(), str(file))
    except (NotAList, DocumentProblems) as problem:
        raise click.ClickException(str(problem)) from None


def _say(moved: Moved, *, dry_run: bool) -> None:
    for problem in moved.problems:
        click.echo(f"{problem.file}, line {problem.line}: {problem.what}")
    click.echo(
        f"People: {moved.linked} known to the next LMS (of them {moved.joined} had come in from there already), "
        f"{moved.known} as they were."
    )
    click.echo(f"Courses: {moved.courses}. Scores to be sent there: {moved.scores}.")
    if moved.decided:
        click.echo(f"Cells that a person had decided about, for which nothing is sent: {moved.decided}.")
    if moved.rules:
        click.echo(f"Columns of the LMS that counted as trainings, to be chosen anew: {moved.rules}.")
    if moved.problems:
        click.echo("Nothing was kept. Mend these rows, or empty their column new, and begin again.")
        sys.exit(1)
    click.echo("Nothing was kept: it was a dry run." if dry_run else "Done. Now lead links there: see links.csv.")


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
