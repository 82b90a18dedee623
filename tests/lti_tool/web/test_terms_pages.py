"""Terms of an organization: written and published by a program lead, asked once for each edition, never in the way."""

import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from lti_tool.services.editions.terms import Terms
from lti_tool.services.languages import first_words
from lti_tool.store.base import new_id
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.terms import TermsAnswerRow, TermsRow
from tests.lti_tool.services.path_rows import program_lead
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of

KEY = "a-key-of-terms-{}"
WORDS = "What we keep\n\nYour name, and what you write.\nWe keep it for two years."
ASKED = "Your program asks whether you agree to its terms."


def page(browser: Any, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert not list(problems_of(answer.text)), path
    return Read(answer.text).text


class Lead:
    """Lea writes and publishes in the browser."""

    def __init__(self, course: Course) -> None:
        program_lead(course.world)
        course.kept()
        self.browser, self.number = course.browser("lea"), 0

    def act(self, path: str, **form: str) -> Any:
        self.number += 1
        return self.browser.act(path, key=KEY.format(self.number), **form)

    def write(self, words: str, **more: str) -> str:
        """The address of the draft."""
        address: str = self.act("/terms/begin").location
        shown = hidden(self.browser.get(address).text)["shown"]
        fields = {"words-en": words, "words-es": "", "words-ar": "", "then": "stay", "shown": shown, **more}
        answer = self.act(address, **fields)
        assert answer.status_code == 303, answer.text
        return address.split("?")[0].removesuffix("/write")

    def publish(self, words: str = WORDS, **more: str) -> str:
        address = self.write(words, **more)
        assert self.looked_over(address, self.shown(address)).status_code == 303
        return address

    def shown(self, address: str) -> str:
        """What the page on which one publishes says it showed."""
        assert "What happens then" in page(self.browser, f"{address}/publish")
        found = re.search(r'name="shown" value="(\w+)"', self.browser.get(f"{address}/publish").text)
        assert found
        return found[1]

    def looked_over(self, address: str, shown: str) -> Any:
        return self.act(f"{address}/publish", shown=shown)


@pytest.fixture
def lead(course: Course) -> Lead:
    return Lead(course)


def say(course: Course, who: str, address: str, said: str, number: int = 1) -> Any:
    return course.browser(who).act(
        f"{address}/answer", key=f"a-key-of-an-answer-{who}-{number}", answer=said, language="en", back=course.home
    )


def test_where_nothing_is_published_nobody_is_asked_anything(course: Course, lead: Lead) -> None:
    assert ASKED not in page(course.browser("sam"), course.home)
    assert "Nothing is asked of you." in page(course.browser("sam"), "/terms/read")
    lead.write(WORDS)
    assert ASKED not in page(course.browser("sam"), course.home)
    assert "nobody is asked anything yet" in page(lead.browser, "/terms")


def test_cap_e7_everybody_is_asked_once_for_each_edition_and_what_they_said_is_kept(course: Course, lead: Lead) -> None:
    first = lead.publish()
    for who in ("sam", "jo", "ines"):
        assert ASKED in page(course.browser(who), course.home)
    sam = course.browser("sam")
    read = page(sam, f"/terms/read?back={course.home}")
    assert "We keep it for two years." in read
    assert "Program leads see the names of those who say yes" in read
    assert say(course, "sam", first, "agreed").location == course.home
    assert say(course, "jo", first, "not_now").location == course.home
    assert ASKED not in page(sam, course.home)
    assert ASKED not in page(course.browser("jo"), course.home)
    assert ASKED in page(course.browser("ines"), course.home)
    assert "you agreed" in page(sam, "/terms/read")
    counted = page(lead.browser, "/terms")
    assert "1 person agrees" in counted
    assert "said not now" not in counted, "beside names that would tell who"
    assert "Sam" not in counted
    second = lead.publish(WORDS + "\nBackups are kept for 30 days.")
    assert ASKED in page(sam, course.home)
    assert "What changed is marked." in page(sam, "/terms/read")
    say(course, "sam", second, "agreed", 2)
    answers = course.world.session.execute(
        select(TermsRow.number, TermsAnswerRow.answer).join(TermsRow, TermsRow.id == TermsAnswerRow.terms_id)
        .where(TermsAnswerRow.person_id == course.world.visitor("sam").person_id).order_by(TermsRow.number)
    ).all()  # fmt: skip
    assert [tuple(each) for each in answers] == [(1, "agreed"), (2, "agreed")]
    course.world.session.rollback()
    assert say(course, "ines", first, "agreed").location.startswith("/terms/read"), "a newer one is there to be read"


def test_program_leads_see_who_agrees_and_nothing_of_the_others(course: Course, lead: Lead) -> None:
    address = lead.publish()
    people = f"{address}/people"
    assert "Nobody agrees to it at present." in page(lead.browser, people)
    say(course, "sam", address, "agreed")
    say(course, "jo", address, "not_now")
    say(course, "noor", address, "agreed")
    say(course, "noor", address, "withdrawn", 2)
    listed = page(lead.browser, people)
    assert "Sam Example" in listed
    assert "Jo Example" not in listed
    assert "Noor Example" not in listed
    assert people in lead.browser.get("/terms").text
    table = lead.browser.get("/exports/file?of=organization&what=terms&form=csv").text
    assert [line.split(",")[1] for line in table.splitlines()[1:]] == ["Sam Example"]
    for who in ("sam", "jo", "ines"):
        assert course.browser(who).get(people).status_code == 404


def test_of_an_edition_that_promised_numbers_only_nobody_sees_a_name(course: Course, lead: Lead) -> None:
    address = lead.publish()
    course.world.session.execute(update(TermsRow).values(by_name=False))
    course.kept()
    assert "Program leads see how many said yes, and not who." in page(course.browser("sam"), "/terms/read")
    say(course, "sam", address, "agreed")
    assert lead.browser.get(f"{address}/people").status_code == 404
    say(course, "jo", address, "not_now")
    counted = page(lead.browser, "/terms")
    assert "Who agrees to edition" not in counted
    assert "1 said not now" in counted
    assert "Sam" not in lead.browser.get("/exports/file?of=organization&what=terms&form=csv").text


def test_a_yes_is_taken_back_at_any_time_and_nothing_else_changes(course: Course, lead: Lead) -> None:
    address = lead.publish()
    say(course, "sam", address, "withdrawn")
    assert course.world.session.scalars(select(TermsAnswerRow.id)).all() == [], "there was no yes"
    course.world.session.rollback()
    say(course, "sam", address, "agreed", 2)
    say(course, "sam", address, "agreed", 3)
    say(course, "sam", address, "withdrawn", 4)
    assert "you took your yes back" in page(course.browser("sam"), "/terms/read")
    assert ASKED not in page(course.browser("sam"), course.home)
    counted = page(lead.browser, "/terms")
    assert "0 people agree" in counted
    assert "took their yes back" not in counted
    acts = course.world.session.scalars(
        select(AuditEntryRow.act).where(AuditEntryRow.act.like("terms.%")).order_by(AuditEntryRow.number)
    ).all()
    assert acts == ["terms.begin", "terms.publish", "terms.agreed", "terms.withdrawn"]
    course.world.session.rollback()
    assert "0 people agree" in page(lead.browser, "/terms")


def test_nothing_is_held_up_and_pages_on_which_one_writes_say_nothing_of_it(course: Course, lead: Lead) -> None:
    observation_id = course.answered()
    lead.publish()
    for who, path in (("sam", f"/o/{observation_id}"), ("jo", f"/o/{observation_id}/sign/peer")):
        assert ASKED not in page(course.browser(who), path)
    assert course.browser("sam").get(f"{course.home}/ask").status_code == 200


def test_what_comes_with_attune_has_to_be_filled_in_before_it_is_published(course: Course, lead: Lead) -> None:
    address = lead.write(first_words("terms", "en"))
    answer = lead.looked_over(address, lead.shown(address))
    assert answer.status_code == 422
    assert "such as [program]" in Read(answer.text).text
    course.world.session.rollback()
    assert course.world.session.scalars(select(TermsRow.published_at)).all() == [None]


def test_it_is_read_in_the_readers_language_where_it_has_it_and_else_in_the_first_one(
    course: Course, lead: Lead, now: datetime
) -> None:
    lead.publish("", **{"words-es": "Lo que guardamos\n\nSu nombre."})
    answer = course.browser("noor").get("/terms/read")
    assert "Su nombre." in answer.text
    assert '<div lang="es" dir="auto">' in answer.text
    both = Terms(new_id(), 1, {"en": "Your name.", "es": "Su nombre."}, now, None)
    assert both.language_for(("de", "es-MX", "en")) == "es"
    assert both.language_for(("de",)) == "en"


def test_what_was_typed_stays_where_it_cannot_be_kept(course: Course, lead: Lead) -> None:
    address = lead.write(WORDS)
    answer = lead.act(f"{address}/write", **{"words-en": "", "words-es": "", "words-ar": "", "then": "stay"})
    assert answer.status_code == 422
    assert "in at least one language" in Read(answer.text).text
    long = "Much too long. " * 2_000
    answer = lead.act(f"{address}/write", **{"words-en": long, "words-es": "", "words-ar": "", "then": "stay"})
    assert answer.status_code == 422
    assert long.strip() in answer.text


def test_two_leads_who_write_do_not_write_over_each_other(course: Course, lead: Lead) -> None:
    address = lead.write(WORDS)
    shown = hidden(lead.browser.get(f"{address}/write").text)["shown"]
    lead.write(WORDS + "\nBackups are kept for 30 days.")
    mine = {"words-en": WORDS + "\nAsk Mira.", "words-es": "", "words-ar": "", "then": "stay"}
    answer = lead.act(f"{address}/write", shown=shown, **mine)
    assert answer.status_code == 422
    read = Read(answer.text)
    assert "Somebody else saved other words meanwhile." in read.text
    assert read.before("Yours, not saved yet", "Backups are kept for 30 days.")
    assert "Ask Mira.</textarea>" in answer.text
    assert not list(problems_of(answer.text))
    assert "Ask Mira." not in page(lead.browser, f"{address}/publish")
    newer = hidden(answer.text)["shown"]
    assert lead.act(f"{address}/write", shown=newer, **mine).status_code == 303
    assert "Ask Mira." in page(lead.browser, f"{address}/publish")


def test_what_was_typed_stays_where_another_lead_published_meanwhile(course: Course, lead: Lead) -> None:
    address = lead.publish()
    mine = {"words-en": "Ask Mira.", "words-es": "", "words-ar": "", "then": "stay"}
    answer = lead.act(f"{address}/write", shown="x", **mine)
    assert answer.status_code == 422
    assert "Please begin the next one." in Read(answer.text).text
    assert "Ask Mira." in answer.text


def test_what_is_published_is_what_was_shown_also_where_another_lead_writes_meanwhile(
    course: Course, lead: Lead
) -> None:
    address = lead.write(WORDS)
    shown = lead.shown(address)
    lead.write(WORDS + "\nBackups are kept for 30 days.")
    answer = lead.looked_over(address, shown)
    assert answer.status_code == 422
    read = Read(answer.text).text
    assert "Somebody changed the words meanwhile." in read
    assert "Backups are kept for 30 days." in read
    assert not list(problems_of(answer.text))
    assert ASKED not in page(course.browser("sam"), course.home)
    newer = lead.shown(address)
    assert lead.looked_over(address, newer).status_code == 303
    assert lead.looked_over(address, newer).status_code == 303, "twice changes nothing"
    assert lead.looked_over(address, shown).status_code == 409, "what they read is not what was published"


def test_out_of_use_nobody_is_asked_any_more(course: Course, lead: Lead) -> None:
    address = lead.publish()
    assert "until you publish the next edition" in page(lead.browser, f"{address}/end")
    lead.act(f"{address}/end")
    assert ASKED not in page(course.browser("sam"), course.home)
    assert "in use until" in page(lead.browser, "/terms")


def test_only_program_leads_write_them(course: Course, lead: Lead) -> None:
    address = lead.write(WORDS)
    for who in ("sam", "jo", "ines"):
        assert course.browser(who).get("/terms").status_code == 404
        assert course.browser(who).get(f"{address}/write").status_code == 404
        assert say(course, who, address, "agreed").status_code == 404, "a draft is nobody's to answer"


def test_only_an_answer_of_the_page_is_taken_and_what_is_not_in_force_cannot_be_ended(
    course: Course, lead: Lead
) -> None:
    first = lead.publish()
    for changes in ({"answer": "perhaps"}, {"language": "tlh"}):
        form = {"answer": "agreed", "language": "en"} | changes
        assert course.browser("sam").act(f"{first}/answer", **form).status_code == 400, changes
    assert ASKED in page(course.browser("sam"), course.home)
    second = lead.write(WORDS + "\nBackups are kept for 30 days.")
    assert lead.browser.get(f"{second}/end").status_code == 404
    shown = hidden(lead.browser.get(f"{second}/write").text)["shown"]
    fields = {"words-en": WORDS + "\nAsk Mira.", "words-es": "", "words-ar": "", "then": "publish", "shown": shown}
    assert lead.act(f"{second}/write", **fields).location == f"{second}/publish"
