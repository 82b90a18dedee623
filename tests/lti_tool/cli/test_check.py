"""attune check looks at all that an installation stands on, and says what to do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import IO, Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from lti_tool.cli import attune, check_here, check_outside, check_rows
from lti_tool.cli.bench_platform import running_platform
from lti_tool.file_store import Full
from lti_tool.file_store.disk import DiskStore
from lti_tool.processes import free_port
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting import platforms, tool_keys
from lti_tool.services.operating import backups, nights
from lti_tool.settings import Settings, read_settings
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.platforms import PeriodicTurnRow
from tests.databases import PostgresServer
from tests.school import school

SECRET = "a-secret-key-that-is-long-enough-for-tests"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def settings_of(url: str, **changes: str) -> Settings:
    return read_settings(environment(url, **changes))


def environment(url: str, **changes: str) -> dict[str, str]:
    return {
        "ATTUNE_DATABASE_URL": url,
        "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET,
        **changes,
    }


@pytest.fixture
def run(sqlite_url: str) -> Callable[..., Result]:
    def said(*words: str, **changes: str) -> Result:
        return CliRunner().invoke(attune, ["check", *words], env=environment(sqlite_url, **changes))

    return said


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    engine = open_engine(sqlite_url, (SECRET,))
    with open_sessions(engine)() as found:
        yield found
    engine.dispose()


def test_all_of_a_new_installation_is_looked_at_and_well(run: Callable[..., Result]) -> None:
    found = run("--json")
    looked_at = {one["subject"]: one for one in json.loads(found.output)}
    assert {
        "settings", "secret", "room", "papers", "languages", "mail", "database", "server", "keys",
        "encrypted text", "LMS", "worker", "nightly jobs", "audit", "backup", "queue", "files",
    } <= set(looked_at)  # fmt: skip
    assert [one for one in looked_at.values() if not one["ok"]] == []
    assert found.exit_code == 0


def test_it_leaves_nothing_behind(run: Callable[..., Result], sqlite_url: str) -> None:
    assert "one was written, read and taken away again" in run().output
    files = Path(f"{sqlite_url.removeprefix('sqlite:///')}.files")
    assert [path for path in files.rglob("*") if path.is_file()] == []


def test_a_secret_that_nobody_drew_at_random_is_to_mend(run: Callable[..., Result]) -> None:
    found = run(ATTUNE_SECRET_KEY="ab" * 20)
    assert found.exit_code == 1
    assert "to mend  secret" in found.output
    assert "secrets.token_urlsafe" in found.output


def test_former_secrets_are_counted_and_never_shown(run: Callable[..., Result]) -> None:
    found = run(ATTUNE_SECRET_KEY=f"{SECRET} the-former-secret-of-this-installation-1")
    assert "the newest of 2" in found.output
    assert "former-secret" not in found.output
    assert SECRET not in found.output


@pytest.mark.parametrize(("mode", "well"), [(0o640, True), (0o600, True), (0o644, False), (0o660, False)])
def test_the_file_with_the_settings_is_for_few(tmp_path: Path, mode: int, well: bool) -> None:
    path = tmp_path / "attune.env"
    path.touch()
    path.chmod(mode)
    (found,) = check_here.settings_file(path)
    assert (found.remedy is None) is well
    assert list(check_here.settings_file(tmp_path / "none.env")) == []


def test_files_that_cannot_be_written_are_told_with_a_remedy(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "files").write_text("a file, where a directory should be")
    found = CliRunner().invoke(attune, ["check"], env=environment(sqlite_url, ATTUNE_FILES=str(tmp_path / "files")))
    assert found.exit_code == 1
    assert "to mend  files" in found.output
    assert "Check ATTUNE_FILES" in found.output


def test_a_language_that_was_not_compiled_is_named(tmp_path: Path) -> None:
    for language, name in (("es", "messages.mo"), ("ar", "messages.po")):
        (tmp_path / language / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / language / "LC_MESSAGES" / name).touch()
    assert check_here.translations(tmp_path).sentence == "not compiled: ar."
    assert check_here.translations().remedy is None


def test_a_worker_that_fell_silent_is_told(session: Session, sqlite_url: str) -> None:
    settings = settings_of(sqlite_url)
    assert check_rows.worker(session, settings, NOW).remedy is None  # a new installation
    session.add(PeriodicTurnRow(name="sweep", taken_at=NOW))
    session.flush()
    assert check_rows.worker(session, settings, NOW + timedelta(minutes=9)).remedy is None
    silent = check_rows.worker(session, settings, NOW + timedelta(minutes=11))
    assert silent.remedy is not None
    assert "attune serve" in silent.remedy


def test_a_nightly_job_that_broke_off_is_named(session: Session) -> None:
    session.add(PeriodicTurnRow(name=nights.NIGHT, taken_at=NOW))
    nights.note(session, "reminders", NOW, done=True)
    session.flush()
    assert check_rows.nightly(session, NOW).remedy is None
    assert check_rows.nightly(session, NOW + timedelta(hours=31)).remedy is not None
    nights.note(session, "retention", NOW, done=False)
    session.flush()
    assert "not done: retention" in check_rows.nightly(session, NOW).sentence


def test_text_that_the_secret_does_not_read_is_found_in_whichever_table_it_is(
    run: Callable[..., Result], sqlite_url: str, session: Session
) -> None:
    """Also where the newest key can be read: it may have been made since the former secret went."""
    tool_keys.signing_key(session, NOW)
    session.commit()
    assert check_rows.encrypted(session).remedy is None
    session.commit()
    organization_id = new_id()
    earlier = open_engine(sqlite_url, ("the-former-secret-of-this-installation-1",))
    with open_sessions(earlier).begin() as before:
        before.add(
            OrganizationRow(id=organization_id, name="Valley", created_at=NOW, leave_page_url="", support_text="")
        )
        before.flush()
        before.add(PersonRow(id=new_id(), organization_id=organization_id, name="Sam Example", created_at=NOW))
    earlier.dispose()
    found = check_rows.encrypted(session)
    assert found.sentence == "cannot be read in: person."
    assert found.remedy == check_rows.PUT_BACK
    session.rollback()
    assert "to mend  encrypted text" in run().output


def test_the_age_of_the_last_backup_is_told_where_it_is_known(
    run: Callable[..., Result], sqlite_url: str, session: Session, tmp_path: Path
) -> None:
    assert "of others nothing is known" in check_rows.last_backup(session, NOW).sentence
    session.commit()
    made = CliRunner().invoke(attune, ["backup", "make", str(tmp_path / "kept.zip")], env=environment(sqlite_url))
    assert made.exit_code == 0, made.output
    found = backups.last(session)
    assert found is not None
    assert check_rows.last_backup(session, found + timedelta(days=2)).remedy is None
    assert check_rows.last_backup(session, found + timedelta(days=4)).remedy is not None
    session.commit()  # with SQLite this session is in the way
    assert "none was seen yet" in run().output  # a backup is no worker


def test_the_age_of_the_key_is_told(session: Session) -> None:
    tool_keys.signing_key(session, NOW)
    session.flush()
    (young,) = check_rows.keys(session, NOW)
    assert "of 2026-03-02" in young.sentence
    assert [one.subject for one in check_rows.keys(session, NOW + timedelta(days=401))] == ["keys", "age of the key"]


@contextmanager
def answering(scheme: str | None, status: int = 200, **headers: str) -> Iterator[str]:
    """What a proxy would answer at /health."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            for name, value in {"Date": self.date_time_string(NOW.timestamp()), **headers}.items():
                self.send_header(name, value)
            if scheme:
                self.send_header("Attune-Scheme", scheme)
            self.end_headers()
            self.wfile.write(b'{"status":"ok"}')

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def outside(address: str, now: datetime = NOW) -> dict[str, str | None]:
    settings = settings_of("sqlite:////nowhere.db", ATTUNE_PUBLIC_URL=address, ATTUNE_LAB="1")
    return {one.subject: one.remedy for one in check_outside.own_address(settings, now)}


def test_our_own_address_is_asked_for_the_scheme_and_the_clock() -> None:
    with answering("http") as address:
        assert outside(address) == {"own address": None, "scheme": None, "clock (proxy)": None}
        late = outside(address, NOW + timedelta(seconds=45))
    assert late["clock (proxy)"] is not None


def test_a_proxy_that_does_not_say_the_scheme_is_found() -> None:
    with answering("https") as address:  # the other way round is the same: browsers come by http here
        remedy = outside(address)["scheme"]
    assert remedy is not None
    assert "ATTUNE_PROXY_HOPS" in remedy


def test_an_address_where_nobody_answers_is_told() -> None:
    with answering("http") as address:
        pass
    found = outside(address)
    assert list(found) == ["own address"]
    assert found["own address"] is not None


def test_the_health_page_says_by_which_scheme_it_was_asked(sqlite_url: str) -> None:
    from lti_tool.app import create_app

    client = create_app(settings_of(sqlite_url, ATTUNE_PROXY_HOPS="1")).test_client()
    for scheme in ("https", "http"):
        answer = client.get("/health", headers={"X-Forwarded-Proto": scheme})
        assert answer.headers["Attune-Scheme"] == scheme


def test_something_else_at_our_address_is_told_with_what_it_answered() -> None:
    with answering("http", status=404) as address:
        remedies = outside(address)
    assert remedies == {"own address": "Let the proxy lead there to `attune serve`."}


def test_a_clock_that_says_nothing_is_no_finding() -> None:
    with answering("http", Date="some time ago") as address:
        assert outside(address) == {"own address": None, "scheme": None}


def test_our_own_address_may_be_a_private_one_seen_from_here() -> None:
    """Behind a name that leads to this machine: it is asked there, and by https as browsers do."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_how: Any) -> Any:
        asked.append(f"{host}:{port}")
        return [(2, 1, 6, "", ("127.0.0.1", 1))]

    settings = settings_of("sqlite:////nowhere.db")
    (found,) = check_outside.own_address(settings, NOW, resolve)
    assert asked == ["attune.school.example:443"]
    assert found.sentence.startswith("https://attune.school.example does not answer: ")


def test_online_our_own_address_and_every_lms_that_is_in_use_are_asked(
    run: Callable[..., Result], session: Session
) -> None:
    with running_platform() as lms, answering("http") as address:
        platforms.add(session, school(session), platforms.NewPlatform(**lms.registration()), NOW)
        session.commit()
        found = run("--online", "--json", ATTUNE_LAB="1", ATTUNE_PUBLIC_URL=address)
        asked = {one["subject"]: one for one in json.loads(found.output)}
    assert asked["lab"]["sentence"].startswith("ATTUNE_LAB=1: plain http on this machine is allowed.")
    assert asked["own address"]["ok"]
    of_the_lms = {subject: one["ok"] for subject, one in asked.items() if subject.startswith("Benchmark, ")}
    assert len(of_the_lms) >= 2
    assert not all(of_the_lms.values())  # it has a key set, and gives no token
    assert asked["clock (Benchmark)"]["ok"]


def test_a_host_of_the_private_network_is_told(run: Callable[..., Result]) -> None:
    said = run(ATTUNE_PRIVATE_HOSTS="lms.school.example=10.0.0.7:8443").output
    assert "private host: lms.school.example is reached at 10.0.0.7:8443, inside the private network." in said


class Odd(DiskStore):
    """A store that takes everything and gives back something else."""

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        return iter([b"something else"])


class Filled(DiskStore):
    """A store without any room."""

    def put(self, name: str, file: IO[bytes]) -> None:
        raise Full


def test_a_store_that_is_full_and_one_that_gives_back_something_else_are_told(tmp_path: Path) -> None:
    full, odd = (list(check_here.files_take_and_give(one(tmp_path))) for one in (Filled, Odd))
    assert [one.sentence for one in full] == ["there is no room for another one."]
    assert [one.sentence for one in odd] == ["one that was written came back as another."]
    assert all(one.remedy for one in (*full, *odd))
    assert list(check_here.files_take_and_give(None)) == []


@pytest.mark.postgres
def test_a_new_installation_with_postgresql_is_looked_at_without_a_place_for_files(postgres: PostgresServer) -> None:
    with postgres.fresh() as url:
        found = CliRunner().invoke(attune, ["check", "--json"], env=environment(url))
    looked_at = {one["subject"]: one["sentence"] for one in json.loads(found.output)}
    assert looked_at["server"].startswith("PostgreSQL ")
    assert looked_at["files"].startswith("none are taken: neither ATTUNE_FILES nor ATTUNE_FILES_URL is set")
    assert "room" not in looked_at  # nothing of ours grows on this machine


def test_a_bucket_that_does_not_answer_is_told_with_the_setting(run: Callable[..., Result]) -> None:
    said = run(ATTUNE_FILES_URL=f"s3+http://key:secret@127.0.0.1:{free_port('127.0.0.1')}/attune", ATTUNE_LAB="1")
    assert said.exit_code == 1
    assert "to mend  files: the store does not answer." in said.output
    assert "Check ATTUNE_FILES or ATTUNE_FILES_URL, and its rights." in said.output


def test_a_clock_of_an_lms_that_does_not_answer_is_no_finding() -> None:
    at = f"http://127.0.0.1:{free_port('127.0.0.1')}/jwks"
    assert list(check_outside.clock_of(SafeHttp(lab=True), "Campus LMS", at, NOW)) == []
