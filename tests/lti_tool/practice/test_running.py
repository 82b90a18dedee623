"""Starting, stopping, and what is still there afterwards."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lti_tool.practice import PortInUse, StateProblem, running_practice_lms
from lti_tool.practice.__main__ import main
from lti_tool.practice.names import SCORE_SCOPE
from tests.lti_tool.practice.stub_tool import StubTool, score, send


def test_a_restart_keeps_keys_registrations_activities_columns_and_scores(stub: StubTool, tmp_path: Path) -> None:
    with running_practice_lms(tmp_path) as lms:
        lms.register_tool(stub.registration_address)
        lms.visitor().open("sam", lms.add_activity("A link", custom={"a": "1"}, maximum=100).id)
        column = stub.endpoint["lineitem"]
        send(stub, column, score())
        port = int(lms.base_url.rsplit(":", 1)[1])
        before = (lms.tools(), lms.activities(), lms.line_items(), lms.scores(), lms.platform.key.jwk())
    with running_practice_lms(tmp_path, port) as lms:
        assert (lms.tools(), lms.activities(), lms.line_items(), lms.scores(), lms.platform.key.jwk()) == before
        assert lms.visitor().open("noor", "A link").status == 200
        assert stub.ask_for_token(SCORE_SCOPE).status == 200
        assert send(stub, column, score()).status == 409
    with running_practice_lms(tmp_path, port, fresh=True) as lms:
        assert lms.tools() == ()


def test_a_state_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "practice-lms.json").write_text("{")
    with pytest.raises(StateProblem, match="--fresh"), running_practice_lms(tmp_path):
        pass
    with running_practice_lms(tmp_path, fresh=True) as lms:
        assert lms.tools() == ()


def test_what_an_earlier_version_wrote_is_still_read(stub: StubTool, tmp_path: Path) -> None:
    with running_practice_lms(tmp_path) as lms:
        lms.register_tool(stub.registration_address)
        lms.add_activity("A link", maximum=10)
        before = (lms.tools(), lms.activities(), lms.line_items())
        port = int(lms.base_url.rsplit(":", 1)[1])
    file = tmp_path / "practice-lms.json"
    saved = json.loads(file.read_text())
    for name in ("profile", "crowd", "courses", "people", "memberships", "handlers"):
        del saved[name]
    for row in saved["activities"] + saved["line_items"]:
        del row["course_id"]
    file.write_text(json.dumps(saved))
    with running_practice_lms(tmp_path, port) as lms:
        assert (lms.tools(), lms.activities(), lms.line_items()) == before
        assert lms.visitor().open("sam", "A link").status == 200


def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_practice_lms(tmp_path / "one") as lms:
        port = lms.base_url.rsplit(":", 1)[1]
        with pytest.raises(PortInUse), running_practice_lms(tmp_path / "two", int(port)):
            pass
        assert main(["--port", port, "--data", str(tmp_path / "two")]) == 1
    said = capsys.readouterr()
    assert said.err == f"Port {port} is in use: stop the program that uses it, or choose another one with --port.\n"
    assert not (tmp_path / "two").exists()


def test_an_address_of_another_machine_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", "--host", "192.0.2.1", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("Cannot listen on 192.0.2.1: ")


def test_it_runs_as_a_program_says_where_it_is_and_ends_when_asked(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "lti_tool.practice", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        line = program.stdout.readline()
        program.terminate()
        _, said = program.communicate(timeout=120)
    assert line.startswith("Practice LMS: http://127.0.0.1:")
    assert said == ""
    assert program.returncode == 0
