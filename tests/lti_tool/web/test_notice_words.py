"""A notice as it is read: what it says where something holds for a time, was decided all the same, or helps."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask

from grading.evidence import Kind, Outcome
from lti_tool.documents.program import read_program
from lti_tool.services.certification.decision_notices import Help, Looked, Notice
from lti_tool.web.certification.notice_words import letter
from tests.lti_tool.services.path_rows import SMALL

DAY = date(2026, 2, 20)


def notice(**changes: Any) -> Notice:
    usual = {
        "outcome": Outcome.CERTIFIED, "stage": "", "program": "Peer support", "body": "", "edition": "1",
        "person": "Sam Example", "decided_by": "Lea", "decided_on": DAY, "on": DAY, "reasons": "", "what_next": "",
    }  # fmt: skip
    return Notice(**(usual | changes))


def test_a_notice_says_what_it_has_and_leaves_out_what_it_has_not(app: Flask) -> None:
    program = read_program(SMALL, source="test")[0]
    with app.test_request_context():
        app.preprocess_request()
        bare = letter(notice(), program)
        full = letter(
            notice(
                stage="Certification", body="Our program", until=date(2028, 2, 20), reasons="Shown.",
                named=("10 hours of practice",), all_the_same="The hours in May were on paper.",
                looked_at=(Looked(Kind.TRAINING, 1), Looked(Kind.PRACTICE, 2, ((Decimal("9.5"), "hours"),))),
                help=(Help("Warm line", "at night", "555 0100"), Help("Mira", address="https://help.example")),
            ),
            program,
        )  # fmt: skip
    assert [name for name, _ in bare.facts] == ["For", "Decision", "Program", "It holds from"]
    assert ("It holds until", "February 20, 2028") in full.facts
    sections = {each.heading: each for each in full.sections}
    assert not set(sections) & {each.heading for each in bare.sections} - {"Who decided, and by which rules"}
    same = sections["Decision by a person, with reason"]
    assert ([each.text for each in same.items], same.said) == (
        ["10 hours of practice"], ("The hours in May were on paper.",)
    )  # fmt: skip
    assert [each.text for each in sections["What was looked at"].items] == [
        "1 training", "2 entries of practice: 9.5 hours"
    ]  # fmt: skip
    turn_to = sections["Whom you can turn to"].items
    assert [(each.text, each.notes) for each in turn_to] == [
        ("Warm line", ("at night", "555 0100")), ("Mira", ("https://help.example",))
    ]  # fmt: skip
    assert ("Of", "Our program") in sections["Who decided, and by which rules"].facts
