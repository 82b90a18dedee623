"""Rules that hold for everything: ids lead back, cells stay within their column, custom words are kept."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.practice import PracticeLms
from lti_tool.practice.enrollment import find_person, members, set_membership
from lti_tool.practice.people import PEOPLE, Role, crowd_person
from lti_tool.practice.profiles.moodle.scores import shown
from lti_tool.practice.records import LineItem, Score
from lti_tool.practice.state import State

numbers = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
ITEM = LineItem("1", "c", "", "Column", 20)
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@given(given_points=numbers, of=numbers, maximum=st.floats(min_value=0.5, max_value=1000))
def test_a_moodle_cell_never_leaves_its_column(given_points: float, of: float, maximum: float) -> None:
    item = replace(ITEM, maximum=maximum)
    kept = Score("1", "6", given_points, of or maximum, "", NOW, "", "")
    value = shown(kept, item)
    assert value is not None
    assert 0 <= value <= maximum


def test_every_id_that_canvas_gives_leads_back_to_its_person(canvas: PracticeLms) -> None:
    canvas.enroll_many(20_000)
    platform = canvas.platform
    for person in (*PEOPLE, crowd_person(0), crowd_person(19_999)):
        assert platform.user(platform.user_id(person)) == person
    assert platform.user(platform.user_id(crowd_person(20_000))) is None
    for strange in ("", "x", "a-b-c", platform.user_id(PEOPLE[0]).upper(), "-1"):
        assert platform.user(strange) is None


@given(
    first=st.integers(min_value=0, max_value=40),
    crowd=st.integers(min_value=0, max_value=25),
    gone=st.sets(st.integers(min_value=0, max_value=24)),
)
def test_members_from_a_place_on_are_the_rest_of_all_members(first: int, crowd: int, gone: set[int]) -> None:
    state = State("http://127.0.0.1", [], "guid", crowd=crowd)
    lms = _Holder(state)
    for number in gone:
        set_membership(lms, crowd_person(number), "2", status="Deleted")  # type: ignore[arg-type] # holds a state too
    everybody = list(members(state, "2"))
    assert list(members(state, "2", first=first)) == everybody[first:]
    assert len(everybody) == len(PEOPLE) + crowd - len([number for number in gone if number < crowd])


class _Holder:
    """As much of a platform as an act needs."""

    def __init__(self, state: State) -> None:
        self.state = state

    def changing(self) -> "_Holder":
        return self

    def __enter__(self) -> State:
        return self.state

    def __exit__(self, *_: object) -> None:
        return None


@given(who=st.text())
def test_nobody_is_found_by_a_word_that_is_nobodys(who: str) -> None:
    state = State("http://127.0.0.1", [], "guid", crowd=3)
    found = find_person(state, who)
    assert found is None or who in (found.id, found.key, found.name)
    assert found is None or Role.TRAINEE in found.roles or found in PEOPLE
