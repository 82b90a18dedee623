"""How amounts in programs and evidence are read."""

from datetime import UTC, date

import pytest

from grading.proof import Answer
from grading.requirements.needs import AtLeast, AtMost, Covers, Each, Measure
from grading.standing import standing
from lti_tool.documents import DocumentProblems
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.program import read_program

HEAD = """
id = "p"
name = "P"
body = "B"
time_zone = "UTC"

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "asked"
stage = "initial"
title = "Something"
"""
DAY = date(2026, 3, 1)


def need(text: str) -> object:
    return read_program(HEAD + text, source="p")[0].requirements[0].need


def answer(rule: str, evidence: str) -> Answer:
    there = read_evidence(f'person = "p"\nas_of = {DAY}\n{evidence}', zone=UTC, source="e")[0]
    return standing(read_program(HEAD + rule, source="p")[0], there, DAY).of("asked").answer


TRAINING = 'training = [{{ id = "t", on = 2025-05-01, signed = 2025-05-01, amount = "{}" }}]'


@pytest.mark.parametrize("rule", ["1 hour", "1 hours", "1.0 hour"])
@pytest.mark.parametrize("there", ["1 hour", "1 hours", "2 hours"])
def test_one_hour_is_an_amount_of_hours(rule: str, there: str) -> None:
    assert answer(f'at_least = "{rule}"\nof = {{ kind = "training" }}', TRAINING.format(there)) is Answer.MET


def test_a_unit_in_a_list_of_units_may_be_written_as_one() -> None:
    rule = 'at_least = "10 hours"\nof = { kind = "training", units = { credit = 10 } }'
    assert answer(rule, TRAINING.format("1 credit")) is Answer.MET
    assert answer(rule, TRAINING.format("2 credits")) is Answer.MET


def test_hours_in_minutes_are_exact() -> None:
    rule = 'at_least = "60 minutes"\nof = { kind = "training", units = { hours = 60 } }'
    thrice = "training = [\n" + "".join(
        f'{{ id = "{id_}", on = 2025-05-01, signed = 2025-05-01, amount = "20 minutes" }},\n' for id_ in "abc"
    )
    assert answer(rule, thrice + "]") is Answer.MET
    assert answer(rule, TRAINING.format("1 hour")) is Answer.MET


def test_percentages_do_not_add_up() -> None:
    found = need('at_least = "75 %"\nof = { kind = "exam" }')
    assert isinstance(found, AtLeast)
    assert found.amount.measure is Measure.HIGHEST
    mean = need('at_least = "75 %"\nmeasure = "mean"\nof = { kind = "exam" }')
    assert isinstance(mean, AtLeast)
    assert mean.amount.measure is Measure.MEAN


def test_a_list_can_ask_for_different_people_for_each() -> None:
    found = need('covers = ["a"]\nby = "criterion"\neach_at_least = 2\ndistinct = "observer"\nof = { kind = "rating" }')
    assert isinstance(found, Covers)
    assert (found.amount.measure, found.amount.name) == (Measure.DISTINCT, "observer")


def test_each_stretch_can_have_a_most() -> None:
    found = need('each = "term"\nhow = "each"\nsince = "entered"\nneed = { at_most = 2, of = { kind = "exam" } }')
    assert isinstance(found, Each)
    assert isinstance(found.need, AtMost)


def test_each_stretch_asks_for_one_thing() -> None:
    with pytest.raises(DocumentProblems, match="at_least, at_most or share_at_least"):
        need('each = "week"\nhow = "each"\nsince = "entered"\nneed = { met = "asked" }')


def test_an_observation_is_named_by_itself() -> None:
    there = read_evidence(
        f'person = "p"\nas_of = {DAY}\nobservations = [{{ id = "o1", on = 2025-05-01 }}]', zone=UTC, source="e"
    )[0]
    assert there.items[0].has["observation"] == frozenset({"o1"})
