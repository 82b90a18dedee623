"""How often each page asks the database: bounded, whatever the amount of data."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, event

from grading.evidence import Kind
from grading.ledger import EntryKind, EntryState
from lti_tool.services.courses import course_life
from lti_tool.services.practicum import placing, site_agreements, site_writing
from lti_tool.services.practicum.placing import PlacementWords
from lti_tool.services.practicum.site_agreements import AgreementWords
from lti_tool.services.practicum.site_writing import ContactWords, SiteWords
from lti_tool.services.wellbeing import check_ins, journal, support_directory
from lti_tool.services.wellbeing.support_directory import Typed
from rubrics.placing import Days
from rubrics.sign_off import Lane
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.hours.test_ledger_signing import handed
from tests.lti_tool.services.terms import NEXT, next_term
from tests.lti_tool.web.course import Course

MORE = 12
BOUND = 40
PAGES = [
    ("sam", "{home}"),
    ("sam", "{home}/ask"),
    ("sam", "{home}/rubric"),
    ("sam", "/o/{shared}"),
    ("sam", "/o/{shared}/who"),
    ("sam", "/o/{begun}"),
    ("sam", "/o/{begun}/self"),
    ("ines", "{home}/trainees/{sam}/propose"),
    ("sam", "/opened"),
    ("sam", "/my-data"),
    ("sam", "/my-data/erase"),
    ("sam", "/messages"),
    ("sam", "/messages/sent"),
    ("sam", "/messages/preview"),
    ("sam", "/contact"),
    ("jo", "/signing-code"),
    ("sam", "/signed-in"),
    ("sam", "/record"),
    ("jo", "{home}"),
    ("jo", "/waiting"),
    ("jo", "/o/{begun}/rate"),
    ("jo", "/o/{begun}/share"),
    ("jo", "/o/{begun}/paper"),
    ("jo", "/paper"),
    ("jo", "/o/{answered}/sign/peer"),
    ("jo", "/o/{signed}"),
    ("jo", "/o/{signed}/signed/peer"),
    ("jo", "/o/{signed}/supersede"),
    ("jo", "/signatures"),
    ("jo", "/several?o={answered}:peer"),
    ("amara", "/waiting"),
    ("ines", "{home}"),
    ("ines", "{home}/people"),
    ("ines", "{home}/paper"),
    ("ines", "{home}/gradebook"),
    ("ines", "{home}/gradebook?state=needs_person"),
    ("ines", "{home}/gradebook/progress"),
    ("ines", "/courses/{course}"),
    ("ines", "{home}/settings"),
    ("ines", "{home}/columns"),
    ("ines", "{home}/columns/choice?of=new"),
    ("ines", "{home}/columns/preview?shows=latest"),
    ("ines", "{home}/assignments"),
    ("ines", "{home}/assignments/{sam}"),
    ("ines", "{home}/came-back"),
    ("ines", "{home}/room"),
    ("amara", "/standing-in"),
    ("sam", "/conflicts?name=a"),
    ("sam", "/journal"),
    ("sam", "/self-care"),
    ("sam", "/self-care/days"),
    ("sam", "/support"),
    ("sam", "{home}/adjustments"),
    ("ines", "{home}/adjustments?name=trainee"),
    ("ines", "{home}/adjustments/{sam}"),
    ("sam", "{home}/hand-over"),
    ("jo", "{home}/hand-over"),
    ("sam", "/guidance"),
    ("jo", "/o/{shared}/handled-outside"),
    ("ines", "{home}/trainees/{sam}"),
    ("jo", "{home}/trainees/{sam}"),
    ("sam", "{home}/supervision"),
    ("jo", "{home}/supervision"),
    ("ines", "{home}/supervision"),
    ("jo", "{home}/supervision/agreements/new?person={sam}&lane=peer"),
    ("jo", "{home}/supervision/sessions/new?person={sam}"),
    ("ines", "{home}/term"),
    ("ines", "{home}/term/carry/{later}"),
    ("ines", "/sites"),
    ("ines", "/sites/{site}"),
    ("ines", "{home}/placements"),
    ("sam", "{home}/placements"),
    ("jo", "{home}/placements"),
    ("ines", "{home}/trainees/{sam}/place?site={site}"),
    ("sam", "/scope/read"),
    ("jo", "/qualifications"),
    ("sam", "/path"),
    ("sam", "/path/{enrollment}"),
    ("sam", "/path/{enrollment}/what-if?kind=practice&try=1&amount=3"),
    ("sam", "/path/{enrollment}/transcript"),
    ("sam", "/path/{enrollment}/progress"),
    ("sam", "/path/{enrollment}/competencies"),
    ("jo", "/oversight/own"),
    ("sam", "/credentials"),
    ("jo", "/endorsements"),
    ("sam", "/exports"),
    ("sam", "/me/description"),
    ("sam", "/me/surveys"),
    ("sam", "/me/feedback"),
    ("jo", "/calibrations"),
    ("ines", "{home}/calibrations"),
    ("ines", "{home}/double"),
    ("ines", "{home}/exports"),
    ("jo", "/agreement/own"),
    ("ines", "{home}/oversight"),
    ("sam", "/path/way-in"),
    ("sam", "/ledger"),
    ("sam", "/ledger/new?kind=practice"),
    ("sam", "/ledger/{entry}"),
    ("sam", "/ledger/{entry}/change"),
    ("jo", "/ledger/{entry}"),
    ("jo", "/ledger/signatures"),
    ("jo", "/ledger/{entry}/sign"),
    ("jo", "/ledger/to-sign?e={entry}"),
]


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are asked meanwhile; BEGIN and COMMIT are not among them."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def observations(course: Course) -> dict[str, UUID]:
    return {state: getattr(course, state)() for state in ("begun", "shared", "answered", "signed")}


def more_of_everything(course: Course) -> None:
    """A dozen more trainees, and of each kind of observation."""
    for number in range(MORE):
        course.world.visitor(f"trainee{number}", TRAINEE)
        course.world.enter(f"trainee{number}", TRAINEE, **NEXT)
        observations(course)
        course.asked()
    for name in ("lee", "kim", "ola"):
        course.world.grant(course.world.visitor(name, TRAINEE), Lane.PEER)
    _more_around(course)
    for number in range(MORE):
        a_site(course, f"Site {number}", "sam", f"trainee{number}")
        handed(course.world, f"trainee{number}")
        handed(course.world)
    course.kept()


def on_the_way(course: Course) -> OnTheWay:
    """Sam on the way through a program, and with a second one."""
    world = course.world
    ways = [OnTheWay(world.session, world.visitor("sam"), shipped(name), world.now) for name in ("icrc-pr", "us-rbt")]
    more_on_the_way(course, ways[0], 1)
    return ways[0]


def more_on_the_way(course: Course, way: OnTheWay, number: int) -> None:
    """So many more entries, signed and waiting, and things that were noted."""
    jo = course.world.visitor("jo")
    for ago in range(number):
        way.entry(EntryKind.PRACTICE, "2", ago=ago + 1, signer=jo, title=f"Practice {ago}")
        way.entry(EntryKind.TRAINING, "3", ago=ago + 1, state=EntryState.RETURNED)
        way.waiting(EntryKind.TRAINING, "3", jo, ago=ago + 1)
        way.noted(Kind.DOCUMENT, name=["secondary_education"])
        way.noted(Kind.STATEMENT, name=["lives_or_works_in_area"], amount="60", unit="%")
    course.kept()


def a_later_course(course: Course) -> UUID:
    """In which this one goes on, with Sam in it."""
    ines = course.world.visitor("ines")
    later_id, _ = next_term(course.world, "sam")
    course_life.goes_on(course.world.session, ines, course.world.place(ines), later_id, course.world.now)
    course.kept()
    return later_id


def a_site(course: Course, name: str, *trainees: str) -> UUID:
    """A site with an agreement and a contact, at which these trainees are placed."""
    session, now, ines = course.world.session, course.world.now, course.world.visitor("ines")
    days = Days(now.date(), None)
    site_id = site_writing.add(session, ines, SiteWords(name), now)
    site_writing.add_contact(session, ines, site_id, ContactWords("Mira"), now)
    site_agreements.record(session, ines, site_id, AgreementWords("MOU", days), now)
    for who in trainees:
        trainee_id, words = course.world.visitor(who).person_id, PlacementWords(site_id, days)
        placing.place_trainee(session, ines, course.world.place(ines), trainee_id, words, anyway=False, now=now)
    course.kept()
    return site_id


def _more_around(course: Course) -> None:
    """A dozen more of what is a person's own, and of whom to turn to."""
    session, now = course.world.session, course.world.now
    sam, ines = course.world.visitor("sam"), course.world.visitor("ines")
    for number in range(MORE):
        journal.begin(session, sam, now, f"Entry {number}")
        check_ins.save(session, sam, now.date() - timedelta(days=number % 2), f"Day {number}", now)
        support_directory.add(session, ines, Typed(f"Line {number}", "", "988", "", "", ""), now)


@pytest.fixture
def numbers(course: Course, engine: Engine) -> dict[str, tuple[int, int]]:
    """For each page, how many statements with little data and with much."""
    engine = course.app.extensions["attune"].sessions.engine
    ids = observations(course) | {"sam": course.world.visitor("sam").person_id}
    ids["site"] = a_site(course, "First", "sam")
    ids["course"] = course.world.place(course.world.visitor("ines")).course.id
    ids["later"] = a_later_course(course)
    way = on_the_way(course)
    ids["enrollment"] = way.enrollment_id
    ids["entry"] = course.keep(handed(course.world))
    few = {page: ask(course, engine, page, ids) for page in PAGES}
    more_of_everything(course)
    more_on_the_way(course, way, MORE)
    many = {page: ask(course, engine, page, ids) for page in PAGES}
    return {f"{who} {path}": (few[who, path], many[who, path]) for who, path in PAGES}


def ask(course: Course, engine: Engine, page: tuple[str, str], ids: dict[str, UUID]) -> int:
    who, template = page
    path = template.format(home=course.home, **ids)
    browser = course.browser(who)
    browser.get(path)  # the first visit writes the read log
    with counted(engine) as said:
        answer = browser.get(path)
    assert answer.status_code == 200, (page, answer.text)
    return len(said)


def test_every_page_asks_as_often_with_much_data_as_with_little_and_never_often(
    numbers: dict[str, tuple[int, int]],
) -> None:
    """One test, because writing much data takes a while."""
    assert not {page: counts for page, counts in numbers.items() if counts[1] > counts[0]}
    assert not {page: counts for page, counts in numbers.items() if max(counts) > BOUND}


def test_the_page_on_which_a_trainee_arrives_asks_a_dozen_times_at_most(course: Course) -> None:
    """It is opened after nearly every launch. What a launch itself asks: services/entering/test_enter.py."""
    engine = course.app.extensions["attune"].sessions.engine
    assert ask(course, engine, ("sam", "{home}"), {}) <= 12
