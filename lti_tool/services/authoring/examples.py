"""Example performances of an organization, and what their ratings are by those who agreed on them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.example import from_document, to_document
from lti_tool.services import audit
from lti_tool.services.authoring import library
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.authoring.example_lists import Listed, listed
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from lti_tool.store.rubrics import ExampleRow
from rubrics.example import Example, carried_over, not_agreed, problems
from rubrics.keys import key_for
from rubrics.refusal import Refused

CHANGED_MEANWHILE = "example_changed"
PUT_AWAY_KEPT = timedelta(hours=24)
"""How long one that was put away can be brought back; then its words are gone."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An example as it stands."""

    id: UUID
    example: Example
    version: library.Version
    """What it was rated with."""
    revision: int
    """How often it was changed; a change names the one that it began from."""
    changed_by: str | None
    """None where it came with Attune."""
    changed_at: datetime
    agreed_at: datetime | None
    put_away_at: datetime | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What an example is to be, and the revision that the change began from."""

    example: Example
    revision: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agreed on the ratings of which revision, and when."""

    by: str
    on: date
    revision: int


def opened(session: Session, organization_id: UUID, example_id: UUID, now: datetime) -> Opened:
    """An example of the organization; one that was put away as long as it can be brought back. Raises `NotHere`."""
    found = session.execute(
        select(ExampleRow, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == ExampleRow.changed_by)
        .where(ExampleRow.id == example_id, ExampleRow.organization_id == organization_id)
    ).one_or_none()
    if found is None or _is_gone(found[0], now):
        raise NotHere
    row, name = found
    return Opened(
        id=row.id,
        example=from_document(row.document),
        version=library.version(session, organization_id, row.rubric_version_id),
        revision=row.revision,
        changed_by=display_name(row.changed_by, name) if row.changed_by else None,
        changed_at=row.changed_at,
        agreed_at=row.agreed_at,
        put_away_at=row.put_away_at,
    )


def in_its_place(session: Session, organization_id: UUID, found: Opened, now: datetime) -> tuple[Listed, ...]:
    """Those that can be offered to whoever wants another one: of its group, in its language, agreed on."""
    if not found.example.group:
        return ()
    every = listed(session, organization_id, (), since=now - PUT_AWAY_KEPT, version_id=found.version.id)
    return tuple(
        each
        for edition in every
        for each in edition.examples
        if each.id != found.id
        and each.agreed_at
        and (each.group, each.language) == (found.example.group, found.example.language)
    )


def write(session: Session, by: Author, version_id: UUID, example: Example, now: datetime) -> UUID:
    """Keep a new example of this edition; nobody agreed on it yet. Raises `NotHere`."""
    version = library.version(session, by.organization_id, version_id)
    taken = {each.key for each in of_version(session, by.organization_id, version.id)}
    key = example.key if example.key and example.key not in taken else key_for(example.title, taken, otherwise="x")
    return add(session, by, version.id, replace(example, key=key), now)


def change(session: Session, by: Author, example_id: UUID, edit: Edit, now: datetime) -> None:
    """Have the example be this. It has to be agreed on again; the same again changes nothing.

    Raises `NotHere`, and `Refused` (`CHANGED_MEANWHILE`) where someone changed it since the edit began.
    """
    row = _row(session, by.organization_id, example_id)
    before = not_agreed(from_document(row.document))
    after = replace(not_agreed(edit.example), key=before.key)
    if before == after:
        return
    _check_revision(row, edit.revision)
    was_agreed = row.agreed_at is not None
    row.document, row.agreed_at = to_document(after), None
    _changed(row, by, now)
    _record(session, by, "example.change", row, now=now, revision=row.revision, was_agreed=was_agreed)


def agree(session: Session, by: Author, example_id: UUID, agreement: Agreement, now: datetime) -> None:
    """Record that people agreed on its ratings. Raises `NotHere`, and `Refused` with what is still to be done."""
    row = _row(session, by.organization_id, example_id)
    _check_revision(row, agreement.revision)
    example = from_document(row.document)
    version = library.version(session, by.organization_id, row.rubric_version_id)
    if problems(example, version.rubric):
        raise Refused("still_needed", "A little is still to come before people can agree on it. The page says what.")
    if not agreement.by.strip():
        raise Refused("who_agreed", "Please say who agreed: names, or roles such as “our peer council”.")
    if agreement.on > now.date() + timedelta(days=1):  # it may be tomorrow already where they are
        raise Refused("agreed_later", "Please give the day on which it was agreed: it is not after today.")
    row.document = to_document(replace(example, agreed_by=agreement.by.strip(), agreed_on=agreement.on))
    row.agreed_at = now
    _changed(row, by, now)
    _record(session, by, "example.agree", row, now=now, revision=row.revision, agreed_on=agreement.on.isoformat())


def put_away(session: Session, by: Author, example_id: UUID, now: datetime) -> None:
    """Use it no more, from this moment on; its words go after `PUT_AWAY_KEPT`. Raises `NotHere`."""
    row = _row(session, by.organization_id, example_id)
    row.put_away_at = now
    _record(session, by, "example.put_away", row, now=now)


def bring_back(session: Session, by: Author, example_id: UUID, now: datetime) -> None:
    """Have it as it was before it was put away. Raises `NotHere` once its words are gone."""
    row = _row(session, by.organization_id, example_id, put_away=True)
    if _is_gone(row, now):
        raise NotHere
    if row.put_away_at is None:
        return
    taken = {each.key for each in of_version(session, by.organization_id, row.rubric_version_id)}
    if row.document["key"] in taken:  # another was made of it meanwhile
        row.document = {**row.document, "key": key_for(row.document["title"], taken, otherwise="x")}
    row.put_away_at = None
    _record(session, by, "example.bring_back", row, now=now)


def carry_over(session: Session, by: Author, example_id: UUID, now: datetime) -> UUID:
    """A copy for the newest edition of its rubric, or the one that was made before.

    Raises `NotHere`, and `Refused` where the example is of the newest edition.
    """
    row = _row(session, by.organization_id, example_id)
    example = from_document(row.document)
    before = library.version(session, by.organization_id, row.rubric_version_id)
    if before.newest == before.number:
        raise Refused("is_newest", "This example is of the newest edition already.")
    after = library.edition(session, by.organization_id, before.rubric_id, before.newest)
    present = session.scalars(
        select(ExampleRow.id).where(
            ExampleRow.rubric_version_id == after.id,
            ExampleRow.put_away_at.is_(None),
            ExampleRow.document["key"].as_string() == example.key,
        )
    ).first()
    return present or add(session, by, after.id, carried_over(example, before.rubric, after.rubric), now)


def purge_put_away(session: Session, now: datetime) -> None:
    """Take the words of those that can be brought back no more. Their keys stay: Attune does not bring them again."""
    rows = session.scalars(
        select(ExampleRow).where(
            ExampleRow.put_away_at < now - PUT_AWAY_KEPT, ExampleRow.document["title"].as_string().is_not(None)
        )
    )
    for row in rows:
        row.document, row.agreed_at = {"key": row.document["key"]}, None
    session.flush()


def of_version(session: Session, organization_id: UUID, version_id: UUID) -> tuple[Example, ...]:
    """The examples of this edition that are not put away, in the order in which they came."""
    documents = session.scalars(
        select(ExampleRow.document)
        .where(
            ExampleRow.organization_id == organization_id,
            ExampleRow.rubric_version_id == version_id,
            ExampleRow.put_away_at.is_(None),
        )
        .order_by(ExampleRow.id)
    )
    return tuple(from_document(document) for document in documents)


def add(session: Session, by: Author, version_id: UUID, example: Example, now: datetime) -> UUID:
    """Keep this example of an edition of the organization, with its key; nobody agreed on it yet."""
    row = ExampleRow(
        id=new_id(),
        organization_id=by.organization_id,
        rubric_version_id=version_id,
        document=to_document(not_agreed(example)),
        revision=1,
        changed_by=by.person_id,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, by, "example.write", row, now=now, version=str(version_id))
    return row.id


def _row(session: Session, organization_id: UUID, example_id: UUID, *, put_away: bool = False) -> ExampleRow:
    asked = (
        select(ExampleRow)
        .where(ExampleRow.id == example_id, ExampleRow.organization_id == organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalars(asked).one_or_none()
    if row is None or (row.put_away_at is not None and not put_away):
        raise NotHere
    return row


def _is_gone(row: ExampleRow, now: datetime) -> bool:
    return row.put_away_at is not None and row.put_away_at < now - PUT_AWAY_KEPT


def _check_revision(row: ExampleRow, revision: int) -> None:
    if row.revision != revision:
        raise Refused(CHANGED_MEANWHILE, "This example was changed since you opened it. Please look at it again.")


def _changed(row: ExampleRow, by: Author, now: datetime) -> None:
    row.revision += 1
    row.changed_by, row.changed_at = by.person_id, now


def _record(
    session: Session, by: Author, act: str, row: ExampleRow, *, now: datetime, **facts: str | int | bool
) -> None:
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act=act,
        subject=f"example:{row.id}",
        now=now,
        **facts,
    )
