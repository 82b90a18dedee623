"""Locks pin everything by hash, and nothing that is tracked names an index or somebody's machine."""

import re

import pytest

from tests.project import ROOT, text_of, tracked_files

LOCKS = [ROOT / "requirements" / name for name in ("runtime.txt", "dev.txt", "docs.txt")]
ORACLES = [ROOT / "tests" / "oracles" / name for name in ("agreement.txt", "badges.txt")]
MUTATION = ROOT / "tests" / "mutation" / "mutmut.txt"
# Written in pieces, so that this file passes its own test.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org", "deb.debian" + ".org"]
OPTIONS = [r"--(?:extra-)?index" + r"-url", r"index" + r"-url *=", r'"resol' + r'ved": *"https?:']
MACHINES = [r"(?<![\w.])/(?:home|Users)/\w+/", r"(?<![\w.])/ro" + r"ot/", r"(?<![\w.])/wo" + r"rk/"]
UNWANTED = re.compile("|".join([*map(re.escape, HOSTS), *OPTIONS, *MACHINES]))


def pinned(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("lock", [*LOCKS, *ORACLES, MUTATION], ids=lambda lock: lock.name)
def test_every_requirement_has_a_version_and_hashes(lock: object) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_both_locks_agree() -> None:
    runtime, dev = (pinned(lock.read_text(encoding="utf-8")) for lock in LOCKS[:2])
    assert runtime
    assert runtime.items() <= dev.items()


def test_no_tracked_file_names_an_index_or_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if (match := UNWANTED.search(text_of(path)))
    ]
    assert not found
