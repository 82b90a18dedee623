"""Bringing a file in at the command line: what would change, row by row, and then the change itself."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from sqlalchemy.orm import Session

from lti_tool.cli.opening import DEFAULT_ORGANIZATION, engine_on, now, refuse_unless_up_to_date, settings_now
from lti_tool.documents import DocumentProblems, formats
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.documents.separated import SEPARATORS
from lti_tool.documents.text_in import ENCODINGS
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.exchange import file_work, taking_in
from lti_tool.services.exchange.planning import plan, rows_in
from lti_tool.services.organizations import organization_named
from lti_tool.store.engine import open_sessions

REFUSED, UNREADABLE = 1, 2
Command = TypeVar("Command", bound=Callable[..., None])


def importing(command: Command) -> Command:
    """The argument and the options of a command that imports."""
    options = (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option(
            "--format",
            "named",
            default=None,
            type=click.Choice([kind.value for kind in Format]),
            help="Recognized where it is left out.",
        ),
        click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing."),
        click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True),
        click.option(
            "--drafts",
            default=None,
            type=click.Choice(["leave", "rewrite"]),
            help="What becomes of drafts that are open and differ.",
        ),
        click.option("--encoding", default=None, type=click.Choice([*ENCODINGS])),
        click.option("--separator", default=None, type=click.Choice([*SEPARATORS])),
        click.option("--language", default=None, help="Of the words, where the file does not say: such as en-US."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def bring_in(  # one for each option of the commands
    file: Path,
    *,
    named: str | None,
    dry_run: bool,
    organization: str,
    drafts: str | None,
    as_json: bool,
    options: Options,
) -> None:
    """Read the file, say what would change, and do it unless that is only to be said.

    Ends with 0 where it is done or there is nothing to do, 1 where the file cannot be taken in as it is, 2 where it
    cannot be read.
    """
    source = str(file)
    content = _content(file)
    try:
        kind = Format(named) if named else formats.recognize(content, source=source, options=options)
    except DocumentProblems as unknown:
        _stop(unknown, as_json=as_json, status=UNREADABLE)
    try:
        brought = formats.read(content, source=source, options=options, kind=kind)
        with engine_on(settings_now()) as engine:
            refuse_unless_up_to_date(engine)
            with open_sessions(engine)() as session:
                said = _taken(session, brought, kind, source, organization=organization, drafts=drafts, dry_run=dry_run)
                if said["written"]:
                    session.commit()
    except DocumentProblems as to_mend:
        _stop(to_mend, as_json=as_json, status=REFUSED)
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else "\n".join(_in_words(said)))
    if said["asks"] and not dry_run:
        sys.exit(REFUSED)


def _taken(
    session: Session,
    brought: Brought,
    kind: Format,
    source: str,
    *,
    organization: str,
    drafts: str | None,
    dry_run: bool,
) -> dict[str, Any]:
    organization_id = organization_named(session, organization, now())
    mine, standing = taking_in.compared(session, organization_id, brought, kind, source=source, to_change=not dry_run)
    shown = file_work.plan_document(list(plan(mine, standing)), mine.notes, kind, rows_in(mine))
    asks = drafts is None and bool(shown["rewrites"])
    said = {"file": source, **shown, "asks": asks, "dry_run": dry_run, "written": False}
    if dry_run or asks:
        return said
    author = Author(organization_id, None)
    taken = taking_in.take_in(session, author, mine, standing, rewrite=drafts == "rewrite", now=now())
    return said | {"written": True, "result": file_work.taken_document(taken)}


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        click.echo(f"{file}: it cannot be opened: {error.strerror}.", err=True)
        sys.exit(UNREADABLE)


def _stop(found: DocumentProblems, *, as_json: bool, status: int) -> NoReturn:
    if as_json:
        problems = [{"place": each.place, "sentence": str(each.sentence)} for each in found.problems]
        click.echo(json.dumps({"file": found.problems[0].source, "problems": problems}, ensure_ascii=False))
    else:
        click.echo(f"{found.problems[0].source}: nothing was taken in. Please check:", err=True)
        for each in found.problems:
            click.echo(f"  {each.place}: {each.sentence}", err=True)
    sys.exit(status)


# ---- in words ----


def _in_words(said: Mapping[str, Any]) -> Iterator[str]:
    counts = said["counts"]
    yield f"{said['file']}: {FORMATS[Format(said['format'])].label}, {said['rows']} rows"
    gone = counts.get("gone", 0) + counts.get("replaced", 0)
    same = f"{counts.get('same', 0)} the same, {gone} not in the file any more"
    yield f"{counts.get('new', 0)} new, {counts.get('changed', 0)} changed, {same}"
    for note in said["notes"]:
        yield f"note: {note['place']}: {_filled(note)}"
    for line in said["lines"]:
        if line["fate"] != "same":
            yield f"{line['fate']:9} {line['of']:10} {line['named']}  {line['words']}"
            yield from _differences(line.get("differences", ()))
    yield _outcome(said)


def _differences(found: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for each in found:
        yield f"{'':9} {each['place']}: “{each['before']}” -> “{each['after']}”"


def _filled(told: Mapping[str, Any]) -> str:
    sentence: str = told["template"]
    return sentence % told["values"] if told["values"] else sentence


def _outcome(said: Mapping[str, Any]) -> str:
    if said["dry_run"]:
        return "Nothing was written: this was a dry run."
    if said["asks"]:
        keys = ", ".join(said["rewrites"])
        return f"Nothing was written. Drafts are open: {keys}. Add --drafts leave, or --drafts rewrite."
    if set(said["counts"]) <= {"same"}:
        return "Everything stands there already."
    return "Done. Rubrics that differ are drafts now, to be reviewed and published in the browser."
