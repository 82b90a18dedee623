"""attune credentials verify: offline with what was handed in, each step in words, exit status 0, 1 or 2."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lti_tool.cli import attune
from lti_tool.documents import badge_picture
from lti_tool.documents.badge import Purpose
from lti_tool.services.credentials import issuer_keys
from lti_tool.store.credentials import KeyAlgorithm
from lti_tool.store.engine import open_engine, open_sessions
from tests.lti_tool.documents.badges import SUSPENDED, as_jwt, badge, changed, keys, listed, lists
from tests.school import school


@pytest.fixture
def handed_in(tmp_path: Path) -> list[str]:
    (tmp_path / "did.json").write_text(json.dumps(keys().did_document))
    options = ["--did", str(tmp_path / "did.json")]
    for number, text in enumerate(lists().values()):
        (tmp_path / f"list-{number}").write_text(text)
        options += ["--status", str(tmp_path / f"list-{number}")]
    return options


def verify(folder: Path, content: bytes | str, *options: str) -> Result:
    file = folder / "credential"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return CliRunner().invoke(attune, ["credentials", "verify", str(file), *options])


def test_cap_d7_a_valid_credential_is_verified_offline(tmp_path: Path, handed_in: list[str]) -> None:
    picture = badge_picture.baked(badge_picture.drawn("Peer support", "Example"), as_jwt(badge()))
    for content in (as_jwt(badge()), picture):
        found = verify(tmp_path, content, *handed_in)
        assert found.exit_code == 0, found.output
        assert "This credential is valid." in found.output
        assert "not so" not in found.output


def test_cap_d7_one_that_is_suspended_is_said_to_be_so(tmp_path: Path, handed_in: list[str]) -> None:
    found = verify(tmp_path, as_jwt(badge(SUSPENDED)), *handed_in)
    assert found.exit_code == 1
    assert "not so   It is suspended by its issuer." in found.output
    said = json.loads(verify(tmp_path, as_jwt(badge(SUSPENDED)), *handed_in, "--json").output)
    assert said["verdict"] == "not_so"
    assert {step["part"] for step in said["steps"]} >= {"form", "issuer", "signature", "claims", "dates", "status"}


def test_without_its_lists_it_is_not_known_and_nothing_is_asked_of_the_network(
    tmp_path: Path, handed_in: list[str]
) -> None:
    found = verify(tmp_path, as_jwt(badge()), *handed_in[:2])
    assert found.exit_code == 2
    assert "nothing is asked of the network" in found.output


@pytest.mark.parametrize("content", ["", "no credential", "\x1b[31m{", "{" * 100_000])
def test_what_is_no_credential_is_named_kindly(tmp_path: Path, handed_in: list[str], content: str) -> None:
    found = verify(tmp_path, content, *handed_in)
    assert found.exit_code == 2
    assert found.output.startswith("unknown  This is neither a signed credential")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    found = CliRunner().invoke(attune, ["credentials", "verify", str(tmp_path / "nothing"), "--did", __file__])
    assert (found.exit_code, "cannot be opened" in found.output) == (2, True)


def test_an_address_inside_a_network_is_not_asked(tmp_path: Path) -> None:
    found = CliRunner().invoke(attune, ["credentials", "verify", "https://127.0.0.1/credential"])
    assert found.exit_code == 2
    assert "could not be read" in found.output


@contextmanager
def published(pages: dict[str, str]) -> Iterator[str]:
    """Pages of an issuer on this machine; all others are not there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path)
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write((found or "").encode())

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_in_the_lab_a_credential_and_its_issuer_are_asked_for_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "no list").write_text("no list")
    options = ["--status", str(tmp_path / "no list")]
    pages: dict[str, str] = {}
    with published(pages) as host:
        who = f"did:web:{host.replace(':', '%3A')}:o:1"
        pages["/o/1/did.json"] = json.dumps(keys(who).did_document)
        pages["/credential"] = as_jwt(changed(lambda document: document["issuer"].update(id=who)), who)
        for purpose in Purpose:
            (tmp_path / purpose.value).write_text(listed(purpose, who=who))
            options += ["--status", str(tmp_path / purpose.value)]

        def asked(page: str) -> Result:
            address = f"http://{host}/{page}"
            return CliRunner().invoke(
                attune, ["credentials", "verify", address, *options], env={"ATTUNE_LAB": "1", "ATTUNE_CA_BUNDLE": None}
            )

        found, absent = asked("credential"), asked("another")
    assert found.exit_code == 0, found.output
    assert "This credential is valid." in found.output
    assert absent.exit_code == 2
    assert "/another could not be read: the answer was 404." in absent.output


def test_keys_of_an_issuer_are_rotated_by_a_command_and_the_former_stay_published(sqlite_url: str) -> None:
    secret = "a-secret-key-that-is-long-enough-for-tests"
    environment = {
        "ATTUNE_DATABASE_URL": sqlite_url, "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": secret, "ATTUNE_LAB": None,
    }  # fmt: skip
    engine = open_engine(sqlite_url, (secret,))
    with open_sessions(engine).begin() as session:
        organization_id = school(session)
    rotate = ["keys", "issuer", "rotate"]
    assert "has issued nothing yet" in CliRunner().invoke(attune, rotate, env=environment).output
    with open_sessions(engine).begin() as session:
        issuer_keys.signing_key(session, organization_id, KeyAlgorithm.RS256, datetime.now(UTC))
    found = CliRunner().invoke(attune, [*rotate, "--organization", str(organization_id)], env=environment)
    assert "the new RS256 key is" in found.output, found.output
    with open_sessions(engine).begin() as session:
        published = issuer_keys.published(session, organization_id)
    engine.dispose()
    rs256 = [each.retired for each in published if each.algorithm is KeyAlgorithm.RS256]
    assert rs256 == [False, True]
