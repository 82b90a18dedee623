"""What is arranged so that somebody can take part: its effect is met, and why is nowhere."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, Date, Integer, Uuid, inspect, select

from lti_tool.access import Who
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import answer, lines, observe, read, replying, taking_time
from lti_tool.services.practicum import accommodations, arranging
from lti_tool.services.practicum.arranging import Wanted
from lti_tool.services.signing import sign_off
from lti_tool.store.base import UtcDateTime
from lti_tool.store.care import AccommodationRow, Adjustment
from lti_tool.store.messages import MessageRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.observation import State
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World

TEN_MORE = Wanted(frozenset({Adjustment.MORE_TIME}), more_days=10)


def arrange(world: World, wanted: Wanted, who: str = "sam") -> None:
    ines = world.visitor("ines")
    person_id = world.visitor(who).person_id
    arranging.arrange(world.session, ines, world.place(ines), person_id=person_id, wanted=wanted, now=world.now)


def of(*adjustments: Adjustment, **further: Any) -> Wanted:
    return Wanted(frozenset(adjustments), **further)


def standing(world: World, who: str = "sam") -> arranging.Arrangement | None:
    visitor = world.visitor(who)
    return arranging.of_person(world.session, world.place(visitor), visitor.person_id)


def until(world: World, observation_id: UUID) -> date:
    found = world.session.get_one(ObservationRow, observation_id).respond_until
    assert found is not None
    return found.date()


def met(world: World, who: str, observation_id: UUID) -> set[Adjustment]:
    visitor = world.visitor(who)
    seen = lines.line(world.session, visitor.organization_id, observation_id)
    ways = lines.who_is_reading(world.session, visitor, seen)
    return set(accommodations.met_by(world.session, seen, ways, world.now))


def test_cap_e9_ux_s4_there_is_no_place_for_a_cause() -> None:
    columns = inspect(AccommodationRow).columns
    assert {type(column.type) for column in columns} == {Uuid, JSON, Integer, UtcDateTime, Date}
    (listed,) = (column.name for column in columns if isinstance(column.type, JSON))
    assert listed == "adjustments"
    assert set(Wanted.__dataclass_fields__) == {"adjustments", "more_days", "until"}


def test_cap_e9_only_known_adjustments_are_kept_so_that_none_can_carry_words(world: World) -> None:
    with pytest.raises(Refused, match="choose at least one"):
        arrange(world, Wanted(frozenset({"because of ..."})))  # type: ignore[arg-type]
    assert set(arranging.OFFERED) < set(Adjustment), "large print is not offered while nothing comes of it"


def test_days_without_more_time_are_asked_about_whatever_stood(world: World) -> None:
    for days in (5, None):
        with pytest.raises(Refused, match="choose more time too"):
            arrange(world, of(Adjustment.INTERPRETER, more_days=days))
    assert standing(world) is None
    arrange(world, TEN_MORE)
    before = standing(world)
    for days in (10, 11):
        with pytest.raises(Refused, match="choose more time too"):
            arrange(world, of(Adjustment.INTERPRETER, more_days=days))
    assert standing(world) == before


def test_what_stands_already_changes_nothing_and_tells_nobody_again(world: World) -> None:
    arrange(world, TEN_MORE)
    before, told = standing(world), len(list(world.session.scalars(select(MessageRow))))
    world.now += timedelta(hours=1)
    arrange(world, TEN_MORE)
    assert standing(world) == before
    assert len(list(world.session.scalars(select(MessageRow)))) == told


def test_cap_e9_ux_p2_more_time_is_in_each_date_and_nowhere_else(world: World) -> None:
    arrange(world, TEN_MORE)
    observation_id = world.share()
    assert until(world, observation_id) == (world.now + timedelta(days=17)).date()
    for who in ("jo", "sam"):
        assert met(world, who, observation_id) == set()
    first = until(world, observation_id)
    taking_time.more_time(world.session, world.visitor("sam"), observation_id, world.now)
    assert until(world, observation_id) == first + timedelta(days=17)


def test_cap_e9_more_time_also_holds_for_what_is_rewritten_and_after_a_talk(world: World) -> None:
    arrange(world, TEN_MORE)
    observation_id = world.answered()
    world.now += timedelta(days=30)
    jo = world.visitor("jo")
    replying.amend(world.session, jo, observation_id, world.now)
    observe.save(world.session, jo, observation_id, observe.Change(strength="Stayed, and named it."), world.now)
    replying.share_again(world.session, jo, observation_id, world.now)
    assert until(world, observation_id) == (world.now + timedelta(days=17)).date()
    taking_time.ask_to_talk(world.session, world.visitor("sam"), observation_id, world.now)
    world.now += timedelta(days=30)
    taking_time.talked(world.session, jo, observation_id, world.now)
    assert until(world, observation_id) >= (world.now + timedelta(days=17)).date()


def test_cap_e9_after_its_last_day_and_once_it_is_ended_times_are_as_for_everybody(world: World) -> None:
    arrange(world, of(Adjustment.MORE_TIME, more_days=10, until=world.now.date()))
    with_more = until(world, world.share())
    world.now += timedelta(days=1)
    assert until(world, world.share()) == with_more - timedelta(days=9)
    arrange(world, TEN_MORE)
    sam = world.visitor("sam")
    own = standing(world)
    assert own is not None
    told = world.share()
    arranging.end(world.session, sam, world.place(sam), own.id, own=True, now=world.now)
    assert until(world, told) == (world.now + timedelta(days=17)).date(), "a date that was told stays"
    assert until(world, world.share()) == (world.now + timedelta(days=7)).date()


def test_cap_e9_whoever_has_a_part_meets_what_they_need_to_know_and_no_more(world: World) -> None:
    arrange(world, Wanted(frozenset(arranging.OFFERED), more_days=3))
    begun = world.begin()
    held = {Adjustment.INTERPRETER, Adjustment.SHORTER_SESSIONS}
    assert met(world, "jo", begun) == met(world, "sam", begun) == met(world, "ines", begun) == held
    shared = world.share()
    assert met(world, "jo", shared) == {Adjustment.TALK_INSTEAD}
    assert met(world, "sam", shared) == {Adjustment.TALK_INSTEAD, Adjustment.AUDIO_ANSWER}
    seen = lines.line(world.session, world.organization_id, begun)
    assert accommodations.met_by(world.session, seen, frozenset({Who.MENTOR}), world.now) == frozenset()


def test_ux_c4_a_talk_that_is_noted_as_held_is_a_full_answer_and_is_signed_as_one(world: World) -> None:
    arrange(world, of(Adjustment.TALK_INSTEAD))
    observation_id = world.share()
    taking_time.ask_to_talk(world.session, world.visitor("sam"), observation_id, world.now)
    taking_time.talked(world.session, world.visitor("jo"), observation_id, world.now)
    answer.answer(world.session, world.visitor("sam"), observation_id, words=None, now=world.now)
    record = read.read(world.session, world.visitor("jo"), observation_id, world.now)
    assert record.line.state is State.ANSWERED
    assert record.voice is not None
    assert (record.voice.without_words, record.voice.talked_at) == (True, world.now)
    shown = sign_off.preview(world.session, world.visitor("jo"), observation_id, next(iter(record.may_sign)), world.now)
    assert shown.words["voice"]["talked_at"] == world.now
    world.sign("jo", observation_id)


def test_words_beside_a_talk_are_the_answer(world: World) -> None:
    observation_id = world.share()
    taking_time.ask_to_talk(world.session, world.visitor("sam"), observation_id, world.now)
    taking_time.talked(world.session, world.visitor("jo"), observation_id, world.now)
    answer.answer(world.session, world.visitor("sam"), observation_id, words="Thank you.", now=world.now)
    record = read.read(world.session, world.visitor("jo"), observation_id, world.now)
    shown = sign_off.preview(world.session, world.visitor("jo"), observation_id, next(iter(record.may_sign)), world.now)
    assert "talked_at" not in shown.words["voice"]


def test_cap_e9_the_audit_says_that_something_was_arranged_and_not_what(world: World) -> None:
    arrange(world, TEN_MORE)
    arrange(world, TEN_MORE)
    observation_id = world.share()
    taking_time.more_time(world.session, world.visitor("sam"), observation_id, world.now)
    entries = list(world.session.scalars(select(AuditEntryRow)))
    about = [entry for entry in entries if entry.act.startswith("accommodation")]
    assert [(entry.act, entry.facts) for entry in about] == [("accommodation.arrange", {})]
    (more,) = (entry for entry in entries if entry.act == "observation.more_time")
    assert not more.facts


def test_the_trainee_ends_their_own_and_brings_it_back_within_a_day(world: World) -> None:
    arrange(world, TEN_MORE)
    sam, own = world.visitor("sam"), standing(world)
    assert own is not None
    place = world.place(sam)
    for _ in range(2):
        arranging.end(world.session, sam, place, own.id, own=True, now=world.now)
    assert standing(world) is None
    told = [row.person_id for row in world.session.scalars(select(MessageRow)) if row.path.endswith("/adjustments")]
    assert sorted(told) == sorted([sam.person_id, world.visitor("ines").person_id])
    arranging.bring_back(world.session, sam, place, world.now + timedelta(hours=23))
    assert standing(world) == own
    arranging.end(world.session, sam, place, own.id, own=True, now=world.now)
    with pytest.raises(NotHere):
        arranging.bring_back(world.session, sam, place, world.now + timedelta(hours=25))


def test_nobody_ends_what_is_somebody_elses(world: World) -> None:
    arrange(world, TEN_MORE)
    own, noor = standing(world), world.visitor("noor")
    assert own is not None
    with pytest.raises(NotHere):
        arranging.end(world.session, noor, world.place(noor), own.id, own=True, now=world.now)
    with pytest.raises(NotHere):
        arranging.bring_back(world.session, noor, world.place(noor), world.now)
    with pytest.raises(NotHere):
        arrange(world, TEN_MORE, who="jo")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (of(), "choose at least one"),
        (of(Adjustment.LARGE_PRINT), "choose at least one"),
        (of(Adjustment.MORE_TIME), "how many more days"),
        (of(Adjustment.MORE_TIME, more_days=61), "how many more days"),
        (of(Adjustment.INTERPRETER, until=date(2020, 1, 1)), "has passed"),
    ],
)
def test_what_is_still_needed_is_said(world: World, wanted: Wanted, says: str) -> None:
    with pytest.raises(Refused, match=says):
        arrange(world, wanted)


def test_what_is_arranged_anew_takes_the_place_of_what_stood(world: World) -> None:
    arrange(world, TEN_MORE)
    arrange(world, of(Adjustment.INTERPRETER))
    found = standing(world)
    assert found is not None
    assert (found.adjustments, found.more_days) == ((Adjustment.INTERPRETER,), 0)
    ines = world.visitor("ines")
    assert [one.name for one in arranging.arrangements(world.session, world.place(ines))] == ["Sam Example"]
    assert [name for _, name in arranging.trainees_named(world.session, world.place(ines), " NOO")] == ["Noor Example"]
