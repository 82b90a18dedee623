"""Taking a file along at the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import click
from sqlalchemy.orm import Session

from lti_tool.cli.opening import DEFAULT_ORGANIZATION, session_on, settings_now
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange.taking_along import File
from lti_tool.services.organizations import organization_if_any

Command = TypeVar("Command", bound=Callable[..., None])
Find = Callable[[Session, UUID, str, Format], File]


def exporting(command: Command) -> Command:
    """The argument and the options of a command that exports."""
    options = (
        click.argument("key"),
        click.option(
            "--format",
            "kind",
            default=None,
            type=click.Choice([kind.value for kind in Format]),
            help="By the ending of FILE, else TOML.",
        ),
        click.option(
            "--output", default=None, type=click.Path(dir_okay=False, path_type=Path), help="Else it is printed."
        ),
        click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True),
    )
    for option in reversed(options):
        command = option(command)
    return command


def put_out(key: str, kind: str | None, output: Path | None, organization: str, find: Find) -> None:
    """Write or print the file. Raises `ClickException` where there is nothing of this key; `Refused`."""
    with session_on(settings_now()) as session:
        try:
            file = find(session, organization_kept(session, organization), key, _format(kind, output))
        except NotHere:
            raise click.ClickException(
                f"There is nothing with the key {key}, or the format cannot hold it. The keys: list, beside export."
            ) from None
    if output is None:
        click.echo(file.content, nl=False)
    else:
        output.write_bytes(file.content)
        click.echo(f"{output}: {len(file.content)} bytes.")


def organization_kept(session: Session, name: str) -> UUID:
    """The organization of this name. Raises `ClickException` where there is none."""
    found = organization_if_any(session, name)
    if found is None:
        raise click.ClickException(f"There is no organization called {name}.")
    return found


def _format(kind: str | None, output: Path | None) -> Format:
    if kind is not None:
        return Format(kind)
    name = output.name.lower() if output else ""
    fitting = [each for each in FORMATS if name.endswith(f".{FORMATS[each].suffix}")]
    return max(fitting, key=lambda each: len(FORMATS[each].suffix), default=Format.TOML)
