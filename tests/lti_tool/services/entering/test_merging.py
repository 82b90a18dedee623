"""Two of one human being become one person: nothing is left behind, nothing that is signed changes."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.evidence import Outcome
from grading.ledger import EntryState
from lti_tool.access import Capability
from lti_tool.services.certification import decision_release
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.credentials import holding, issuing
from lti_tool.services.credentials.issuing import StateKind
from lti_tool.services.entering import external, invitations, merge_requests, merging, merging_rows
from lti_tool.services.entering.visitors import Visitor, open_session, who_is_it
from lti_tool.services.practicum import arranging
from lti_tool.services.signing import confirming
from lti_tool.services.supervising import agreements, supervision
from lti_tool.store.assignments import AssignedAs, AssignmentRow, ConflictRow
from lti_tool.store.base import Base
from lti_tool.store.care import Adjustment
from lti_tool.store.credentials import CredentialRow, CredentialShareRow, EndorsementRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.mail import ContactRow, Wanted
from lti_tool.store.messages import MessageRow
from lti_tool.store.observations import SignOffRow
from lti_tool.store.people import GrantRow, LmsAccountRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane
from rubrics.supervision import USUAL
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import TRAINEE, MakeWorld, World
from tests.lti_tool.services.path_rows import an_entry, on_the_way


def rosa(world: World, lane: Lane = Lane.PEER) -> Visitor:
    """Invited from outside for Sam, signed in with a link and a code."""
    session, now, owner = world.session, world.now, world.organization_id
    course_id = world.place(world.visitor("ines")).course.id
    person = PersonRow(organization_id=owner, name="Rosa", email="rosa@x.example", email_digest="d", created_at=now)
    session.add(person)
    session.flush()
    mine = {"organization_id": owner, "course_id": course_id, "person_id": person.id}
    session.add_all(
        [
            MembershipRow(roles=[], launched=False, seen_at=now, external=True, **mine),
            GrantRow(capability=Capability.SUPERVISOR, lane=lane, granted_at=now, **mine),
            AssignmentRow(
                trainee_id=world.visitor("sam").person_id, assigned_as=AssignedAs.SUPERVISOR, lane=lane,
                assigned_at=now, **mine,
            ),
        ]
    )  # fmt: skip
    token = open_session(
        session, organization_id=owner, person_id=person.id, assurance=Assurance.LINK_WITH_CODE, now=now
    )
    found = who_is_it(session, token, now)
    assert found is not None
    world.visitors["rosa"] = found
    return found


def test_every_column_that_names_a_person_is_moved_or_kept_for_a_reason() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }
    moved = [*merging_rows.MOVED, *merging_rows.WHILE_OPEN, *merging_rows.UNLESS_THERE]
    spoken_of = [f"{column.class_.__tablename__}.{column.key}" for column in moved]
    spoken_of += [*merging_rows.BY_HAND, *merging_rows.KEPT]
    assert sorted(spoken_of) == sorted(named)


def test_who_signed_from_outside_comes_with_an_lms_account_later_and_is_one_person(world: World) -> None:
    observation_id = world.answered()
    invited = rosa(world)
    world.sign("rosa", observation_id)
    launched = world.visitor("rosa at the lms", TRAINEE)
    stays = merging.merge(world.session, launched, invited.person_id, world.now)
    assert stays == invited.person_id
    assert world.session.get_one(PersonRow, launched.person_id).merged_into == stays
    accounts = world.session.scalars(select(LmsAccountRow.person_id).where(LmsAccountRow.sub == "rosa at the lms"))
    assert accounts.one() == stays
    again = world.enter("rosa at the lms", TRAINEE)
    assert again.person_id == stays
    assert world.session.scalars(select(SignOffRow.signer_id)).one() == stays


def test_the_session_stays_and_every_other_of_both_ends(world: World) -> None:
    invited = rosa(world)
    world.enter("lee", TRAINEE)
    launched = world.visitor("lee", TRAINEE)
    stays = merging.merge(world.session, launched, invited.person_id, world.now)
    assert stays == launched.person_id
    sessions = world.session.scalars(
        select(SessionRow.id).where(SessionRow.ended_at.is_(None), SessionRow.person_id.in_((stays, invited.person_id)))
    )
    assert sessions.all() == [launched.session_id]


def test_an_address_that_came_with_the_other_account_counts_for_signing_as_one_given_now(world: World) -> None:
    invited = rosa(world)
    launched = world.visitor("lee", TRAINEE)
    stays = merging.merge(world.session, launched, invited.person_id, world.now)
    far = confirming.how_far(world.session, launched, world.now)
    assert (far.address, far.too_new) == ("rosa@x.example", True)
    later = world.now + timedelta(minutes=5)
    token = open_session(
        world.session, organization_id=launched.organization_id, person_id=stays,
        assurance=Assurance.LINK_WITH_CODE, now=later,
    )  # fmt: skip
    by_link = who_is_it(world.session, token, later)
    assert by_link is not None
    assert confirming.how_far(world.session, by_link, later).too_new
    assert not confirming.how_far(world.session, by_link, later + confirming.NEW_FOR).too_new
    message = world.session.scalars(select(MessageRow).where(MessageRow.person_id == stays)).one()
    assert (message.path, message.mail_id, message.read_at) == ("/contact", None, None)


def test_what_they_may_do_does_not_grow_by_it(world: World) -> None:
    invited = rosa(world)
    launched = world.visitor("lee", TRAINEE)
    stays = merging.merge(world.session, launched, invited.person_id, world.now)
    standing = standing_of(world.session, stays, world.place(world.visitor("ines")).course.id)
    assert standing.external
    assert standing.lanes == {Lane.PEER}
    assert standing.capabilities == {Capability.SUPERVISOR, Capability.TRAINEE}
    assigned = world.session.scalars(select(AssignmentRow).where(AssignmentRow.person_id == stays)).all()
    assert [row.trainee_id for row in assigned] == [world.visitor("sam").person_id]


def test_what_both_have_is_there_once(world: World) -> None:
    invited = rosa(world)
    jo, sam, now = world.visitor("jo"), world.visitor("sam"), world.now
    course_id = world.place(world.visitor("ines")).course.id
    for visitor in (jo, invited):
        world.session.add(
            ContactRow(organization_id=world.organization_id, person_id=visitor.person_id, wanted=Wanted.DAILY)
        )
        world.session.add(
            ConflictRow(
                organization_id=world.organization_id, declared_by=visitor.person_id,
                about_id=world.visitor("noor").person_id, declared_at=now,
            )
        )  # fmt: skip
    world.session.add(
        AssignmentRow(
            organization_id=world.organization_id, course_id=course_id, trainee_id=sam.person_id,
            person_id=jo.person_id, assigned_as=AssignedAs.SUPERVISOR, lane=Lane.PEER, assigned_at=now,
        )
    )  # fmt: skip
    world.session.flush()
    stays = merging.merge(world.session, jo, invited.person_id, now)
    for row, mine in (
        (AssignmentRow, AssignmentRow.person_id), (ConflictRow, ConflictRow.declared_by)
    ):  # fmt: skip
        assert len(world.session.scalars(select(row).where(mine == stays, row.ended_at.is_(None))).all()) == 1
    grants = select(GrantRow).where(GrantRow.person_id == stays, GrantRow.revoked_at.is_(None))
    assert [grant.lane for grant in world.session.scalars(grants)] == [Lane.PEER]
    assert not standing_of(world.session, stays, course_id).external


def test_a_wish_for_supervision_and_an_adjustment_stay_also_where_there_was_one_before(world: World) -> None:
    sam, other, ines = world.visitor("sam"), world.visitor("sam anew", TRAINEE), world.visitor("ines")
    supervision.ask(world.session, sam, world.place(sam), now=world.now)
    before = supervision.own(world.session, sam, world.place(sam), world.now)
    assert before is not None
    supervision.take_back(world.session, sam, world.place(sam), before.id, world.now)
    wanted = arranging.Wanted(frozenset({Adjustment.INTERPRETER}))
    for who in (sam, other):
        arranging.arrange(world.session, ines, world.place(ines), person_id=who.person_id, wanted=wanted, now=world.now)
    (first,) = (
        one for one in arranging.arrangements(world.session, world.place(ines)) if one.person_id == sam.person_id
    )
    arranging.end(world.session, ines, world.place(ines), first.id, own=False, now=world.now)
    supervision.ask(world.session, other, world.place(other), now=world.now)
    stays = merging.merge(world.session, sam, other.person_id, world.now)
    assert stays == sam.person_id
    assert supervision.own(world.session, sam, world.place(sam), world.now) is not None
    assert arranging.of_person(world.session, world.place(sam), stays) is not None


def test_credentials_stay_as_they_were_issued_and_are_the_holders_who_stays(world: World) -> None:
    """With the path, the decision, the page that was opened, and what was said for them."""
    invited, launched = rosa(world), world.visitor("lee", TRAINEE)
    row = on_the_way(world, "rosa")
    about = world.session.get_one(DecisionRow, decided(world, row, world.now.date()))
    made = issue(world, row, about, by=invited.person_id)
    before = {column.key: getattr(made, column.key) for column in CredentialRow.__table__.columns}
    world.session.add(
        CredentialShareRow(
            organization_id=world.organization_id, credential_id=made.id, link="x", link_digest="0" * 64,
            shows_name=True, shows_endorsements=True, opened_at=world.now,
        )
    )  # fmt: skip
    jo = world.visitor("jo")
    for who in (jo.person_id, invited.person_id):
        world.session.add(
            EndorsementRow(
                organization_id=world.organization_id, credential_id=made.id, by_person_id=who, by_name="One of two",
                words="Calm.", offered_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()
    stays = merging.merge(world.session, launched, invited.person_id, world.now)
    assert stays == launched.person_id
    world.session.refresh(made)
    after = {column.key: getattr(made, column.key) for column in CredentialRow.__table__.columns}
    assert after == before | {"person_id": stays}
    [held] = holding.mine(world.session, launched, world.now).held
    assert (held.id, held.state.kind) == (made.id, StateKind.VALID)
    assert held.page is not None
    by = world.session.scalars(select(EndorsementRow.by_person_id).where(EndorsementRow.credential_id == made.id))
    assert set(by) == {jo.person_id, stays}
    suspended = world.session.get_one(DecisionRow, decided(world, row, world.now.date(), Outcome.SUSPENDED))
    decision_release.release(world.session, suspended.id, world.now)
    world.session.refresh(made)
    assert made.suspended_at == world.now


def test_two_who_endorsed_the_same_credential_are_one_endorsement(world: World) -> None:
    invited, jo = rosa(world), world.visitor("jo")
    row = on_the_way(world)
    made = issue(world, row, world.session.get_one(DecisionRow, decided(world, row, world.now.date())))
    for who in (jo.person_id, invited.person_id):
        world.session.add(
            EndorsementRow(
                organization_id=world.organization_id, credential_id=made.id, by_person_id=who, by_name="Jo",
                words="Calm.", offered_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()
    stays = merging.merge(world.session, jo, invited.person_id, world.now)
    by = select(EndorsementRow).where(EndorsementRow.credential_id == made.id, EndorsementRow.by_person_id == stays)
    assert len(world.session.scalars(by).all()) == 1


def issue(world: World, row: EnrollmentRow, about: DecisionRow, by: UUID | None = None) -> CredentialRow:
    return issuing.issue(
        world.session, row, about, name="Rosa", language="en", by=by or row.person_id, now=world.now,
        public_url="https://attune.school.example",
    )  # fmt: skip


def test_twice_changes_nothing(world: World) -> None:
    invited, launched = rosa(world), world.visitor("lee", TRAINEE)
    first = merging.merge(world.session, launched, invited.person_id, world.now)
    assert merging.merge(world.session, launched, invited.person_id, world.now + timedelta(minutes=1)) == first


def test_an_operators_list_joins_two_once_and_nobody_with_strangers_or_themselves(world: World) -> None:
    invited, launched = rosa(world), world.visitor("lee", TRAINEE)
    owner, now = world.organization_id, world.now
    with pytest.raises(NotHere):
        merging.join(world.session, owner, launched.person_id, world.registration_id, now)
    stays = merging.join(world.session, owner, launched.person_id, invited.person_id, now)
    assert merging.join(world.session, owner, invited.person_id, launched.person_id, now) == stays
    goes = invited.person_id if stays == launched.person_id else launched.person_id
    with pytest.raises(NotHere):
        merging.hold(world.session, goes, world.visitor("sam").person_id)


def test_a_link_of_a_mail_about_nothing_that_stands_stops_nothing(world: World) -> None:
    assert not merge_requests.can_be_stopped(world.session, "of nobody", world.now)
    assert not merge_requests.stop(world.session, "of nobody", world.now)


def test_whoever_signed_the_others_practice_stays_another(world: World) -> None:
    observation_id = world.answered()
    invited = rosa(world)
    world.sign("rosa", observation_id)
    with pytest.raises(Refused) as refused:
        merging.merge(world.session, world.visitor("sam"), invited.person_id, world.now)
    assert refused.value.code == "one_for_the_other"


@pytest.mark.parametrize("signed", [True, False])
def test_two_of_whom_one_signs_the_hours_of_the_other_stay_two(world: World, signed: bool) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    if signed:
        an_entry(world, signed_by="jo")
    else:
        asked = {"state": EntryState.WAITING, "asked_id": jo.person_id, "asked_at": world.now}
        an_entry(world, course_id=world.place(sam).course.id, **asked)
    with pytest.raises(Refused, match="stay two"):
        merging.merge(world.session, sam, jo.person_id, world.now)


def test_two_who_agreed_on_supervision_stay_two(world: World) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    pair = agreements.pair_of(world.session, sam, world.place(sam), jo.person_id, Lane.PEER, world.now)
    agreements.propose(world.session, sam, world.place(sam), pair, USUAL, after=0, now=world.now)
    with pytest.raises(Refused, match="stay two"):
        merging.merge(world.session, sam, jo.person_id, world.now)


def test_two_who_signed_the_same_observation_stay_two(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.answered()
    invited = rosa(world)
    world.sign("rosa", observation_id)
    world.sign("amara", observation_id, Lane.CLINICAL)
    with pytest.raises(Refused) as refused:
        merging.pair(world.session, world.visitor("amara"), invited.person_id)
    assert refused.value.code == "both_took_part"


def test_nobody_becomes_an_operator_by_it(world: World) -> None:
    invited = rosa(world)
    world.session.add(
        GrantRow(
            organization_id=world.organization_id, person_id=invited.person_id, capability=Capability.OPERATOR,
            granted_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    with pytest.raises(NotHere):
        merging.merge(world.session, world.visitor("jo"), invited.person_id, world.now)


def test_one_human_with_two_names_signs_in_one_lane_only(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.answered()
    invited = rosa(world)
    world.sign("rosa", observation_id)
    launched = world.visitor("amara")
    stays = merging.merge(world.session, launched, invited.person_id, world.now)
    assert stays == invited.person_id
    world.visitors["amara"] = world.visitors["rosa"]
    with pytest.raises(Refused) as refused:
        world.sign("amara", observation_id, Lane.CLINICAL)
    assert refused.value.code == "signed_in_other_lane"


def test_a_code_that_was_handed_over_opens_no_more_than_its_giver_may_see(world: World) -> None:
    invited, ines = rosa(world), world.visitor("ines")
    handed = external.hand_over(world.session, ines, world.place(ines), invited.person_id, world.now)
    enter = invitations.enter_with_code
    assert enter(world.session, handed.link_secret, handed.code, world.now) is not None
    launched = world.visitor("rosa at the lms", TRAINEE)
    merging.merge(world.session, launched, invited.person_id, world.now)
    world.session.expire_all()
    assert enter(world.session, handed.link_secret, handed.code, world.now) is None
    page = invitations.open_invitation(world.session, handed.link_secret, world.now)
    assert page is not None
    assert not page.takes_code


def test_a_code_that_was_handed_over_is_over_once_its_owner_has_a_part_in_the_organization(world: World) -> None:
    invited, ines = rosa(world), world.visitor("ines")
    handed = external.hand_over(world.session, ines, world.place(ines), invited.person_id, world.now)
    world.session.add(
        GrantRow(
            organization_id=world.organization_id, person_id=invited.person_id, capability=Capability.OPERATOR,
            granted_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    assert invitations.enter_with_code(world.session, handed.link_secret, handed.code, world.now) is None
