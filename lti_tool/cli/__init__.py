"""The command line: `attune`. Each group of commands is a module of this package."""

import sys

import click
from sqlalchemy.exc import OperationalError

from lti_tool import __version__
from lti_tool.cli import (
    agreement,
    audit,
    backup,
    bench,
    check,
    credentials,
    db,
    demo,
    frameworks,
    gradebooks,
    keys,
    mail,
    metrics,
    organizations,
    people,
    platforms,
    programs,
    retention,
    rubrics,
    scenarios,
    serve,
)
from lti_tool.lti.errors import RegistrationProblem
from lti_tool.settings import SettingsProblem
from rubrics.refusal import Refused


@click.group()
@click.version_option(__version__, prog_name="attune")
def attune() -> None:
    """Observed practice, supervisor sign-off and certification beside your LMS."""


for command in (
    demo.demo,
    serve.serve,
    serve.worker,
    metrics.metrics,
    db.db,
    keys.keys,
    platforms.platforms,
    gradebooks.gradebooks,
    people.people,
    organizations.organizations,
    mail.mail,
    rubrics.rubrics,
    frameworks.frameworks,
    programs.programs,
    scenarios.scenarios,
    agreement.agreement,
    audit.audit,
    backup.backup,
    credentials.credentials,
    retention.retention,
    bench.bench,
    check.check,
):
    attune.add_command(command)


def main() -> None:
    """Run the command; what can go wrong ends in one sentence and exit status 1."""
    try:
        attune()
    except (SettingsProblem, Refused) as problem:
        _stop(str(problem))
    except RegistrationProblem as problem:
        _stop("\n".join((problem.sentence, *problem.details)))
    except OperationalError as problem:
        _stop(
            "The database does not answer: check ATTUNE_DATABASE_URL, and that the server runs. "
            f"It said: {str(problem.orig).strip().splitlines()[0]}"
        )


def _stop(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(1)
