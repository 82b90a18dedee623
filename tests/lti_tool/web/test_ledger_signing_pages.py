"""Hours and trainings in the supervisor's queue: read, signed or handed back, each by itself."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from grading.ledger import EntryState
from lti_tool.services.hours import ledger_signing
from lti_tool.store.ledger import LedgerEntryRow, LedgerReturnRow, LedgerSignatureRow
from lti_tool.store.mail import ContactRow, MailKind, MailRow, Wanted
from lti_tool.store.records import ReadLogRow
from tests.lti_tool.services.hours.test_ledger_signing import handed
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_scope_pages import publish


def waits(course: Course, **values: Any) -> UUID:
    return course.keep(handed(course.world, **values))


def state_of(course: Course, entry_id: UUID) -> EntryState:
    course.kept()
    state = course.world.session.get_one(LedgerEntryRow, entry_id).state
    course.kept()
    return state


def test_the_queue_shows_entries_and_signs_one_in_two_steps(course: Course) -> None:
    entry_id = waits(course)
    jo = course.browser("jo")
    queue = jo.get("/waiting").text
    assert "1 thing waits for you" in queue
    assert "Hours and trainings" in queue
    assert "2 hours: practice with people" in queue
    page = jo.get(f"/ledger/{entry_id}/sign").text
    assert "The evening shift." in page
    assert "I know of this" in page
    fields = hidden(page)
    answer = jo.act(f"/ledger/{entry_id}/sign", digest=fields["digest"], lane=fields["lane"])
    assert answer.status_code == 303
    assert state_of(course, entry_id) is EntryState.SIGNED
    assert "You signed the entry" in jo.get(answer.location).text


def test_ux_t3_reading_an_entry_is_noted_for_its_writer(course: Course) -> None:
    entry_id = waits(course)
    course.browser("jo").get(f"/ledger/{entry_id}/sign")
    course.world.session.expire_all()
    logged = course.world.session.scalars(select(ReadLogRow)).all()
    assert [row.field.value for row in logged] == ["ledger"]


def test_a_page_that_is_behind_shows_it_again(course: Course) -> None:
    entry_id = waits(course)
    answer = course.browser("jo").act(f"/ledger/{entry_id}/sign", digest="0" * 64)
    assert answer.status_code == 422
    assert "changed after the page was shown" in answer.text
    assert state_of(course, entry_id) is EntryState.WAITING


def test_handing_back_without_a_reason_shows_the_form_again(course: Course) -> None:
    entry_id = waits(course)
    jo = course.browser("jo")
    assert jo.act(f"/ledger/{entry_id}/hand-back", reason=" ").status_code == 422
    assert jo.act(f"/ledger/{entry_id}/hand-back", reason="Which site?").status_code == 303
    assert state_of(course, entry_id) is EntryState.RETURNED
    assert course.world.session.scalars(select(LedgerReturnRow)).one().reason == "Which site?"


def test_several_are_read_on_one_page_and_settled_each_by_itself(course: Course) -> None:
    one, two, three = (waits(course) for _ in range(3))
    jo = course.browser("jo")
    page = jo.get("/ledger/to-sign", query_string={"e": [str(one), str(two), str(three)]})
    assert page.text.count("What happens with it") == 3
    fields = hidden(page.text)
    form = {
        f"digest-{one}": fields[f"digest-{one}"], f"what-{one}": "sign", f"lane-{one}": "peer",
        f"digest-{two}": fields[f"digest-{two}"], f"what-{two}": "hand_back", f"reason-{two}": "",
        f"what-{three}": "leave",
    }  # fmt: skip
    ids = {"e": [str(one), str(two), str(three)]}
    again = jo.post("/ledger/to-sign", data={"csrf_token": jo.token(), "act": "a-key-of-one-form-1", **ids, **form})
    assert again.status_code == 422
    assert "Nothing was signed or handed back yet" in again.text
    assert state_of(course, one) is EntryState.WAITING
    form[f"reason-{two}"] = "Twice on this day?"
    sent = jo.post("/ledger/to-sign", data={"csrf_token": jo.token(), "act": "a-key-of-one-form-2", **ids, **form})
    assert sent.status_code == 303
    states = [state_of(course, entry_id) for entry_id in (one, two, three)]
    assert states == [EntryState.SIGNED, EntryState.RETURNED, EntryState.WAITING]
    done = jo.get(sent.location).text
    assert "handed back with a reason" in done
    assert "Read and sign" in done


def test_choosing_none_says_so(course: Course) -> None:
    assert course.browser("jo").get("/ledger/to-sign").location.endswith("said=none_chosen")


def test_own_signatures_of_entries_with_their_copies(course: Course) -> None:
    entry_id = waits(course)
    jo = course.browser("jo")
    fields = hidden(jo.get(f"/ledger/{entry_id}/sign").text)
    jo.act(f"/ledger/{entry_id}/sign", digest=fields["digest"], lane="peer")
    course.world.session.expire_all()
    signature_id = course.world.session.scalars(select(LedgerSignatureRow.id)).one()
    course.kept()
    assert "Sam Example" in jo.get("/ledger/signatures").text
    copy = jo.get(f"/ledger/signatures/{signature_id}").text
    assert "The evening shift." in copy
    assert course.browser("amara").get(f"/ledger/signatures/{signature_id}").status_code == 404
    assert jo.act(f"/ledger/signatures/{signature_id}/take-back", reason="").status_code == 422
    assert jo.act(f"/ledger/signatures/{signature_id}/not-me").status_code == 303
    assert state_of(course, entry_id) is EntryState.RETURNED
    assert "it was not me" in jo.get("/ledger/signatures").text


def test_nobody_else_reads_the_page(course: Course) -> None:
    entry_id = waits(course)
    for who in ("amara", "noor", "ines"):
        assert course.browser(who).get(f"/ledger/{entry_id}/sign").status_code == 404


def test_the_link_of_a_copy_shows_what_was_signed_and_takes_this_was_not_me(course: Course) -> None:
    world = course.world
    jo, entries = world.visitor("jo"), [waits(course), waits(course)]
    world.session.add(
        ContactRow(
            organization_id=world.organization_id, person_id=jo.person_id, email="jo@example.org",
            confirmed_at=world.now, wanted=Wanted.DAILY, safe_on=world.now.date(),
        )
    )  # fmt: skip
    shown = ledger_signing.shown(world.session, jo, entries, world.now)
    wanted = [ledger_signing.Wanted(one.entry_id, True, one.to_sign.digest) for one in shown if one.to_sign]
    ledger_signing.settle(world.session, jo, wanted, world.now)
    path = world.session.scalars(select(MailRow.path).where(MailRow.kind == MailKind.COPY)).one()
    first = world.session.scalars(select(LedgerSignatureRow).where(LedgerSignatureRow.entry_id == entries[0])).one().id
    course.kept()
    anybody = course.app.test_client()
    page = anybody.get(path).text
    assert page.count("Sam Example") == 2
    assert "The evening shift." not in page
    token = hidden(page)["csrf_token"]
    for _ in range(2):
        answer = anybody.post(f"{path}/not-me", data={"csrf_token": token, "signature": str(first)})
        assert answer.status_code == 303
    assert "It is noted that this was not you." in anybody.get(answer.location).text
    assert [state_of(course, one) for one in entries] == [EntryState.RETURNED, EntryState.SIGNED]
    anybody.post(f"{path}/not-me", data={"csrf_token": token})
    assert state_of(course, entries[1]) is EntryState.RETURNED


def test_what_no_form_can_mend_is_a_page_of_its_own_and_changes_nothing(course: Course) -> None:
    entry_id = waits(course)
    jo, path = course.browser("jo"), f"/ledger/{entry_id}/sign"
    assert jo.get(f"{path}?lane=clinical").status_code == 409
    assert jo.get(f"{path}?lane=elsewhere").status_code == 404
    digest = hidden(jo.get(path).text)["digest"]
    assert jo.act(path, digest=digest, lane="clinical").status_code == 409
    assert state_of(course, entry_id) is EntryState.WAITING
    assert jo.act(path, digest=digest, lane="peer").status_code == 303
    assert jo.act(f"/ledger/{entry_id}/hand-back", reason="Which site?").status_code == 409
    assert state_of(course, entry_id) is EntryState.SIGNED
    signature_id = course.world.session.scalars(select(LedgerSignatureRow.id)).one()
    course.kept()
    address = f"/ledger/signatures/{signature_id}/take-back"
    done = jo.act(address, reason="It was another week.")
    assert "Your signature is taken back." in jo.get(done.location).text
    assert jo.act(address, key="a-key-of-one-form-2", reason="It was another week.").status_code == 409


def test_the_scope_of_practice_is_read_before_an_entry_is_signed(course: Course) -> None:
    entry_id = waits(course)
    publish(course)
    sent = course.browser("jo").get(f"/ledger/{entry_id}/sign")
    assert (sent.status_code, sent.location.partition("?")[0]) == (303, "/scope/read")


def test_what_became_of_each_says_nothing_of_an_entry_of_others_and_offers_a_lead_nothing_to_sign(
    course: Course,
) -> None:
    own, other = waits(course), course.keep(handed(course.world, to="amara"))
    chosen = {"e": [str(own), str(other)]}
    page = course.browser("jo").get("/ledger/to-sign/done", query_string=chosen).text
    assert "One of them is not there for you any more" in page
    assert f"/ledger/{own}/sign" in page
    assert f"/ledger/{other}/sign" not in page
