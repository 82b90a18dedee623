"""Software of others comes to the same verdict on our credentials, offline: the good ones, and each that is not.

They live in places of their own under `build`, made once for each state of their locks: openbadgeslib from
`badges.txt`, jose and Digital Bazaar's packages from `node/package-lock.json`.
"""

import json
import shutil
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.lti_tool.documents.badges import BAZAAR, DID, JOSE, LIBRARY, Case, bad, good, keys, lists
from tests.project import ROOT

HERE = Path(__file__).parent
REQUIREMENTS, NODE = HERE / "badges.txt", HERE / "node"
BUILD = ROOT / "build" / "badge-oracles"

pytestmark = pytest.mark.slow
pytest.importorskip("pyld")
CASES = {each.name: each for each in (*good(), *bad())}


def made_once(name: str, state: bytes) -> tuple[Path, bool]:
    """A folder for this state of a lock, and whether it is ready."""
    folder = BUILD / f"{name}-{sha256(state).hexdigest()[:16]}"
    for old in BUILD.glob(f"{name}-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return folder, (folder / "made").exists()


@pytest.fixture(scope="module")
def said_by_library() -> dict[str, str]:
    folder, ready = made_once("python", REQUIREMENTS.read_bytes() + sys.version.encode())
    python = folder / "bin" / "python"
    if not ready:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--clear", folder], check=True)
        pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "--no-input", "--quiet"]
        locked = ["--no-compile", "--only-binary", ":all:", "--require-hashes", "-r", REQUIREMENTS]
        subprocess.run([*pip, "install", *locked], check=True)
        (folder / "made").touch()
    return asked([python, HERE / "badges_oracle.py"], list(CASES.values()))


@pytest.fixture(scope="module")
def said_by_node() -> dict[str, str]:
    if shutil.which("npm") is None:
        pytest.skip("node and npm are not here: tests/oracles/node.sh installs them")
    folder, ready = made_once(
        "node", b"".join((NODE / name).read_bytes() for name in ("package.json", "package-lock.json"))
    )
    if not ready:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(NODE / name, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
        (folder / "made").touch()
    shutil.copy(NODE / "verify.mjs", folder)
    return asked(["node", folder / "verify.mjs"], [case for case in CASES.values() if case.form != "png"])


def asked(command: list[Any], cases: list[Case]) -> dict[str, str]:
    """What the program says of each: "" where it takes it."""
    found = subprocess.run(
        command, input=json.dumps([given(case) for case in cases]), capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    said: dict[str, str] = json.loads(found.stdout.splitlines()[-1])
    return said


def given(case: Case) -> dict[str, Any]:
    is_jwt = case.form == "jwt" or case.name == "picture of jwt"
    at_hand = case.lists or lists(integrity=not is_jwt)
    document = keys().did_document
    url = "https://tool.school.example/o/1/did.json"
    return {
        "name": case.name,
        "form": case.form,
        "content": b64encode(case.content).decode() if case.form == "png" else case.content.decode(),
        "did": DID,
        "downloads": {**at_hand, url: json.dumps(document)},
        "documents": {**({} if is_jwt else {name: json.loads(text) for name, text in at_hand.items()}), DID: document},
    }


def differ(said: dict[str, str], who: dict[str, str]) -> list[str]:
    """Where a program takes what it has to refuse, or refuses what is good. `who` says by form which program it is."""
    found = []
    for name, problem in said.items():
        case = CASES[name]
        if case.part is None and problem:
            found.append(f"{name}: {problem}")
        if case.part is not None and who[case.form] in case.also and not problem:
            found.append(f"{name}: taken")
    return found


def test_cap_d7_openbadgeslib_takes_our_credentials_and_refuses_what_is_wrong(said_by_library: dict[str, str]) -> None:
    assert len(said_by_library) == len(CASES)
    assert not differ(said_by_library, dict.fromkeys(("jwt", "di", "png"), LIBRARY))


def test_cap_d7_jose_and_digital_bazaar_take_our_credentials_and_refuse_what_is_wrong(
    said_by_node: dict[str, str],
) -> None:
    assert len(said_by_node) >= len(CASES) - 2
    assert not differ(said_by_node, {"jwt": JOSE, "di": BAZAAR})


def test_each_program_refuses_enough_to_be_worth_asking() -> None:
    for who, least in ((LIBRARY, 30), (JOSE, 18), (BAZAAR, 14)):
        assert sum(who in case.also for case in CASES.values() if case.part is not None) >= least, who
