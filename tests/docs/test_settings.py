"""Every setting is documented, and nothing else is."""

import re

import pytest

from lti_tool.settings import read_settings
from tests.project import ROOT, text_of, tracked_files

SETTING = re.compile(r"\bATTUNE_[A-Z_]+\b")


def named_in(path: str) -> set[str]:
    return set(SETTING.findall((ROOT / path).read_text(encoding="utf-8")))


READ = named_in("lti_tool/settings.py")


@pytest.mark.parametrize("path", ["config/example.env", "docs/operate.md"])
def test_each_setting_and_no_other_is_documented(path: str) -> None:
    assert named_in(path) == READ


def test_no_other_module_knows_a_setting_of_its_own() -> None:
    elsewhere = {
        name
        for path in (*tracked_files("lti_tool/*.py"), *tracked_files("config/*"))
        for name in SETTING.findall(text_of(path))
    }
    assert elsewhere <= READ


def test_the_example_works_once_a_secret_is_filled_in() -> None:
    lines = (ROOT / "config" / "example.env").read_text(encoding="utf-8").splitlines()
    environ = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    settings = read_settings(environ | {"ATTUNE_SECRET_KEY": "s" * 48})
    assert settings.secure
    assert settings.on_sqlite


def test_the_settings_shown_as_comments_are_in_a_form_that_is_accepted() -> None:
    lines = (ROOT / "config" / "example.env").read_text(encoding="utf-8").splitlines()
    environ = dict(line.removeprefix("# ").split("=", 1) for line in lines if re.match(r"(# )?ATTUNE_", line))
    settings = read_settings(environ | {"ATTUNE_SECRET_KEY": "s" * 48})
    assert settings.private_hosts["canvas.campus.example"] == "10.20.0.6:8443"
    assert settings.proxy_hops == 1
    assert not settings.on_sqlite
