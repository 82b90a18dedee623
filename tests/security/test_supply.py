"""What Attune is made of: every library by its digest, and nothing that a page fetches from elsewhere."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import ROOT

LOCK = ROOT / "requirements" / "runtime.txt"
COMMAND = ROOT / ".venv" / "bin" / "cyclonedx-py"
LOADS = re.compile(
    r"""(?:src|href|srcset|action|data-src)\s*=\s*["'](?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//"""
    r"""|(?:import|fetch|importScripts)\(?\s*["'](?:https?:)?//|new\s+(?:WebSocket|EventSource|Worker)\("""
)
"""How a page, a style or a script loads something from an address that is not its own."""


def locked() -> dict[str, set[str]]:
    """Each library with its version, and the digests that are taken for it."""
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.read_text(encoding="utf-8").strip())
    named = {re.match(r"[a-z0-9-]+==[^\s;]+", one): set(re.findall(r"sha256:([0-9a-f]{64})", one)) for one in entries}
    return {match.group(): digests for match, digests in named.items() if match}


@pytest.mark.skipif(not COMMAND.exists(), reason="cyclonedx-bom is not in this .venv yet: make lock, make setup")
def test_sec_29_the_list_of_what_is_in_it_names_every_locked_library_with_its_digests(tmp_path: Path) -> None:
    made = tmp_path / "sbom.json"
    command = [str(COMMAND), "requirements", "--pyproject", "pyproject.toml", "--output-reproducible", "-o", str(made)]
    subprocess.run([*command, str(LOCK)], cwd=ROOT, check=True, capture_output=True)
    found = json.loads(made.read_text(encoding="utf-8"))
    assert found["bomFormat"] == "CycloneDX"
    listed = {
        f"{one['name']}=={one['version']}": {
            digest["content"] for place in one["externalReferences"] for digest in place.get("hashes", ())
        }
        for one in found["components"]
    }
    assert listed == locked()
    assert len(listed) > 40


def sources() -> Iterator[Path]:
    for folder, kinds in (("templates", ("html",)), ("lti_tool/static", ("js", "css", "svg"))):
        for kind in kinds:
            yield from sorted((ROOT / folder).rglob(f"*.{kind}"))


def test_sec_29_pages_and_scripts_load_nothing_from_elsewhere() -> None:
    looked_at = list(sources())
    assert len(looked_at) > 200
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in looked_at
        if (match := LOADS.search(path.read_text(encoding="utf-8")))
    ]
    assert not found


@pytest.mark.parametrize(
    "planted",
    ['<script src="https://cdn.example/x.js">', "@import 'x.css'", "url(//cdn.example/f.woff)", 'fetch("https://x")'],
)
def test_what_loads_from_elsewhere_is_noticed(planted: str) -> None:
    assert LOADS.search(planted)
