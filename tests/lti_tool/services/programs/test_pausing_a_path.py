"""Pausing a path: begun with one act, ended with one, taken back within a day; nobody is asked why."""

from datetime import timedelta

import pytest

from grading.lifecycle.dates import Name
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs import pauses
from lti_tool.services.standing.standings import stands
from lti_tool.store.programs import PathPauseRow
from rubrics.refusal import Refused
from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import on_the_way


def test_cap_a5_after_thirty_days_each_date_that_may_move_is_thirty_days_later(world: World) -> None:
    enrollment = on_the_way(world, text=RENEWED)
    sam = world.visitor("sam")
    decided(world, enrollment, world.now.date() - timedelta(days=40))
    before = {due.name: due.on for due in stands(world.session, enrollment, world.now).standing.dates}
    page = pauses.page(world.session, sam, enrollment.id, world.now)
    pauses.begin(world.session, sam, enrollment.id, None, world.now)
    pauses.end(world.session, sam, enrollment.id, world.now + timedelta(days=30))
    after = {
        due.name: due.on for due in stands(world.session, enrollment, world.now + timedelta(days=30)).standing.dates
    }
    assert after[Name.VALID_UNTIL] == before[Name.VALID_UNTIL] + timedelta(days=30)
    assert after[Name.PROOF_KEPT_UNTIL] == before[Name.PROOF_KEPT_UNTIL]
    assert {each.due.name: each.after for each in page.moving} == {
        each.due.name: after[each.due.name] for each in page.moving
    }
    assert [each.due.name for each in page.staying] == [Name.PROOF_KEPT_UNTIL]


def test_ux_s8_it_is_begun_and_ended_with_one_act_each_and_twice_changes_nothing(world: World) -> None:
    enrollment = on_the_way(world)
    sam, later = world.visitor("sam"), world.now + timedelta(days=3)
    for _ in range(2):
        pauses.begin(world.session, sam, enrollment.id, None, world.now)
    assert stands(world.session, enrollment, world.now).standing.facts.paused_since == world.now.date()
    for _ in range(2):
        pauses.end(world.session, sam, enrollment.id, later)
    assert stands(world.session, enrollment, later).standing.facts.paused_since is None
    [row] = world.session.query(PathPauseRow).all()
    assert (row.since, row.until) == (world.now.date(), later.date() - timedelta(days=1))


def test_ux_c5_the_last_step_can_be_taken_back_for_a_day(world: World) -> None:
    enrollment = on_the_way(world)
    sam, hour = world.visitor("sam"), timedelta(hours=1)
    pauses.begin(world.session, sam, enrollment.id, world.now.date() - timedelta(days=5), world.now)
    pauses.end(world.session, sam, enrollment.id, world.now)
    pauses.undo(world.session, sam, enrollment.id, world.now + hour)
    assert stands(world.session, enrollment, world.now).standing.facts.paused_since is not None
    pauses.undo(world.session, sam, enrollment.id, world.now + hour)
    assert world.session.query(PathPauseRow).count() == 0
    with pytest.raises(Refused) as refused:
        pauses.undo(world.session, sam, enrollment.id, world.now + hour)
    assert refused.value.code == "undo_over"


def test_a_pause_may_begin_up_to_two_weeks_back_or_ahead(world: World) -> None:
    enrollment = on_the_way(world)
    sam, today = world.visitor("sam"), world.now.date()
    for days in (-15, 15):
        with pytest.raises(Refused):
            pauses.begin(world.session, sam, enrollment.id, today + timedelta(days=days), world.now)
    pauses.begin(world.session, sam, enrollment.id, today + timedelta(days=14), world.now)
    assert stands(world.session, enrollment, world.now).standing.facts.paused_since is None
    pauses.end(world.session, sam, enrollment.id, world.now)
    assert world.session.query(PathPauseRow).count() == 0


def test_days_of_an_earlier_pause_are_not_paused_twice(world: World) -> None:
    enrollment = on_the_way(world)
    sam, today = world.visitor("sam"), world.now.date()
    pauses.begin(world.session, sam, enrollment.id, today - timedelta(days=5), world.now)
    pauses.end(world.session, sam, enrollment.id, world.now)
    pauses.begin(world.session, sam, enrollment.id, today - timedelta(days=5), world.now)
    first, second = sorted(world.session.query(PathPauseRow), key=lambda row: row.since)
    assert second.since == today
    assert first.until is not None


def test_nobody_pauses_or_sees_anothers_path(world: World) -> None:
    enrollment = on_the_way(world)
    for who in ("noor", "ines"):
        with pytest.raises(NotHere):
            pauses.page(world.session, world.visitor(who), enrollment.id, world.now)
        with pytest.raises(NotHere):
            pauses.begin(world.session, world.visitor(who), enrollment.id, None, world.now)
