"""attune retention: what would go because its time is over, and letting it go."""

from uuid import UUID

import click
from sqlalchemy.orm import Session

from lti_tool.cli.opening import engine_on, now, refuse_unless_up_to_date, session_on, settings_now
from lti_tool.services.courses.places import NotHere
from lti_tool.services.personal_data import erasure
from lti_tool.services.personal_data import retention as keeping
from lti_tool.services.personal_data.retention import Line
from lti_tool.store.engine import open_sessions

ORGANIZATION = click.option(
    "--organization", "organization_id", type=click.UUID, help="The id of one organization; without it, all."
)


@click.group()
def retention() -> None:
    """See what is kept longer than an organization wants, and let it go. The worker does so each night."""


@retention.command()
@ORGANIZATION
def preview(organization_id: UUID | None) -> None:
    """Say what would go now: how much, of how many people, since when. Nothing is changed."""
    with engine_on(settings_now()) as engine:
        refuse_unless_up_to_date(engine)
        with open_sessions(engine)() as session:
            for id_, name in _chosen(session, organization_id):
                click.echo(f"{name} ({id_})")
                for line in keeping.preview(session, id_, now()):
                    click.echo(f"  {_said(line)}")


@retention.command()
@ORGANIZATION
def run(organization_id: UUID | None) -> None:
    """Let go what is over. Running it twice changes nothing."""
    with engine_on(settings_now()) as engine:
        refuse_unless_up_to_date(engine)
        sessions = open_sessions(engine)
        with sessions() as session:
            found = _chosen(session, organization_id)
        for id_, name in found:
            went = keeping.run(sessions, id_, now())
            said = ", ".join(f"{rule.value} {count}" for rule, count in went.items())
            click.echo(f"{name}: {said or 'nothing was over'}.")


@retention.command()
@click.argument("person_id", metavar="PERSON", type=click.UUID)
@click.confirmation_option(prompt="Erase all of this person? It cannot be brought back.")
def erase(person_id: UUID) -> None:
    """Erase PERSON, for whom an administrator of the LMS asked for it. What others rely on makes it wait."""
    with session_on(settings_now()) as session:
        try:
            counts = erasure.carry_out_for_the_lms(session, person_id, now())
        except NotHere:
            raise click.ClickException("No administrator of an LMS asked for this person to be erased.") from None
    click.echo(f"Erased: {sum(counts.values())} rows. A line that says so stays.")


def _chosen(session: Session, organization_id: UUID | None) -> list[tuple[UUID, str]]:
    found = [each for each in keeping.organizations(session) if organization_id in (None, each[0])]
    if organization_id is not None and not found:
        raise click.ClickException(f"There is no organization with the id {organization_id}.")
    return found


def _said(line: Line) -> str:
    if line.days is None:
        return f"{line.rule.value}: kept until a program lead says how long."
    whose = "as chosen" if line.chosen else "as usual"
    if not line.rows:
        return f"{line.rule.value}: {line.days} days, {whose}; nothing would go."
    since = f", the oldest of {line.since:%Y-%m-%d}" if line.since else ""
    return f"{line.rule.value}: {line.days} days, {whose}; {line.rows} would go, of {line.people} people{since}."
