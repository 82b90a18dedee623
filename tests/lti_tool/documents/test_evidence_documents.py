"""Evidence as a document: everything that rules ask for is in it, and what makes no sense is named with its place."""

import json
import tomllib
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.evidence import Decision, Evidence, Item, Kind, Outcome
from grading.periods import Pause
from lti_tool.documents import DocumentProblems
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.evidence_entries import LISTS, SIGNED

CHICAGO = ZoneInfo("America/Chicago")
HEAD = 'person = "A-17"\nas_of = 2026-03-01\n'
EVERYTHING = """
person = "A-17"
as_of = 2026-03-01
edition = "2025"
entered = 2025-01-10

[[practice]]
id = "h-1"
on = 2025-06-02
amount = "3.5 hours"
is = { category = "advocacy", client = "c-7", paid = false, group = ["g-1"], people = 4 }
recorded = 2025-06-03
signed = 2025-06-05
signed_by = "S-1"

[[practice]]
id = "h-2"
on = 2025-06-04
amount = 2
reversed = 2025-06-10

[[training]]
id = "t-1"
on = 2025-05-01
amount = "6 hours"
is = { category = "ethics", topic = ["law", "self_care"], course = "C-1" }
signed = 2025-05-02
signed_by = "S-1"
withdrawn = 2025-07-01

[[supervision]]
id = "s-1"
on = 2025-06-09
amount = "1 hour"
is = { format = "group", group_size = 6, live = true, supervisor_years = 3 }
signed = 2025-06-09
signed_by = "S-1"

[[education]]
id = "e-1"
on = 2025-09-01
amount = "0.6 ceu"
waits_for = "program"

[[observations]]
id = "o-1"
on = 2025-06-20
amount = "45 minutes"
is = { observer = "O-1", mode = "live", setting = "home" }
signed = 2025-06-21
signed_by = "O-1"
ratings = [
  { criterion = "pauses", level = 3 },
  { criterion = "safety", level = "2.5", is = { critical = true } },
  { criterion = "endings" },
]

[[signatures]]
id = "code"
on = 2025-01-12
is = { name = "peer_code_of_ethics", version = "2019" }

[[exams]]
id = "x-1"
on = 2025-08-01
amount = "85 %"
is = { name = "written", passed = true, attempt = 2 }

[[documents]]
id = "d-1"
on = 2020-06-01
is = { name = "secondary_education", seen_by = "program" }
signed = 2025-01-12
signed_by = "S-1"

[[references]]
id = "r-1"
on = 2025-02-01
is = { role = "supervisor", known_for_years = 2, related = false }

[[credentials]]
id = "c-1"
on = 2024-01-01
until = 2027-12-31
is = { name = "other_board", good_standing = true }

[[employment]]
id = "job"
on = 2024-05-01
amount = "20 hours"

[[memberships]]
id = "m-1"
on = 2024-05-01
until = 2026-12-31

[[statements]]
id = "lived"
on = 2025-01-12
is = { name = "lived_experience" }

[[attestations]]
id = "a-1"
on = 2025-07-01
is = { name = "hours_confirmed", role = "supervisor" }

[[checks]]
id = "bc"
on = 2025-01-20

[[payments]]
id = "fee"
on = 2025-01-12
amount = "50 usd"

[[approvals]]
id = "prior"
on = 2025-02-10
is = { name = "prior_learning" }

[[findings]]
id = "f-1"
on = 2025-03-01
is = { finding = "registry" }

[[events]]
name = "application"
on = 2026-02-01

[[events]]
id = "began"
name = "training_began"
on = 2025-05-01
recorded = 2025-05-03

[[decisions]]
outcome = "certified"
on = 2025-08-15
stage = "initial"
recorded = 2025-08-16

[[decisions]]
id = "d-2"
outcome = "extended"
on = 2026-02-15
until = 2027-02-15

[[pauses]]
since = 2025-10-01
until = 2025-10-31

[[pauses]]
since = 2026-02-20

[[signers]]
id = "S-1"
since = 2024-01-01
until = 2025-06-30

[[signers]]
id = "O-1"
"""


def read(text: str) -> Evidence:
    return read_evidence(text, zone=CHICAGO, source="mine")[0]


def as_json(text: str) -> str:
    return json.dumps(tomllib.loads(text), default=lambda day: day.isoformat())


def problems_with(text: str) -> list[tuple[str, str]]:
    """Each place, and what is said there."""
    with pytest.raises(DocumentProblems) as found:
        read(text)
    assert {each.source for each in found.value.problems} == {"mine"}
    return [(each.place, str(each.sentence)) for each in found.value.problems]


def problem_with(text: str) -> tuple[str, str]:
    (found,) = problems_with(text)
    return found


def item(id_: str) -> Item:
    return next(each for each in read(EVERYTHING).items if each.id == id_)


# ---- what is in it ----


def test_everything_that_rules_ask_for_is_read() -> None:
    found = read(EVERYTHING)
    assert {each.kind for each in found.items} == set(Kind)
    assert (found.person, found.edition, found.entered_on) == ("A-17", "2025", date(2025, 1, 10))
    assert found.decisions == (
        Decision("decision 0001", Outcome.CERTIFIED, date(2025, 8, 15), "initial", date(2025, 8, 16)),
        Decision("d-2", Outcome.EXTENDED, date(2026, 2, 15), until=date(2027, 2, 15)),
    )
    assert found.pauses == (Pause(date(2025, 10, 1), date(2025, 10, 31)), Pause(date(2026, 2, 20)))


def test_every_kind_has_a_list_of_its_own() -> None:
    assert set(LISTS.values()) == set(Kind) - {Kind.RATING, Kind.EVENT}


def test_the_same_evidence_as_toml_and_as_json_is_the_same() -> None:
    assert read(as_json(EVERYTHING)) == read(EVERYTHING)


def test_an_entry_keeps_its_amount_exactly_and_what_it_is_like() -> None:
    assert item("h-1") == Item(
        id="h-1",
        kind=Kind.PRACTICE,
        on=date(2025, 6, 2),
        amount=Decimal("3.5"),
        unit="hours",
        has={
            "category": frozenset({"advocacy"}),
            "client": frozenset({"c-7"}),
            "paid": frozenset({"no"}),
            "group": frozenset({"g-1"}),
            "people": Decimal(4),
            "signed_by": frozenset({"S-1"}),
        },
        recorded_on=date(2025, 6, 3),
        stands_from=date(2025, 6, 5),
    )


def test_ratings_are_things_of_their_own_with_what_their_observation_is_like() -> None:
    pauses, safety, endings = item("o-1/pauses"), item("o-1/safety"), item("o-1/endings")
    assert (pauses.kind, pauses.amount, pauses.on) == (Kind.RATING, Decimal(3), date(2025, 6, 20))
    assert pauses.has["observation"] == frozenset({"o-1"})
    assert pauses.has["observer"] == frozenset({"O-1"})
    assert (safety.amount, safety.has["critical"]) == (Decimal("2.5"), frozenset({"yes"}))
    assert endings.amount is None
    assert {each.stands_from for each in (pauses, safety, endings)} == {date(2025, 6, 21)}


def test_what_needs_a_signature_waits_for_it_and_acts_stand_by_themselves() -> None:
    found = read(EVERYTHING)
    waiting = {each.id for each in found.items if each.stands_from is None}
    assert waiting == {"h-2", "e-1"}
    assert item("e-1").waits_for == "program"
    assert {each.kind for each in found.items if each.stands_from == each.on} >= set(Kind) - SIGNED


def test_withdrawn_and_reversed_days_are_kept() -> None:
    assert item("t-1").withdrawn_on == date(2025, 7, 1)
    assert item("h-2").reversed_on == date(2025, 6, 10)


def test_a_moment_is_read_in_the_time_zone_of_the_program() -> None:
    text = HEAD + '[[exams]]\nid = "x"\non = 2026-02-15T03:30:00Z\n'
    assert read(text).items[0].on == date(2026, 2, 14)
    assert read(as_json(text)).items[0].on == date(2026, 2, 14)
    assert read_evidence(text, zone=UTC, source="x")[0].items[0].on == date(2026, 2, 15)


def test_the_day_on_which_it_was_written_comes_with_it() -> None:
    assert read_evidence(HEAD, zone=UTC, source="x")[1] == date(2026, 3, 1)


def test_in_json_a_name_that_looks_like_a_day_is_no_day_in_what_a_thing_is_like() -> None:
    text = HEAD + '[[exams]]\nid = "x"\non = 2026-02-01\nis = { since = "2020-01-01" }\n'
    assert read(as_json(text)) == read(text)


def test_somebody_may_sign_in_several_times() -> None:
    signers = '[[signers]]\nid = "S"\nuntil = 2025-01-31\n[[signers]]\nid = "S"\nsince = 2026-01-01\n'
    entry = '[[practice]]\nid = "{day}"\non = {day}\nsigned = {day}\nsigned_by = "S"\n'
    read(HEAD + entry.format(day="2025-01-31") + entry.format(day="2026-01-01") + signers)
    place, _said = problem_with(HEAD + entry.format(day="2025-02-01") + signers)
    assert place == "practice[1].signed_by"


# ---- what makes no sense ----

ENTRY = HEAD + '[[practice]]\nid = "h-1"\non = 2026-02-01\n'
REFUSED = {
    "a negative amount": (ENTRY + 'amount = "-2 hours"', "practice[1].amount", "cannot be less than zero"),
    "a day in the future": (
        HEAD + '[[exams]]\nid = "x"\non = 2026-03-02', "exams[1].on", "2026-03-02 had not come on 2026-03-01"),
    "an event in the future": (HEAD + '[[events]]\nname = "application"\non = 2027-01-01', "events[1].on", "not come"),
    "a decision in the future": (
        HEAD + '[[decisions]]\noutcome = "certified"\non = 2027-01-01', "decisions[1].on", "not come"),
    "entered in the future": ('entered = 2027-01-01\n' + HEAD, "entered", "not come"),
    "signed in the future": (ENTRY + "signed = 2026-03-02", "practice[1].signed", "not come"),
    "signed before it happened": (ENTRY + "signed = 2026-01-31", "practice[1].signed", "before 2026-02-01"),
    "recorded before it happened": (ENTRY + "recorded = 2026-01-31", "practice[1].recorded", "before 2026-02-01"),
    "withdrawn before it was signed": (
        ENTRY + "signed = 2026-02-05\nwithdrawn = 2026-02-04", "practice[1].withdrawn", "before 2026-02-05"),
    "reversed before it happened": (ENTRY + "reversed = 2026-01-31", "practice[1].reversed", "before 2026-02-01"),
    "ends before it begins": (ENTRY + "until = 2026-01-31", "practice[1].until", "ends before it begins"),
    "a pause that ends before it begins": (
        HEAD + "[[pauses]]\nsince = 2026-02-01\nuntil = 2026-01-31", "pauses[1].until", "ends before it begins"),
    "a validity that ends before it begins": (
        HEAD + '[[decisions]]\noutcome = "renewed"\non = 2026-02-01\nuntil = 2026-01-31',
        "decisions[1].until", "ends before it begins"),
    "a signer who ends before they begin": (
        HEAD + '[[signers]]\nid = "S"\nsince = 2026-02-01\nuntil = 2026-01-31', "signers[1].until", "ends before"),
    "a year far away": (HEAD + '[[exams]]\nid = "x"\non = 0001-01-01', "exams[1].on", "The year 1 is too far away"),
    "a moment at the end of all years": (
        HEAD + '[[credentials]]\nid = "x"\non = 2026-01-01\nuntil = 9999-12-31T23:00:00-06:00',
        "credentials[1].until", "The year 9999 is too far away"),
    "an id twice": (ENTRY + '[[training]]\nid = "h-1"\non = 2026-02-02', "training[1].id", "“h-1” is there twice"),
    "the id of a decision twice": (
        HEAD + '[[decisions]]\nid = "d"\noutcome = "certified"\non = 2026-01-01\n' * 2,
        "decisions[2].id", "“d” is there twice"),
    "a criterion twice": (
        HEAD + '[[observations]]\nid = "o"\non = 2026-02-01\nratings = [{criterion = "a"}, {criterion = "a"}]',
        "observations[1].ratings[2].criterion", "twice"),
    "signed by oneself": (
        ENTRY + 'signed = 2026-02-02\nsigned_by = "A-17"', "practice[1].signed_by", "do not sign for themselves"),
    "a signer who could not sign that day": (
        ENTRY + 'signed = 2026-02-02\nsigned_by = "S"\n[[signers]]\nid = "S"\nuntil = 2026-02-01',
        "practice[1].signed_by", "“S” could not sign on 2026-02-02"),
    "a signer who is not named": (
        ENTRY + 'signed = 2026-02-02\nsigned_by = "T"\n[[signers]]\nid = "S"', "practice[1].signed_by", "“T” could"),
    "nobody named, where signers are": (
        ENTRY + 'signed = 2026-02-02\n[[signers]]\nid = "S"', "practice[1].signed_by", "could not sign"),
    "a time without its offset": (
        HEAD + '[[exams]]\nid = "x"\non = 2026-02-01T10:00:00', "exams[1].on", "A time needs its offset"),
    "an entry that is not known": (ENTRY + "sined = 2026-02-02", "practice[1].sined", "Is it meant to be signed?"),
    "a list that is not known": (HEAD + "practise = []", "practise", "Is it meant to be practice?"),
    "an outcome that is not known": (
        HEAD + '[[decisions]]\noutcome = "failed"\non = 2026-01-01', "decisions[1].outcome", "Please choose from"),
    "an amount in words": (ENTRY + 'amount = "two hours"', "practice[1].amount", "Please write an amount"),
    "an amount of another sort": (ENTRY + "amount = [1]", "practice[1].amount", "Found “[1]”"),
    "an amount that is true": (ENTRY + "amount = true", "practice[1].amount", "Found “true”"),
    "an amount without an end": (ENTRY + "amount = inf", "practice[1].amount", "Please write an amount"),
    "an amount that is no number": (ENTRY + "amount = nan", "practice[1].amount", "Please write an amount"),
    "an amount of too many digits": (ENTRY + f'amount = {"9" * 40}', "practice[1].amount", "Please write an amount"),
    "a quality that is no number": (ENTRY + "is = { people = nan }", "practice[1].is.people", "write an amount"),
    "a quality without an end": (ENTRY + "is = { people = -inf }", "practice[1].is.people", "write an amount"),
    "a quality of another sort": (ENTRY + "is = { people = {} }", "practice[1].is.people", "Found “{}”"),
    "a day in quotes": (HEAD + '[[exams]]\nid = "x"\non = "2026-02-01"', "exams[1].on", "Please write a day"),
    "an id that is a number": (HEAD + "[[exams]]\nid = 1\non = 2026-02-01", "exams[1].id", "in quotes"),
    "an id that is empty": (HEAD + '[[exams]]\nid = " "\non = 2026-02-01', "exams[1].id", "Found “”"),
    "no id": (HEAD + "[[exams]]\non = 2026-02-01", "exams[1].id", 'For example: id = "h-1"'),
    "no day": (HEAD + '[[exams]]\nid = "x"', "exams[1].on", "For example: on = 2026-02-14"),
    "no person": ("as_of = 2026-03-01", "person", 'For example: person = "A-17"'),
    "no day on which it was written": ('person = "A-17"', "as_of", "For example: as_of = 2026-03-01"),
    "a level below zero": (
        HEAD + '[[observations]]\nid = "o"\non = 2026-02-01\nratings = [{criterion = "a", level = -1}]',
        "observations[1].ratings[1].level", "cannot be less than zero"),
    "a list that is none": (HEAD + "practice = 1", "practice", "Please write a list"),
    "TOML that breaks off": (HEAD + '[[practice]]\nid = "h\non = 1\n', "line 4, column 8", "can be read up to here"),
    "TOML with an entry twice": (HEAD + 'person = "B"\n', "line 3, column 13", "written twice"),
    "JSON that breaks off": ('{\n"person": "A-17",\n"as_of" }', "line 3, column 9", "can be read up to here"),
    "JSON with an entry twice": (
        '{"person": "A", "person": "B"}', "the whole file", "“person” is written twice"),
    "JSON of too many digits": ('{"person": ' + "9" * 5000 + "}", "the whole file", "too many digits"),
    "JSON with a number that is none": ('{"person": NaN}', "the whole file", "such as NaN"),
    "JSON with too many brackets": ('{"a":' + "[" * 100_000, "the whole file", "brackets"),
    "JSON with an odd day": (
        '{"person": "A", "as_of": "2026-03-01", "exams": [{"id": "x", "on": "20260201"}]}',
        "exams[1].on", "Please write a day"),
    "JSON with a day that there is not": ('{"person": "A", "as_of": "2026-02-30"}', "as_of", "Please write a day"),
    "JSON with a time without its offset": (
        '{"person": "A", "as_of": "2026-03-01", "exams": [{"id": "x", "on": "2026-02-01T10:00"}]}',
        "exams[1].on", "A time needs its offset"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused_with_its_place_and_a_remedy(name: str) -> None:
    text, place, said = REFUSED[name]
    found_place, sentence = problem_with(text)
    assert found_place == place
    assert said in sentence


@pytest.mark.parametrize("name", [name for name in REFUSED if "JSON" not in name and "TOML" not in name])
def test_json_is_refused_at_the_same_places(name: str) -> None:
    text, place, _said = REFUSED[name]
    if "quotes" in name:
        return  # JSON has no other days than those in quotes
    written = as_json(text)
    if "NaN" in written or "Infinity" in written:
        place = "the whole file"
    assert problem_with(written)[0] == place


def test_everything_that_is_to_be_mended_is_told_at_once_and_nothing_is_half_read() -> None:
    text = ENTRY + 'amount = "-1"\nuntil = 2026-01-01\n[[exams]]\nid = "h-1"\non = 2027-01-01\n'
    assert [place for place, _ in problems_with(text)] == [
        "practice[1].amount", "practice[1].until", "exams[1].id", "exams[1].on",
    ]  # fmt: skip


def test_zero_is_an_amount_and_what_nobody_said_is_none() -> None:
    assert read(ENTRY + 'amount = "0 hours"').items[0].amount == Decimal()
    assert read(ENTRY).items[0].amount is None


@given(st.one_of(st.text(max_size=200), st.from_regex(r"\A[\[\]{}\"=:,a-z0-9\n. -]{0,80}\Z")))
def test_whatever_the_text_is_it_is_read_or_told(text: str) -> None:
    for beginning in ("", HEAD, '{"person": "A", '):
        with suppress(DocumentProblems):
            read(beginning + text)


@given(st.integers(0, 6 * 365 * 24 * 60))
def test_moments_are_the_same_day_in_toml_and_json(minutes: int) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    text = HEAD + f'[[exams]]\nid = "x"\non = {moment.isoformat(timespec="seconds")}\n'
    assert read(text) == read(as_json(text))
    assert read(text).items[0].on == moment.astimezone(CHICAGO).date()
