"""Sites, what was agreed with them, who is placed there, and where observations take place."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.asking import ask
from lti_tool.services.authoring import authors
from lti_tool.services.courses.places import NotHere
from lti_tool.services.editions import scope, scope_writing
from lti_tool.services.editions.edition_writing import digest
from lti_tool.services.observations import read as reading
from lti_tool.services.practicum import placements, placing, site_agreements, site_writing, sites
from lti_tool.services.practicum.placing import PlacementWords
from lti_tool.services.practicum.site_agreements import AgreementWords
from lti_tool.services.practicum.site_writing import ContactWords, SiteWords
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.records import AuditEntryRow, ReadLogRow
from lti_tool.store.sites import PlacementRow, SiteAgreementRow
from rubrics.observation import Mode
from rubrics.placing import CoverState, Days
from rubrics.practice import Compensation, PracticeModel, Setting
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, World

HARBOR = SiteWords(
    "Harbor House", "1 Quay Street", "Call 555 0100 first.", frozenset({PracticeModel.GROUP}),
    frozenset({Setting.CRISIS}), Compensation.STIPEND,
)  # fmt: skip


def a_site(world: World, words: SiteWords = HARBOR) -> UUID:
    return site_writing.add(world.session, world.visitor("ines"), words, world.now)


def agreed(world: World, site_id: UUID, first: int, last: int | None) -> UUID:
    today = world.now.date()
    days = Days(today + timedelta(days=first), None if last is None else today + timedelta(days=last))
    return site_agreements.record(world.session, world.visitor("ines"), site_id, AgreementWords("MOU", days), world.now)


def placed(world: World, site_id: UUID, who: str = "sam", *, anyway: bool = False, last: date | None = None) -> UUID:
    words = PlacementWords(site_id, Days(world.now.date(), last), PracticeModel.GROUP, Setting.CRISIS)
    ines = world.visitor("ines")
    return placing.place_trainee(
        world.session, ines, world.place(ines), world.visitor(who).person_id, words, anyway=anyway, now=world.now
    )


def lead(world: World) -> None:
    authors.begin(world.session, world.visitor("ines"), world.now)


def audited(world: World) -> list[str]:
    return list(world.session.scalars(select(AuditEntryRow.act).order_by(AuditEntryRow.number)))


def told(world: World, who: str) -> list[tuple[MessageKind, str]]:
    rows = world.session.scalars(select(MessageRow).where(MessageRow.person_id == world.visitor(who).person_id))
    return [(row.kind, row.path) for row in rows]


def test_cap_f6_a_site_has_its_contacts_models_settings_and_compensation(world: World) -> None:
    site_id = a_site(world)
    ines = world.visitor("ines")
    site_writing.add_contact(world.session, ines, site_id, ContactWords("Mira", "keys", "555 0101"), world.now)
    found = sites.site(world.session, world.organization_id, site_id)
    assert (found.models, found.settings) == ((PracticeModel.GROUP,), (Setting.CRISIS,))
    assert found.compensation is Compensation.STIPEND
    assert [(one.name, one.phone) for one in found.contacts] == [("Mira", "555 0101")]


def test_a_name_stands_once_and_is_free_again_once_the_site_is_put_away(world: World) -> None:
    lead(world)
    site_id = a_site(world)
    with pytest.raises(Refused) as refused:
        a_site(world)
    assert refused.value.code == "name_taken"
    ines = world.visitor("ines")
    site_writing.put_away(world.session, ines, site_id, world.now)
    a_site(world)
    with pytest.raises(Refused) as refused:
        site_writing.bring_back(world.session, ines, site_id, world.now)
    assert refused.value.code == "name_taken"


def test_what_is_done_twice_is_done_once_and_what_is_nobodys_is_not_here(world: World) -> None:
    lead(world)
    site_id, ines, now = a_site(world), world.visitor("ines"), world.now
    contact_id = site_writing.add_contact(world.session, ines, site_id, ContactWords("Kay", "keys", "5550101"), now)
    agreement_id = agreed(world, site_id, -5, 5)
    acts = len(audited(world))
    for _twice in range(2):
        site_writing.take_contact_away(world.session, ines, site_id, contact_id, now)
        site_agreements.take_back(world.session, ines, site_id, agreement_id, now)
        site_writing.put_away(world.session, ines, site_id, now)
    for _twice in range(2):
        site_writing.bring_back(world.session, ines, site_id, now)
    assert audited(world)[acts:] == [
        "site.take_contact_away", "site.take_agreement_back", "site.put_away", "site.bring_back",
    ]  # fmt: skip
    words = AgreementWords("MOU", Days(now.date(), None))
    for nobodys in (
        lambda: site_writing.take_contact_away(world.session, ines, site_id, new_id(), now),
        lambda: site_agreements.change(world.session, ines, site_id, new_id(), words, now),
        lambda: placing.end(world.session, ines, world.place(ines), new_id(), last_day=None, now=now),
    ):
        with pytest.raises(NotHere):
            nobodys()
    with pytest.raises(Refused) as refused:
        site_writing.change(world.session, ines, site_id, SiteWords("x" * 301), now)
    assert refused.value.code == "too_long"


def test_an_agreement_that_was_told_to_end_is_told_anew_only_where_its_end_changed(world: World) -> None:
    site_id, ines = a_site(world), world.visitor("ines")
    agreement_id = agreed(world, site_id, -5, 5)
    row = world.session.get_one(SiteAgreementRow, agreement_id)
    row.reminded_on = world.now.date()
    for more, reminded in ((5, world.now.date()), (50, None)):
        days = Days(world.now.date() - timedelta(days=5), world.now.date() + timedelta(days=more))
        site_agreements.change(world.session, ines, site_id, agreement_id, AgreementWords("Renamed", days), world.now)
        assert (row.title, row.reminded_on) == ("Renamed", reminded)


def test_a_placement_may_end_on_a_day_to_come_and_only_instructors_say_so(world: World) -> None:
    placement_id, last = placed(world, a_site(world), anyway=True), world.now.date() + timedelta(days=9)
    sam, ines = world.visitor("sam"), world.visitor("ines")
    with pytest.raises(NotHere):
        placing.end(world.session, sam, world.place(sam), placement_id, last_day=last, now=world.now)
    placing.end(world.session, ines, world.place(ines), placement_id, last_day=last, now=world.now)
    row = world.session.get_one(PlacementRow, placement_id)
    assert (row.ends_on, row.ended_at) == (last, None)


def test_an_instructor_changes_what_they_added_and_nothing_else(world: World) -> None:
    site_id = a_site(world)
    kim = world.visitor("kim", INSTRUCTOR)
    with pytest.raises(NotHere):
        site_writing.change(world.session, kim, site_id, HARBOR, world.now)
    with pytest.raises(NotHere):
        site_writing.put_away(world.session, world.visitor("ines"), site_id, world.now)
    site_writing.change(world.session, world.visitor("ines"), site_id, SiteWords("Harbor"), world.now)
    assert sites.site(world.session, world.organization_id, site_id).name == "Harbor"


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [(-30, -1, CoverState.ENDED), (5, None, CoverState.NOT_BEGUN), (None, None, CoverState.NONE)],
)
def test_cap_f6_without_an_agreement_in_force_a_placement_is_warned_of_first(
    world: World, first: int | None, last: int | None, state: CoverState
) -> None:
    site_id = a_site(world)
    if first is not None:
        agreed(world, site_id, first, last)
    days = Days(world.now.date(), None)
    assert placing.to_know(world.session, world.organization_id, site_id, days).cover.state is state
    with pytest.raises(Refused) as refused:
        placed(world, site_id)
    assert refused.value.code == "say_anyway"
    row = world.session.get_one(PlacementRow, placed(world, site_id, anyway=True))
    assert row.without_agreement


def test_cap_f6_under_an_agreement_nothing_is_asked_and_the_trainee_is_told(world: World) -> None:
    site_id = a_site(world)
    agreed(world, site_id, 0, 300)
    row = world.session.get_one(PlacementRow, placed(world, site_id))
    assert not row.without_agreement
    assert told(world, "sam") == [(MessageKind.PLACEMENT, f"/a/{world.activity_id}/placements")]


def test_an_agreement_that_ends_before_the_placement_does_is_said(world: World) -> None:
    site_id = a_site(world)
    agreed(world, site_id, 0, 10)
    days = Days(world.now.date(), world.now.date() + timedelta(days=20))
    assert placing.to_know(world.session, world.organization_id, site_id, days).ends_before


def test_somebody_is_placed_at_a_site_once_at_a_time(world: World) -> None:
    site_id = a_site(world)
    placed(world, site_id, anyway=True, last=world.now.date())
    with pytest.raises(Refused) as refused:
        placed(world, site_id, anyway=True)
    assert refused.value.code == "placed_already"
    world.now += timedelta(days=2)
    placed(world, site_id, anyway=True)


def test_ending_a_placement_keeps_its_days_and_can_be_done_twice(world: World) -> None:
    site_id = a_site(world)
    placement_id = placed(world, site_id, anyway=True)
    ines = world.visitor("ines")
    for _ in range(2):
        placing.end(world.session, ines, world.place(ines), placement_id, last_day=None, now=world.now)
    row = world.session.get_one(PlacementRow, placement_id)
    assert (row.ends_on, row.ended_by) == (world.now.date(), ines.person_id)


def test_where_somebody_practices_is_seen_by_themselves_instructors_and_who_works_with_them(world: World) -> None:
    site_id = a_site(world)
    placement_id = placed(world, site_id, anyway=True)
    for who, sees in (("ines", True), ("sam", True), ("jo", True), ("amara", False), ("noor", False)):
        visitor = world.visitor(who)
        try:
            found = placements.placement(world.session, visitor, world.place(visitor), placement_id)
        except NotHere:
            assert not sees, who
        else:
            assert sees, who
            assert found.site.crisis_plan == "Call 555 0100 first."


def test_cap_e11_what_a_trainee_gets_is_for_them_and_the_instructors(world: World) -> None:
    site_id = a_site(world)
    words = PlacementWords(site_id, Days(world.now.date(), None), compensation=Compensation.UNPAID)
    ines = world.visitor("ines")
    placement_id = placing.place_trainee(
        world.session, ines, world.place(ines), world.visitor("sam").person_id, words, anyway=True, now=world.now
    )
    for who, gets in (("ines", Compensation.UNPAID), ("sam", Compensation.UNPAID), ("jo", None)):
        visitor = world.visitor(who)
        found = placements.placement(world.session, visitor, world.place(visitor), placement_id)
        assert found.placement.compensation is gets


def asked_at(world: World, placement_id: UUID) -> UUID:
    sam = world.visitor("sam")
    return ask.request(
        world.session, sam, world.place(sam), observer_id=world.visitor("jo").person_id, mode=Mode.ROLE_PLAY,
        recorded=False, note=None, now=world.now, further=ask.Further(placement_id=placement_id),
    )  # fmt: skip


def test_cap_b11_b12_an_observation_at_a_placement_has_its_site_model_and_setting(world: World) -> None:
    site_id = a_site(world)
    row = world.session.get_one(ObservationRow, asked_at(world, placed(world, site_id, anyway=True)))
    assert (row.site_id, row.model, row.setting) == (site_id, PracticeModel.GROUP, Setting.CRISIS)


def test_an_observation_is_asked_for_at_a_placement_of_ones_own_only(world: World) -> None:
    site_id = a_site(world)
    noors = placed(world, site_id, "noor", anyway=True)
    with pytest.raises(Refused) as refused:
        asked_at(world, noors)
    assert refused.value.code == "not_placed"


def test_cap_c8_the_observer_reads_the_crisis_plan_of_the_site_and_that_is_logged(world: World) -> None:
    site_id = a_site(world)
    observation_id = asked_at(world, placed(world, site_id, anyway=True))
    jo = world.visitor("jo")
    record = reading.read(world.session, jo, observation_id, world.now)
    found = placements.where_of(world.session, jo, record, world.now)
    assert found is not None
    assert found.site is not None
    assert found.site.crisis_plan == "Call 555 0100 first."
    fields = set(world.session.scalars(select(ReadLogRow.field).where(ReadLogRow.reader_id == jo.person_id)))
    assert "placement" in {field.value for field in fields}


def test_before_an_agreement_ends_leads_and_instructors_with_somebody_there_are_told_twice(world: World) -> None:
    site_id = a_site(world)
    agreed(world, site_id, -300, 60)
    placed(world, site_id)
    days = []
    for ahead in range(70):
        if site_agreements.tell_of_ends(world.session, world.now + timedelta(days=ahead)):
            days.append(60 - ahead)
            assert (MessageKind.PLACEMENT, f"/sites/{site_id}") in told(world, "ines")
    assert days == [60, 14]


def test_an_agreement_that_another_continues_is_not_told(world: World) -> None:
    site_id = a_site(world)
    agreed(world, site_id, -300, 30)
    agreed(world, site_id, 31, 400)
    placed(world, site_id)
    assert site_agreements.tell_of_ends(world.session, world.now) == 0


def test_cap_a7_an_observation_at_a_site_waits_for_the_site_to_work_by_the_scope(world: World) -> None:
    lead(world)
    site_id = a_site(world)
    placement_id = placed(world, site_id, anyway=True)
    ines, sam = world.visitor("ines"), world.visitor("sam")
    statement_id = scope_writing.begin(world.session, ines, world.now)
    words = scope_writing.edition_of(world.session, world.organization_id, statement_id).words
    scope_writing.publish(world.session, ines, statement_id, digest(words), world.now)
    scope.acknowledge(world.session, sam, statement_id, scope.AcknowledgedAs.TRAINEE, world.now)
    with pytest.raises(Refused) as refused:
        asked_at(world, placement_id)
    assert refused.value.code == "site_scope"
    with pytest.raises(NotHere):
        scope.note_site(world.session, world.visitor("noor"), site_id, statement_id, world.now)
    scope.note_site(world.session, ines, site_id, statement_id, world.now)
    scope.note_site(world.session, ines, site_id, statement_id, world.now)
    asked_at(world, placement_id)


def test_cap_c7_whoever_observed_what_was_taken_back_does_not_see_where_its_trainee_practices(world: World) -> None:
    placement_id = placed(world, a_site(world), anyway=True)
    rae = world.visitor("rae", ASSISTANT)
    world.grant(rae, None)
    sam = world.visitor("sam")
    observation_id = ask.request(
        world.session, sam, world.place(sam), observer_id=rae.person_id, mode=Mode.ROLE_PLAY, recorded=False,
        note=None, now=world.now,
    )  # fmt: skip
    assert placements.placement(world.session, rae, world.place(rae), placement_id).trainee_name == "Sam Example"
    ask.withdraw(world.session, sam, observation_id, world.now)
    with pytest.raises(NotHere):
        placements.placement(world.session, rae, world.place(rae), placement_id)


def test_a_contact_has_a_name_and_an_agreement_a_title_and_days_in_their_order(world: World) -> None:
    site_id, ines, today = a_site(world), world.visitor("ines"), world.now.date()
    with pytest.raises(Refused, match="whom one speaks with"):
        site_writing.add_contact(world.session, ines, site_id, ContactWords(" ", "keys", "555 0101"), world.now)
    with pytest.raises(Refused, match="what the agreement is called"):
        site_agreements.record(world.session, ines, site_id, AgreementWords(" ", Days(today, None)), world.now)
    with pytest.raises(Refused, match="comes before the first"):
        agreed(world, site_id, 2, 1)
