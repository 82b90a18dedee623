"""Verifying: a good credential is good in every form; whatever is wrong with one is said where it is."""

import json
from datetime import timedelta

import pytest

from lti_tool.documents import badge_picture
from lti_tool.documents.badge_checks import Checked, Part, Verdict, check
from tests.lti_tool.documents.badges import NOW, Case, Given, as_jwt, bad, badge, good, keys, lists

pytest.importorskip("pyld")
GOOD, BAD = list(good()), list(bad())


def verified(case: Case) -> Checked:
    at_hand = case.lists or lists(integrity=case.form == "di")
    return check(case.content, Given(at_hand, keys().did_document), NOW)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_cap_d7_a_good_credential_is_found_good_in_every_form(case: Case) -> None:
    found = verified(case)
    assert found.verdict is Verdict.GOOD, [str(step.sentence) for step in found.steps]
    assert {step.part for step in found.steps} >= {Part.FORM, Part.ISSUER, Part.SIGNATURE, Part.DATES, Part.STATUS}


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_cap_d7_what_is_wrong_with_a_credential_is_said_where_it_is(case: Case) -> None:
    found = verified(case)
    assert found.verdict is case.verdict, [(step.part, str(step.sentence)) for step in found.steps]
    assert case.part in {step.part for step in found.steps if step.verdict is case.verdict}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"a.b.c", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b"x" * 600_000,
        b'{"a":[' + b"1," * 6_000 + b"1]}", badge_picture.SIGNATURE, badge_picture.SIGNATURE + b"\0" * 50,
        badge_picture.drawn("None", "None"),
    ],
    ids=lambda content: f"{content[:8]!r} {len(content)}",
)  # fmt: skip
def test_what_is_no_credential_is_said_to_be_none_whatever_it_is(content: bytes) -> None:
    found = check(content, Given({}, {}), NOW)
    assert (found.verdict, found.document) == (Verdict.UNKNOWN, None)


def test_a_picture_with_two_credentials_is_refused_and_baking_again_takes_the_place() -> None:
    picture = badge_picture.drawn("Peer support", "Example")
    once = badge_picture.baked(picture, "one")
    assert badge_picture.extracted(badge_picture.baked(once, "two")) == "two"
    start = once.index(b"iTXt") - 4
    chunk = once[start : start + 12 + int.from_bytes(once[start : start + 4])]
    with pytest.raises(badge_picture.NotBaked, match="several"):
        badge_picture.extracted(once[:start] + chunk + once[start:])


def test_a_did_document_of_somebody_else_is_not_believed() -> None:
    found = check(as_jwt(badge()).encode(), Given(lists(), keys("did:web:other.example").did_document), NOW)
    assert found.verdict is Verdict.UNKNOWN


def test_a_key_that_may_not_state_anything_does_not_sign() -> None:
    document = json.loads(json.dumps(keys().did_document)) | {"assertionMethod": []}
    found = check(as_jwt(badge()).encode(), Given(lists(), document), NOW)
    assert Part.SIGNATURE in {step.part for step in found.steps if step.verdict is Verdict.NOT_SO}


def test_on_its_last_second_it_is_valid_and_after_it_is_not() -> None:
    token = as_jwt(badge(until=timedelta(seconds=10))).encode()
    given = Given(lists(), keys().did_document)
    assert check(token, given, NOW + timedelta(seconds=10)).verdict is Verdict.GOOD
    assert check(token, given, NOW + timedelta(seconds=11)).verdict is Verdict.NOT_SO
