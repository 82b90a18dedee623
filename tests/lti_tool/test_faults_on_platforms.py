"""Each fault that an LMS can have, under all three sets of ways, over real HTTP: what it is called, and what is there.

Here the gradebook is asked directly; tests/lti_tool/test_scores_on_platforms.py has the worker do it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from grading.scores import DesiredScore
from lti_tool.lti.answers import Answer, Posted, posted
from lti_tool.lti.columns import Described
from lti_tool.lti.gradebook import Gradebook
from lti_tool.lti.line_items import Sought
from lti_tool.lti.results import Result
from lti_tool.practice import PracticeLms
from lti_tool.practice.records import LineItem, Score
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting.platforms import registration_of
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.connecting.tool_keys import signing_key
from lti_tool.store.courses import LineItemRow
from lti_tool.store.platforms import RegistrationRow
from tests.certification.place import Attune
from tests.databases import SqliteFiles
from tests.lti_tool.published import first_offered
from tests.lti_tool.web.test_lists_of_lmss import Reading, connected

PROFILES = ["strict", "moodle", "canvas"]
LINE = "Sent by Attune."


@dataclass
class Wire:
    """An LMS's gradebook with a column of ours, asked directly."""

    lms: PracticeLms
    attune: Attune
    url: str = ""
    list_url: str = ""
    link_id: str = ""
    activity_id: str = ""
    scopes: tuple[str, ...] = ()
    sent: int = field(default=0)

    def place(self) -> "Wire":
        """An activity that Ines sets up and Sam opens."""
        link = self.lms.add_activity("Warm line", maximum=100)
        ines = self.lms.visitor()
        choosing = ines.open("ines", link.id)
        chosen = {"title": "Warm line", "version_id": first_offered(choosing.text)}
        page = ines.submit(choosing, chosen, form="Set up the activity")
        assert page.status == 200, page.words
        assert self.lms.visitor().open("sam", link.id).status == 200
        with self.attune.session() as session:
            row = session.scalars(select(LineItemRow).order_by(LineItemRow.id.desc()).limit(1)).one()
            assert row.url is not None
            assert row.line_items_url is not None
            self.url, self.list_url, self.scopes = row.url, row.line_items_url, tuple(row.scopes)
            self.link_id, self.activity_id = row.lti_resource_link_id, link.id
        return self

    @property
    def item(self) -> LineItem:
        """The column, as the LMS has it."""
        (found,) = [one for one in self.lms.line_items() if one.activity_id == self.activity_id and one.coupled]
        return found

    def kept(self) -> Score:
        """What the LMS keeps of Sam's score."""
        score = self.lms.score("sam", self.item.id)
        assert score is not None
        return score

    @property
    def gradebook(self) -> Gradebook:
        now = self.attune.clock()
        with self.attune.session() as session:
            row = session.scalars(select(RegistrationRow)).one()
            known, key = registration_of(row), signing_key(session, now)
        tokens = PlatformTokens(
            self.attune.sessions.writing, organization_id=known.organization_id, registration_id=known.id, now=now
        )
        return Gradebook(SafeHttp(lab=True), known, key, tokens, now)

    def post(self, score: int, who: str = "sam", *, first: bool = False, comment: str = "") -> Posted:
        """A minute has gone by, and a score is sent."""
        self.attune.clock.advance(minutes=1)
        self.sent += 1
        return self.gradebook.post_score(
            self.url,
            self.scopes,
            sub=self.lms.user_id(who),
            desired=DesiredScore(Decimal(score), Decimal(100)),
            timestamp=self.attune.clock(),
            completed=score == 100,
            first=first,
            comment=comment,
            moment=self.attune.clock() - timedelta(days=1),
        )

    def spoiled(self, kind: str, score: int, *, place: str = "scores", value: float = 0) -> tuple[str, bool, bool]:
        """A score that meets a fault: its answer, whether it may be there, and whether it is."""
        self.lms.misbehave(place, kind, value=value)
        came = self.post(score)
        return came.answer.value, came.unknown, self.shown() == score

    def shown(self) -> Decimal | None:
        """What Sam's cell shows in hundredths, as the LMS lets us read it."""
        found = self.gradebook.result_of(self.url, self.scopes, self.lms.user_id("sam"))
        assert not isinstance(found, Posted), found
        return None if found is None or found.share is None else found.share * 100

    def clear(self) -> Posted:
        self.attune.clock.advance(minutes=1)
        return self.gradebook.clear_score(
            self.url, self.scopes, sub=self.lms.user_id("sam"), timestamp=self.attune.clock()
        )


@pytest.fixture(scope="module", params=PROFILES)
def reading(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles
) -> Iterator[Reading]:
    """One LMS of each kind serves all tests: each has an activity of its own, and leaves the rest as it was."""
    folder = tmp_path_factory.mktemp("faults")
    with sqlite_files.fresh(folder) as url, connected(request.param, folder / "lms", url) as reading:
        yield reading


@pytest.fixture
def wire(reading: Reading) -> Wire:
    return Wire(reading.lms, reading.attune).place()


def only(*profiles: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("reading", profiles, indirect=True, scope="module")


def test_lti_a32_each_fault_has_its_answer_and_nobody_is_wrong_about_what_is_there(wire: Wire) -> None:
    assert wire.post(1, first=True) == posted(Answer.ACCEPTED)
    trouble, busy = Answer.PLATFORM_TROUBLED.value, Answer.BUSY.value
    expected: dict[str, tuple[str, bool, bool]] = {
        # the answer, whether it may be there, whether it is
        "408": (trouble, True, False),
        "429": (busy, False, False),
        "500": (trouble, True, False),
        "502": (trouble, True, False),
        "503": (trouble, True, False),
        "504": (trouble, True, False),
        "rate-limit": (busy, False, False),
        "html": ("page_instead", True, False),
        "drop": ("platform_unreachable", True, False),
        "reset": ("platform_unreachable", True, False),
        "lost-answer": ("platform_unreachable", True, True),
        "404": ("column_gone", False, False),
        "410": ("column_gone", False, False),
        "412": ("column_gone", False, False),
        "403": ("not_allowed", False, False),
        "slow": ("accepted", False, True),
        "forget-tokens": ("accepted", False, True),
    }
    found = {kind: wire.spoiled(kind, 2 + place, value=0.2) for place, kind in enumerate(expected)}
    assert found == expected


def test_lti_t08_each_fault_of_the_token_service_is_told_apart_from_the_gradebook_s(wire: Wire) -> None:
    kinds = ("500", "503", "html", "drop", "reset", "lost-answer", "429", "404", "401")
    found = {}
    for kind in kinds:
        wire.lms.forget_tokens()
        wire.lms.misbehave("token", kind)
        found[kind] = (wire.post(50).answer.value, wire.shown())
    gone = dict.fromkeys(kinds[:6], ("token_not_given", None))
    assert found == {
        **gone, "429": ("busy", None), "404": ("token_refused", None), "401": ("token_refused", None),
    }  # fmt: skip
    assert wire.post(50) == posted(Answer.ACCEPTED)


def test_lti_t07_a_401_gets_a_new_token_once(wire: Wire) -> None:
    wire.post(1, first=True)
    before = len(wire.lms.calls("token"))
    wire.lms.misbehave("scores", "401")
    assert wire.post(50) == posted(Answer.ACCEPTED)
    assert len(wire.lms.calls("token")) == before + 1
    wire.lms.misbehave("scores", "401", times=2)
    assert wire.post(60).answer is Answer.TOKEN_REFUSED
    assert wire.shown() == 50
    assert wire.post(60) == posted(Answer.ACCEPTED)


def test_a_new_key_of_the_lms_changes_nothing_for_scores(wire: Wire) -> None:
    wire.post(1, first=True)
    wire.lms.rotate_key()
    wire.lms.forget_tokens()
    assert wire.post(50) == posted(Answer.ACCEPTED)
    assert wire.shown() == 50


def test_lti_a33_somebody_who_left_is_told_and_the_others_go_on(wire: Wire) -> None:
    wire.post(1, first=True)
    wire.lms.remove_member("sam")
    # The strict one says so in words that nobody else has: a person looks all the same.
    told = Answer.NOT_UNDERSTOOD if wire.lms.platform.profile.name == "strict" else Answer.PERSON_NOT_IN_COURSE
    assert wire.post(50) == wire.post(50, "ines") == posted(told)
    assert wire.post(70, "noor").answer is Answer.ACCEPTED
    wire.lms.take_back_member("sam")
    assert wire.post(50) == posted(Answer.ACCEPTED)


def test_a_column_that_was_removed_there_is_gone(wire: Wire) -> None:
    (activity,) = [one for one in wire.lms.activities() if one.id == wire.activity_id]
    wire.lms.remove_activity(activity)
    assert wire.post(50).answer is Answer.COLUMN_GONE
    assert wire.gradebook.columns.read(wire.url, wire.scopes) == posted(Answer.COLUMN_GONE)


def test_lti_a24_a_cell_that_a_person_had_emptied_is_empty_and_a_later_score_is_shown(wire: Wire) -> None:
    wire.post(50, first=True)
    assert wire.shown() == 50
    assert wire.clear() == posted(Answer.ACCEPTED)
    assert wire.shown() is None
    assert wire.post(60) == posted(Answer.ACCEPTED)
    assert wire.shown() == 60


def test_lti_a23_a_score_that_goes_up_and_down_again_arrives_in_order(wire: Wire) -> None:
    seen = [(wire.post(score).answer, wire.shown()) for score in (50, 60, 50, 0)]
    assert seen == [(Answer.ACCEPTED, score) for score in (50, 60, 50, 0)]


def test_a_score_with_an_older_time_is_not_taken_and_read_before_anything_else(wire: Wire) -> None:
    wire.post(50, first=True)
    wire.attune.clock.advance(minutes=-5)
    came = wire.post(60)
    assert came == Posted(Answer.NEWER_SCORE_THERE, retry=True, unknown=True)
    assert wire.shown() == 50


def test_lti_a34_a_score_that_a_teacher_changed_is_read_as_it_is(wire: Wire) -> None:
    wire.post(50, first=True)
    wire.lms.teacher_grades("sam", 80, line_item_id=wire.item.id)
    found = wire.gradebook.result_of(wire.url, wire.scopes, wire.lms.user_id("sam"))
    assert isinstance(found, Result)
    assert (found.share, found.maximum) == (Decimal("0.8"), 100)


# ---- each LMS's own ----


@only("canvas")
@pytest.mark.parametrize(
    ("close", "open_again", "answer"),
    [
        (
            lambda wire: wire.lms.change_line_item(wire.item, published=False),
            lambda wire: wire.lms.change_line_item(wire.item, published=True),
            Answer.COLUMN_NOT_OPEN,
        ),
        (
            lambda wire: wire.lms.change_line_item(wire.item, closed=True),
            lambda wire: wire.lms.change_line_item(wire.item, closed=False),
            Answer.COLUMN_NOT_OPEN,
        ),
        (
            lambda wire: wire.lms.change_course(state="concluded"),
            lambda wire: wire.lms.change_course(state="available"),
            Answer.COURSE_CONCLUDED,
        ),
        (
            lambda wire: wire.lms.change_course(state="unpublished"),
            lambda wire: wire.lms.change_course(state="available"),
            Answer.PERSON_NOT_IN_COURSE,
        ),
    ],
)
def test_canvas_s_reasons_not_to_take_a_score_are_told_apart(
    wire: Wire, close: Callable[[Wire], object], open_again: Callable[[Wire], object], answer: Answer
) -> None:
    close(wire)
    assert wire.post(50, first=True) == posted(answer)
    open_again(wire)
    assert wire.post(50, first=True) == posted(Answer.ACCEPTED)
    assert wire.shown() == 50


@only("moodle")
def test_moodle_s_locked_column_is_tried_again(wire: Wire) -> None:
    wire.lms.change_line_item(wire.item, closed=True)
    assert wire.post(50) == posted(Answer.COLUMN_LOCKED)
    wire.lms.change_line_item(wire.item, closed=False)
    assert wire.post(50) == posted(Answer.ACCEPTED)


@only("canvas")
def test_canvas_counts_one_attempt_and_one_comment_however_often_a_score_changes(wire: Wire) -> None:
    for number, score in enumerate((10, 20, 30)):
        wire.post(score, first=number == 0, comment=LINE)
    assert (wire.kept().attempts, wire.kept().comments) == (1, (LINE,))
    wire.clear()
    assert (wire.kept().attempts, wire.kept().given) == (1, None)


@only("moodle")
def test_moodle_shows_the_neutral_line_as_long_as_each_score_brings_it(wire: Wire) -> None:
    shown = []
    for comment in (LINE, LINE, ""):
        wire.post(10 + len(shown), comment=comment)
        shown.append(wire.kept().comment)
    assert shown == [LINE, LINE, ""]


# ---- columns there ----


def test_a_further_column_is_made_once_changed_and_taken_away_and_its_scores_reach_the_gradebook(wire: Wire) -> None:
    columns, sought = wire.gradebook.columns, Sought(wire.link_id, "further-1", further=True)
    made = columns.find_or_make(wire.list_url, wire.scopes, sought, label="Hours", maximum=Decimal(12))
    assert isinstance(made, Described), made
    again = columns.find_or_make(wire.list_url, wire.scopes, sought, label="Hours", maximum=Decimal(12))
    assert isinstance(again, Described)
    assert again.url == made.url
    assert [one.resource_id for one in wire.lms.line_items()].count("further-1") == 1
    before, wire.url = wire.url, made.url
    assert wire.post(50, first=True) == posted(Answer.ACCEPTED)
    assert wire.shown() == 50
    (item,) = [one for one in wire.lms.line_items() if one.resource_id == "further-1"]
    assert not item.secondary
    changed = columns.change(made.url, wire.scopes, label="Hours of practice")
    assert isinstance(changed, Described)
    read = columns.read(made.url, wire.scopes)
    assert isinstance(read, Described)
    assert (read.label, read.maximum, read.resource_id, read.tag) == ("Hours of practice", 12, "further-1", "attune")
    assert wire.shown() == 50
    assert columns.remove(before, wire.scopes, resource_id="further-1") == posted(Answer.COLUMN_NOT_OURS)
    assert columns.remove(made.url, wire.scopes, resource_id="further-1") == posted(Answer.ACCEPTED)
    assert columns.read(made.url, wire.scopes) == posted(Answer.COLUMN_GONE)
    assert columns.remove(made.url, wire.scopes, resource_id="further-1") == posted(Answer.ACCEPTED)
    assert not [one for one in wire.lms.line_items() if one.resource_id == "further-1"]


@only("strict", "moodle")
def test_lti_a11_a_link_that_never_launched_us_gets_no_column(wire: Wire) -> None:
    before, foreign = wire.lms.line_items(), Sought("another-link", "further-1")
    made = wire.gradebook.columns.find_or_make(wire.list_url, wire.scopes, foreign, label="Hours", maximum=Decimal(12))
    assert isinstance(made, Posted)
    assert wire.lms.line_items() == before
