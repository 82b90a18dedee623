"""attune demo: what it prepares, and what it says once both answer or one does not."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.cli import demo
from lti_tool.cli.bench_platform import only_registered
from lti_tool.cli.opening import now
from lti_tool.processes import free_port, port_is_free
from lti_tool.services.connecting import platforms
from lti_tool.settings import read_settings
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.programs import ProgramRow
from tests.databases import SqliteFiles


@contextmanager
def lms(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Answers whoever looks; a registration is answered with this status, and noted."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(f"{self.path} {sent['address']}")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"the tool is known already")

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_program_is_ready_and_an_address_to_register_waits_until_an_lms_used_it(
    tmp_path: Path, sqlite_files: SqliteFiles
) -> None:
    with sqlite_files.fresh(tmp_path):
        environment = demo.environment_in(tmp_path, 8400)
        assert demo.environment_in(tmp_path, 8400) == environment  # the secret stays, and with it what was encrypted
        assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
        settings = read_settings(environment)
        first, second = demo.prepare(settings), demo.prepare(settings)
        for address in (first, second):
            assert address is not None
            assert address.startswith("http://127.0.0.1:8400/lti/register/")
        assert first != second
        engine = open_engine(settings.database_url, settings.secret_keys)
        with open_sessions(engine).begin() as session:
            program = session.scalars(select(ProgramRow)).one()  # once, however often it starts
            assert program.open_to_ask
            its_lms = only_registered("http://127.0.0.1:8401").registration()
            platforms.add(session, program.organization_id, platforms.NewPlatform(**its_lms), now())
        engine.dispose()
        assert demo.prepare(settings) is None


def test_once_both_answer_they_are_connected_and_one_address_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    stopped: list[str] = []
    with lms() as (address, asked):
        demo.welcome(address, address, f"{address}/lti/register/once", lambda: stopped.append("stopped"))
        assert asked == [f"/_control/register-tool {address}/lti/register/once"]
        assert f"Attune is ready. Open {address} and choose a person." in capsys.readouterr().out
        demo.welcome(address, address, None, lambda: stopped.append("stopped"))
        assert len(asked) == 1  # the next time they know each other
    assert stopped == []


def test_where_one_does_not_answer_the_demo_stops_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    stopped: list[str] = []
    with lms() as (address, _):
        pass
    demo.welcome(address, address, None, lambda: stopped.append("stopped"), seconds=0.01)
    assert stopped == ["stopped"]
    said = capsys.readouterr().err
    assert f"The demo did not start: {address}/health does not answer." in said
    assert "make demo FRESH=1" in said


def test_where_the_lms_takes_no_registration_the_demo_stops_with_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    stopped: list[str] = []
    with lms(409) as (address, _):
        demo.welcome(address, address, f"{address}/lti/register/once", lambda: stopped.append("stopped"))
    assert stopped == ["stopped"]
    assert "could not register Attune: the tool is known already" in capsys.readouterr().err


ANSWERS = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answers(BaseHTTPRequestHandler):
    registered = False

    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def do_POST(self):
        self.do_GET()
        Answers.registered = True

server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers)
while not Answers.registered:
    server.handle_request()
"""


@pytest.fixture
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals_as_before")
def test_where_one_of_its_processes_ends_by_itself_the_demo_ends_and_says_where_to_look(
    tmp_path: Path, sqlite_files: SqliteFiles, capsys: pytest.CaptureFixture[str]
) -> None:
    port = next(port for _ in range(50) if port_is_free(demo.HOST, (port := free_port(demo.HOST)) + 1))
    answers = [sys.executable, "-S", "-c", ANSWERS]
    stand_ins = {
        "practice LMS": [*answers, str(port + 1)],  # it ends once Attune is registered
        "web": [*answers, str(port)],
    }
    with sqlite_files.fresh(tmp_path):
        assert demo.start(tmp_path, port, stand_ins) == 1
    assert f"the end of {tmp_path / 'demo.log'} says why" in capsys.readouterr().err
    assert "POST /_control/register-tool" in (tmp_path / "demo.log").read_text()


def test_a_demo_is_an_lms_a_web_and_a_worker() -> None:
    found = demo.commands(Path("there"), 8400)
    assert list(found) == ["practice LMS", "web", "worker"]
    assert found["practice LMS"][-4:] == ["--port", "8401", "--data", "there/practice-lms"]
    assert "127.0.0.1:8400" in found["web"]
