"""attune metrics: numbers for Prometheus, on an address of their own."""

import os
import threading
from collections.abc import Iterator

import click
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lti_tool.cli.opening import engine_on, now, settings_now
from lti_tool.periodic import JOBS
from lti_tool.services.notifying import mail_health
from lti_tool.services.operating import nights
from lti_tool.services.scores import delivery_health
from lti_tool.store.engine import is_away

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"


@click.command()
def metrics() -> None:
    """Answer Prometheus at ATTUNE_METRICS: requests of the web beside it, and what waits, from the database.

    `attune serve` starts it by itself where ATTUNE_METRICS is set. No name, no score, no address of a person is in it.
    """
    settings = settings_now()
    if settings.metrics is None:
        raise click.ClickException("ATTUNE_METRICS is not set. For example: ATTUNE_METRICS=127.0.0.1:9400")
    host, _, port = settings.metrics.rpartition(":")
    with engine_on(settings) as engine:
        try:
            start_http_server(int(port), host.strip("[]"), registry(engine))
        except OSError as problem:
            raise click.ClickException(f"{settings.metrics} cannot be used: {problem.strerror}.") from None
        threading.Event().wait()


def registry(engine: Engine) -> CollectorRegistry:
    """All that is told: from the database at each asking, and what web processes counted where they do."""
    found = CollectorRegistry(auto_describe=False)
    found.register(Waiting(engine))
    if os.environ.get(DIRECTORY):
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]  # the library has none
    return found


class Waiting(Collector):
    """What waits and what needs a person, as the database has it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(attune_writes=False)  # with SQLite nobody who writes waits for it

    def collect(self) -> Iterator[Metric]:
        """A handful of bounded statements; a database that is away is told as such."""
        try:
            found = list(self._of_database())
        except Exception as problem:
            if not is_away(problem):
                raise
            found = []
        up = GaugeMetricFamily("attune_database_up", "1 where the database answers.")
        up.add_metric([], 1 if found else 0)
        yield from [up, *found]

    def _of_database(self) -> Iterator[Metric]:
        moment = now()
        with Session(self._engine) as session:
            platforms = delivery_health.platforms(session, None, moment)
            seen_at = delivery_health.workers(session).seen_at
            mail = mail_health.counts(session)
            undone, done = nights.last(session, moment, JOBS).undone, nights.done(session, JOBS)
        for name, text, of in (
            ("waiting", "Scores that wait to be sent, counted up to 10,000.", lambda one: one.waiting),
            ("need_person", "Scores that need a person.", lambda one: one.needs_person),
            ("differ", "Scores of which the LMS shows another.", lambda one: one.differs),
            ("needs_operator", "1 where whoever operates Attune is needed.", lambda one: bool(one.needs(moment))),
        ):
            family = GaugeMetricFamily(f"attune_scores_{name}", text, labels=["platform"])
            for one in platforms:
                family.add_metric([str(one.registration_id)], of(one))
            yield family
        waiting = GaugeMetricFamily("attune_mail", "Mail by what became of it.", labels=["state"])
        for state, count in mail.items():
            waiting.add_metric([state.value], count)
        yield waiting
        if seen_at is not None:
            seen = GaugeMetricFamily("attune_worker_seen_timestamp_seconds", "When a worker was last at work.")
            seen.add_metric([], seen_at.timestamp())
            yield seen
        finished = GaugeMetricFamily(
            "attune_nightly_done_timestamp_seconds", "When each nightly job was done last.", labels=["job"]
        )
        broke_off = GaugeMetricFamily(
            "attune_nightly_undone", "1 where a nightly job broke off, or was not come to.", labels=["job"]
        )
        for job, at in sorted(done.items()):
            finished.add_metric([job], at.timestamp())
        for job in sorted({*done, *undone}):
            broke_off.add_metric([job], job in undone)
        yield from (finished, broke_off)
