"""An observation's whole life in an LMS, once with the ways of Moodle and once with those of Canvas.

All journeys of a profile share one Attune; each has an activity of its own.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.databases import SqliteFiles
from tests.journeys import whole_life as life
from tests.journeys.conftest import Visitors
from tests.journeys.seats import Seat, Sit
from tests.journeys.waiting import load_until, until
from tests.living import Living, living
from tests.mail_server import SENDER, Mailbox, mail_server

INES, JO, AMARA = "Ines Ferreira", "Jo Lindqvist", "Dr. Amara Okafor"
SAM, NOOR, TESS = "Sam Rivera", "Noor Haddad", "Tess Whitaker"
ONE, THREE, LATE = "Practice: the whole life", "Practice: three watch", "Practice: late"
CONFLICT, OUTSIDE = "Practice: a conflict", "Practice: outside"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="module", params=["moodle", pytest.param("canvas", marks=pytest.mark.full)])
def live(
    request: pytest.FixtureRequest,
    sqlite_files: SqliteFiles,
    mailbox: Mailbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Living]:
    """Attune with a mail server, and the practice LMS with this profile."""
    folder = tmp_path_factory.mktemp("living")
    mail = {"ATTUNE_SMTP_URL": mailbox.url, "ATTUNE_MAIL_FROM": SENDER}
    with sqlite_files.fresh(folder) as url, living(folder, url, request.param, **mail) as place:
        yield place


def test_one_observer_from_the_request_to_a_record_that_is_superseded(sit: Sit, visitors: Visitors) -> None:
    ines, sam = sit(INES, visitors.desktop()), sit(SAM, visitors.phone())
    jo, amara = sit(JO, visitors.phone()), sit(AMARA, visitors.desktop())
    life.place(ines, ONE)
    life.let(ines, ONE, JO, "sign in the peer lane")
    life.let(ines, ONE, AMARA, "sign in the clinical lane")

    life.ask(sam, ONE, JO, at="10:00")
    sam.look("Sam has asked with a time")
    agrees_pauses_and_goes_on(jo, sam)
    sam_writes_how_they_see_it(sam)
    life.take_up(jo, ONE, SAM, "Continue")
    life.rate(jo, SAM, look=True)
    jo.sees("Look it over")
    jo.press(f"Share with {SAM}")
    jo.reads("It is shared.")

    life.answer(sam, ONE, on_a_point="I remember this moment well.")
    sam.look("Sam has answered on the whole and on one point")
    life.take_up(jo, ONE, SAM, SAM)
    jo.follow("Answer these words")
    jo.write("Your answer", "Thank you. I saw how hard it was.")
    jo.press("Give this answer")
    jo.reads("Your answer is given.")
    life.sign(jo, ONE, SAM, life.PEER)
    life.sign(amara, ONE, SAM, life.CLINICAL)
    amara.look("Both lanes have signed")
    the_score_is(ines, ONE, SAM, "100")

    jo.page.reload()
    jo.open(ONE)
    jo.attune.get_by_role("link", name=SAM, exact=True).click()
    jo.follow("This record no longer stands")
    jo.write("Why does it no longer stand?", "The day on it is another one.")
    jo.choose("It should be corrected")
    jo.look("Before a record is superseded")
    jo.press("Say that it no longer stands")
    jo.reads("The earlier record no longer stands.")
    jo.look("The record that takes its place")
    ines.open(ONE)
    ines.follow("Gradebook")
    ines.look("The gradebook after the record was superseded")
    the_record_that_takes_its_place_counts(jo, sam, amara)
    until_it_reads(ines, "Accepted by the LMS")
    ines.look("The gradebook once the new record is signed")


def the_record_that_takes_its_place_counts(jo: Seat, sam: Seat, amara: Seat) -> None:
    jo.follow("Go on writing")
    jo.write(f"What did {SAM} do that helped?", f"{life.STRENGTH} It was on Tuesday.")
    jo.reads("Saved with Attune")
    jo.settles()
    following = jo.attune.get_by_role("button", name="Next")
    while following.is_visible():
        following.click()
    jo.press("Look it over")
    jo.press(f"Share it again with {SAM}")
    jo.reads("It is shared again.")
    life.answer(sam, ONE)
    life.sign(jo, ONE, SAM, life.PEER)
    life.sign(amara, ONE, SAM, life.CLINICAL)


def until_it_reads(seat: Seat, words: str) -> None:
    """Load the page of the gradebook again until the worker has been there."""
    seat.open(ONE)
    seat.follow("Gradebook")

    def reads_it() -> bool:
        seat.settles()
        if seat.attune.get_by_text(words).count():
            return True
        seat.follow("Gradebook")
        return False

    until(seat.page, reads_it)


def agrees_pauses_and_goes_on(jo: Seat, sam: Seat) -> None:
    life.take_up(jo, ONE, SAM, "Look at it")
    jo.sees(f"{SAM}, observed by {JO}")
    jo.press("Yes, this time suits me")
    jo.reads("agreed")
    jo.look("The time is agreed")
    life.begin(jo, ONE, SAM)
    jo.write(f"What did {SAM} do that helped?", "Only begun.")
    jo.reads("Saved with Attune")
    jo.press("Pause")
    jo.reads("It is paused.")
    sam.open(ONE)
    sam.follow(JO)
    sam.sees(f"Observed by {JO}")
    sam.press("Go on")
    sam.reads("is being written down by")


def sam_writes_how_they_see_it(sam: Seat) -> None:
    sam.follow("Write how I see it")
    sam.sees("How I see it")
    sam.write("What did you do that helped?", "I stayed quiet when it was hard.")
    sam.settles()
    following = sam.attune.get_by_role("button", name="Next")
    while following.is_visible():
        following.click()
    sam.look("Sam reads who can see it")
    sam.press("Give it")
    sam.reads("You gave it.")


def the_score_is(ines: Seat, activity: str, trainee: str, number: str) -> None:
    score = ines.page.locator("tr", has_text=trainee).locator(".score", has_text=number)
    ines.page.goto(f"{ines.live.lms}/course/gradebook")
    load_until(ines.page, score)
    expect(score.first).to_be_visible()
    ines.picture(ines.page, f"The LMS has the score of {activity}")


def test_three_observers_meet_and_the_trainee_reads_every_view(sit: Sit, visitors: Visitors) -> None:
    ines, sam = sit(INES, visitors.desktop()), sit(SAM, visitors.phone())
    jo, amara = sit(JO, visitors.desktop()), sit(AMARA, visitors.desktop())
    life.place(ines, THREE, observers=3, lanes=(life.PEER,))
    life.let(ines, THREE, JO, "sign in the peer lane")
    life.let(ines, THREE, AMARA, "observe")
    life.let(ines, THREE, INES, "observe")
    life.ask(sam, THREE, JO, AMARA, INES)

    for observer, level in ((jo, 0), (amara, 3), (ines, 3)):
        if observer is not jo:
            sees_nothing_of_the_others(observer)
        what_waits(observer)
        waiting = observer.attune.locator(".row-plain", has_text=SAM)
        waiting.get_by_role("link", name=re.compile("^(Begin|Continue)")).first.click()
        if observer is jo:  # the first of them asks for all
            jo.choose("Nobody is supported here")
            jo.press("Go to the form")
        life.rate(observer, SAM, level=level)
        observer.sees("Look it over")
        observer.press("Hand in")
        observer.reads("handed in")
    ines.look("All have handed in and see it differently")
    jo.open(THREE)
    jo.attune.locator(".row-plain", has_text=SAM).get_by_role("link", name="Open").first.click()
    jo.follow("Meet about what is seen differently")
    jo.sees(f"Meet about {SAM}'s observation")
    for name in (JO, AMARA, INES):
        jo.attune.get_by_role("checkbox", name=name).check()
    jo.write("What did you say to each other, and what did you agree on?", "We heard the same pause differently.")
    jo.press(f"Close the meeting and share with {SAM}")
    life.answer(sam, THREE)
    sam.look("Sam reads every view and the record of the meeting")
    life.sign(jo, THREE, SAM, life.PEER)
    jo.look("Signed with all views")


def sees_nothing_of_the_others(observer: Seat) -> None:
    """Jo has handed in; nobody reads it, or that it is there, before they hand in themselves."""
    what_waits(observer)
    observer.attune.locator(".row-plain", has_text=SAM).get_by_role("link", name=SAM).first.click()
    observer.reads("About this observation")
    expect(observer.attune.get_by_text(life.STRENGTH)).to_have_count(0)
    expect(observer.attune.get_by_text("Still to hand in")).to_have_count(0)


def what_waits(observer: Seat) -> None:
    """The list; an instructor who observes has it beside the activity."""
    observer.open(THREE)
    if observer.name == INES:
        observer.follow("Waiting for you")


def test_stopped_without_a_reason_and_withdrawn_after_one_lane_signed(sit: Sit, visitors: Visitors) -> None:
    ines, noor, jo = sit(INES, visitors.desktop()), sit(NOOR, visitors.phone()), sit(JO, visitors.desktop())
    life.place(ines, LATE)
    life.let(ines, LATE, JO, "sign in the peer lane")
    life.let(ines, LATE, AMARA, "sign in the clinical lane")
    life.ask(noor, LATE, JO)
    life.begin(jo, LATE, NOOR)
    jo.follow("Stop")
    jo.sees("Stop this observation?")
    jo.press("Stop this observation")
    noor.open(LATE)
    noor.sees("Good to see you, Noor")

    life.ask(noor, LATE, JO)
    life.begin(jo, LATE, NOOR)
    life.rate(jo, NOOR)
    jo.press(f"Share with {NOOR}")
    jo.reads("It is shared.")
    life.answer(noor, LATE)
    life.sign(jo, LATE, NOOR, life.PEER)
    noor.page.reload()
    noor.open(LATE)
    noor.follow(JO)
    noor.follow("Take this back")
    noor.sees("Take this observation back?")
    noor.press("Take it back")
    noor.reads("You took it back.")
    noor.follow("Take its words away now")
    noor.press("Take its words away now")
    noor.look("Its words are gone")
    jo.open(LATE)
    expect(jo.attune.get_by_text(life.STRENGTH)).to_have_count(0)


def test_a_conflict_is_discovered_late_and_someone_else_signs(sit: Sit, visitors: Visitors) -> None:
    ines, tess, jo = sit(INES, visitors.desktop()), sit(TESS, visitors.phone()), sit(JO, visitors.desktop())
    life.place(ines, CONFLICT, lanes=(life.CLINICAL,))
    life.let(ines, CONFLICT, JO, "observe")
    life.let(ines, CONFLICT, AMARA, "sign in the clinical lane")
    life.ask(tess, CONFLICT, JO)
    life.take_up(jo, CONFLICT, TESS, TESS)
    jo.follow("I should step aside")
    jo.sees(f"Step aside for {TESS}?")
    jo.press("I step aside")
    jo.reads("It is noted, without a reason.")
    tess.open(CONFLICT)
    tess.sees("Good to see you, Tess")
    ines.open(CONFLICT)
    ines.follow("Activity")
    ines.reads("needs someone else to observe")
    ines.look("What came back to Ines")
    ines.attune.get_by_role("link", name=re.compile("someone else")).first.click()
    ines.sees("What came back to you")
    ines.follow("Ask somebody else")
    ines.sees(f"Who could observe {TESS}?")
    ines.choose(AMARA)
    ines.press("Ask")
    ines.reads("It is asked.")
    tess.open(CONFLICT)
    tess.look("Tess is asked whether Amara may observe")
    tess.follow("Read it and decide")
    tess.reads("Who would observe")
    tess.choose("Role play")
    tess.choose("No")
    tess.look("Tess decides")
    tess.press("Yes, I agree to this")
    amara = sit(AMARA, visitors.desktop())
    life.begin(amara, CONFLICT, TESS)
    life.rate(amara, TESS)
    amara.press(f"Share with {TESS}")
    amara.reads("It is shared.")
    life.answer(tess, CONFLICT)
    life.sign(amara, CONFLICT, TESS, life.CLINICAL)
    amara.look("Someone else has signed")


def test_a_supervisor_from_outside_comes_from_a_mail_and_signs(
    sit: Sit, visitors: Visitors, mailbox: Mailbox, live: Living
) -> None:
    ines, noor, jo = sit(INES, visitors.desktop()), sit(NOOR, visitors.phone()), sit(JO, visitors.desktop())
    life.place(ines, OUTSIDE, lanes=(life.CLINICAL,))
    life.let(ines, OUTSIDE, JO, "observe")
    life.ask(noor, OUTSIDE, JO)
    life.begin(jo, OUTSIDE, NOOR)
    life.rate(jo, NOOR)
    jo.press(f"Share with {NOOR}")
    jo.reads("It is shared.")
    life.answer(noor, OUTSIDE)

    olu = f"olu.{len(mailbox.received)}@clinic.example"
    ines.open(OUTSIDE)
    ines.follow("People")
    ines.follow("People from outside your LMS")
    ines.follow("Invite someone")
    ines.write("Name", "Olu Ade")
    ines.write("E-mail address", olu)
    ines.attune.get_by_role("checkbox", name=re.compile("Sign in the lane")).check()
    ines.attune.get_by_role("checkbox", name=NOOR).check()
    ines.look("Ines invites Olu")
    ines.press("Continue")
    ines.press("Send it by mail")
    link = f"{live.attune}{mailed(ines.page, mailbox, olu, 0, '/invitation')}"

    robot = visitors.desktop(java_script_enabled=False)
    for _time in range(3):
        robot.goto(link)
    assert len(mailbox.to(olu)) == 1, "a robot that opens the link has no code sent and spends nothing"

    page = visitors.phone()
    page.goto(link)
    shot(ines, page, "Olu opens the link")
    page.get_by_role("button", name="Send me a code").click()
    code = re.search(r"\d{4} ?\d{4}", wait_for_mail(page, mailbox, olu, 1))
    assert code is not None
    page.get_by_label("Code").fill(code[0])
    shot(ines, page, "Olu types in the code")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", level=1, name="Waiting for you")).to_be_visible()
    shot(ines, page, "What waits for Olu")
    page.get_by_role("link", name="Read and sign: clinical lane").click()
    page.get_by_role("button", name="Sign in the clinical lane").click()
    expect(page.get_by_text("You signed.")).to_be_visible()
    shot(ines, page, "Olu has signed")


def shot(seat: Seat, page: Page, step: str) -> None:
    """Check a page outside the LMS, and keep a picture."""
    seat.accessible(page)
    seat.picture(page, step)


def wait_for_mail(page: Page, mailbox: Mailbox, address: str, number: int) -> str:
    until(page, lambda: len(mailbox.to(address)) > number)
    return mailbox.to(address)[number].text


def mailed(page: Page, mailbox: Mailbox, address: str, number: int, begins: str) -> str:
    wait_for_mail(page, mailbox, address, number)
    return mailbox.to(address)[number].path(begins)


def test_the_connection_is_lost_in_the_middle_and_nothing_else(sit: Sit, visitors: Visitors) -> None:
    ines, noor, jo = sit(INES, visitors.desktop()), sit(NOOR, visitors.phone()), sit(JO, visitors.phone())
    life.place(ines, ONE)
    life.let(ines, ONE, JO, "sign in the peer lane")
    life.ask(noor, ONE, JO)
    life.begin(jo, ONE, NOOR)
    jo.write(f"What did {NOOR} do that helped?", "Only begun.")
    jo.reads("Saved with Attune")
    visitors.overlook("ERR_INTERNET_DISCONNECTED")
    jo.page.context.set_offline(True)
    jo.write(f"What did {NOOR} do that helped?", life.STRENGTH)
    expect(jo.attune.get_by_text(re.compile("on this device")).first).to_be_visible()
    jo.picture(jo.page, "Without a connection it is kept on the device")
    jo.page.context.set_offline(False)
    jo.reads("Saved with Attune")
    again = sit(JO, visitors.phone())
    life.take_up(again, ONE, NOOR, "Continue")
    expect(again.attune.get_by_label(f"What did {NOOR} do that helped?")).to_have_value(life.STRENGTH)
    again.look("After the browser was closed everything is there")
