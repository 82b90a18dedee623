"""The benchmark of large files: one is sent up and down, and the memory of the web process is looked at."""

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import UUID

from lti_tool.cli.bench_launch import launch_once, seed
from lti_tool.cli.bench_platform import running_platform
from lti_tool.cli.bench_run import HOST, Place, Serving, environment, server
from lti_tool.cli.opening import now
from lti_tool.file_store import open_file_store
from lti_tool.processes import free_port
from lti_tool.services.portfolio import evidence_checks
from lti_tool.settings import read_settings
from lti_tool.store.engine import open_engine, open_sessions

MEGABYTE = 1_000_000
PIECE = bytes(range(250)) * 4000
WAVE = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x02\0\x80\xbb\0\0\0\xee\x02\0\x04\0\x10\0data\xff\xff\xff\xff"
HIDDEN = re.compile(r'name="(csrf_token|act)" value="([^"]+)"')
PATIENCE = 600


@contextmanager
def here() -> Iterator[Path]:
    """Where we are: among temporary files a large one may lie in memory."""
    with tempfile.TemporaryDirectory(prefix="attune-bench-", dir=".") as directory:
        yield Path(directory).resolve()


def measure(*, megabytes: int, serving: Serving = server, place: Place = here) -> dict[str, Any]:
    """Measure on a new SQLite database and a new directory; the shape is that of every `attune bench ... --json`."""
    with place() as directory, running_platform() as platform:
        port = free_port(HOST)
        platform.launch_url = f"http://{HOST}:{port}/lti/launch"
        settings = environment(directory, port)
        seed(settings, platform)
        with serving(settings, port) as process:
            entered = launch_once(port, platform, 0)
            activity = entered.location.split("/")[2].split("?")[0]
            web = _Web(port, entered.cookies, process)
            web.get(f"/a/{activity}/evidence")
            before = web.peak()
            up = web.measured("up", lambda: web.send(f"/a/{activity}/evidence/file", megabytes), megabytes)
            _look(settings, UUID(web.led_to.split("/")[2].split("?")[0]))
            address = f"{web.led_to.split('?')[0]}/content"
            down = web.measured("down", lambda: web.get(address), megabytes)
            if web.read < megabytes * MEGABYTE:
                raise RuntimeError(f"of the file only {web.read} bytes came back")
    ratio = max(up["ratio"], down["ratio"])
    return {
        "name": "files",
        "megabytes": megabytes,
        "before_mb": round(before / MEGABYTE, 1),
        "ratio": ratio,
        "unit": "memory that the web process took more at most, to the size of the file",
        "cases": [up, down],
    }


class _Web:
    """A trainee's browser, and the process that answers it."""

    def __init__(self, port: int, cookies: Mapping[str, str], worker: int) -> None:
        self._port, self._worker = port, worker
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.led_to = ""
        self.read = 0
        """Bytes of the last answer."""

    def get(self, path: str) -> str:
        """The beginning of the answer; all of it is read."""
        return self._ask("GET", path, None, {})

    def send(self, path: str, megabytes: int) -> None:
        """A file of this size, piece by piece."""
        fields = dict(HIDDEN.findall(self.get(path)))
        head = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {**fields, "title": "A long recording", "words": "", "observation": ""}.items()
        )
        head += '--b\r\nContent-Disposition: form-data; name="file"; filename="long.wav"\r\n\r\n'
        end = b"\r\n--b--\r\n"
        size = len(head) + len(WAVE) + megabytes * len(PIECE) + len(end)

        def body() -> Iterator[bytes]:
            yield head.encode() + WAVE
            for _ in range(megabytes):
                yield PIECE
            yield end

        headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(size)}
        self._ask("POST", path, body(), headers)

    def measured(self, name: str, act: Callable[[], object], megabytes: int) -> dict[str, Any]:
        """How long it took, and how much memory more than at its beginning."""
        Path(f"/proc/{self._worker}/clear_refs").write_text("5")  # the peak begins anew
        before, started = self.peak(), time.perf_counter()
        act()
        grew = self.peak() - before
        return {
            "name": name,
            "seconds": round(time.perf_counter() - started, 1),
            "grew_mb": round(grew / MEGABYTE, 1),
            "ratio": round(grew / (megabytes * MEGABYTE), 3),
        }

    def peak(self) -> int:
        """The most that the process has had, in bytes."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self._worker}/status").read_text())
        return int(found[1]) * 1024 if found else 0

    def _ask(self, method: str, path: str, body: Iterator[bytes] | None, headers: Mapping[str, str]) -> str:
        connection = HTTPConnection(HOST, self._port, timeout=PATIENCE)
        connection.request(method, path, body, {"Cookie": self._cookie, "Sec-Fetch-Site": "same-origin", **headers})
        answer = connection.getresponse()
        beginning = answer.read(MEGABYTE)
        self.read = len(beginning)
        while piece := answer.read(MEGABYTE):
            self.read += len(piece)
        connection.close()
        if answer.status not in (200, 303):
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")
        self.led_to = answer.headers.get("Location", self.led_to)
        return beginning.decode("utf-8", "replace")


def _look(environ: Mapping[str, str], evidence_id: UUID) -> None:
    """What the worker does with it."""
    settings = read_settings(environ)
    engine = open_engine(settings.database_url, settings.secret_keys)
    store = open_file_store(settings)
    if store is None:
        raise RuntimeError("the benchmark has no place for files")
    evidence_checks.work(open_sessions(engine), store, settings.files_directory, evidence_id, now)
    engine.dispose()
