"""attune audit: does the record of acts still hold together, and does a package that somebody brings?"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from lti_tool.cli import organizations
from lti_tool.cli.opening import session_on, settings_now
from lti_tool.documents.package_check import Checked, NotAPackage, check, keys_in
from lti_tool.services.audit import Broken, has
from lti_tool.services.audit import verify as verify_chains
from lti_tool.services.leaving import checking

LARGEST = 200_000_000


def _noted(_ctx: click.Context, _param: click.Parameter, given: Sequence[str]) -> list[tuple[int, str]]:
    parts = [each.strip().partition(":") for each in given]
    if not all(number.isdecimal() and len(digest) == 64 for number, _colon, digest in parts):
        raise click.BadParameter("Please give it as it was said: a number, a colon and 64 signs.")
    return [(int(number), digest.lower()) for number, _colon, digest in parts]


@click.group()
def audit() -> None:
    """Check the append-only record of acts, and packages that were made of it."""


@audit.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    help="Keys that you have from elsewhere: a JWK set or did.json.",
)
@click.option(
    "--noted",
    multiple=True,
    metavar="NUMBER:DIGEST",
    callback=_noted,
    help="The last entry of a chain as this command said it on another day, such as 412:9f86...; as often as you like.",
)
def verify(file: Path | None, key_file: Path | None, noted: Sequence[tuple[int, str]]) -> None:
    """Check a package (JSON or ZIP), or what an organization took along, offline; without FILE, walk every chain.

    Keep what it says of the last entry where nobody of this machine can change it; with --noted you see later that
    nothing before it was written anew.

    Ends with 0 where all of it holds, with 1 where something does not, and with 2 where it is no package.
    """
    if file is not None:
        sys.exit(organizations.said_of(file) if checking.is_one(file) else _package(file, key_file))
    broken = False
    with session_on(settings_now()) as session:
        for result in verify_chains(session):
            if isinstance(result, Broken):
                broken = True
                click.echo(f"{result.organization}: entry {result.number}: {result.reason}.")
            else:
                said = f"{result.organization}: {result.entries} entries, the chain holds"
                click.echo(f"{said}; the last is {result.entries}:{result.head}." if result.entries else f"{said}.")
        for number, digest in noted:
            there = has(session, number, digest)
            broken = broken or not there
            click.echo(f"{number}:{digest} {'is there as it was noted' if there else 'is in no chain any more'}.")
    if broken:
        sys.exit(1)


def _package(file: Path, key_file: Path | None) -> int:
    try:
        keys = keys_in(_content(key_file).decode("utf-8", "replace")) if key_file is not None else None
        found = check(_content(file), keys)
    except NotAPackage as problem:
        click.echo(f"{file}: {problem}", err=True)
        return 2
    for line in _in_words(found, keys):
        click.echo(line)
    return 1 if found.troubles else 0


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as problem:
        raise NotAPackage(f"{file} cannot be opened: {problem.strerror}.") from None
    if len(content) > LARGEST:
        raise NotAPackage("It is larger than any package.")
    return content


def _in_words(found: Checked, keys: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """What does not hold comes first."""
    if found.troubles:
        lines = ["This does not hold:"]
        lines += [f"  {each.where}: {each.what}" for each in found.troubles]
        return [*lines, "Please ask whoever gave it to you for another copy, and whoever made it what it should say."]
    counts = ", ".join(f"{number} {name}" for name, number in found.counts.items())
    lines = [f"It holds: of {found.person}, made by {found.signed_by} ({counts})."]
    if found.signed_with is None:
        return [*lines, "It is not signed: it fits together, and that is all that can be said of it."]
    lines.append(f"Signed with {found.signed_with}.")
    if keys is not None:
        return [*lines, "The key is among those that you gave."]
    return [*lines, "The key came with it. Whether it is theirs you see with --key and the did.json that they publish."]
