"""Wake-ups for the worker: in their order, later where they are to be, and after the database was away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.engine import make_url

from lti_tool.queue import Kind, Queue, Work, open_queue
from lti_tool.settings import Settings
from lti_tool.store.base import new_id

Heard = list[tuple[Kind, UUID]]


@pytest.fixture
def opened(settings: Settings) -> Iterator[Callable[[Heard], Queue]]:
    """Opens the queue as a process of its own does; the worker's ends up in what is given."""
    queues: list[Queue] = []

    def open_one(heard: Heard) -> Queue:
        def hear(kind: Kind) -> Callable[[UUID], None]:
            return lambda row_id: heard.append((kind, row_id))

        look_at = {kind: hear(kind) for kind in Kind}
        queues.append(open_queue(settings, Work(look_at, sweep=list, nightly=list, clean=list)))
        return queues[-1]

    yield open_one
    for queue in queues:
        queue.huey.storage.close()


def work_off(queue: Queue) -> None:
    """What a worker's thread does with all that is there now."""
    queue.huey.storage.blocking = False
    while (task := queue.huey.dequeue()) is not None:
        queue.huey.execute(task)


def test_processes_that_start_together_on_a_new_database_all_have_their_queue(
    opened: Callable[[Heard], Queue],
) -> None:
    together = Barrier(8)

    def start(_number: int) -> None:
        together.wait(60)
        opened([])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(start, range(8)))


def test_wake_ups_come_in_their_order_and_a_sweep_s_before_all_others(opened: Callable[[Heard], Queue]) -> None:
    heard: Heard = []
    queue = opened(heard)
    first, second, platform = new_id(), new_id(), new_id()
    queue.look_at(Kind.DELIVERY, first)
    queue.look_at(Kind.MAIL, second)
    queue.next(Kind.PLATFORM, platform)
    work_off(queue)
    assert heard == [(Kind.PLATFORM, platform), (Kind.DELIVERY, first), (Kind.MAIL, second)]


def test_what_is_to_be_looked_at_later_waits_until_then(opened: Callable[[Heard], Queue]) -> None:
    heard: Heard = []
    queue = opened(heard)
    platform = new_id()
    queue.later(Kind.PLATFORM, platform, timedelta(minutes=5))
    work_off(queue)
    assert heard == []
    moment = queue.huey._get_timestamp() + timedelta(minutes=6)
    (task,) = queue.huey.read_schedule(moment)
    queue.huey.execute(task, moment)
    assert heard == [(Kind.PLATFORM, platform)]


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_database_that_was_started_again_is_found_again(settings: Settings, opened: Callable[[Heard], Queue]) -> None:
    heard: Heard = []
    asking, working = opened([]), opened(heard)
    asking.look_at(Kind.PLATFORM, new_id())
    work_off(working)
    _end_all_connections(settings.database_url)
    asking.look_at(Kind.PLATFORM, new_id())
    with pytest.raises(psycopg.OperationalError):  # a worker's thread writes it down, and goes on
        work_off(working)
    work_off(working)
    assert len(heard) == 2


def _end_all_connections(url: str) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
