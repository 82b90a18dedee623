"""Holders of credentials: what they can carry, the page they open, what happens to both; and what leads can do."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.evidence import Outcome
from lti_tool.documents.badge_checks import Part, Verdict
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import holding, holding_acts, holding_checks, holding_leads, holding_pages, issuing
from lti_tool.services.credentials.holding_acts import Wish
from lti_tool.services.credentials.issuing import StateKind
from lti_tool.store.credentials import CredentialRow, CredentialShareRow
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.records import ReadLogRow
from rubrics.refusal import Refused
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.holding_rows import HERE, TELLS, carried, certified
from tests.lti_tool.services.path_rows import program_lead


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def nothing(act: Callable[[], object]) -> None:
    with pytest.raises(NotHere):
        act()


def shown(world: World, row: CredentialRow, *, name: bool = True, said: bool = True, agreed: bool = False) -> str:
    """The address of its page."""
    sam = world.visitor("sam")
    holding_pages.show(world.session, sam, row.id, name=name, said=said, agreed=agreed, now=world.now)
    page = holding.own(world.session, sam, row.id, world.now).page
    assert page is not None
    return page.link


def test_a_decision_can_be_carried_only_by_its_person_and_only_once_it_can_be_read(world: World) -> None:
    row, first = certified(world)
    sam, noor = world.visitor("sam"), world.visitor("noor")
    assert [each.decision_id for each in holding.mine(world.session, sam, world.now).offers] == [first]
    nothing(lambda: holding.offer(world.session, noor, first, world.now))
    later = decided(world, row, world.now.date(), Outcome.EXTENDED, released=timedelta(days=1))
    assert not holding.can_carry(world.session, sam, later, world.now)


def test_cap_d9_what_is_carried_stays_after_the_course_and_the_path_have_ended(world: World) -> None:
    row, decision_id = certified(world)
    made = carried(world, decision_id)
    row.ended_at, row.ended_by = world.now, row.person_id
    world.session.flush()
    assert [each.id for each in holding.mine(world.session, world.visitor("sam"), world.now).held] == [made.id]


def test_the_same_wish_twice_is_one_credential(world: World) -> None:
    _, decision_id = certified(world)
    assert carried(world, decision_id).id == carried(world, decision_id).id
    assert not holding.mine(world.session, world.visitor("sam"), world.now).offers


@pytest.mark.parametrize(
    ("name", "language", "refused"), [(" \u200b ", "en", "name"), ("x" * 201, "en", "name"), ("Sam", "xx", "language")]
)
def test_a_wish_that_cannot_be_is_told_at_its_field(world: World, name: str, language: str, refused: str) -> None:
    _, decision_id = certified(world)
    wish = Wish(name, language)
    ask = lambda: holding_acts.ask(  # noqa: E731
        world.session, world.visitor("sam"), decision_id, wish, public_url=HERE, now=world.now
    )
    assert code(ask) == refused


def test_nothing_is_carried_anew_while_the_certification_does_not_hold(world: World) -> None:
    row, decision_id = certified(world)
    decided(world, row, world.now.date(), Outcome.SUSPENDED)
    assert not holding.mine(world.session, world.visitor("sam"), world.now).offers
    assert code(lambda: carried(world, decision_id)) == "nothing_now"


def test_after_a_renewal_only_the_newest_decision_is_offered(world: World) -> None:
    row, first = certified(world)
    renewed = decided(world, row, world.now.date(), Outcome.RENEWED, "renewal")
    offers = holding.mine(world.session, world.visitor("sam"), world.now).offers
    assert [(each.decision_id, each.title) for each in offers] == [(renewed, "Peer support: Certification")]
    assert code(lambda: carried(world, first)) == "nothing_now"
    find = partial(holding.contents, world.session, world.visitor("sam"), public_url=HERE, now=world.now)
    assert find(renewed).stage.key == "initial"
    nothing(lambda: find(first))


def test_a_page_is_private_by_default_opened_changed_moved_and_closed_at_once(world: World) -> None:
    _, decision_id = certified(world)
    row, sam = carried(world, decision_id), world.visitor("sam")
    assert holding.own(world.session, sam, row.id, world.now).page is None
    link = shown(world, row)
    assert holding_pages.public(world.session, link, world.now).name == "Sam Example"
    assert shown(world, row, name=False) == link
    assert holding_pages.public(world.session, link, world.now).name == ""
    holding_pages.move(world.session, sam, row.id, world.now)
    nothing(lambda: holding_pages.public(world.session, link, world.now))
    page = holding.own(world.session, sam, row.id, world.now).page
    assert page is not None
    assert not page.shows_name
    holding_pages.close(world.session, sam, row.id, world.now)
    holding_pages.close(world.session, sam, row.id, world.now)
    nothing(lambda: holding_pages.public(world.session, page.link, world.now))
    nothing(lambda: holding_pages.move(world.session, sam, row.id, world.now))
    links = set(world.session.scalars(select(CredentialShareRow.link)))
    assert len(links) == 2
    assert all(len(each) > 40 for each in links)


def test_ux_c7_what_tells_of_health_or_family_is_shown_only_where_the_holder_says_so(world: World) -> None:
    _, decision_id = certified(world, text=TELLS)
    row = carried(world, decision_id)
    assert holding.own(world.session, world.visitor("sam"), row.id, world.now).reveals
    assert code(lambda: shown(world, row)) == "reveals"
    assert shown(world, row, agreed=True)


def test_ux_c7_another_name_is_a_new_credential_and_an_open_page_goes_along(world: World) -> None:
    _, decision_id = certified(world)
    row, sam = carried(world, decision_id), world.visitor("sam")
    link = shown(world, row)
    again = lambda: holding_acts.again(  # noqa: E731
        world.session, sam, row.id, Wish("Samira", "es"), public_url=HERE, now=world.now
    )
    made = again()
    assert again() == made
    public = holding_pages.public(world.session, link, world.now)
    assert (public.row.id, public.name, public.state.kind) == (made, "Samira", StateKind.VALID)
    old = holding.own(world.session, sam, row.id, world.now)
    assert old.replaced
    assert old.state.kind is StateKind.WITHDRAWN_ON


def test_a_holder_withdraws_their_own_and_can_have_another_one(world: World) -> None:
    _, decision_id = certified(world)
    row, sam = carried(world, decision_id), world.visitor("sam")
    holding_acts.give_up(world.session, sam, row.id, world.now)
    assert holding.own(world.session, sam, row.id, world.now).by_holder
    assert carried(world, decision_id).id != row.id


def test_program_leads_withdraw_with_a_reason_that_only_the_holder_reads(world: World) -> None:
    _, decision_id = certified(world)
    row, lea = carried(world, decision_id), program_lead(world)
    link = shown(world, row)
    withdraw = lambda why: holding_leads.withdraw(world.session, lea, row.id, why, world.now)  # noqa: E731
    for why in (" ", "x" * (holding_leads.LONGEST_WHY + 1)):
        assert code(lambda why=why: withdraw(why)) == "why"
    withdraw("It names another edition.")
    withdraw("Once more.")
    held = holding.own(world.session, world.visitor("sam"), row.id, world.now)
    assert held.why == "It names another edition."
    assert not held.by_holder
    public = holding_pages.public(world.session, link, world.now)
    assert public.state.kind is StateKind.WITHDRAWN_ON
    assert code(lambda: carried(world, decision_id)) == "withdrawn_by_program"
    own_wish = Wish("Sam", "en")
    assert (
        code(
            lambda: holding_acts.again(
                world.session, world.visitor("sam"), row.id, own_wish, public_url=HERE, now=world.now
            )
        )
        == "withdrawn_by_program"
    )
    told = world.session.scalars(select(MessageRow).where(MessageRow.kind == MessageKind.CREDENTIAL)).all()
    assert {each.path for each in told} == {f"/credentials/{row.id}"}


def test_taking_a_withdrawal_back_issues_another_one_as_the_holder_had_it(world: World) -> None:
    _, decision_id = certified(world)
    row, lea = carried(world, decision_id, name="Samira"), program_lead(world)
    link = shown(world, row)
    holding_leads.withdraw(world.session, lea, row.id, "By mistake.", world.now)
    made = holding_leads.issue_in_its_place(world.session, lea, row.id, public_url=HERE, now=world.now)
    assert holding_leads.issue_in_its_place(world.session, lea, row.id, public_url=HERE, now=world.now) == made
    public = holding_pages.public(world.session, link, world.now)
    assert (public.name, public.state.kind) == ("Samira", StateKind.VALID)
    assert holding_leads.listed(world.session, world.organization_id, _program(world, row)) == (made,)
    enrollment = world.session.get_one(EnrollmentRow, row.enrollment_id)
    decided(world, enrollment, world.now.date(), Outcome.REVOKED)
    again = partial(holding_leads.issue_in_its_place, world.session, lea, row.id, public_url=HERE, now=world.now)
    assert code(again) == "nothing_now"


def test_nobody_sees_to_their_own_credential(world: World) -> None:
    lea = program_lead(world)
    _, decision_id = certified(world, "lea")
    row = carried(world, decision_id, "lea", "Lea")
    assert code(lambda: holding_leads.withdraw(world.session, lea, row.id, "Why.", world.now)) == "oneself"
    assert holding_leads.one(world.session, lea, row.id, world.now).itself


def test_ux_t3_the_holder_can_see_that_a_lead_opened_the_list(world: World) -> None:
    _, decision_id = certified(world)
    row, lea = carried(world, decision_id), program_lead(world)
    program_id = _program(world, row)
    ids = holding_leads.listed(world.session, world.organization_id, program_id, "SAM")
    assert [each.person for each in holding_leads.lines(world.session, lea, ids, world.now)] == ["Sam Example"]
    assert not holding_leads.listed(world.session, world.organization_id, program_id, "nobody")
    logged = world.session.scalars(select(ReadLogRow.field).where(ReadLogRow.reader_id == lea.person_id)).all()
    assert logged == ["credential"]


def test_cap_d7_every_step_of_checking_holds_and_says_which_one_does_not(world: World) -> None:
    _, decision_id = certified(world)
    row = carried(world, decision_id)
    link = shown(world, row)

    def broken(here: str = HERE) -> list[Part]:
        found = holding_pages.public(world.session, link, world.now)
        steps = holding_checks.checked(world.session, found, here, world.now).steps
        return [each.part for each in steps if each.verdict is not Verdict.GOOD]

    assert broken() == []
    assert Part.ISSUER in broken("https://elsewhere.school.example")
    issuing.suspend(world.session, row, None, world.now)
    assert broken() == [Part.STATUS]
    issuing.reinstate(world.session, row, None, world.now)
    world.now += timedelta(days=400)
    assert broken() == [Part.DATES]
    row.document = row.document[:-6] + ("AAAAAA" if row.document[-6:] != "AAAAAA" else "BBBBBB")
    world.session.flush()
    assert broken() == [Part.SIGNATURE, Part.DATES]
    row.document = "a.b.c"
    world.session.flush()
    assert broken() == [Part.FILE]


def _program(world: World, row: CredentialRow) -> UUID:
    return holding.described(world.session, [row], world.now)[0].program_id
