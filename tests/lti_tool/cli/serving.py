"""What a benchmark starts as processes of its own, inside the test: nothing to start, and a rotten bench is noticed."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from lti_tool import worker
from lti_tool.app import create_app
from lti_tool.cli.bench_run import HOST, hang_up
from lti_tool.cli.bench_server import beside_the_floor
from lti_tool.cli.bench_sync_filled import Filled
from lti_tool.settings import read_settings


class Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def in_this_process(environment: Mapping[str, str], port: int) -> Iterator[int]:
    """Attune beside the floor, as `bench_run.server` serves them."""
    app = create_app(read_settings(environment))
    serving = make_server(HOST, port, beside_the_floor(app.wsgi_app), threaded=True, request_handler=Silent)
    thread = Thread(target=serving.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield os.getpid()
    finally:
        serving.shutdown()
        thread.join()
        serving.server_close()
        hang_up(port)
        app.extensions["attune"].sessions.engine.dispose()


@contextmanager
def working_here(filled: Filled) -> Iterator[None]:
    """The worker of this database, in threads."""
    consumer = worker.ready(read_settings(filled.settings))
    threads = [thread for _, thread in consumer.worker_threads]
    for thread in (consumer.scheduler, *threads):
        thread.start()
    try:
        yield
    finally:
        consumer.stop_flag.set()
        for thread in threads:
            thread.join()
