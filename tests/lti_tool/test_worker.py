"""The worker: rows that are gone are no trouble, and whatever breaks off, the others go on."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from huey.consumer import Consumer
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from lti_tool import worker
from lti_tool.file_store.disk import DiskStore
from lti_tool.queue import JsonSerializer, Kind, open_queue
from lti_tool.services.operating import nights
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine, open_sessions

NIGHT = datetime(2026, 3, 2, 3, 7, tzinfo=UTC)
CLEAN = datetime(2026, 3, 2, 9, 17, tzinfo=UTC)


@pytest.fixture
def consumer(settings: Settings) -> Iterator[Consumer]:
    """A worker whose threads are not started: each test does what they would."""
    found = worker.ready(settings, threads=1)
    found.huey.storage.blocking = False
    yield found
    found.huey.storage.close()


def work_off(consumer: Consumer) -> None:
    while (task := consumer.huey.dequeue()) is not None:
        consumer.huey.execute(task)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_row_that_is_gone_is_no_trouble_of_whatever_kind_it_was(
    consumer: Consumer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    queue = open_queue(settings)
    for kind in Kind:
        queue.look_at(kind, new_id())
    with caplog.at_level(logging.WARNING), capture_logs() as said:
        work_off(consumer)
    queue.huey.storage.close()
    assert [one["event"] for one in said if one["log_level"] in ("error", "critical")] == []
    assert caplog.messages == []  # of the queue's own
    assert "kept standings worked out" in [one["event"] for one in said]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_done_by_the_clock_is_done_once_by_whichever_worker(
    consumer: Consumer, sessions: sessionmaker[Session]
) -> None:
    at_night, at_another_time = (
        {task.name for task in consumer.huey.read_periodic(moment)} for moment in (NIGHT, CLEAN)
    )
    assert (at_night, at_another_time) == ({"sweep", "nightly"}, {"sweep", "clean"})
    for moment in (NIGHT, CLEAN, NIGHT):
        for task in consumer.huey.read_periodic(moment):
            consumer.huey.execute(task)
    with sessions() as session:
        done = nights.done(session, worker.periodic.JOBS)
    assert "reminders" in done


def test_whatever_breaks_off_is_written_down_and_the_worker_goes_on(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'without-tables.db'}", ("k" * 40,))
    nowhere, store = open_sessions(engine), DiskStore(tmp_path / "files")
    with capture_logs() as said:
        worker.look_at_file(nowhere, new_id())
        worker.look_at_evidence(nowhere, store, None, new_id())
        worker.make_export(nowhere, store, None, new_id())
        worker.look_at_evidence(nowhere, None, None, new_id())  # without a store nothing is begun
        worker.make_export(nowhere, None, None, new_id())
    engine.dispose()
    assert [one["event"] for one in said] == [
        "a file broke off", "a file of evidence broke off", "an export broke off",
    ]  # fmt: skip


def test_messages_of_the_queue_are_json_of_which_only_messages_are_told_apart() -> None:
    told = JsonSerializer()
    assert told.deserialize(told.serialize({"locked": True})) == {"locked": True}
