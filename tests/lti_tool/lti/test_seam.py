"""PyLTI1p3 gives the order of the checks and builds the authentication request; nothing else of it runs or leaks."""

import ast
import threading
from dataclasses import fields
from pathlib import Path

import pytest
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.tool_config.abstract import ToolConfAbstract

import lti_tool.lti
from lti_tool.lti import launch, login, seam
from lti_tool.lti.claims import Launch
from tests.lti_tool.lti.platform import REGISTRATION, Platform, finder

STEPS = [name for name in vars(MessageLaunch) if name.startswith("validate_")] + ["save_launch_data"]


def test_the_seam_is_made_of_pylti1p3s_own_classes() -> None:
    assert issubclass(login._Login, OIDCLogin)
    assert issubclass(launch._Launch, MessageLaunch)
    assert issubclass(seam.Registrations, ToolConfAbstract)


@pytest.mark.parametrize("step", STEPS)
def test_every_check_of_a_launch_is_ours(step: str) -> None:
    assert step in vars(launch._Launch)


def test_pylti1p3_is_known_to_three_modules_only() -> None:
    package = Path(lti_tool.lti.__path__[0])
    knowing = set()
    for path in package.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pylti1p3"):
                knowing.add(path.stem)
    assert knowing == {"seam", "login", "launch"}


def test_nothing_of_pylti1p3_is_in_a_launch(platform: Platform) -> None:
    said = platform.launch().launch
    for field in fields(Launch):
        assert not type(getattr(said, field.name)).__module__.startswith("pylti1p3")


def test_pylti1p3_has_nothing_to_ask_the_network_with(platform: Platform) -> None:
    assert not hasattr(seam.NO_WIRE, "get")
    platform.launch()


def test_the_table_that_all_configurations_share_stays_empty(platform: Platform) -> None:
    platform.launch()
    assert ToolConfAbstract.issuers_relation_types == {}
    assert not seam.Registrations(finder()).check_iss_has_one_client("x")
    assert seam.Registrations(finder()).check_iss_has_many_clients("x")


def test_the_stand_ins_keep_nothing() -> None:
    cookies = seam.NoCookies()
    cookies.set_cookie("a", "b")
    assert cookies.get_cookie("a") is None
    assert seam.Params({}).is_secure()
    configuration = seam.Registrations(finder(REGISTRATION))
    assert configuration.find_registration(REGISTRATION.issuer).value == REGISTRATION
    assert configuration.find_deployment("a", "b") is configuration.find_deployment_by_params("a", "b", "c") is None


def test_launches_at_the_same_time_do_not_mix(platform: Platform) -> None:
    seen: dict[int, str] = {}

    def one(number: int) -> None:
        for _ in range(5):
            seen[number] = platform.launch(lambda claims: claims.update(sub=f"user-{number}")).launch.sub

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {number: f"user-{number}" for number in range(8)}
