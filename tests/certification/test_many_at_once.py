"""Many launches at once lose none, and a known one costs little."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from lti_tool.services.entering.visitors import who_is_it
from lti_tool.store.engine import open_engine
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.platforms import RegistrationRow
from lti_tool.store.sessions import open_both
from tests.certification.lms import Lms
from tests.certification.place import SESSION_COOKIE, Attune, Browser
from tests.conftest import Clock
from tests.databases import SECRET, SqliteFiles
from tests.living import fresh_environment, process, run, wait_for
from tests.lti_tool.lti.platform import KID, jwk, private_key, put
from tests.lti_tool.lti.server import StubServer

PEOPLE = 50
TIMES = 20


class RealClock(Clock):
    """The one of the other processes."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def gunicorn(
    request: pytest.FixtureRequest, sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Attune, dict[str, str]]]:
    """Attune in processes of its own, as an operator starts it; each test has a platform of its own there."""
    folder = tmp_path_factory.mktemp("gunicorn")
    with ExitStack() as stack:
        on_sqlite = request.param == "sqlite"
        fresh = sqlite_files.fresh(folder) if on_sqlite else request.getfixturevalue("postgres").fresh()
        url = stack.enter_context(fresh)
        environment = fresh_environment(url) | {"ATTUNE_SECRET_KEY": SECRET}
        engine = open_engine(url, (SECRET,))
        stack.callback(engine.dispose)
        log = stack.enter_context((folder / "log.txt").open("wb"))
        web = stack.enter_context(process(environment, log, "lti_tool", "serve"))
        wait_for(f"{environment['ATTUNE_PUBLIC_URL']}/health", web)
        yield Attune(environment["ATTUNE_PUBLIC_URL"], open_both(engine), RealClock()), environment


@pytest.fixture
def far_lms(gunicorn: tuple[Attune, dict[str, str]], stub_server: StubServer, browser: Browser, tmp_path: Path) -> Lms:
    """A platform that was added at the command line."""
    attune, environment = gunicorn
    path = f"/far{len(stub_server.replies)}"
    base = stub_server.url + path
    platform = {
        "name": "LMS", "family": "moodle", "issuer": base, "client_id": "client-1", "auth_url": f"{base}/auth",
        "token_url": f"{base}/token", "jwks_url": f"{base}/jwks", "deployment_ids": ["1"],
    }  # fmt: skip
    (tmp_path / "lms.json").write_text(json.dumps(platform), encoding="utf-8")
    run(environment, "platforms", "add", str(tmp_path / "lms.json"))
    with attune.session() as session:
        row = session.scalars(select(RegistrationRow).where(RegistrationRow.issuer == base)).one()
    lms = Lms(attune, stub_server, path, "client-1", row.id, row.organization_id, browser)
    lms.publish(jwk(lms.key, KID))
    return lms


def all_at_once(lms: Lms, people: list[str], new_browser: Callable[[], Browser]) -> list[Browser]:
    """Everyone logs in, then all launches are posted at the same moment, each from a browser of its own."""
    browsers = [new_browser() for _ in people]
    together = threading.Barrier(len(people))

    def come_in(sub: str, browser: Browser) -> None:
        asked = lms.begin(browser)
        token = lms.sign(lms.claims(asked["nonce"], sub=sub, name=f"Name of {sub}"))
        together.wait(120)
        lms.opened(lms.post(token, asked["state"], browser), browser)

    with ThreadPoolExecutor(len(people)) as threads:
        list(threads.map(come_in, people, browsers))
    return browsers


def signed_in(attune: Attune, browser: Browser) -> str | None:
    """Whose session this browser holds."""
    with attune.session() as session:
        visitor = who_is_it(session, browser.cookies[SESSION_COOKIE], attune.clock())
    assert visitor is not None
    return visitor.name


def test_fifty_people_who_launch_at_once_are_each_signed_in_as_themselves(
    far_lms: Lms, new_browser: Callable[[], Browser]
) -> None:
    people = [f"user-{number}" for number in range(PEOPLE)]
    before, spent = far_lms.attune.kept(), far_lms.attune.spent()
    browsers = all_at_once(far_lms, people, new_browser)
    assert [signed_in(far_lms.attune, browser) for browser in browsers] == [f"Name of {sub}" for sub in people]
    more = {what: count - before[what] for what, count in far_lms.attune.kept().items()}
    for row in (PersonRow, LmsAccountRow, MembershipRow, SessionRow):
        assert more[row.__tablename__] == PEOPLE
    assert (more["course"], more["resource_link"], more["deployment"]) == (1, 1, 0)
    assert far_lms.attune.spent() - spent == PEOPLE


def test_one_person_who_launches_twenty_times_at_once_is_one_person(
    far_lms: Lms, new_browser: Callable[[], Browser]
) -> None:
    before = far_lms.attune.kept()
    browsers = all_at_once(far_lms, ["user-6"] * TIMES, new_browser)
    assert {signed_in(far_lms.attune, browser) for browser in browsers} == {"Name of user-6"}
    more = {what: count - before[what] for what, count in far_lms.attune.kept().items()}
    for row in (PersonRow, LmsAccountRow, MembershipRow):
        assert more[row.__tablename__] == 1
    assert more[SessionRow.__tablename__] == TIMES


@contextmanager
def transactions(engine: Engine) -> Iterator[list[str]]:
    """Each beginning and end of a transaction meanwhile."""
    said: list[str] = []
    notes = {name: (lambda _connection, name=name: said.append(name)) for name in ("begin", "commit", "rollback")}
    for name, note in notes.items():
        event.listen(engine, name, note)
    yield said
    for name, note in notes.items():
        event.remove(engine, name, note)


@pytest.mark.parametrize("signed_in_before", [False, True])
def test_a_known_launch_is_one_transaction_and_asks_the_platform_nothing(
    lms: Lms, new_browser: Callable[[], Browser], signed_in_before: bool
) -> None:
    lms.enter()
    browser = lms.browser if signed_in_before else new_browser()
    asked = lms.begin(browser)
    token = lms.sign(lms.claims(asked["nonce"]))
    keys_asked = lms.keys_asked()
    with transactions(lms.attune.sessions.engine) as said:
        answer = lms.post(token, asked["state"], browser)
    assert answer.status_code == 303
    assert said == ["begin", "commit"]
    assert lms.keys_asked() == keys_asked


class Held:
    """A key set that is answered only once the test lets it go."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.status, self.headers, self.after = 200, {"Content-Type": "application/json"}, 0.0
        self.go_on = threading.Event()
        self._body = json.dumps({"keys": keys}).encode()

    @property
    def body(self) -> bytes:
        assert self.go_on.wait(120)
        return self._body


def test_twenty_launches_with_a_new_key_ask_for_it_once(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    lms.enter()
    before = lms.keys_asked()
    new = private_key("rotated")
    held = Held(jwk(lms.key), jwk(new, "new"))
    lms.server.replies[f"{lms.path}/jwks"] = [held]  # type: ignore[list-item]  # it is a reply in all but name
    lms.key = new
    browsers = [new_browser() for _ in range(TIMES)]
    ready = [(lms.begin(browser), browser) for browser in browsers]

    def come_in(asked: dict[str, str], browser: Browser) -> int:
        token = lms.sign(lms.claims(asked["nonce"], sub="user-6"), kid="new")
        return lms.post(token, asked["state"], browser).status_code

    with ThreadPoolExecutor(TIMES) as threads:
        waiting = [threads.submit(come_in, *one) for one in ready]
        threading.Timer(0.5, held.go_on.set).start()  # meanwhile as many as can have come as far as the keys
        statuses = [one.result() for one in waiting]
    assert statuses == [303] * TIMES
    assert lms.keys_asked() == before + 1


def test_twenty_launches_with_a_key_that_nobody_has_ask_for_it_once(
    lms: Lms, new_browser: Callable[[], Browser]
) -> None:
    lms.enter()
    ready = [(lms.begin(browser), browser) for browser in (new_browser() for _ in range(TIMES))]

    def come_in(one: tuple[int, tuple[dict[str, str], Browser]]) -> int:
        number, (asked, browser) = one
        token = lms.sign(lms.claims(asked["nonce"]), kid=f"never-seen-{number}")
        return lms.post(token, asked["state"], browser).status_code

    with ThreadPoolExecutor(TIMES) as threads:
        assert list(threads.map(come_in, enumerate(ready))) == [401] * TIMES
    assert lms.keys_asked() == 2
    assert lms.enter(put("sub", "user-7"))
