"""What holds for every program of `config/programs`."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from grading.checking.check import check
from grading.checking.findings import Severity
from grading.evidence import Evidence
from grading.lifecycle.status import Status
from grading.program import Program, StageKind
from grading.proof import Answer
from grading.requirements.kinds import KINDS
from grading.standing import standing
from lti_tool.documents.program import read_program
from lti_tool.paths import CONFIG
from tests.programs.reading import stands
from tests.words import found_in

RESTATES = tomllib.loads((Path(__file__).parent / "kinds_by_program.toml").read_text(encoding="utf-8"))
SHIPPED = sorted(path.stem for path in (CONFIG / "programs").glob("*.toml"))
RESTATED = [id_ for id_ in SHIPPED if id_ in RESTATES]
IN_NOTES = {
    "az-prss": {"endorsement"},
    "icrc-pr": {"consistency_check", "equivalency", "rule_version"},
    "nz-l4": {"rule_version"},
    "ot-fwpe": {"consistency_check"},
    "psc-ca": {"application_clock"},
    "samhsa-nms": {"coverage"},
}
"""Rules that ask nothing of anybody: the program's notes say them."""
TO_CHOOSE = {"de-cprs": ["minima_above_total"]}
"""What bodies publish though it cannot be as it stands: it is kept, and shown to whoever writes the program."""


@cache
def editions(id_: str) -> tuple[Program, ...]:
    path = CONFIG / "programs" / f"{id_}.toml"
    return read_program(path.read_text(encoding="utf-8"), source=path.name)


def said_by(program: Program) -> Iterator[str]:
    """The kinds that a program restates with its requirements, its stages and its lifecycle."""
    for requirement in program.requirements:
        yield from requirement.kinds
    for stage in program.stages:
        if stage.lasts:
            yield "provisional_stage"
        if stage.kind is StageKind.ENDORSEMENT:
            yield "endorsement"
    yield from _of_lifecycle(program)


def _of_lifecycle(program: Program) -> Iterator[str]:
    lifecycle, due = program.lifecycle, program.lifecycle.due_process
    says = {
        "validity_period": lifecycle.validity is not None,
        "renewal_window": lifecycle.renewal is not None,
        "grace_period": lifecycle.grace is not None,
        "lapse_consequence": lifecycle.lapse is not None,
        "application_clock": lifecycle.application_usable is not None,
        "reminder": bool(lifecycle.reminders),
        "status_values": bool(lifecycle.statuses),
        "evidence_audit": lifecycle.keep_proof_for is not None,
        "reciprocity": lifecycle.recognizes is not None,
        "decision_deadline": bool(due.decide_within or due.decide_within_hours or due.notice_holds),
        "appeal": bool(due.appeal_within or due.appeal_levels or due.appeal_answered_within),
        "fee": bool(lifecycle.fees),
    }
    yield from (kind for kind, said in says.items() if said)


def texts_of(program: Program) -> Iterator[str]:
    """What people read of a program."""
    yield from (program.name, program.summary, *program.notes)
    for stage in program.stages:
        yield from (stage.title, stage.scope)
    for requirement in program.requirements:
        yield from (requirement.title, requirement.note)


@pytest.mark.parametrize("id_", RESTATED)
def test_every_rule_of_the_sources_is_restated(id_: str) -> None:
    said = {kind for program in editions(id_) for kind in said_by(program)}
    if len(editions(id_)) > 1 or editions(id_)[0].effective_from is not None:
        said.add("rule_version")
    in_notes = IN_NOTES.get(id_, set())
    assert set(RESTATES[id_]) - said <= in_notes
    assert not in_notes or all(program.notes for program in editions(id_))


@pytest.mark.parametrize("id_", SHIPPED)
def test_every_kind_is_one_that_is_known(id_: str) -> None:
    assert {kind for program in editions(id_) for each in program.requirements for kind in each.kinds} <= KINDS.keys()


@pytest.mark.parametrize("id_", RESTATED)
def test_a_program_says_that_it_is_an_illustration_where_its_rules_were_read_and_when(id_: str) -> None:
    for program in editions(id_):
        assert program.id == id_
        assert program.illustrative
        assert program.read_on == "2026-11"
        for each in program.requirements:
            assert each.sources, each.key
            assert set(each.sources) <= set(range(1, len(program.sources) + 1)), each.key


@pytest.mark.parametrize("id_", SHIPPED)
def test_nothing_is_left_to_mend_and_to_choose_only_what_the_body_itself_publishes(id_: str) -> None:
    found = [each for each in check(editions(id_)) if each.severity is not Severity.LOOK]
    assert [each.code for each in found] == TO_CHOOSE.get(id_, [])


@pytest.mark.parametrize("id_", SHIPPED)
def test_no_text_of_a_program_has_a_word_that_wounds(id_: str) -> None:
    found = [(text, words) for program in editions(id_) for text in texts_of(program) if (words := found_in(text))]
    assert found == []


def test_the_list_of_kinds_names_only_kinds_that_are_known() -> None:
    listed: Sequence[str] = [kind for kinds in RESTATES.values() for kind in kinds]
    assert set(listed) <= KINDS.keys()


def test_every_program_of_the_list_is_shipped() -> None:
    assert sorted(RESTATES) == RESTATED


@pytest.mark.parametrize("id_", SHIPPED)
def test_with_nothing_recorded_nobody_is_ready_and_nothing_is_read_as_not_said(id_: str) -> None:
    for program in editions(id_):
        found = standing(program, Evidence("somebody"), date(2026, 3, 1))
        assert found.status is Status.NOT_STARTED
        assert found.facts.ready == ()
        answers = {each.requirement.key: each.proof.answer for stage in found.stages for each in stage.requirements}
        assert Answer.UNKNOWN not in answers.values(), answers


def test_cap_b13_the_same_training_is_enough_under_one_program_and_not_yet_under_another() -> None:
    training = (
        '[[training]]\nid = "t"\non = 2025-05-01\nsigned = 2025-05-02\namount = "46 hours"\n'
        'is = { part = "core", provider_accepted = "yes", name = "recovery_training" }\n'
    )
    assert stands("icrc-pr", training).of("training").answer is Answer.MET
    assert stands("ca-cmpss", training).of("training").answer is Answer.NOT_YET
    assert stands("icrc-pr", training) == stands("icrc-pr", training)
