"""What the ledger says of entries, as pure functions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from grading.evidence import Evidence, Item, Kind
from grading.ledger import course_of, each_week, same_title, words_of
from grading.ledger_names import AskedName, asked_names
from grading.program import Program, Requirement
from grading.requirements.needs import Amount, Covers
from grading.requirements.selection import Selection, Where
from grading.standing import standing
from grading.telling.said import told as in_words
from grading.what_counts import counts_of, told
from lti_tool.documents.program import read_program

TODAY = date(2026, 3, 2)
HEAD = """
id = "ours"
name = "Peer support"
body = "Ours"
time_zone = "UTC"
[names]
category = ["ethics", "elective"]
[[stages]]
key = "initial"
title = "Certification"
"""
RULES = (
    HEAD
    + """
[[requirements]]
key = "education"
stage = "initial"
title = "10 hours of education"
at_least = "10 hours"
of = { kind = "education", once_per = "course", caps = [{ where = { category = "elective" }, at_most = "4 hours" }] }
[[requirements]]
key = "group"
stage = "initial"
title = "20 hours with groups"
at_least = "20 hours"
of = { kind = "practice", where = { model = "group", group_size = { at_most = 12 } } }
"""
)


def program(text: str = RULES) -> Program:
    return read_program(text, source="test")[0]


def item(id_: str, kind: Kind, hours: str, *, signed: bool = True, **has: str | Decimal) -> Item:
    said = {name: value if isinstance(value, Decimal) else frozenset({value}) for name, value in has.items()}
    return Item(id_, kind, date(2026, 3, 1), Decimal(hours), "hours", said, stands_from=TODAY if signed else None)


def sentences(one: Item, *there: Item, text: str = RULES) -> list[str]:
    evidence = Evidence(person="a", items=there, entered_on=date(2026, 1, 1))
    before = standing(program(text), evidence, TODAY)
    after = standing(program(text), evidence.with_items([one]), TODAY)
    return [in_words(said) for counts in counts_of(before, after, one) for said in told(counts)]


def test_cap_d5_of_a_sort_with_a_cap_only_what_is_left_counts() -> None:
    there = item("1", Kind.EDUCATION, "2", category="elective", course="a")
    assert sentences(item("2", Kind.EDUCATION, "3", category="elective", course="b"), there) == [
        "For “10 hours of education” 2 of these 3 hours will count.",
        "The rest does not count: more than counts of this sort.",
        "With it there are 4 of 10 hours, once everything that waits is signed.",
    ]


def test_cap_d5_what_waits_for_a_signature_uses_up_a_cap_like_what_is_signed() -> None:
    there = item("1", Kind.EDUCATION, "2", signed=False, category="elective", course="a")
    found = sentences(item("2", Kind.EDUCATION, "3", category="elective", course="b"), there)
    assert found[0] == "For “10 hours of education” 2 of these 3 hours will count."


def test_cap_d5_the_same_course_twice_counts_once() -> None:
    there = item("1", Kind.EDUCATION, "3", category="ethics", course=course_of("Ethics 1"))
    assert sentences(item("2", Kind.EDUCATION, "3", category="ethics", course=course_of("ethics - 1")), there) == [
        "For “10 hours of education” nothing of it will count.",
        "Why: counts once for each course.",
    ]


def test_cap_b11_hours_with_groups_count_only_for_a_rule_about_groups() -> None:
    size = {"group_size": Decimal(8)}
    assert sentences(item("1", Kind.PRACTICE, "3", model="group", **size)) == [
        "For “20 hours with groups” all of it will count: 3 hours.",
        "With it there are 3 of 20 hours, once everything that waits is signed.",
    ]
    assert sentences(item("1", Kind.PRACTICE, "3", model="one_to_one", **size)) == []
    assert sentences(item("1", Kind.PRACTICE, "3", model="group")) == [
        "For “20 hours with groups” nothing of it will count.",
        "Why: not said: group size.",
    ]


def test_a_requirement_that_counts_things_says_one_more_and_what_was_there_already() -> None:
    rule = '[[requirements]]\nkey = "one"\nstage = "initial"\ntitle = "A training"\nat_least = 1\n'
    text = HEAD + rule + 'of = { kind = "training" }\n'
    one, other = item("1", Kind.TRAINING, "3"), item("2", Kind.TRAINING, "3")
    assert sentences(one, text=text)[0] == "For “A training” it will count as 1 more."
    assert sentences(one, other, text=text)[-1] == "There was enough without it already."


def test_programs_say_what_can_be_said_of_an_entry() -> None:
    programs = [program(), program()]
    asked = asked_names(programs, Kind.EDUCATION)
    assert asked == (AskedName("category", ("ethics", "elective"), ("Peer support", "Peer support")),)
    assert asked_names(programs[:1], Kind.PRACTICE) == (AskedName("group_size", (), ("Peer support",)),)
    assert [each.is_number for each in (*asked, *asked_names(programs, Kind.PRACTICE))] == [False, True]
    assert asked_names(programs, Kind.SUPERVISION) == ()


def test_what_is_to_be_covered_and_what_never_counts_can_be_said_too() -> None:
    ethics = Where("category", any_of=frozenset({"ethics"}))
    of = Selection(frozenset({Kind.TRAINING}), not_counting=((ethics,),), unit="hours")
    covers = Covers(Amount(of), "topic", ("listening", "safety"))
    asks = replace(program(), names={}, requirements=(Requirement("all", "initial", "All of it", covers),))
    assert [(each.name, each.words) for each in asked_names([asks], Kind.TRAINING)] == [
        ("category", ("ethics",)), ("topic", ("listening", "safety")),
    ]  # fmt: skip


def test_titles_are_the_same_however_they_are_written() -> None:
    assert same_title("Ethics,  part 1", "ethics PART-1")
    assert not same_title("Ethics 1", "Ethics 2")
    assert course_of("Ethics 1") == course_of(" ethics  1 ")
    assert "ethics" not in course_of("Ethics 1")
    assert course_of(" ") == ""


def test_a_repeating_entry_is_of_the_same_day_of_each_week() -> None:
    assert each_week(date(2026, 3, 2), date(2026, 3, 16)) == (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16))
    assert each_week(date(2026, 3, 2), date(2026, 3, 1)) == ()
    assert len(each_week(date(2000, 1, 1), date(2026, 1, 1))) == 53


def test_what_was_said_is_read_as_words() -> None:
    said = {"work": ["one_to_one", "group"], "course": ["abc"], "group_size": "8"}
    assert words_of(said) == (("group size", "8"), ("work", "one to one, group"))
