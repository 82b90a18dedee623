"""attune programs enable, enroll: taking a program into use in an organization, and enrolling people in it."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import click
from sqlalchemy.orm import Session

from lti_tool.cli.opening import DEFAULT_ORGANIZATION, now, session_on, settings_now
from lti_tool.cli.program_check import SAID
from lti_tool.cli.program_reading import UNREADABLE, Day
from lti_tool.cli.program_show import heading
from lti_tool.documents import DocumentProblems
from lti_tool.documents.shipped_programs import SHIPPED, editions_of, text_in
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.organizations import organization_if_any
from lti_tool.services.programs import enrolling, enrollment_lists, program_lists, programs_in_use
from lti_tool.services.programs.enrolling import Entering
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.programs.program_versions import day_in
from rubrics.refusal import Refused

REFUSED = 1


@click.command()
@click.argument("program", metavar="PROGRAM")
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
@click.option("--why", default=None, help="What is new, and why; everybody who is enrolled may read it.")
def enable(program: str, organization: str, why: str | None) -> None:
    """Take PROGRAM into use: an id of `attune programs list`, or a file. Only editions that are new are added.

    Nobody is enrolled by this. Ends with 1 where it cannot be used as it is, 2 where it cannot be read.
    """
    text, shipped = _document(program)
    with session_on(settings_now()) as session:
        organization_id = _organization(session, organization)
        looked = programs_in_use.look_at(session, organization_id, text)
        click.echo("\n".join(heading(looked.editions[-1])))
        for each in looked.found:
            where = f"line {each.line}, " if each.line else ""
            click.echo(f"  {SAID[each.finding.severity]}: {where}{each.finding.in_english()}")
        try:
            programs_in_use.publish(session, None, organization_id, text, why=why, now=now(), shipped=shipped)
        except Refused as refused:
            _end(refused)
    new = ", ".join(each.edition for each in looked.new)
    click.echo(f"In use: {new}" if new else "Nothing was changed: its editions are in use already.")


@click.command()
@click.argument("program", metavar="PROGRAM")
@click.argument("people", metavar="PERSON...", nargs=-1, required=True)
@click.option("--entered", type=Day(), default=None, help="The day on which they entered. Else today.")
@click.option("--edition", default=None, help="Else the one in force on that day.")
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
def enroll(program: str, people: Sequence[str], entered: date | None, edition: str | None, organization: str) -> None:
    """Enroll each PERSON, by name or by id, in PROGRAM, the id of one that is in use.

    Whoever is enrolled already stays as they are. Ends with 1 where somebody is not found, or the day is none.
    """
    with session_on(settings_now()) as session:
        organization_id = _organization(session, organization)
        found = _in_use(session, organization_id, program)
        chosen = [_person(session, organization_id, found, named) for named in people]
        entering = Entering(entered or day_in(found.versions[-1].program, now()), edition)
        try:
            came = enrolling.enroll(session, Author(organization_id, None), found.id, chosen, entering, now())
        except Refused as refused:
            _end(refused)
        except NotHere:
            raise click.ClickException("Nobody of this id is here. Please name them, or check the id.") from None
    already = f"; {came.there_already} were there already" if came.there_already else ""
    click.echo(f"Enrolled: {len(came.new)} in edition {came.version.program.edition}{already}")


def _document(named: str) -> tuple[str, bool]:
    """The text, and whether it comes with Attune."""
    try:
        editions_of(named)  # says what is wrong with the name, or with the document
        path = Path(named)
        shipped = not (path.suffix or "/" in named or path.is_file())
        return text_in(SHIPPED / f"{named}.toml" if shipped else path), shipped
    except DocumentProblems as found:
        for each in found.problems:
            click.echo(f"{each.source}: {each.place}: {each.sentence}", err=True)
        sys.exit(UNREADABLE)


def _organization(session: Session, name: str) -> UUID:
    found = organization_if_any(session, name)
    if found is None:
        raise click.ClickException(f"There is no organization “{name}”. Please check --organization.")
    return found


def _in_use(session: Session, organization_id: UUID, key: str) -> InUse:
    found = program_lists.called(session, organization_id, key)
    if found is None:
        raise click.ClickException(f"No program “{key}” is in use. Take one into use with: attune programs enable")
    return found


def _person(session: Session, organization_id: UUID, program: InUse, named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError:
        pass
    people = enrollment_lists.people_named(session, organization_id, program.id, named)
    exact = [each for each in people if each.name.casefold() == named.strip().casefold()] or list(people)
    if len(exact) == 1:
        return exact[0].id
    lines = [f"  {each.id}  {each.name}  {', '.join(each.courses)}" for each in exact]
    said = f"Several people are called “{named}”. Please use the id:" if exact else f"Nobody is called “{named}”."
    raise click.ClickException("\n".join([said, *lines]))


def _end(refused: Refused) -> NoReturn:
    click.echo(str(refused), err=True)
    click.echo("Nothing was changed.", err=True)
    sys.exit(REFUSED)
