"""Writing entries, handing them over, correcting them, and the same every week."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.ledger import EntryKind, EntryState
from lti_tool.services.courses.places import NotHere
from lti_tool.services.hours import ledger_choices, ledger_correcting, ledger_lists, ledger_repeating, ledger_writing
from lti_tool.services.hours.ledger import entry_for
from lti_tool.services.hours.ledger_counting import what_counts
from lti_tool.services.hours.ledger_writing import Written
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.messages import MessageRow
from rubrics.practice import PracticeModel
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import SMALL, an_entry, on_the_way


def written(world: World, **changes: Any) -> Written:
    usual = Written(EntryKind.PRACTICE, world.now.date() - timedelta(days=1), Decimal("2.5"), title="Warm line")
    return replace(usual, **changes)


def signer(world: World, name: str = "Jo Example") -> str:
    found = ledger_choices.signers_of(world.session, world.visitor("sam"))
    return next(one.key for one in found if one.name == name)


def write(world: World, *, hand_over: bool = False, **changes: Any) -> UUID:
    one = written(world, **({"signer": signer(world)} | changes))
    return ledger_writing.write(world.session, world.visitor("sam"), one, hand_over=hand_over, now=world.now)


def state(world: World, entry_id: UUID) -> EntryState:
    return world.session.get_one(LedgerEntryRow, entry_id).state


def signed_by_jo(world: World) -> UUID:
    return an_entry(world, title="Warm line", signed_by="jo", asked_id=world.visitor("jo").person_id)


def test_an_entry_is_kept_or_handed_over_and_whoever_is_asked_is_told(world: World) -> None:
    jo = world.visitor("jo").person_id
    told = select(MessageRow.path).where(MessageRow.person_id == jo)
    assert state(world, write(world)) is EntryState.OPEN
    assert world.session.scalars(told).all() == []
    entry_id = write(world, hand_over=True)
    assert state(world, entry_id) is EntryState.WAITING
    assert world.session.scalars(told).all() == ["/waiting"]
    ledger_writing.hand_over(world.session, world.visitor("sam"), entry_id, world.now)
    ledger_writing.take_back(world.session, world.visitor("sam"), entry_id, world.now)
    ledger_writing.take_back(world.session, world.visitor("sam"), entry_id, world.now)
    assert state(world, entry_id) is EntryState.OPEN


def test_an_entry_is_handed_over_to_somebody_who_is_chosen_and_may_sign(world: World) -> None:
    sam, ines = world.visitor("sam"), world.visitor("ines")
    for asked in (None, ines.person_id):  # nobody, and somebody who has no lane
        entry_id = write(world)
        world.session.get_one(LedgerEntryRow, entry_id).asked_id = asked
        with pytest.raises(Refused) as refused:
            ledger_writing.hand_over(world.session, sam, entry_id, world.now)
        assert (refused.value.code, state(world, entry_id)) == ("asked", EntryState.OPEN)


def test_cap_d6_what_is_taken_back_says_why_in_so_many_words(world: World) -> None:
    entry_id, sam = signed_by_jo(world), world.visitor("sam")
    with pytest.raises(Refused) as refused:
        ledger_correcting.reverse(world.session, sam, entry_id, why="x" * 2001, now=world.now)
    assert refused.value.code == "why"


def test_those_who_sign_are_supervisors_of_the_courses_without_a_conflict_the_assigned_first(world: World) -> None:
    sam = world.visitor("sam")
    found = ledger_choices.signers_of(world.session, sam)
    assert [one.name for one in found] == ["Amara Example", "Jo Example"]
    assert ledger_choices.signers_of(world.session, world.visitor("jo")) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"signer": ""}, "signer"), ({"signer": "nobody"}, "signer"), ({"title": "x" * 201}, "title"),
        ({"kind": EntryKind.TRAINING, "title": " "}, "title"), ({"site_id": UUID(int=1)}, "site"),
        ({"evidence_id": UUID(int=1)}, "evidence"), ({"note": "x" * 2001}, "note"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_of_an_entry_names_its_field(world: World, changes: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        write(world, hand_over=True, **changes)
    assert refused.value.code == field


def test_a_day_that_has_not_come_is_written_down_once_it_was(world: World) -> None:
    with pytest.raises(Refused, match="has not come yet"):
        write(world, day=world.now.date() + timedelta(days=2))


def test_an_entry_that_waits_can_be_changed_and_one_that_is_signed_never(world: World) -> None:
    sam, entry_id = world.visitor("sam"), write(world, hand_over=True)
    other = written(world, amount=Decimal(3), signer=signer(world, "Amara Example"))
    ledger_writing.change(world.session, sam, entry_id, other, hand_over=True, now=world.now)
    read = entry_for(world.session, world.visitor("amara"), entry_id)
    assert (read.amount, read.state) == (Decimal(3), EntryState.WAITING)
    with pytest.raises(NotHere):
        entry_for(world.session, world.visitor("jo"), entry_id)
    ledger_writing.change(world.session, sam, entry_id, other, hand_over=False, now=world.now)
    assert state(world, entry_id) is EntryState.OPEN
    signed = signed_by_jo(world)
    for act in (ledger_writing.hand_over, ledger_writing.take_back):
        with pytest.raises(Refused, match="It is signed"):
            act(world.session, sam, signed, world.now)
    with pytest.raises(NotHere):
        ledger_writing.take_back(world.session, world.visitor("noor"), entry_id, world.now)


def test_ux_c5_only_what_nobody_was_asked_about_is_deleted(world: World) -> None:
    sam, kept, asked = world.visitor("sam"), write(world), write(world, hand_over=True)
    ledger_writing.delete(world.session, sam, kept, world.now)
    with pytest.raises(NotHere):
        entry_for(world.session, sam, kept)
    ledger_writing.take_back(world.session, sam, asked, world.now)
    with pytest.raises(Refused, match="Somebody was asked"):
        ledger_writing.delete(world.session, sam, asked, world.now)


def test_cap_d6_a_correction_takes_the_entry_back_and_a_new_one_waits_in_its_place(world: World) -> None:
    sam, jo, first = world.visitor("sam"), world.visitor("jo"), signed_by_jo(world)
    new = written(world, amount=Decimal(1), signer=signer(world, "Amara Example"))
    second = ledger_correcting.correct(world.session, sam, first, new, why="A slip.", now=world.now)
    before, after = entry_for(world.session, sam, first), entry_for(world.session, sam, second)
    assert (before.state, before.corrected_by_id, before.why_reversed) == (EntryState.REVERSED, second, "A slip.")
    assert (after.state, after.corrects_id) == (EntryState.WAITING, first)
    for who in (jo, world.visitor("amara")):
        assert {entry_for(world.session, who, each).id for each in (first, second)} == {first, second}
    assert before.signatures[0].signer_name == "Jo Example"
    with pytest.raises(Refused, match="taken back already"):
        ledger_correcting.correct(world.session, sam, first, new, why="", now=world.now)
    with pytest.raises(Refused, match="change it as it is"):
        ledger_correcting.reverse(world.session, sam, second, why="", now=world.now)
    assert world.session.scalars(select(LedgerSignatureRow.withdrawn_at)).all() == [None]


def test_the_same_every_week_is_one_series_of_entries_of_their_own(world: World) -> None:
    sam, today = world.visitor("sam"), world.now.date()
    one = written(world, day=today - timedelta(days=21), signer=signer(world))
    an_entry(world, title="warm LINE", on_day=today - timedelta(days=14))
    until = today + timedelta(days=60)
    days = ledger_repeating.days_of_series(world.session, sam, one, until, world.now)
    assert [(today - each.day).days for each in days] == [21, 14, 7, 0]
    assert [each.there is not None for each in days] == [False, True, False, False]
    chosen = [each.day for each in days if each.there is None]
    ids = ledger_repeating.write_series(world.session, sam, one, chosen, hand_over=True, now=world.now)
    rows = [world.session.get_one(LedgerEntryRow, id_) for id_ in ids]
    assert [row.on_day for row in rows] == chosen
    assert len({row.series_id for row in rows}) == 1
    ledger_writing.take_back(world.session, sam, ids[0], world.now)
    assert [row.state for row in rows] == [EntryState.OPEN, EntryState.WAITING, EntryState.WAITING]
    with pytest.raises(Refused, match="at least one day"):
        ledger_repeating.write_series(world.session, sam, one, [], hand_over=False, now=world.now)


def test_cap_d5_what_an_entry_counts_for_is_known_before_it_is_written(world: World) -> None:
    on_the_way(world)
    an_entry(world, amount="9", signed_by="jo")
    (found,) = what_counts(world.session, world.visitor("sam"), written(world), world.now)
    (counts,) = found.counts
    assert (found.program, counts.counted, counts.together, counts.was_met) == (
        "Peer support", Decimal("2.5"), Decimal("11.5"), False,
    )  # fmt: skip


def test_an_entry_that_is_changed_is_not_counted_beside_itself(world: World) -> None:
    on_the_way(world)
    entry_id = write(world, hand_over=True)
    sam = world.visitor("sam")
    (found,) = what_counts(world.session, sam, written(world, amount=Decimal(3)), world.now, but=entry_id)
    assert found.counts[0].together == Decimal(3)


def test_cap_b11_the_kind_of_practice_of_an_entry_counts_for_rules_about_it(world: World) -> None:
    text = 'at_least = "20 hours"\nof = { kind = "practice", where = { model = "group" } }'
    on_the_way(world, text=SMALL.replace('at_least = "10 hours"\nof = { kind = "practice" }', text))
    sam = world.visitor("sam")
    in_group = what_counts(world.session, sam, written(world, model=PracticeModel.GROUP), world.now)
    alone = what_counts(world.session, sam, written(world, model=PracticeModel.ONE_TO_ONE), world.now)
    assert in_group[0].counts[0].counted == Decimal("2.5")
    assert alone[0].counts == ()


def test_ux_n3_the_next_entry_begins_with_what_the_last_one_had(world: World) -> None:
    sam = world.visitor("sam")
    choices = ledger_choices.choices_of(world.session, sam, world.now.date())
    assert ledger_choices.usual(world.session, sam, None, choices) == ledger_choices.Usual()
    write(world, model=PracticeModel.GROUP)
    write(world, signer=signer(world, "Amara Example"))
    found = ledger_choices.usual(world.session, sam, EntryKind.TRAINING, choices)
    assert (found.kind, found.model) == (EntryKind.TRAINING, PracticeModel.GROUP)
    assert found.signer == signer(world, "Amara Example")


def test_the_ledger_is_read_a_month_at_a_time_with_amounts_in_plain_numbers(world: World) -> None:
    sam = world.visitor("sam")
    assert ledger_lists.own_ledger(world.session, sam, None).month is None
    write(world, hand_over=True)
    signed_by_jo(world)
    an_entry(world, on_day=world.now.date() - timedelta(days=40), amount="4")
    found = ledger_lists.own_ledger(world.session, sam, None)
    assert [month.key for month in found.months] == ["2026-03", "2026-02", "2026-01"][: len(found.months)]
    (practice,) = found.of_kinds
    assert (practice.signed, practice.waiting, practice.open) == (Decimal(2), Decimal("2.5"), Decimal(4))
    older = ledger_lists.own_ledger(world.session, sam, found.months[-1])
    assert [line.amount for line in older.entries] == [Decimal(4)]
    assert ledger_lists.month_of("2026-13") is None
