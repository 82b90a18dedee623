"""The acts of an observation's life, as people do them in front of an LMS."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, expect

from tests.journeys.seats import Seat

RUBRIC = "One-to-one support: one meeting, in six criteria"
STRENGTH = "You waited until they had finished."
WORDS = "I agree. Waiting was the hard part."
PEER, CLINICAL = "peer lane", "clinical lane"


def place(ines: Seat, activity: str, *, observers: int = 1, lanes: tuple[str, ...] = (PEER, CLINICAL)) -> None:
    """Put the activity into the course, unless it is there."""
    ines.settles()
    if ines.page.get_by_role("link", name=activity).count():
        return
    ines.page.get_by_role("link", name="Add an activity from Attune").click()
    ines.follow("Set up observed practice")
    ines.write("Title", activity)
    ines.attune.get_by_role("radio", name=RUBRIC).check()
    ines.write("Observations that each trainee needs", "1")
    for lane in (PEER, CLINICAL):
        ines.attune.get_by_role("checkbox", name=lane.capitalize()).set_checked(lane in lanes)
    if observers > 1:
        ines.attune.get_by_text("More", exact=True).click()
        ines.write("People who watch one observation", str(observers))
    ines.press("Add to the course")
    expect(ines.page.get_by_text(f"Added: {activity}")).to_be_visible()
    ines.settles()
    publish = ines.page.get_by_role("button", name=f"Publish {activity}")
    if publish.count():  # Canvas makes a draft
        publish.click()
        expect(publish).to_have_count(0)


def let(ines: Seat, activity: str, name: str, may: str) -> None:
    """Give somebody a lane, or let them observe: `may` is "observe" or "sign in the peer lane"."""
    ines.open(activity)
    ines.follow("People")
    ines.reads("The list of your LMS was read on")
    ines.settles()
    summary = ines.attune.get_by_text(f"Let them observe or sign: {name}")
    if not summary.count():
        return  # there is nothing left to give
    summary.click()
    button = ines.attune.get_by_role("button", name=f"Let {name} {may}")
    if button.count():
        button.click()
        ines.reads("It is given, and recorded.")


def ask(trainee: Seat, activity: str, *observers: str, at: str | None = None) -> None:
    """Ask for an observation in role play, which needs nobody else's agreement; `at`: an hour of tomorrow."""
    trainee.open(activity)
    trainee.follow("Ask for an observation")
    trainee.sees("Ask for an observation")
    for name in observers:
        if len(observers) == 1:
            trainee.choose(name)
        else:
            trainee.attune.get_by_role("checkbox", name=name).check()
    trainee.choose("Role play")
    trainee.choose("No")
    if at:
        trainee.attune.get_by_text("Propose a time and a place (optional)").click()
        trainee.write("Day", (datetime.now(UTC) + timedelta(days=1)).date().isoformat())
        trainee.write("From", at)
        trainee.write("Where, or how you meet", "Room 4")
        trainee.look("A time is proposed with the request")
    trainee.press("Ask, and agree to be observed")
    trainee.reads("Your request is on its way.")


def row(seat: Seat, activity: str, trainee: str) -> Locator:
    """What waits for this person about the trainee in this activity."""
    seat.open(activity)
    return seat.attune.locator(".row-plain", has_text=trainee).filter(has_text=activity).first


def take_up(seat: Seat, activity: str, trainee: str, label: str) -> None:
    """Follow the link of that row."""
    row(seat, activity, trainee).get_by_role("link", name=re.compile(f"^{re.escape(label)}")).click()


def begin(observer: Seat, activity: str, trainee: str) -> None:
    """Open the form."""
    take_up(observer, activity, trainee, "Begin")
    observer.choose("Nobody is supported here")
    observer.press("Go to the form")
    observer.reads("First: a strength you saw")


def rate(observer: Seat, trainee: str, *, level: int = 2, look: bool = False) -> None:
    """Fill the open form in; on a phone it shows one thing at a time."""
    observer.write(f"What did {trainee} do that helped?", STRENGTH)
    observer.settles()
    following = observer.attune.get_by_role("button", name="Next")
    steps = observer.attune.locator(".step", has=observer.page.get_by_label("What did you see or hear?"))
    for number in range(steps.count()):
        if following.is_visible():
            following.click()
        step = steps.nth(number)
        step.locator(".choice label").nth(level).click()
        step.get_by_label("What did you see or hear?").fill(f"Moment {number + 1}: asked first, then waited.")
        if look and number == 1:
            observer.reads("Saved with Attune")
            observer.look("One thing at a time, saved as one goes")
    if following.is_visible():
        following.click()
    observer.press("Look it over")


def answer(trainee: Seat, activity: str, *, on_a_point: str | None = None) -> None:
    """Read it and give words."""
    trainee.open(activity)
    trainee.attune.get_by_role("link", name=re.compile("^Read what")).first.click()
    trainee.reads(STRENGTH)
    if on_a_point:
        first = trainee.attune.locator("details", has_text="Your words on this").nth(1)
        first.locator("summary").first.click()
        first.locator("textarea").first.fill(on_a_point)
    trainee.attune.locator("textarea[name=words]").fill(WORDS)
    trainee.press("Look over my answer")
    trainee.look("The answer is looked over before it is given")
    trainee.press("Give this answer")
    trainee.reads("Your answer is given.")


def sign(signer: Seat, activity: str, trainee: str, lane: str) -> None:
    """Read it and sign."""
    take_up(signer, activity, trainee, f"Read and sign: {lane}")
    signer.look(f"Before the signature in the {lane}")
    signer.press(f"Sign in the {lane}")
    signer.reads("You signed.")
