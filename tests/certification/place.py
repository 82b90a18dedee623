"""Attune behind a real server, a stub platform behind another, and a browser that speaks HTTP with both."""

import html
import itertools
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from socket import socket
from typing import Any
from urllib.parse import urljoin

import requests
from sqlalchemy import func, select
from werkzeug.serving import WSGIRequestHandler, make_server

from lti_tool.settings import Settings
from lti_tool.store.courses import CourseRow, LineItemRow, ResourceLinkRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.platforms import DeploymentRow, SpentStateRow
from lti_tool.store.sessions import Sessions
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.databases import SECRET

HOST = "127.0.0.1"
KEPT_OF_A_LAUNCH = (PersonRow, LmsAccountRow, MembershipRow, SessionRow, CourseRow, ResourceLinkRow, LineItemRow)
SESSION_COOKIE, BROWSER_COOKIE = "attune", "attune-browser"

Answer = requests.Response
_browsers = itertools.count()


class Browser(requests.Session):
    """Keeps cookies, takes Secure ones on loopback as browsers do, runs no scripts, and has an address of its own.

    `get` opens an address and ends where it leads; `request` and `post` show the first answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        number = next(_browsers)
        self.headers["X-Forwarded-For"] = f"10.0.{number // 250}.{number % 250 + 1}"

    def request(self, method: Any, url: Any, *args: Any, **how: Any) -> Answer:
        kept = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)
        how["headers"] = {**(how.get("headers") or {}), **({"Cookie": kept} if kept else {})}
        how.setdefault("allow_redirects", False)
        how.setdefault("timeout", 120)
        return super().request(method, url, *args, **how)

    def get(self, url: Any, **how: Any) -> Answer:
        answer = self.request("GET", url, **how)
        for _step in range(5):
            if not answer.is_redirect:
                break
            answer = self.request("GET", urljoin(answer.url, answer.headers["Location"]))
        return answer


@dataclass
class Attune:
    """The application as a server on a loopback address, its database, and its clock."""

    url: str
    sessions: Sessions
    clock: Clock
    """Tests may move it on, unless the server is another process."""
    lines: list[dict[str, Any]] = field(default_factory=list)
    """What was logged, line by line."""

    @property
    def launch_url(self) -> str:
        return f"{self.url}/lti/launch"

    def session(self) -> Any:
        """A transaction of the test's own; use it in a `with`."""
        return self.sessions.writing.begin()

    def count(self, row: type[Any], *where: Any) -> int:
        with self.session() as session:
            return int(session.scalar(select(func.count()).select_from(row).where(*where)))

    def kept(self) -> dict[str, int]:
        """How much there is of everything that a launch may bring."""
        return {row.__tablename__: self.count(row) for row in (*KEPT_OF_A_LAUNCH, DeploymentRow)}

    def spent(self) -> int:
        """How many states were used up."""
        return self.count(SpentStateRow)

    def logged(self, answer: Answer) -> list[dict[str, Any]]:
        """The log lines to which the page's reference leads."""
        reference = reference_of(answer)
        return [line for line in self.lines if line.get("reference") == reference]


def reference_of(answer: Answer) -> str:
    found = re.search(r"<code>([0-9a-f]{10})</code>", answer.text)
    assert found, f"no reference on the page: {answer.status_code} {answer.text}"
    return found[1]


def words_of(page: str) -> str:
    """What a person reads, in one line."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"  # a connection for each request, so that none lingers after a test

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def serving(database_url: str, clock: Clock) -> Iterator[Attune]:
    """Attune on a free port, with a thread for each request."""
    with ExitStack() as stack:
        with socket() as listening:
            listening.bind((HOST, 0))
            listening.listen(128)
            url = f"http://{HOST}:{listening.getsockname()[1]}"
            settings = Settings(
                database_url=database_url, public_url=url, secret_keys=(SECRET,), lab=True, proxy_hops=1
            )
            app = stack.enter_context(app_for_one_test(settings, clock=clock))
            server = make_server(
                HOST, listening.getsockname()[1], app, threaded=True, request_handler=_Quiet, fd=listening.fileno()
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield Attune(url, app.extensions["attune"].sessions, clock)
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)
