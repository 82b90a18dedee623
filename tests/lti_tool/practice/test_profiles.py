"""One LMS is one kind of LMS, and stays that; a tool goes the whole round in each."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from lti_tool.practice import PortInUse, PracticeLms, StateProblem, Visitor, running_practice_lms
from lti_tool.practice.names import SCORE_TYPE
from lti_tool.practice.profiles import PROFILES
from lti_tool.practice.serving import bind
from tests.lti_tool.practice.stub_tool import StubTool, below, call, registered, score


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_is_kept_and_said_on_the_first_page(tmp_path: Path, profile: str) -> None:
    with running_practice_lms(tmp_path, profile=profile) as lms:
        assert f"behaves like {PROFILES[profile].title}." in lms.visitor().get(lms.base_url).words
    others = [name for name in PROFILES if name != profile]
    for other in others:
        with pytest.raises(StateProblem, match=f"--profile {profile}"), running_practice_lms(tmp_path, profile=other):
            pass


def test_an_unknown_profile_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(LookupError, match="no profile blackboard"),
        running_practice_lms(tmp_path, profile="blackboard"),
    ):
        pass


@pytest.fixture(params=PROFILES)
def any_lms(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PracticeLms]:
    with running_practice_lms(tmp_path, profile=request.param) as lms:
        yield lms


def test_a_tool_registers_is_chosen_is_launched_and_sends_a_score(any_lms: PracticeLms, stub: StubTool) -> None:
    registered(any_lms, stub)
    stub.content_items = [
        {"type": "ltiResourceLink", "title": "Observed practice", "lineItem": {"scoreMaximum": 100, "tag": "done"}}
    ]
    visitor = any_lms.visitor()
    assert "Added: Observed practice." in visitor.submit(visitor.choose_in_tool("ines")).words
    for item in any_lms.line_items():
        any_lms.change_line_item(item, published=True)
    assert visitor.open("Sam Rivera", "Observed practice").words == "Hello Sam Rivera Observed practice"
    column = stub.endpoint["lineitem"]
    address = below(column, "/scores") if "?" in column else column + "/scores"
    body = score(userId=stub.claims["sub"], scoreGiven=40, scoreMaximum=50)
    answer = call("POST", address, {**stub.bearer(), "Content-Type": SCORE_TYPE}, json.dumps(body))
    assert answer.status == 200
    kept = any_lms.score("sam")
    assert kept is not None
    assert kept.given == 40
    assert "80 received" in visitor.get(any_lms.base_url + "/course/gradebook").words


def test_where_the_sign_in_is_apart_the_ports_stay_over_a_restart(tmp_path: Path, stub: StubTool) -> None:
    port = three_free_ports()
    with running_practice_lms(tmp_path, port, profile="canvas") as lms:
        registered(lms, stub)
        assert [lms.auth_url, lms.issuer] == [f"http://127.0.0.1:{port + 1}", f"http://127.0.0.1:{port + 2}"]
    with running_practice_lms(tmp_path, port, profile="canvas") as lms:
        assert lms.visitor().open("sam", "A link").status == 200


def three_free_ports() -> int:
    """The first of three ports in a row on which nobody listens now."""
    while True:
        with ExitStack() as stack, suppress(PortInUse):
            first = stack.enter_context(bind("127.0.0.1", 0)).getsockname()[1]
            for port in (first + 1, first + 2):
                stack.enter_context(bind("127.0.0.1", port))
            return int(first)


def test_it_runs_as_a_program_in_a_profile(tmp_path: Path) -> None:
    options = ["--port", "0", "--data", str(tmp_path), "--profile", "canvas"]
    command = [sys.executable, "-W", "error", "-m", "lti_tool.practice", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        address = program.stdout.readline().split()[2]
        assert "behaves like Canvas." in Visitor().get(address).words
        program.terminate()
        _, said = program.communicate(timeout=120)
    assert (said, program.returncode) == ("", 0)
