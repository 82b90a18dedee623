"""Credentials on the page: made because the holder likes one, shown to whom they like, checked by anybody."""

import io
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from grading.evidence import Outcome
from lti_tool.documents.badge_picture import extracted
from lti_tool.services.certification.decision_notices import Notice, written
from lti_tool.services.credentials import certificates, issuing
from lti_tool.store.credentials import CertificateRow, CredentialRow, CredentialShareRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.programs import ProgramRow
from lti_tool.store.records import AuditEntryRow
from tests.lti_tool.services.holding_rows import TELLS, certified
from tests.lti_tool.services.path_rows import an_entry, program_lead
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_program_pages import rows

ADMINISTRATOR = ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",)
NOTICE = written(
    Notice(
        outcome=Outcome.CERTIFIED, stage="Certification", program="Peer support", body="Our program", edition="1",
        person="Sam Example", decided_by="Lea", decided_on=date(2026, 2, 20), on=date(2026, 2, 20), reasons="Shown.",
        what_next="Practice.",
    )
)[0]  # fmt: skip
WISH = {"name": "Samira Example", "language": "en"}


@pytest.fixture
def decision_id(course: Course) -> UUID:
    """Sam is certified, Jo signed for them, Lea leads the program."""
    course.roles["lea"] = ADMINISTRATOR
    program_lead(course.world)
    an_entry(course.world, signed_by="jo")
    return course.keep(certified(course.world)[1])


@pytest.fixture
def at(course: Course, decision_id: UUID) -> str:
    """The address of Sam's credential."""
    made = course.browser("sam").act(f"/decisions/{decision_id}/credential", **WISH)
    assert made.status_code == 303, Read(made.text).text
    return str(made.location.partition("?")[0])


def row_of(course: Course, at: str) -> CredentialRow:
    course.kept()
    row = course.world.session.get_one(CredentialRow, UUID(at.rpartition("/")[2]))
    course.world.session.refresh(row)
    course.world.session.expunge(row)
    course.kept()
    return row


def opened(course: Course, at: str, key: str = "a-key-of-one-form-2", **shows: str) -> str:
    """The address of its page."""
    answer = course.browser("sam").act(f"{at}/page", key=key, **shows)
    assert answer.status_code == 303, Read(answer.text).text
    course.kept()
    asked = select(CredentialShareRow.link).where(CredentialShareRow.ended_at.is_(None))
    link = course.world.session.scalars(asked).one()
    course.kept()
    return f"/c/{link}"


def program(course: Course) -> UUID:
    return course.keep(course.world.session.scalars(select(ProgramRow.id)).one())


def anybody(course: Course) -> Any:
    return course.app.test_client()


def test_cap_d7_a_decision_says_that_a_credential_is_possible_and_nothing_is_made_by_itself(
    course: Course, decision_id: UUID
) -> None:
    sam = course.browser("sam")
    page = Read(sam.get("/credentials").text)
    assert "You can carry a credential for this, if you like" in page.text
    assert course.world.session.scalars(select(CredentialRow)).all() == []
    html = sam.get(f"/decisions/{decision_id}/credential").text
    asking = Read(html)
    assert "<li>10 hours of practice</li>" in html
    assert "- 10 hours" not in asking.text
    for words in ("10 hours of practice", "no lived experience", "Your name on it", "Program leads"):
        assert words.casefold() in asking.text.casefold(), words


def test_ux_m3_that_one_is_possible_is_told_only_once_the_decision_was_read(course: Course, decision_id: UUID) -> None:
    def told() -> list[str]:
        asked = select(MessageRow.path).where(MessageRow.kind == MessageKind.CREDENTIAL)
        found = list(course.world.session.scalars(asked))
        course.kept()
        return found

    course.world.session.get_one(DecisionRow, decision_id).notice = NOTICE
    course.kept()
    assert told() == []
    for _ in range(2):
        assert course.browser("sam").get(f"/decisions/{decision_id}").status_code == 200
    assert told() == ["/credentials"]


def test_cap_d7_it_is_the_holders_alone_until_they_show_it(course: Course, at: str) -> None:
    page = Read(course.browser("sam").get(at).text)
    assert "only you" in page.text
    assert "Samira Example" in page.text
    for who in ("noor", "jo", "ines"):
        assert course.browser(who).get(at).status_code == 404
        assert course.browser(who).get(f"{at}/credential.jwt").status_code == 404
        assert course.browser(who).get(f"{at}/certificate.pdf").status_code == 404


def test_a_refused_wish_keeps_what_was_typed(course: Course, decision_id: UUID) -> None:
    answer = course.browser("sam").act(f"/decisions/{decision_id}/credential", name="Samira", language="xx")
    assert answer.status_code == 422
    assert 'value="Samira"' in answer.text
    assert "Please choose one of these languages" in answer.text


def test_cap_d7_it_is_taken_along_as_signed_file_picture_and_certificate(course: Course, at: str) -> None:
    sam, row = course.browser("sam"), row_of(course, at)
    assert sam.get(f"{at}/credential.jwt").text == row.document
    assert extracted(sam.get(f"{at}/credential.png").data) == row.document
    made = sam.get(f"{at}/certificate.pdf?size=us-letter")
    assert made.mimetype == "application/pdf"
    assert sam.get(f"{at}/credential.json").status_code == (200 if row.integrity else 404)


def test_the_picture_of_a_certificates_address_is_of_the_page_only_where_one_is_open(course: Course, at: str) -> None:
    def said() -> str:
        made = course.browser("sam").get(f"{at}/certificate.pdf")
        return "".join(PdfReader(io.BytesIO(made.data)).pages[0].extract_text().split())

    assert "/credentials/how-to-check" in said()
    assert opened(course, at) in said()


def test_cap_d7_the_public_page_says_how_it_stands_and_nothing_else(course: Course, at: str) -> None:
    address = opened(course, at, name="yes")
    answer = anybody(course).get(address, base_url="https://attune.school.example")
    page = Read(answer.text)
    assert answer.status_code == 200
    for words in ("Samira Example", "Peer support: Certification", "valid", "Verify now"):
        assert words in page.text, words
    assert "Sam Example" not in answer.text.replace("Samira Example", "")
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="referrer" content="no-referrer">' in answer.text
    row = course.world.session.get_one(CredentialRow, row_of(course, at).id)
    issuing.suspend(course.world.session, row, None, course.world.now)
    course.kept()
    assert "suspended" in Read(anybody(course).get(address, base_url="https://attune.school.example").text).text


def test_cap_d7_anybody_verifies_it_step_by_step(course: Course, at: str) -> None:
    address = opened(course, at, name="yes")
    page = Read(anybody(course).get(f"{address}/verify", base_url="https://attune.school.example").text)
    for words in ("It was not withdrawn.", "It is not suspended.", "Signed by a key of did:web:attune.school.example"):
        assert words in page.text, words


def test_without_a_name_the_page_gives_out_no_file_that_has_it(course: Course, at: str) -> None:
    address, there = opened(course, at), {"base_url": "https://attune.school.example"}
    page = anybody(course).get(address, **there)
    assert "Samira" not in page.text
    assert anybody(course).get(f"{address}/credential.jwt", **there).status_code == 404
    for kind in ("application/json", "application/vc+jwt"):
        assert anybody(course).get(address, headers={"Accept": kind}, **there).status_code == 404
    assert opened(course, at, "a-key-of-one-form-3", name="yes") == address
    row = row_of(course, at)
    assert anybody(course).get(address, headers={"Accept": "application/vc+jwt"}, **there).text == row.document
    json = anybody(course).get(address, headers={"Accept": "application/json"}, **there)
    assert row.document in json.text or json.text == row.integrity


def test_a_closed_page_and_one_that_never_was_look_the_same(course: Course, at: str) -> None:
    address, there = opened(course, at, name="yes"), {"base_url": "https://attune.school.example"}
    course.browser("sam").act(f"{at}/page/close", key="a-key-of-one-form-4")
    closed = anybody(course).get(address, **there)
    never = anybody(course).get(f"/c/{'x' * 43}", **there)
    assert closed.status_code == never.status_code == 404
    assert Read(closed.text).headings == Read(never.text).headings


def test_links_to_add_it_elsewhere_are_there_only_with_an_open_page_and_carry_what_it_shows(
    course: Course, at: str
) -> None:
    sam = course.browser("sam")
    assert "linkedin.com" not in sam.get(at).text
    address = opened(course, at)
    page = sam.get(at).text
    link = page[page.index("https://www.linkedin.com") :].partition('"')[0]
    assert address.rpartition("/")[2] in link
    assert "Samira" not in link
    assert 'rel="noopener noreferrer"' in page


def test_ux_c7_what_tells_of_family_is_said_before_and_shown_only_with_a_tick(course: Course) -> None:
    decision_id = course.keep(certified(course.world, text=TELLS)[1])
    sam = course.browser("sam")
    assert "tells something about you" in sam.get(f"/decisions/{decision_id}/credential").text
    made = sam.act(f"/decisions/{decision_id}/credential", **WISH).location.partition("?")[0]
    assert sam.act(f"{made}/page", key="a-key-of-one-form-2").status_code == 422
    assert opened(course, made, "a-key-of-one-form-3", agreed="yes")


def test_ux_c7_a_name_is_changed_by_another_credential(course: Course, at: str) -> None:
    answer = course.browser("sam").act(f"{at}/again", key="a-key-of-one-form-5", name="Sam E.", language="es")
    assert answer.status_code == 303
    assert "Sam E." in course.browser("sam").get(answer.location).text
    assert "A new one was made in the place of this one" in course.browser("sam").get(at).text


def test_ux_d5_program_leads_withdraw_with_a_reason_and_the_holder_reads_it_and_how_to_appeal(
    course: Course, at: str
) -> None:
    lea, program_id = course.browser("lea"), program(course)
    listed = Read(lea.get(f"/programs/{program_id}/credentials").text)
    assert "Sam Example" in listed.text
    address = opened(course, at, name="yes")
    empty = lea.act(f"{at}/for-leads/withdraw", why="")
    assert empty.status_code == 422
    done = lea.act(f"{at}/for-leads/withdraw", key="a-key-of-one-form-6", why="It names another edition.")
    assert done.status_code == 303
    mine = Read(course.browser("sam").get(at).text)
    assert "It names another edition." in mine.text
    assert "Appeal" in mine.text
    public = anybody(course).get(address, base_url="https://attune.school.example").text
    assert "withdrawn on" in public
    assert "another edition" not in public
    assert "ppeal" not in public
    lea.act(f"{at}/for-leads/in-its-place", key="a-key-of-one-form-7")
    assert "withdrawn on" not in anybody(course).get(address, base_url="https://attune.school.example").text


def test_words_are_offered_read_first_and_shown_only_with_consent(course: Course, at: str) -> None:
    jo, sam = course.browser("jo"), course.browser("sam")
    address, there = opened(course, at, name="yes", said="yes"), {"base_url": "https://attune.school.example"}
    assert course.browser("amara").get(f"{at}/say").status_code == 404
    person = str(course.world.visitor("jo").person_id)
    assert sam.act(f"{at}/say/ask", key="a-key-of-one-form-8", person=person).status_code == 303
    jo.act(f"{at}/say", key="a-key-of-one-form-9", name="Jo, ward 7", words="Sam gives people time.")
    page = sam.get(at).text
    assert "Sam gives people time." in page
    assert "health or family" in page
    assert "gives people time" not in anybody(course).get(address, **there).text
    fields = page[page.index("/endorsements/") :]
    at_answer, digest = fields.partition('"')[0], fields[fields.index('name="digest" value="') + 21 :].partition('"')[0]
    sam.act(at_answer, key="a-key-of-one-form-10", answer="yes", digest=digest)
    assert "gives people time" in anybody(course).get(address, **there).text
    jo.act(at_answer.replace("/answer", "/take-back"), key="a-key-of-one-form-11")
    assert "gives people time" not in anybody(course).get(address, **there).text


def test_leads_write_what_certificates_say_and_look_at_one_first(course: Course, decision_id: UUID) -> None:
    lea, program_id = course.browser("lea"), program(course)
    home = f"/programs/{program_id}/certificates"
    assert "as it comes with Attune" in Read(lea.get(home).text).text
    fields = {
        "title": "Award",
        "words": "has walked the whole way to",
        "signed_by": "Lea",
        "look": "framed",
        "since": "",
    }
    look = lea.post(f"{home}/en/look", data={"csrf_token": lea.token(), **fields})
    assert look.mimetype == "application/pdf"
    refused = lea.act(f"{home}/en", **fields | {"words": "was noncompliant once"})
    assert refused.status_code == 422
    assert "noncompliant" in refused.text
    assert lea.act(f"{home}/en", key="a-key-of-one-form-2", **fields).status_code == 303
    meanwhile = lea.act(f"{home}/en", key="a-key-of-one-form-3", **fields | {"title": "Other"})
    assert meanwhile.status_code == 422
    for form, (typed, said) in enumerate((
        ({"title": " "}, "Please write this."),
        ({"words": "x" * (certificates.LONGEST["words"] + 1)}, "so that it stays one page"),
    )):  # fmt: skip
        refused = lea.act(f"{home}/en", key=f"a-key-of-one-form-1{form}", **fields | typed)
        assert refused.status_code == 422
        assert said in refused.text
    since = hidden(lea.get(f"{home}/en").text)["since"]
    for form, title in enumerate(("Other", "Other")):  # the same again changes nothing
        kept = lea.act(f"{home}/en", key=f"a-key-of-one-form-2{form}", **fields | {"title": title, "since": since})
        assert kept.status_code == 303
    assert [(row.title, row.words) for row in rows(course, CertificateRow)] == [("Other", fields["words"])]
    assert [row.act for row in rows(course, AuditEntryRow)].count("certificate.change") == 2
    assert "your words" in Read(lea.get(home).text).text
    for form in ("4", "5"):
        assert lea.act(f"{home}/en", key=f"a-key-of-one-form-{form}", then="as_shipped").status_code == 303
    assert "your words" not in Read(lea.get(home).text).text
    assert lea.get(f"{home}/fr").status_code == 404
    assert course.browser("ines").get(home).status_code == 404


def test_what_a_program_wrote_stands_on_certificates_in_arabic_in_place_of_our_words(
    course: Course, decision_id: UUID
) -> None:
    def made() -> PdfReader:
        answer = course.browser("sam").get(f"{at}/certificate.pdf")
        return PdfReader(io.BytesIO(answer.data))

    wished = course.browser("sam").act(f"/decisions/{decision_id}/credential", **WISH | {"language": "ar"})
    at = wished.location.partition("?")[0]
    ours = made()
    assert ours.metadata is not None
    assert ours.metadata.title == "شهادة: Samira Example"
    fields = {
        "title": "إتمام المسار",
        "words": "أكمل كل خطوة من أجل",
        "signed_by": "لجنة الأقران",
        "look": "plain",
        "since": "",
    }
    home = f"/programs/{program(course)}/certificates"
    assert course.browser("lea").act(f"{home}/ar", **fields).status_code == 303
    theirs = made()
    assert theirs.metadata is not None
    assert theirs.metadata.title == "إتمام المسار: Samira Example"
    assert theirs.trailer["/Root"].get_object()["/Lang"] == "ar"
    assert len(theirs.pages) == 1


def test_a_credential_is_moved_written_anew_and_given_up_by_its_holder_alone(course: Course, at: str) -> None:
    sam = course.browser("sam")
    before = opened(course, at)
    moved = sam.act(f"{at}/page/move")
    assert (moved.status_code, moved.location) == (303, f"{at}?said=credential_page_moved")
    assert anybody(course).get(before).status_code == 404
    refused = sam.act(f"{at}/again", name=" ", language="en")
    assert refused.status_code == 422
    assert course.browser("noor").act(f"{at}/withdraw").status_code == 404
    assert sam.act(f"{at}/say/ask").location == at
    assert sam.act(f"/endorsements/{course.world.organization_id}/answer", answer="perhaps").status_code == 404
    long = course.browser("jo").act(f"{at}/say", name="Jo", words="x" * 10_000)
    assert long.status_code == 422
    assert "x" * 10_000 in long.text
    given_up = sam.act(f"{at}/withdraw")
    assert (given_up.status_code, given_up.location) == (303, f"{at}?said=credential_given_up")
    assert row_of(course, at).withdrawn_at is not None
