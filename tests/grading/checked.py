"""Programs as tests write them, and what the checker finds in them."""

from collections.abc import Sequence

from grading.checking.check import check
from grading.checking.findings import Finding, Severity
from lti_tool.documents.program import read_program

HEAD = """
id = "ours"
name = "Ours"
body = "Our program"
time_zone = "UTC"
sources = ["our handbook"]
"""
NAMES = """
[names]
category = ["ethics", "advocacy", "wellness"]
name = ["code_of_ethics", "state_exam"]
"""
STAGES = """
[[stages]]
key = "initial"
title = "Certification"

[[stages]]
key = "renewal"
title = "Renewal"
kind = "renewal"
after = "initial"

[[requirements]]
key = "continuing"
stage = "renewal"
title = "10 hours"
at_least = "10 hours"
of = { kind = "education", since = "certified" }
"""
REQUIREMENT = """
[[requirements]]
key = "{key}"
stage = "{stage}"
title = "A requirement"
{need}
"""


def requirement(need: str, *, key: str = "it", stage: str = "initial") -> str:
    """A requirement with this need."""
    return REQUIREMENT.format(key=key, stage=stage, need=need)


def checked(*needs: str, head: str = "", rest: str = "", names: str = NAMES) -> tuple[Finding, ...]:
    """What is found in a program with these needs, called it, second, third."""
    keys = ("it", "second", "third", "fourth")
    asked = "".join(requirement(need, key=key) for need, key in zip(needs, keys, strict=False))
    return of_text(HEAD + head + names + STAGES + asked + rest)


def of_text(text: str) -> tuple[Finding, ...]:
    """What is found in a program."""
    return check(read_program(text, source="ours.toml"))


def codes(found: Sequence[Finding]) -> list[tuple[str, str, str, str]]:
    """What was found, without what is worth a look only because the program is so small."""
    return [(each.severity.value, each.code, each.requirement, each.place) for each in found]


def must(found: Sequence[Finding]) -> list[Finding]:
    """What must be mended or chosen."""
    return [each for each in found if each.severity is not Severity.LOOK]
