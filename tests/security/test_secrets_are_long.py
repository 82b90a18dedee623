"""What opens something is long and made of the operating system's chance."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lti_tool.services.entering.codes import CODE_DIGITS, new_code
from tests.project import ROOT

LONG, ENOUGH = 32, 16
OPENS_NOTHING = {
    "app.py": "the reference of a page: it finds a log line, and nobody opens anything with it",
    "file_store/segments.py": "the beginning of a nonce, as Tink has it: the key of each file is of a salt of 256 bits",
    "services/audits/auditing.py": "the seed of a drawn sample, told so that the draw can be repeated",
}
"""What is shorter than 128 bits, and why."""
OPENS = {
    "services/entering/visitors.py", "services/entering/inviting.py", "services/entering/external_links.py",
    "services/entering/own_way_in.py", "services/connecting/registration_addresses.py", "services/signing/sign_off.py",
    "services/hours/ledger_signing.py", "services/certification/appeal_panels.py",
    "services/credentials/holding_pages.py", "web/cookies.py", "lti/state.py", "lti/deep_linking.py",
}  # fmt: skip
"""Where a secret is made that opens something by itself: a session, a link, a login."""
UUIDS = {
    "services/equity/survey_answers.py", "services/scores/lanes.py", "services/credentials/issuing_made.py",
    "services/competencies/own_frameworks.py", "store/seen.py", "store/equity.py",
}  # fmt: skip
"""Ids of chance, where an id must not tell when it was made. None of them opens anything."""
SECRETS = {"token_urlsafe", "token_hex", "token_bytes"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of Attune but the practice LMS, which is a stranger."""
    for path in sorted((ROOT / "lti_tool").rglob("*.py")):
        name = path.relative_to(ROOT / "lti_tool").as_posix()
        if not name.startswith(("practice/", "cli/demo", "cli/bench")):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def sizes() -> Iterator[tuple[str, int | None]]:
    """Of each secret that is made: where, and of how many bytes."""
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SECRETS:
                first = node.args[0] if node.args else None
                yield name, first.value if isinstance(first, ast.Constant) and isinstance(first.value, int) else None


def test_sec_28_every_secret_that_opens_something_is_of_256_bits() -> None:
    found = list(sizes())
    assert len(found) > 20
    for name, size in found:
        assert size is not None, f"{name}: say how many bytes"
        assert size >= (0 if name in OPENS_NOTHING else ENOUGH), name
    for name in OPENS:
        assert max((size or 0) for where, size in found if where == name) >= LONG, name


def test_sec_28_no_module_makes_secrets_of_anything_but_the_operating_systems_chance() -> None:
    uses_uuid4 = set()
    for name, tree in modules():
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            word = getattr(called, "attr", getattr(called, "id", ""))
            assert word not in {"md5", "sha1", "uuid1", "getrandbits"}, name
            if "uuid4" in (getattr(node, "attr", ""), getattr(node, "id", ""), getattr(node, "name", "")):
                uses_uuid4.add(name)
    assert uses_uuid4 == UUIDS


def test_asvs_6_5_4_a_code_has_more_than_twenty_bits() -> None:
    assert 10**CODE_DIGITS > 2**20
    assert all(len(new_code()) == CODE_DIGITS and new_code().isdecimal() for _ in range(50))


@pytest.mark.parametrize("path", sorted(OPENS))
def test_a_place_that_is_named_is_there(path: str) -> None:
    assert (Path(ROOT) / "lti_tool" / path).is_file()
