"""What the documents show to copy is accepted as it stands."""

import json
import re

from lti_tool.lti.manual_registration import read_registration_file
from tests.project import ROOT


def test_the_platform_file_that_is_shown_can_be_added() -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    platform = read_registration_file(example, "docs/operate.md")
    assert platform.name == json.loads(example)["name"]
    assert platform.deployment_ids == ("1",)


def test_every_decision_is_in_the_list_of_decisions() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    found = [(path, path.read_text(encoding="utf-8").splitlines()[0]) for path in sorted(folder.glob("[0-9]*.md"))]
    assert [(name, f"# {number}. {title}") for number, title, name in listed] == [
        (path.name, heading) for path, heading in found
    ]
