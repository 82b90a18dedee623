"""Signing: everything that is signed is on the page, and exactly that is signed."""

import html
import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from lti_tool.access import Field
from lti_tool.services.observations import answer
from lti_tool.services.signing import sign_off
from lti_tool.services.signing.signed_words import readable
from lti_tool.store.observations import SignedDocumentRow, SignOffRow
from lti_tool.store.people import SessionRow
from lti_tool.store.records import ActRow, AuditEntryRow, ReadLogRow
from rubrics.observation import Mode
from rubrics.sign_off import ATTESTATIONS, Lane
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course(lanes=(Lane.PEER, Lane.CLINICAL))


CODES = {"attune", "salt", "language", "observation", "id", "key", "digest", "criterion", "mode", "person_served",
         "lane", "meaning", "assurance", "kind", "audience"}  # fmt: skip
"""Parts of the document that are not words: those that say something are on the page as a word or a day."""


def words_in(value: object, name: str = "") -> list[str]:
    if isinstance(value, dict):
        return [text for inner, part in value.items() for text in words_in(part, inner)]
    if isinstance(value, list):
        return [text for part in value for text in words_in(part, name)]
    wordless = name in CODES or name.endswith(("_at", "_until"))
    return [value] if isinstance(value, str) and value and not wordless else []


def test_every_word_that_is_signed_can_be_read_on_the_page(course: Course) -> None:
    observation_id = course.answered()
    read = Read(course.browser("jo").get(f"/o/{observation_id}/sign/peer").text)
    jo = course.world.visitor("jo")
    shown = sign_off.preview(course.world.session, jo, observation_id, Lane.PEER, course.world.now)
    narrative = words_in(json.loads(shown.document))
    assert {"Let the silence be.", "I was nervous at first.", "Jo Example", "Sam Example"} <= set(narrative)
    assert len(narrative) > 8 * 3
    for text in narrative:
        assert " ".join(text.split()) in read.text


def test_what_was_signed_reads_like_the_page_that_was_signed(course: Course) -> None:
    observation_id = course.answered()
    before = Read(course.browser("jo").get(f"/o/{observation_id}/sign/peer").text)
    sign(course, "jo", observation_id, "peer")
    after = Read(course.browser("sam").get(f"/o/{observation_id}/signed/peer").text)
    row = course.world.session.scalars(select(SignedDocumentRow)).one()
    for text in words_in(json.loads(row.document)):
        assert " ".join(text.split()) in before.text
        assert " ".join(text.split()) in after.text


def test_a_document_of_the_first_form_stays_readable(course: Course) -> None:
    observation_id = course.answered()
    sign(course, "jo", observation_id, "peer")
    row = course.world.session.scalars(select(SignedDocumentRow)).one()
    now = json.loads(row.document)
    (view,) = now["views"]
    first = {
        **{name: now[name] for name in ("salt", "observation", "activity", "course", "trainee", "signer", "lane",
                                        "meaning", "language", "attestation", "rubric")},
        **{name: view[name] for name in ("observer", "strength", "growth", "next_step", "ratings")},
        "attune": "sign-off/1", "mode": "role_play", "recorded": False, "person_served": "not_applicable",
        "response": "I was nervous at first.", "answered_at": now["voice"]["given_at"],
    }  # fmt: skip
    read = readable(first)
    assert read["views"][0]["strength"] == "Let the silence be."
    assert read["voice"]["words"] == "I was nervous at first."
    assert read["consent"]["mode"] is Mode.ROLE_PLAY
    assert "salt" not in read


def test_signing_says_lane_meaning_sentence_name_and_what_follows(course: Course) -> None:
    read = Read(course.browser("amara").get(f"/o/{course.answered()}/sign/clinical").text)
    for words in (
        "Amara Example",
        "clinical lane",
        "reviewed",
        "I sign for it in my lane.",
        "signed in through the LMS",
    ):
        assert words in read.text
    assert "Afterwards it waits for: peer lane." in read.text


def sign(course: Course, who: str, observation_id: UUID, lane: str) -> str:
    path = f"/o/{observation_id}/sign/{lane}"
    form = hidden(course.browser(who).get(path).text)
    answered = course.browser(who).act(path, key=form["act"], digest=form["digest"])
    assert answered.status_code == 303
    return str(answered.location)


def test_the_last_lane_finishes_it_and_the_worker_is_told_after_the_commit(
    course: Course, looked_at: list[UUID]
) -> None:
    observation_id = course.answered()
    sign(course, "jo", observation_id, "peer")
    assert looked_at == []
    after = sign(course, "amara", observation_id, "clinical")
    assert len(looked_at) == 1
    assert "You signed." in course.browser("amara").get(after).text
    read = Read(course.browser("sam").get(course.home).text)
    assert "1 of 1 observation finished" in read.text


def test_a_second_press_of_the_same_button_signs_once(course: Course) -> None:
    observation_id = course.answered()
    path = f"/o/{observation_id}/sign/peer"
    form = hidden(course.browser("jo").get(path).text)
    first, second = (course.browser("jo").act(path, key=form["act"], digest=form["digest"]) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    course.kept()
    assert len(course.world.session.scalars(select(SignOffRow)).all()) == 1


def test_what_changed_since_the_page_was_shown_is_shown_again_before_signing(course: Course) -> None:
    observation_id = course.shared()
    clock = course.app.extensions["attune"].clock
    clock.advance(days=8)
    course.renew("jo")
    path = f"/o/{observation_id}/sign/peer"
    form = hidden(course.browser("jo").get(path).text)
    later = course.world.now + timedelta(days=8)
    answer.answer(course.world.session, course.world.visitor("sam"), observation_id, words="One more.", now=later)
    course.kept()
    answered = course.browser("jo").act(path, key=form["act"], digest=form["digest"])
    assert answered.status_code == 422
    read = Read(answered.text)
    assert "This record changed after the page was shown." in read.text
    assert "One more." in read.text
    assert hidden(answered.text)["digest"] != form["digest"]


def test_a_record_that_is_shown_again_before_signing_is_in_the_read_log(course: Course) -> None:
    observation_id = course.answered()
    amara = course.browser("amara")
    answered = amara.act(f"/o/{observation_id}/sign/clinical", digest="0" * 64)
    assert answered.status_code == 422
    assert "Let the silence be." in answered.text
    course.kept()
    session = course.world.session
    reader = course.world.visitor("amara").person_id
    logged = session.scalars(select(ReadLogRow.field).where(ReadLogRow.reader_id == reader))
    assert set(logged) >= {Field.STATUS, Field.ASSESSMENT, Field.RESPONSE}
    assert session.scalars(select(SignOffRow)).all() == []
    assert session.scalars(select(ActRow)).all() == []


@pytest.mark.parametrize(
    ("who", "lane", "status"),
    [("amara", "peer", 409), ("sam", "peer", 409), ("noor", "peer", 404), ("jo", "other", 404), ("ines", "peer", 409)],
)
def test_nobody_signs_in_a_lane_that_is_not_theirs(course: Course, who: str, lane: str, status: int) -> None:
    assert course.browser(who).get(f"/o/{course.answered()}/sign/{lane}").status_code == status


def test_nothing_is_signed_before_the_trainee_could_answer(course: Course) -> None:
    observation_id = course.shared()
    assert course.browser("jo").get(f"/o/{observation_id}/sign/peer").status_code == 409
    read = Read(course.browser("jo").get(f"/o/{observation_id}").text)
    assert f"/o/{observation_id}/sign/peer" not in read.links


def test_cap_a2_signing_in_a_lane_that_is_not_ones_own_is_refused_and_stands_in_the_audit(
    make_course: Callable[..., Course],
) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = course.answered()
    refused = course.browser("amara").act(f"/o/{observation_id}/sign/peer", digest="x" * 64)
    assert refused.status_code == 409
    course.world.session.expire_all()
    entry = course.world.session.scalars(
        select(AuditEntryRow).where(AuditEntryRow.act == "observation.sign_refused")
    ).one()
    assert entry.facts == {"lane": "peer", "rule": "lane_not_yours"}


def test_the_sentence_that_is_signed_is_the_one_that_was_read(course: Course) -> None:
    observation_id = course.answered()
    browser = course.browser("jo")
    course.world.session.execute(update(SessionRow).values(locale="es"))
    course.kept()
    page = browser.get(f"/o/{observation_id}/sign/peer")
    assert 'lang="es"' in page.text
    signed = browser.act(f"/o/{observation_id}/sign/peer", digest=hidden(page.text)["digest"])
    assert signed.status_code == 303
    row = course.world.session.scalars(select(SignOffRow)).one()
    assert row.attestation in html.unescape(page.text)
    assert row.attestation not in ATTESTATIONS.values()
