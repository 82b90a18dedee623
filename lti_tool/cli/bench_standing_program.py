"""A program of 60 requirements that uses every form of need, for the benchmark of standing."""

from grading.evidence import Kind
from grading.program import Program
from lti_tool.documents.program import read_program

KINDS = (Kind.PRACTICE, Kind.TRAINING, Kind.SUPERVISION, Kind.EDUCATION)
CATEGORIES = tuple(f"area-{number}" for number in range(1, 11))
REQUIREMENTS = 60

_HEAD = """
id = "bench"
name = "A program for the benchmark"
body = "Attune"
time_zone = "UTC"
pausable = ["windows"]
[names]
category = [{categories}]
[[stages]]
key = "initial"
title = "Certification"
"""
_REQUIREMENT = """
[[requirements]]
key = "{key}"
stage = "initial"
title = "Requirement {key}"
{need}
"""
_IN_EACH_AREA = (
    'at_least = "4 hours"\nof = {{ kind = "training", where = {{ category = "{area}" }} }}',
    'at_least = "6 hours"\nof = {{ kind = "practice", where = {{ category = "{area}" }}, last = "18 months" }}',
    'at_least = 1\nof = {{ kind = "supervision", where = {{ category = "{area}" }}, since = "entered" }}',
    'at_least = "3 hours"\nof = {{ kind = "education", where = {{ category = "{area}" }}, once_per = "client" }}',
)
_ONCE = (
    'at_least = "40 hours"\nof = { kind = "training" }',
    'at_least = "100 hours"\nof = { kind = "practice" }',
    'at_least = "25 hours"\nof = { kind = "practice", last = "18 months" }',
    'at_least = 8\ndistinct = "client"\nof = { kind = "practice" }',
    'spread_over = "3 months"\nof = { kind = "supervision" }',
    'share_at_least = "5 %"\nof = { kind = "supervision", unit = "hours" }\n'
    'out_of = { kind = "practice", unit = "hours" }',
    'covers = ["area-1", "area-2", "area-3", "area-4"]\nby = "category"\nof = { kind = "training" }',
    'each = "month"\nhow = "each"\nbut = 12\nsince = "entered"\nneed = { at_least = 1, of = { kind = "supervision" } }',
    'each = "quarter"\nhow = "average"\nsince = "entered"\n'
    'need = { at_least = "2 hours", of = { kind = "supervision" } }',
    'in_order = [{ kind = "training" }, { kind = "practice" }, { kind = "supervision" }]\nsame = "client"',
    'held_for = "12 months"\nof = { kind = "training" }',
    'at_most = 400\nof = { kind = "practice" }',
    'at_least = "60 hours"\nof = { kind = ["practice", "training"], '
    'caps = [{ where = { category = ["area-1", "area-2"] }, at_most = "25 %" }] }',
    'at_least = "20 hours"\nof = { kind = "training", within = "180 days" }',
    'any_of = [{ at_least = "90 hours", of = { kind = "practice" } }, '
    '{ at_least = "45 hours", of = { kind = "training" } }]',
    'all_of = [{ at_least = 3, of = { kind = "supervision" } }, { at_least = 3, of = { kind = "education" } }]',
    'some_of = 2\nparts = [{ at_least = 1, of = { kind = "supervision" } }, '
    '{ at_least = 1, of = { kind = "education" } }, { at_least = 9, of = { kind = "exam" } }]',
    'when = { at_least = 1, of = { kind = "education" } }\n'
    'then = { at_least = "5 hours", of = { kind = "education" } }',
    'unless = { kind = "finding" }',
    'at_least = "10 hours"\nof = { kind = "practice", since = "met r41" }',
)


def bench_program() -> Program:
    """The program; every form of need is in it, most of it in the areas."""
    needs = [need.format(area=area) for area in CATEGORIES for need in _IN_EACH_AREA] + list(_ONCE)
    text = _HEAD.format(categories=", ".join(f'"{area}"' for area in CATEGORIES)) + "".join(
        _REQUIREMENT.format(key=f"r{number}", need=need) for number, need in enumerate(needs, 1)
    )
    return read_program(text, source="bench")[0]
