"""What the engine is told of somebody: observations, sessions, acknowledgments; and how many questions that takes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from grading.evidence import Evidence, Item, Kind, Outcome
from grading.proof import Answer
from lti_tool.services.observations.superseding import say_so
from lti_tool.services.standing.evidence_from_supervision import hours_of
from lti_tool.services.standing.person_evidence import evidence_of
from lti_tool.services.standing.standings import many_stands, stands
from lti_tool.store.assignments import QualificationRow
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.observations import ObservationRow, RatingRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.sites import AcknowledgedAs, ScopeAcknowledgmentRow, ScopeStatementRow
from lti_tool.store.supervision import SessionPartRow, SupervisionSessionRow
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Lane
from rubrics.supervision import Held, Part, SessionKind
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.path_rows import SMALL, an_entry, on_the_way
from tests.lti_tool.services.practicum.test_sites import a_site

OBSERVED = (
    SMALL
    + """
[[requirements]]
key = "observed"
stage = "initial"
title = "One observed session in the peer lane"
at_least = 1
of = { kind = "observation", where = { lane = "peer", mode = "role_play", model = "warm_line" } }

[[requirements]]
key = "levels"
stage = "initial"
title = "Each criterion on level 3 or higher"
at_least = 1
of = { kind = "rating", where = { amount = { at_least = 3 } } }

[[requirements]]
key = "clinical"
stage = "initial"
title = "An hour of supervision in the clinical lane"
at_least = "1 hour"
of = { kind = "supervision", where = { lane = "clinical", supervisor_years = { at_least = 2 } } }

[[requirements]]
key = "joint"
stage = "initial"
title = "An hour of supervision in the peer lane"
at_least = "1 hour"
of = { kind = "supervision", where = { lane = "peer" } }
"""
)


def told(world: World, enrollment: EnrollmentRow) -> Evidence:
    return evidence_of(world.session, enrollment, edition="", zone=ZoneInfo("UTC"))


def of_kind(evidence: Evidence, kind: Kind) -> list[Item]:
    return [item for item in evidence.items if item.kind is kind]


def a_session(world: World, kind: SessionKind, *people: tuple[str, Part], minutes: int = 60, open_: str = "") -> UUID:
    ines = world.visitor("ines")
    held = SupervisionSessionRow(
        id=new_id(), organization_id=world.organization_id, course_id=world.place(ines).course.id, kind=kind,
        held=Held.VIDEO, held_on=world.now.date() - timedelta(days=2), minutes=minutes,
        recorded_by=world.visitor("jo").person_id, recorded_at=world.now,
    )  # fmt: skip
    world.session.add(held)
    world.session.flush()
    for who, part in people:
        world.session.add(
            SessionPartRow(
                id=new_id(), organization_id=world.organization_id, session_id=held.id,
                person_id=world.visitor(who).person_id, part=part,
                confirmed_at=None if who == open_ else world.now,
            )
        )  # fmt: skip
    world.session.flush()
    return held.id


def test_an_observation_and_its_ratings_count_from_the_last_signature_on(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    enrollment = on_the_way(world, text=OBSERVED)
    observation_id = world.answered()
    row = world.session.get_one(ObservationRow, observation_id)
    row.model, row.setting = PracticeModel.WARM_LINE, Setting.CRISIS
    world.sign("jo", observation_id, Lane.PEER)
    [waiting] = of_kind(told(world, enrollment), Kind.OBSERVATION)
    assert not waiting.stands(world.now.date())
    world.now += timedelta(days=1)
    world.sign("amara", observation_id, Lane.CLINICAL)
    [item] = of_kind(told(world, enrollment), Kind.OBSERVATION)
    jo, amara = (str(world.visitor(who).person_id) for who in ("jo", "amara"))
    assert item.stands_from == world.now.date()
    assert item.has["lane"] == {"peer", "clinical"}
    assert item.has["observer"] == {jo}
    assert item.has["signed_by"] == {jo, amara}
    assert item.has["setting"] == {"crisis"}
    standing = stands(world.session, enrollment, world.now).standing
    assert standing.of("observed").answer is Answer.MET
    assert standing.of("levels").answer is Answer.MET


def test_a_criterion_that_was_not_observed_has_no_amount(world: World) -> None:
    enrollment = on_the_way(world)
    observation_id = world.answered()
    row = world.session.scalars(select(RatingRow).order_by(RatingRow.criterion)).first()
    assert row is not None
    row.level, row.not_observed = None, True
    world.session.flush()
    world.sign("jo", observation_id)
    ratings = of_kind(told(world, enrollment), Kind.RATING)
    assert [item.amount for item in ratings].count(None) == 1
    assert {item.amount for item in ratings} == {Decimal(4), None}
    assert all("-" not in name for item in ratings for name in item.has["criterion"])  # type: ignore[union-attr]


def test_what_was_superseded_is_as_if_it_had_never_been_entered(world: World) -> None:
    enrollment = on_the_way(world)
    observation_id = world.answered()
    world.sign("jo", observation_id)
    say_so(world.session, world.visitor("jo"), observation_id, reason="Mixed up.", correct=False, now=world.now)
    [item] = of_kind(told(world, enrollment), Kind.OBSERVATION)
    assert item.reversed_on == world.now.date()
    assert not item.is_known(world.now.date())


def test_what_is_still_being_written_is_not_told(world: World) -> None:
    enrollment = on_the_way(world)
    world.share()
    assert not of_kind(told(world, enrollment), Kind.OBSERVATION)


def test_cap_c5_a_joint_session_counts_in_both_lanes_once_all_have_confirmed(world: World) -> None:
    enrollment = on_the_way(world, text=OBSERVED)
    world.session.add(
        QualificationRow(
            id=new_id(), organization_id=world.organization_id, person_id=world.visitor("amara").person_id,
            kind="Supervisor", valid_from=world.now.date() - timedelta(days=800),
            recorded_by=world.visitor("ines").person_id, recorded_at=world.now,
        )
    )  # fmt: skip
    people = (("sam", Part.TRAINEE), ("jo", Part.PEER), ("amara", Part.CLINICAL))
    held_id = a_session(world, SessionKind.JOINT, *people, open_="amara")
    before = stands(world.session, enrollment, world.now).standing
    assert before.of("joint").answer is Answer.WAITING
    for part in world.session.query(SessionPartRow).filter_by(session_id=held_id):
        part.confirmed_at = world.now
    world.session.flush()
    after = stands(world.session, enrollment, world.now).standing
    assert after.of("joint").answer is Answer.MET
    assert after.of("clinical").answer is Answer.MET


def test_hours_say_at_which_site_they_were(world: World) -> None:
    site_id, enrollment = a_site(world), on_the_way(world)
    an_entry(world, signed_by="jo", site_id=site_id, model=PracticeModel.WARM_LINE)
    (hours,) = of_kind(told(world, enrollment), Kind.PRACTICE)
    assert (hours.has["site"], hours.has["model"]) == (frozenset({str(site_id)}), frozenset({"warm_line"}))


def test_three_sessions_of_twenty_minutes_are_not_less_than_an_hour() -> None:
    assert 3 * hours_of(20) >= 1
    assert hours_of(90) == Decimal("1.5")


def test_an_acknowledged_scope_of_practice_is_a_signature(world: World) -> None:
    enrollment = on_the_way(world)
    sam, ines = world.visitor("sam").person_id, world.visitor("ines").person_id
    statement = ScopeStatementRow(
        id=new_id(), organization_id=world.organization_id, number=1, words="What peers do.", written_at=world.now,
        published_at=world.now, published_by=ines,
    )  # fmt: skip
    world.session.add(statement)
    world.session.flush()
    world.session.add(
        ScopeAcknowledgmentRow(
            id=new_id(), organization_id=world.organization_id, statement_id=statement.id,
            acknowledged_as=AcknowledgedAs.TRAINEE, person_id=sam, noted_by=sam, at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    [item] = of_kind(told(world, enrollment), Kind.SIGNATURE)
    assert item.has["name"] == {"scope_of_practice"}


def test_what_was_signed_under_an_earlier_account_is_one_persons(world: World) -> None:
    enrollment = on_the_way(world, "noor")
    observation_id = world.answered()
    world.sign("jo", observation_id)
    world.session.get_one(PersonRow, world.visitor("sam").person_id).merged_into = enrollment.person_id
    world.session.get_one(PersonRow, world.visitor("jo").person_id).merged_into = world.visitor("amara").person_id
    world.session.flush()
    [item] = of_kind(told(world, enrollment), Kind.OBSERVATION)
    assert item.has["signed_by"] == {str(world.visitor("amara").person_id)}


def test_ux_p6_a_decision_that_is_released_later_is_not_on_the_persons_own_pages(world: World) -> None:
    enrollment = on_the_way(world)
    world.session.add(
        DecisionRow(
            id=new_id(), organization_id=world.organization_id, enrollment_id=enrollment.id,
            version_id=enrollment.version_id, number=1, outcome=Outcome.NOT_YET, stage="initial",
            on_day=world.now.date(), notice="{}", digest="0" * 64, decided_by=world.visitor("ines").person_id,
            decided_at=world.now, released_at=world.now + timedelta(days=2),
        )
    )  # fmt: skip
    world.session.flush()
    assert stands(world.session, enrollment, world.now, own=True).standing.facts.last_decision is None
    assert stands(world.session, enrollment, world.now).standing.facts.last_decision is not None


def test_standing_of_many_takes_as_many_questions_as_that_of_one(world: World) -> None:
    first = on_the_way(world, "sam")
    second = EnrollmentRow(
        id=new_id(), organization_id=world.organization_id, program_id=first.program_id,
        person_id=world.visitor("noor").person_id, version_id=first.version_id, entered_on=first.entered_on,
        enrolled_at=world.now,
    )  # fmt: skip
    world.session.add(second)
    for _ in range(5):
        an_entry(world, "sam", signed_by="jo")
        an_entry(world, "noor", signed_by="amara")
    a_session(world, SessionKind.GROUP, ("sam", Part.TRAINEE), ("noor", Part.TRAINEE), ("jo", Part.PEER))
    world.sign("jo", world.answered())
    world.session.flush()
    one = _questions(world.session, lambda: many_stands(world.session, [first], world.now))
    two = _questions(world.session, lambda: many_stands(world.session, [first, second], world.now))
    assert one == two <= 16


def _questions(session: Session, ask: Any) -> int:
    session.flush()
    session.expire_all()
    asked: list[str] = []
    bind = session.get_bind()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM enrollment" not in statement:
            asked.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(bind, "before_cursor_execute", note)
    return len(asked)


@pytest.mark.parametrize("who", ["sam", "noor"])
def test_nobody_is_told_of_what_another_person_did(world: World, who: str) -> None:
    enrollment = on_the_way(world, who)
    an_entry(world, "sam", signed_by="jo")
    assert len(told(world, enrollment).items) == (1 if who == "sam" else 0)


def test_where_and_when_it_took_place_counts_as_it_was_agreed(world: World) -> None:
    enrollment = on_the_way(world)
    observation_id = world.answered()
    world.sign("jo", observation_id)
    site_id, row = a_site(world), world.session.get_one(ObservationRow, observation_id)
    row.site_id, row.starts_at, row.ends_at = site_id, world.now - timedelta(days=2), world.now - timedelta(days=2)
    world.session.flush()
    [item] = of_kind(told(world, enrollment), Kind.OBSERVATION)
    assert item.has["site"] == {str(site_id)}
    assert item.on == world.now.date() - timedelta(days=2)
    row.proposed_by = world.visitor("jo").person_id  # nobody agreed to that time
    world.session.flush()
    [item] = of_kind(told(world, enrollment), Kind.OBSERVATION)
    assert item.on == world.now.date()
