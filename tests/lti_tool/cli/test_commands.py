"""The command line: what it prints, and what it says when something is not right."""

import json
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from grading.checking.check import check
from grading.checking.references import references
from lti_tool.cli import attune, main
from lti_tool.cli.demo import forget
from lti_tool.documents.shipped_programs import program_in
from lti_tool.paths import CONFIG
from lti_tool.services.connecting import tool_keys
from lti_tool.services.entering import arrivals
from lti_tool.settings import SettingsProblem
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.platforms import DeploymentRow, RegistrationRow, ServiceHostRow

SECRET = "a-secret-key-that-is-long-enough-for-tests"
Run = Callable[..., Result]


@pytest.fixture
def environment(sqlite_url: str) -> dict[str, str | None]:
    return {
        "ATTUNE_DATABASE_URL": sqlite_url,
        "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET,
        "ATTUNE_LAB": None,
    }


@pytest.fixture
def run(environment: dict[str, str | None]) -> Run:
    def run(*arguments: str, **changes: str | None) -> Result:
        return CliRunner().invoke(attune, arguments, env=environment | changes)

    return run


def test_a_registration_address_is_printed_alone_so_that_it_can_be_copied(run: Run) -> None:
    assert re.fullmatch(r"https://attune\.school\.example/lti/register/[\w-]{43}\n", run("platforms", "invite").output)


def test_an_invitation_is_a_link_and_a_code(run: Run) -> None:
    said = run("people", "invite", "--name", "Olu", "--email", "olu@school.example").output
    assert re.search(r"^Link:  https://attune\.school\.example/invitation/[\w-]{43}$", said, re.MULTILINE)
    assert re.search(r"^Code:  \d{4} \d{4}$", said, re.MULTILINE)


PLATFORM = {
    "name": "School LMS",
    "family": "moodle",
    "issuer": "https://lms.school.example",
    "client_id": "abc",
    "auth_url": "https://lms.school.example/auth",
    "token_url": "https://lms.school.example/token",
    "jwks_url": "https://lms.school.example/jwks",
    "deployment_ids": ["1"],
}


def test_an_lms_is_added_from_a_file_and_listed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lms.json"
    file.write_text(json.dumps(PLATFORM))
    assert "School LMS is connected" in run("platforms", "add", str(file)).output
    listed = run("platforms", "list").output
    assert "https://lms.school.example  client id abc" in listed
    assert "deployment 1: active" in listed


def test_adding_it_twice_changes_nothing_and_says_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lms.json"
    file.write_text(json.dumps(PLATFORM))
    run("platforms", "add", str(file))
    again = run("platforms", "add", str(file))
    assert again.exit_code == 1
    assert "registered already" in str(again.exception)


@pytest.fixture
def connected(run: Run, tmp_path: Path) -> str:
    """An LMS is connected; this is its id."""
    file = tmp_path / "lms.json"
    file.write_text(json.dumps(PLATFORM))
    run("platforms", "add", str(file))
    found = re.search(r"^  id (\S+)$", run("platforms", "list").output, re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.parametrize("by", ["id", "issuer"])
def test_a_connection_is_switched_off_and_on_by_its_id_or_issuer(run: Run, connected: str, by: str) -> None:
    named = connected if by == "id" else PLATFORM["issuer"]
    assert "within ten seconds" in run("platforms", "off", str(named)).output
    assert "SWITCHED OFF" in run("platforms", "list").output
    assert run("platforms", "on", str(named)).exit_code == 0
    assert "SWITCHED OFF" not in run("platforms", "list").output
    assert "the chain holds" in run("audit", "verify").output


def test_a_connection_is_ended_after_what_hangs_on_it_was_counted(run: Run, connected: str) -> None:
    assert "0 courses, 0 people" in run("platforms", "end", connected, "--dry-run").output
    assert "ENDED" not in run("platforms", "list").output
    assert "It is ended." in run("platforms", "end", connected).output
    assert "ENDED" in run("platforms", "list").output
    assert "known by that" in run("people", "way-in", "--platform", connected, "--account", "7").output


def test_what_waits_is_listed_and_accepted(run: Run, connected: str, environment: dict[str, str | None]) -> None:
    engine = open_engine(environment["ATTUNE_DATABASE_URL"] or "", (SECRET,))
    with open_sessions(engine).begin() as session:
        owner = session.get_one(RegistrationRow, UUID(connected)).organization_id
        common = {"organization_id": owner, "registration_id": UUID(connected)}
        moment = datetime(2026, 3, 2, tzinfo=UTC)
        session.add(
            DeploymentRow(**common, deployment_id="5:abc", state="pending", created_at=moment, platform_name="N")
        )
        session.add(DeploymentRow(**common, deployment_id="6", state="pending", created_at=moment, refused_at=moment))
        session.add(ServiceHostRow(**common, host="scores.example", state="waiting", seen_at=moment))
    engine.dispose()
    listed = run("platforms", "list").output
    assert "deployment 5:abc: waits for you  N" in listed
    assert "deployment 6: not ours" in listed
    assert "services at scores.example: waits for you" in listed
    assert "Accepted." in run("platforms", "deployments", "accept", connected, "5:abc").output
    assert "Accepted." in run("platforms", "hosts", "accept", connected, "Scores.example").output
    listed = run("platforms", "list").output
    assert "deployment 5:abc: active" in listed
    assert "services at scores.example: accepted" in listed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("off", "https://nowhere.example"), "No connection has"),
        (("deployments", "accept", PLATFORM["issuer"], "9"), "has no deployment 9"),
        (("hosts", "accept", PLATFORM["issuer"], "x.example"), "did not name x.example"),
    ],
)
def test_what_is_not_there_is_said_with_the_command_that_lists(
    run: Run, connected: str, arguments: tuple[str, ...], says: str
) -> None:
    refused = run("platforms", *arguments)
    assert refused.exit_code == 1
    assert says in refused.output
    assert "attune platforms list" in refused.output


def test_an_address_for_one_lms_only_is_printed_alone_too(run: Run) -> None:
    said = run("platforms", "invite", "--issuer", "https://moodle.school.example").output
    assert re.fullmatch(r"https://attune\.school\.example/lti/register/[\w-]{43}\n", said)


def test_check_of_a_platform_takes_each_step_and_says_what_to_do(run: Run, connected: str) -> None:
    found = run("check", "--platform", connected)
    assert found.exit_code == 1  # nobody is at lms.school.example
    assert "to mend  the lms's keys" in found.output
    assert "Attune could not reach https://lms.school.example/jwks" in found.output
    assert "ok       a score in it: Not tried" in found.output


def test_no_lms_yet_names_the_first_step(run: Run) -> None:
    assert "attune platforms invite" in run("platforms", "list").output


def test_the_audit_of_a_new_installation_holds(run: Run) -> None:
    run("platforms", "invite")
    assert "the chain holds" in run("audit", "verify").output


def test_cap_d6_an_entry_that_was_noted_elsewhere_shows_whether_the_chain_was_written_anew(run: Run) -> None:
    run("platforms", "invite")
    found = re.search(r"the last is (\d+):([0-9a-f]{64})\.", run("audit", "verify").output)
    assert found is not None
    number, digest = found[1], found[2]
    run("platforms", "invite")
    later = run("audit", "verify", "--noted", f"{number}:{digest}")
    assert (later.exit_code, f"{number}:{digest} is there as it was noted." in later.output) == (0, True)
    other = run("audit", "verify", "--noted", f"{number}:{'0' * 64}")
    assert (other.exit_code, "is in no chain any more" in other.output) == (1, True)
    assert "a number, a colon and 64 signs" in run("audit", "verify", "--noted", "yesterday").output


def test_an_entry_that_was_written_anew_is_named_with_its_chain(run: Run, environment: dict[str, str | None]) -> None:
    run("platforms", "invite")
    engine = open_engine(environment["ATTUNE_DATABASE_URL"] or "", (SECRET,))
    with engine.begin() as connection:  # as whoever has the database in their hands
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE audit_entry SET act = 'nothing.happened' WHERE number = 1"))
    engine.dispose()
    said = run("audit", "verify")
    assert said.exit_code == 1
    assert "Our organization: entry 1: " in said.output


def test_a_package_that_cannot_be_opened_is_told(run: Run, tmp_path: Path) -> None:
    said = run("audit", "verify", str(tmp_path))
    assert said.exit_code == 2
    assert "cannot be opened" in said.output


def test_check_of_a_good_installation_finds_nothing_to_mend(run: Run) -> None:
    found = run("check")
    assert found.exit_code == 0
    assert "to mend" not in found.output
    assert "up to date (sqlite, revision" in found.output


def test_check_names_the_setting_and_the_remedy(run: Run) -> None:
    found = run("check", ATTUNE_SECRET_KEY="short")
    assert found.exit_code == 1
    assert "ATTUNE_SECRET_KEY is shorter than 32 characters" in found.output
    assert "secrets.token_urlsafe" in found.output


def test_check_of_an_empty_database_names_the_command(run: Run, tmp_path: Path) -> None:
    found = run("check", ATTUNE_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert (found.exit_code, "Run: attune db upgrade" in found.output) == (1, True)


def test_check_of_a_database_that_does_not_answer_says_so(run: Run, tmp_path: Path) -> None:
    found = run("check", ATTUNE_DATABASE_URL=f"sqlite:///{tmp_path / 'nowhere' / 'attune.db'}")
    assert found.exit_code == 1
    assert "Check ATTUNE_DATABASE_URL" in found.output


def test_check_of_a_lost_secret_says_what_to_put_back(run: Run, environment: dict[str, str | None]) -> None:
    engine = open_engine(environment["ATTUNE_DATABASE_URL"] or "", (SECRET,))
    with open_sessions(engine).begin() as session:
        tool_keys.signing_key(session, datetime(2026, 3, 2, tzinfo=UTC))
    engine.dispose()
    found = run("check", ATTUNE_SECRET_KEY="another-secret-key-of-more-than-32-characters")
    assert found.exit_code == 1
    assert "Put the former secret behind the new one" in found.output


def test_a_database_that_is_not_up_to_date_is_not_worked_on(run: Run, tmp_path: Path) -> None:
    refused = run("platforms", "invite", ATTUNE_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert "Run: attune db upgrade" in refused.output
    run("db", "upgrade", ATTUNE_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    again = run("platforms", "invite", ATTUNE_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert again.exit_code == 0


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ATTUNE_DATABASE_URL", None, "ATTUNE_DATABASE_URL is not set"),
        ("ATTUNE_DATABASE_URL", "nonsense", "not a database address"),
        ("ATTUNE_DATABASE_URL", "mysql://host/attune", "use sqlite or postgresql"),
        ("ATTUNE_DATABASE_URL", "sqlite://", "names no file"),
        ("ATTUNE_PUBLIC_URL", "http://attune.school.example", "must begin with https://"),
        ("ATTUNE_PUBLIC_URL", "https://attune.school.example/lti", "without a path"),
        ("ATTUNE_SECRET_KEY", None, "ATTUNE_SECRET_KEY is not set"),
        ("ATTUNE_LAB", "yes", "ATTUNE_LAB should be 1 or 0"),
        ("ATTUNE_LAB_CLOCK", "90", "works only with ATTUNE_LAB=1"),
        ("ATTUNE_LAB_CLOCK", "soon", "ATTUNE_LAB_CLOCK should be a number of seconds"),
        ("ATTUNE_PROXY_HOPS", "one", "ATTUNE_PROXY_HOPS should be a whole number"),
        ("ATTUNE_PRIVATE_HOSTS", "lms.school.example", "write name=address"),
        ("ATTUNE_SMTP_URL", "smtp://mail.school.example:none", "ATTUNE_SMTP_URL should look like smtp://user"),
        ("ATTUNE_SMTP_URL", "smtp://mail.school.example/inbox", "ATTUNE_SMTP_URL should look like smtp://user"),
        ("ATTUNE_MAIL_FROM", "attune at school", "ATTUNE_MAIL_FROM should be the address that mail comes from"),
        ("ATTUNE_METRICS", "9400", "ATTUNE_METRICS should be an address and a port"),
        ("ATTUNE_FILES", "files", "ATTUNE_FILES should be a whole path"),
        ("ATTUNE_FILES_URL", "s3://key:secret@s3.example:none/bucket", "ATTUNE_FILES_URL should look like s3://"),
        ("ATTUNE_FILES_URL", "s3://s3.example/bucket", "ATTUNE_FILES_URL should look like s3://"),
        ("ATTUNE_FILES_URL", "s3+http://key:secret@s3.example/bucket", "for a store on the same machine only"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(run: Run, name: str, value: str | None, says: str) -> None:
    refused = run("platforms", "list", **{name: value})
    assert isinstance(refused.exception, SettingsProblem)
    assert says in str(refused.exception)


def test_a_problem_ends_in_one_sentence_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ATTUNE_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.argv", ["attune", "platforms", "list"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("ATTUNE_DATABASE_URL is not set.")


def test_the_demo_says_which_port_is_in_use_and_how_to_take_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = CliRunner().invoke(attune, ["demo", "--port", str(port), "--directory", str(tmp_path / "demo")])
    assert refused.exit_code == 1
    assert f"Port {port} is in use" in refused.output
    assert "make demo PORT=" in refused.output


def test_the_program_of_the_demo_is_in_order() -> None:
    (program,) = program_in(CONFIG / "demo" / "peer-support-demo.toml")
    assert not list(references(program))
    assert not check((program,))


def test_starting_the_demo_over_takes_away_only_what_the_demo_made(tmp_path: Path) -> None:
    for name in ("attune.db", "attune.db-wal", "attune.db.queue", "secret-key", "demo.log", "my-notes.txt"):
        (tmp_path / name).write_text("something")
    (tmp_path / "practice-lms").mkdir()
    (tmp_path / "practice-lms" / "state.json").write_text("{}")
    forget(tmp_path)
    assert [left.name for left in tmp_path.iterdir()] == ["my-notes.txt"]


def test_serve_says_which_port_is_in_use_and_which_setting_moves_it(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = run("serve", ATTUNE_BIND=f"127.0.0.1:{port}")
    assert refused.exit_code == 1
    assert f"Port {port} of 127.0.0.1 is in use" in refused.output
    assert "ATTUNE_BIND" in refused.output


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_is_served_from_a_database_that_is_not_up_to_date(run: Run, command: str, tmp_path: Path) -> None:
    refused = run(command, ATTUNE_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert refused.exit_code == 1
    assert "Run: attune db upgrade" in refused.output


def test_a_new_key_is_made_on_request(run: Run) -> None:
    first, second = run("keys", "rotate").output, run("keys", "rotate").output
    assert first.startswith("The new key is ")
    assert first != second


def test_a_database_that_is_away_ends_in_one_sentence_and_status_1(
    environment: dict[str, str | None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value or "")
    monkeypatch.setenv("ATTUNE_DATABASE_URL", f"sqlite:///{tmp_path / 'no such folder' / 'attune.db'}")
    monkeypatch.setattr("sys.argv", ["attune", "platforms", "list"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("The database does not answer: check ATTUNE_DATABASE_URL")


def test_a_key_of_an_issuer_that_is_not_there_is_not_made(run: Run) -> None:
    said = run("keys", "issuer", "rotate", "--organization", "01a21e47-27c2-76e5-bbde-5f9692590972")
    assert said.exit_code == 1
    assert "There is no organization with the id 01a21e47" in said.output


def test_a_way_in_is_handed_to_somebody_who_is_known_by_their_id_or_their_account(
    run: Run, connected: str, environment: dict[str, str | None]
) -> None:
    engine = open_engine(environment["ATTUNE_DATABASE_URL"] or "", (SECRET,))
    with open_sessions(engine).begin() as session:
        owner = session.get_one(RegistrationRow, UUID(connected)).organization_id
        person = arrivals.person_for(
            session, organization_id=owner, registration_id=UUID(connected), sub="7", name="Sam Example",
            now=datetime(2026, 3, 2, tzinfo=UTC),
        )  # fmt: skip
        person_id = str(person.id)
    engine.dispose()
    by_id = run("people", "way-in", "--person", person_id)
    by_account = run("people", "way-in", "--platform", connected, "--account", "7")
    links = [re.search(r"^Link:  (\S+/invitation/[\w-]{43})$", one.output, re.MULTILINE) for one in (by_id, by_account)]
    assert None not in links
    assert len(set(links)) == 2
    assert re.search(r"^Code:  \d{4} \d{4}$", by_id.output, re.MULTILINE)
    assert "Sam" not in by_id.output
    for words in ((), ("--person", person_id, "--platform", connected, "--account", "7"), ("--platform", connected)):
        refused = run("people", "way-in", *words)
        assert refused.exit_code == 2
        assert "Say whom: --person, or --platform and --account." in refused.output


def test_a_port_for_metrics_that_is_in_use_is_named_with_its_setting(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        served = run("serve", ATTUNE_BIND="127.0.0.1:0", ATTUNE_METRICS=address)
        alone = run("metrics", ATTUNE_METRICS=address)
    assert (served.exit_code, alone.exit_code) == (1, 1)
    assert "set ATTUNE_METRICS to another address" in served.output
    assert f"{address} cannot be used: " in alone.output
    assert "ATTUNE_METRICS is not set" in run("metrics").output
