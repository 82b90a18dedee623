"""Rating together: blind until it is revealed, letters for who did not rate, one's own report, withdrawn examples."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from lti_tool.services.authoring import examples
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.calibrating import (
    calibration,
    calibration_lists,
    calibration_people,
    calibration_rating,
    calibration_reading,
    calibration_talk,
)
from lti_tool.services.calibrating.calibration import Agreed, Wanted
from lti_tool.services.calibrating.calibration_agreement import together as agreement
from lti_tool.services.calibrating.calibration_qualifying import note_qualified
from lti_tool.services.courses.places import NotHere
from lti_tool.services.notifying import reminders
from lti_tool.services.observations.assessments import RatingChange
from lti_tool.services.operating import clean
from lti_tool.services.qualifications import qualified
from lti_tool.store.base import new_id
from lti_tool.store.calibration import CalibrationItemRow, CalibrationRatingRow, CalibrationRow, CalibrationState
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.records import AuditEntryRow
from rubrics.calibration import Sight
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.rating_together import Together


@pytest.fixture
def together(world: World) -> Together:
    return Together(world)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_cap_e5_before_it_is_revealed_nobody_sees_a_rating_who_leads_it_neither(together: Together) -> None:
    calibration_id = together.begin()
    together.hand_in(together.jo, calibration_id, 4)
    (item_id,) = together.items(calibration_id)
    for who in (together.ines, together.amara, together.jo):
        found = calibration_reading.whole(together.session, who, calibration_id)
        assert found.sight is Sight.NOTHING
        assert found.names == ()
        with pytest.raises(NotHere):
            calibration_talk.talk(together.session, who, calibration_id, item_id)
    led = calibration_reading.whole(together.session, together.ines, calibration_id)
    assert {(one.name, one.handed_in) for one in led.people} == {("Jo Example", True), ("Amara Example", False)}
    assert calibration_reading.whole(together.session, together.amara, calibration_id).people == ()
    form = calibration_rating.form(together.session, together.amara, calibration_id, item_id)
    assert form.ratings == ()


def test_cap_e5_those_who_rated_see_names_and_who_leads_without_having_rated_letters(together: Together) -> None:
    calibration_id = together.revealed()
    (item_id,) = together.items(calibration_id)
    by_jo = calibration_talk.talk(together.session, together.jo, calibration_id, item_id).strips[0]
    assert [(one.who, one.rating.level, one.own) for one in by_jo.standpoints] == [
        ("Amara Example", 2, False),
        ("Jo Example", 4, True),
    ]
    assert {one.rating.evidence for one in by_jo.standpoints} == {"Jo's reason", "Amara's reason"}
    assert by_jo.agreed is not None
    assert (by_jo.agreed.level, by_jo.agreed.evidence) == (3, f"Agreed reason {by_jo.criterion.key}")
    by_ines = calibration_talk.talk(together.session, together.ines, calibration_id, item_id).strips[0]
    assert [one.who for one in by_ines.standpoints] == ["A", "B"]
    assert {one.rating.level for one in by_ines.standpoints} == {2, 4}
    assert {one.rating.evidence for one in by_ines.standpoints} == {""}


def test_cap_e5_who_is_late_reads_along_by_letters_and_what_they_began_is_not_counted(together: Together) -> None:
    calibration_id = together.begin(together.jo, together.amara, together.bo)
    together.rate(together.bo, calibration_id, 1, "Bo's reason")
    together.hand_in(together.jo, calibration_id, 4)
    together.hand_in(together.amara, calibration_id, 2)
    calibration.show_all(together.session, together.ines, calibration_id, together.now)
    assert code(lambda: together.rate(together.bo, calibration_id, 2)) == "already_revealed"
    (item_id,) = together.items(calibration_id)
    for who in (together.bo, together.jo):
        strip = calibration_talk.talk(together.session, who, calibration_id, item_id).strips[0]
        assert {one.rating.level for one in strip.standpoints} == {2, 4}
    assert calibration_reading.whole(together.session, together.bo, calibration_id).sight is Sight.LETTERS


def test_cap_e5_strangers_and_those_who_stepped_out_find_nothing(together: Together) -> None:
    calibration_id = together.begin()
    with pytest.raises(NotHere):
        calibration_reading.whole(together.session, together.bo, calibration_id)
    with pytest.raises(NotHere):
        calibration_reading.whole(together.session, together.world.visitor("sam"), calibration_id)
    together.rate(together.jo, calibration_id, 4)
    calibration.step_out(together.session, together.jo, calibration_id, together.now)
    assert together.session.scalars(select(CalibrationRatingRow)).all() == []
    with pytest.raises(NotHere):
        calibration_reading.whole(together.session, together.jo, calibration_id)
    for _ in range(2):  # who is asked already is not told again
        calibration_people.ask_more(
            together.session, together.ines, calibration_id, {together.jo.person_id}, together.now
        )
    asked = select(AuditEntryRow).where(AuditEntryRow.act == "calibration.ask")
    assert len(together.session.scalars(asked).all()) == 3
    assert (
        code(lambda: calibration_people.ask_more(together.session, together.ines, calibration_id, set(), together.now))
        == "people_needed"
    )
    assert calibration_reading.whole(together.session, together.jo, calibration_id).takes_part


def test_cap_e5_only_who_leads_it_reveals_records_closes_and_puts_away(together: Together) -> None:
    calibration_id = together.revealed()
    (item_id,) = together.items(calibration_id)
    session, now = together.session, together.now
    agreed = {together.rubric()[0]: Agreed(3, not_observed=False, words="Waiting is enough.")}
    acts: list[Callable[[object], object]] = [
        lambda who: calibration.show_all(session, who, calibration_id, now),  # type: ignore[arg-type]
        lambda who: calibration.record(session, who, calibration_id, item_id=item_id, agreed=agreed, now=now),  # type: ignore[arg-type]
        lambda who: calibration.end(session, who, calibration_id, "", now),  # type: ignore[arg-type]
        lambda who: calibration.put_away(session, who, calibration_id, now),  # type: ignore[arg-type]
    ]
    for act in acts:
        with pytest.raises(NotHere):
            act(together.jo)
    with pytest.raises(NotHere):
        calibration.record(session, together.ines, calibration_id, item_id=new_id(), agreed=agreed, now=now)
    key = together.rubric()[0]
    for elsewhere in ({"nothing": agreed[key]}, {key: Agreed(9, not_observed=False, words="")}):
        record = lambda what=elsewhere: calibration.record(  # noqa: E731
            session, together.ines, calibration_id, item_id=item_id, agreed=what, now=now
        )
        assert code(record) == "not_in_rubric"
    acts[1](together.ines)
    acts[1](together.ines)
    strip = calibration_talk.talk(session, together.jo, calibration_id, item_id).strips[0]
    assert strip.outcome is not None
    assert (strip.outcome.level, strip.outcome.words) == (3, "Waiting is enough.")
    for words in ("We read level 3 differently.", "Twice is once."):
        calibration.end(session, together.ines, calibration_id, words, now)
    assert session.get_one(CalibrationRow, calibration_id).record == "We read level 3 differently."
    assert code(lambda: acts[1](together.ines)) == "calibration_closed"
    assert code(lambda: acts[3](together.ines)) == "calibration_closed"


def test_cap_e5_one_is_not_enough_and_twice_is_once(together: Together) -> None:
    calibration_id = together.begin()
    together.hand_in(together.jo, calibration_id, 4)
    show = lambda: calibration.show_all(together.session, together.ines, calibration_id, together.now)  # noqa: E731
    assert code(show) == "two_needed"
    together.hand_in(together.amara, calibration_id, 4)
    show()
    show()
    row = together.session.get_one(CalibrationRow, calibration_id)
    assert (row.state, row.revealed_at) == (CalibrationState.REVEALED, together.now)


def test_cap_e5_ratings_can_be_taken_up_again_until_they_are_revealed(together: Together) -> None:
    calibration_id = together.begin()
    together.hand_in(together.jo, calibration_id, 4)
    calibration_rating.hand_in(together.session, together.jo, calibration_id, together.now)
    assert code(lambda: together.rate(together.jo, calibration_id, 2)) == "calibration_handed_in"
    calibration_rating.take_up_again(together.session, together.jo, calibration_id, together.now)
    together.hand_in(together.jo, calibration_id, 2)
    together.hand_in(together.amara, calibration_id, 2)
    calibration.show_all(together.session, together.ines, calibration_id, together.now)
    take_up = lambda: calibration_rating.take_up_again(together.session, together.jo, calibration_id, together.now)  # noqa: E731
    assert code(take_up) == "already_revealed"


def test_cap_e5_everybody_reads_their_own_report_and_nobody_elses(world: World) -> None:
    together = Together(world, number=10)
    calibration_id = together.revealed()
    session = together.session
    assert calibration_reading.report(session, together.jo, calibration_id) is None
    calibration.end(session, together.ines, calibration_id, "", together.now)
    jo = calibration_reading.report(session, together.jo, calibration_id)
    amara = calibration_reading.report(session, together.amara, calibration_id)
    assert jo is not None
    assert amara is not None
    assert (jo.all_together.milder_by, amara.all_together.milder_by) == (Decimal("1.0"), Decimal("-1.0"))
    units = 10 * len(together.rubric())
    assert (jo.all_together.units, jo.all_together.exact, jo.all_together.within_one) == (units, 0, units)
    assert calibration_reading.report(session, together.ines, calibration_id) is None


def test_cap_e5_with_one_example_there_are_too_few_to_tell_of_a_criterion(together: Together) -> None:
    calibration_id = together.revealed()
    calibration.end(together.session, together.ines, calibration_id, "", together.now)
    report = calibration_reading.report(together.session, together.jo, calibration_id)
    assert report is not None
    assert all(not found.enough and found.milder_by is None for _, found in report.by_criterion)


def test_ux_c6_an_example_that_is_put_away_is_hidden_at_once_also_where_it_is_being_rated(world: World) -> None:
    together = Together(world, number=2)
    calibration_id = together.revealed()
    calibration.end(together.session, together.ines, calibration_id, "", together.now)
    under_way = together.begin()
    first, second = together.items(calibration_id)
    now_rated = together.items(under_way)[0]
    by = Author(world.organization_id, together.ines.person_id)
    examples.put_away(together.session, by, together.examples[0], together.now)
    with pytest.raises(NotHere):
        calibration_talk.talk(together.session, together.jo, calibration_id, first)
    calibration_talk.talk(together.session, together.jo, calibration_id, second)
    report = calibration_reading.report(together.session, together.jo, calibration_id)
    assert report is not None
    assert report.all_together.units == len(together.rubric())
    change = {together.rubric()[0]: RatingChange(2, not_observed=False, evidence="")}
    for act in (
        lambda: calibration_rating.form(together.session, together.jo, under_way, now_rated),
        lambda: calibration_rating.save(
            together.session, together.jo, under_way, item_id=now_rated, changes=change, now=together.now
        ),
    ):
        assert code(act) == "example_gone"
    (line, _) = calibration_lists.of_person(together.session, together.jo.person_id)
    assert line.examples == 1


def test_ux_c6_a_day_later_the_words_of_such_an_example_are_gone_and_what_was_said_of_it(world: World) -> None:
    together = Together(world, number=2)
    calibration_id = together.revealed()
    by = Author(world.organization_id, together.ines.person_id)
    examples.put_away(together.session, by, together.examples[0], together.now)
    clean.clean(together.session, together.now + timedelta(hours=23))
    first, second = together.items(calibration_id)
    whys = select(CalibrationRatingRow.item_id).where(CalibrationRatingRow.why.is_not(None)).distinct()
    assert set(together.session.scalars(whys)) == {first, second}
    clean.clean(together.session, together.now + timedelta(hours=25))
    together.session.expire_all()
    assert set(together.session.scalars(whys)) == {second}
    assert set(together.session.get_one(CalibrationItemRow, first).document) == {"key"}
    calibration_reading.whole(together.session, together.jo, calibration_id)


def test_what_was_changed_in_the_example_since_does_not_change_what_is_rated(together: Together) -> None:
    calibration_id = together.begin()
    by = Author(together.world.organization_id, together.ines.person_id)
    opened = examples.opened(together.session, by.organization_id, together.examples[0], together.now)
    changed = examples.Edit(type(opened.example)(**{**vars_of(opened.example), "text": "Other."}), opened.revision)
    examples.change(together.session, by, together.examples[0], changed, together.now)
    found = calibration_reading.whole(together.session, together.jo, calibration_id)
    assert found.items[0].example is not None
    assert found.items[0].example.text == opened.example.text


def vars_of(example: object) -> dict[str, object]:
    return {name: getattr(example, name) for name in example.__slots__}  # type: ignore[attr-defined]


def test_what_can_not_begin_says_why(together: Together) -> None:
    def begin(**changes: object) -> Callable[[], object]:
        usual = {"title": "March", "examples": together.examples,
                 "people": {together.jo.person_id, together.amara.person_id}}  # fmt: skip
        wanted = Wanted(**(usual | changes))  # type: ignore[arg-type]
        return lambda: calibration.begin(
            together.session, together.ines, course_id=together.place.course.id, version_id=together.version_id,
            wanted=wanted, now=together.now,
        )  # fmt: skip

    with pytest.raises(NotHere):
        calibration.begin(
            together.session, together.jo, course_id=together.place.course.id, version_id=together.version_id,
            wanted=Wanted("March", together.examples, {together.amara.person_id}), now=together.now,
        )  # fmt: skip
    assert code(begin(title=" ")) == "title_needed"
    assert code(begin(examples=[])) == "examples_needed"
    assert code(begin(people={together.jo.person_id})) == "people_needed"
    sam = together.world.visitor("sam").person_id
    assert code(begin(people={together.jo.person_id, sam})) == "not_an_observer"
    by = Author(together.world.organization_id, together.ines.person_id)
    examples.put_away(together.session, by, together.examples[0], together.now)
    assert code(begin()) == "example_not_agreed"


def test_ux_m1_who_is_asked_is_told_that_something_is_there_and_nothing_of_it(together: Together) -> None:
    calibration_id = together.begin()
    messages = together.session.scalars(select(MessageRow).where(MessageRow.kind == MessageKind.CALIBRATION)).all()
    assert {row.person_id for row in messages} == {together.jo.person_id, together.amara.person_id}
    assert {row.path for row in messages} == {f"/calibrations/{calibration_id}"}


def test_ux_m4_ratings_that_are_waited_for_are_reminded_of_like_everything_else(together: Together) -> None:
    together.begin()
    since = calibration_lists.waits_since(together.session, together.jo.person_id)
    assert list(since) == [together.now]
    assert reminders.is_due(since, (), together.now + timedelta(days=3))
    together.hand_in(together.jo, calibration_lists.of_person(together.session, together.jo.person_id)[0].id, 3)
    assert list(calibration_lists.waits_since(together.session, together.jo.person_id)) == []


def test_cap_e5_that_somebody_is_calibrated_is_noted_by_a_person_with_a_day(together: Together) -> None:
    calibration_id = together.revealed()
    session, now = together.session, together.now
    until = (now + timedelta(days=365)).date()

    def note(person: object = together.jo.person_id, last: object = until) -> None:
        note_qualified(
            session, together.ines, calibration_id, people={person}, kind="Calibrated", until=last, now=now,  # type: ignore[arg-type]
        )  # fmt: skip

    assert code(note) == "close_first"
    calibration.end(session, together.ines, calibration_id, "", now)
    assert qualified.qualifications_of(session, together.jo.person_id) == ()
    assert code(lambda: note(together.bo.person_id)) == "people_needed"
    assert code(lambda: note(last=None)) == "until_needed"
    assert code(lambda: note(together.ines.person_id)) == "people_needed"
    note()
    note()
    (found,) = qualified.qualifications_of(session, together.jo.person_id)
    assert (found.kind, found.valid_until, found.recorded_by) == ("Calibrated", until, "Ines Example")
    assert qualified.qualifications_of(session, together.amara.person_id) == ()


def test_cap_e5_the_groups_agreement_is_told_from_ten_ratings_on_with_how_many_they_are(world: World) -> None:
    together = Together(world, number=10)
    calibration_id = together.begin()
    together.hand_in(together.jo, calibration_id, 4)
    assert agreement(together.session, together.ines, calibration_id) is None
    together.rate(together.amara, calibration_id, 4)
    (first, *_) = together.items(calibration_id)
    changes = {key: RatingChange(2, not_observed=False, evidence="") for key in together.rubric()}
    calibration_rating.save(
        together.session, together.amara, calibration_id, item_id=first, changes=changes, now=together.now
    )
    calibration_rating.hand_in(together.session, together.amara, calibration_id, together.now)
    calibration.show_all(together.session, together.ines, calibration_id, together.now)
    found = agreement(together.session, together.ines, calibration_id)
    assert found is not None
    assert found.units == 10 * len(together.rubric())
    assert found.exact is not None
    assert found.exact.value == pytest.approx(0.9)
    assert found.exact.interval is not None
    assert found.exact == agreement(together.session, together.jo, calibration_id).exact  # type: ignore[union-attr]


def test_cap_e5_few_ratings_make_no_number_of_the_group(together: Together) -> None:
    together.examples = together.examples[:1]
    found = agreement(together.session, together.jo, together.revealed())
    assert found is not None
    few = len(together.rubric()) < 10
    assert (found.exact is None) is few


def test_cap_e5_who_leads_may_take_part_notes_nothing_for_themselves_and_puts_it_away(together: Together) -> None:
    session, ines, now = together.session, together.ines, together.now
    together.world.grant(ines, None)
    calibration_id = together.begin(together.jo, ines)
    told = select(MessageRow.person_id).where(MessageRow.kind == MessageKind.CALIBRATION)
    assert session.scalars(told).all() == [together.jo.person_id]
    with pytest.raises(NotHere):
        calibration.step_out(session, together.amara, calibration_id, now)
    (item_id,) = together.items(calibration_id)
    save = lambda change: calibration_rating.save(  # noqa: E731
        session, ines, calibration_id, item_id=item_id, changes=change, now=now
    )
    assert code(lambda: save({"nothing": RatingChange(3, not_observed=False, evidence="")})) == "not_in_rubric"
    for who in (together.jo, ines):
        together.hand_in(who, calibration_id, 3)
    calibration.show_all(session, ines, calibration_id, now)
    calibration.end(session, ines, calibration_id, "", now)
    note = lambda: note_qualified(  # noqa: E731
        session, ines, calibration_id, people={ines.person_id}, kind="Calibrated", until=now.date(), now=now
    )
    assert code(note) == "not_oneself"
    other = together.begin()
    with pytest.raises(NotHere):  # who leads it has no part to step out of
        calibration.step_out(session, ines, other, now)
    calibration.put_away(session, ines, other, now)
    with pytest.raises(NotHere):
        calibration_reading.whole(session, together.jo, other)
