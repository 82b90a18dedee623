"""What is kept of standings is what the engine says, after whatever anybody did, on both databases."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from grading.evidence import Kind
from grading.ledger import EntryState, Source
from grading.lifecycle.status import Status
from lti_tool.migrations.stale_marks import MARKS
from lti_tool.services.programs import pauses, program_versions
from lti_tool.services.signing import unsigning
from lti_tool.services.standing import kept_standing_work, kept_standings
from lti_tool.services.standing.evidence_from_observations import SIGNING
from lti_tool.services.standing.standings import many_stands
from lti_tool.store.assignments import QualificationRow
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import AttestationRow, LedgerEntryRow
from lti_tool.store.observations import ObservationRow, RatingRow, WithdrawalKind
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow
from lti_tool.store.seen import KeptAnswerRow, KeptMarkRow, KeptStandingRow
from lti_tool.store.supervision import SessionPartRow
from rubrics.observation import UNCHANGEABLE
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.supervision import Part
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.path_rows import an_entry, on_the_way, program_in_use
from tests.lti_tool.services.supervision_rows import session_of

TEXT = """
id = "wide"
name = "Peer support"
body = "Our program"
time_zone = "America/Chicago"
pausable = ["validity"]

[[editions]]
key = "2025"
from = 2025-01-01

[[editions]]
key = "2026"
from = 2026-01-01

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "practice"
stage = "initial"
title = "10 hours of practice in a year"
at_least = "10 hours"
of = { kind = "practice", last = "12 months" }

[[requirements]]
key = "observed"
stage = "initial"
title = "1 observed session"
at_least = 1
of = { kind = "observation" }

[[requirements]]
key = "rated"
stage = "initial"
title = "1 criterion seen"
at_least = 1
of = { kind = "rating" }

[[requirements]]
key = "supervised"
stage = "initial"
title = "1 hour of supervision"
at_least = "1 hours"
of = { kind = "supervision", where = { supervisor_certified = true } }

[[requirements]]
key = "statement"
stage = "initial"
title = "A statement"
at_least = 1
of = { kind = "statement" }

[[lifecycle]]
valid_for = "12 months"
"""
Act = Callable[[World, EnrollmentRow], object]


def every_one(world: World) -> dict[str, KeptStandingRow]:
    rows = world.session.scalars(select(KeptStandingRow).execution_options(populate_existing=True))
    return {str(row.enrollment_id): row for row in rows}


def catch_up(world: World) -> None:
    """As the worker does, until nothing is left."""
    kept_standings.note_new(world.session, world.now)
    for program_id in kept_standings.due(world.session, world.now):
        while kept_standings.work_out(world.session, program_id, world.now):
            pass


def is_marked(world: World, row: KeptStandingRow) -> bool:
    marks = select(func.count()).where(KeptMarkRow.enrollment_id == row.enrollment_id)
    return row.stale_at is not None or world.session.scalars(marks).one() > 0


def differing(world: World) -> list[str]:
    """Those that are kept as good, and are not what the engine says now."""
    found = []
    for row in every_one(world).values():
        enrollment = world.session.get_one(EnrollmentRow, row.enrollment_id, populate_existing=True)
        [fresh] = many_stands(world.session, [enrollment], world.now)
        versions = program_versions.versions(world.session, row.program_id)
        said = kept_standings.kept_of(fresh, versions)
        passed = is_marked(world, row) or (row.next_on is not None and row.next_on <= fresh.today)
        if passed:
            continue
        kept = {name: getattr(row, name) for name in said.values if name != "day"}
        answers = world.session.scalars(
            select(KeptAnswerRow).where(KeptAnswerRow.enrollment_id == row.enrollment_id)
        ).all()
        kept_answers = {one.requirement: (one.answer, one.sure, one.with_waiting, one.asked_for) for one in answers}
        wanted = {one["requirement"]: tuple(list(one.values())[1:]) for one in said.answers}
        wanted_values = {name: value for name, value in said.values.items() if name != "day"}
        if kept != wanted_values or kept_answers != wanted:
            found.append(str(row.enrollment_id))
    return found


def attested(world: World, row: EnrollmentRow) -> None:
    world.session.add(
        AttestationRow(
            id=new_id(), organization_id=row.organization_id, person_id=row.person_id, kind=Kind.STATEMENT,
            on_day=world.now.date() - timedelta(days=2), said={}, unit="", source=Source.OWN_WORD, said_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()


def taken_back(world: World, row: EnrollmentRow) -> None:
    world.session.execute(
        update(AttestationRow)
        .where(AttestationRow.person_id == row.person_id)
        .values(taken_back_at=world.now, taken_back_by=row.person_id)
    )


def in_all_entries(**values: object) -> Act:
    return lambda world, row: world.session.execute(
        update(LedgerEntryRow).where(LedgerEntryRow.person_id == row.person_id).values(**values)
    )


def signed(world: World, row: EnrollmentRow) -> None:
    world.sign("jo", world.answered())


def signature_withdrawn(world: World, row: EnrollmentRow) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    jo = world.visitor("jo")
    one = unsigning.own_signature(world.session, jo, observation_id, Lane.PEER)
    observation = world.session.get_one(ObservationRow, observation_id)
    unsigning.withdraw_signature(
        world.session, observation, one.id, WithdrawalKind.NOT_ME, by=jo.person_id, reason=None, now=world.now
    )


def qualification(world: World, row: EnrollmentRow) -> None:
    world.session.add(
        QualificationRow(
            id=new_id(), organization_id=row.organization_id, person_id=world.visitor("jo").person_id,
            kind="Supervisor certified", valid_from=date(2020, 1, 1), recorded_by=world.visitor("ines").person_id,
            recorded_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()


def moved(world: World, row: EnrollmentRow) -> None:
    versions = [each.id for each in program_versions.versions(world.session, row.program_id)]
    world.session.add(
        EnrollmentMoveRow(
            id=new_id(), organization_id=row.organization_id, enrollment_id=row.id, from_version_id=versions[1],
            to_version_id=versions[0], proposed_by=world.visitor("ines").person_id, proposed_at=world.now,
            answered_at=world.now, agreed=True, moved_on=world.now.date(), ended_at=world.now,
        )
    )  # fmt: skip
    row.version_id = versions[0]
    world.session.flush()


def confirmed(world: World, row: EnrollmentRow) -> None:
    world.session.execute(update(SessionPartRow).values(confirmed_at=world.now))


def became_one(world: World, row: EnrollmentRow) -> None:
    """Noor's account was Sam's too; hers had hours."""
    sam, noor = world.visitor("sam").person_id, world.visitor("noor").person_id
    an_entry(world, "noor", "4", signed_by="jo")
    world.session.execute(update(PersonRow).where(PersonRow.id == noor).values(merged_into=sam))


def with_rated_levels(world: World, row: EnrollmentRow) -> None:
    world.session.execute(update(RatingRow).values(level=None, not_observed=True))


ACTS: dict[str, Act] = {
    "an entry": lambda w, e: an_entry(w, amount="6"),
    "an entry that is signed": lambda w, e: an_entry(w, amount="6", signed_by="jo"),
    "entries wait": in_all_entries(state=EntryState.WAITING),
    "entries are corrected": in_all_entries(amount=Decimal("0.5")),
    "an observation is shared": lambda w, e: w.share(),
    "an observation is answered": lambda w, e: w.answered(),
    "an observation is signed": signed,
    "a signature is taken back": signature_withdrawn,
    "levels change": with_rated_levels,
    "something is noted": attested,
    "it is taken back": taken_back,
    "a session": lambda w, e: session_of(w, "jo", ("jo", Part.PEER), ("sam", Part.TRAINEE)),
    "a session is confirmed": confirmed,
    "a qualification": qualification,
    "a qualification ends": lambda w, e: w.session.execute(update(QualificationRow).values(ended_at=w.now)),
    "a decision": lambda w, e: decided(w, e, w.now.date() - timedelta(days=1)),
    "it is taken back too": lambda w, e: w.session.execute(update(DecisionRow).values(taken_back_at=w.now)),
    "a pause": lambda w, e: pauses.begin(w.session, w.visitor("sam"), e.id, None, w.now),
    "a pause ends": lambda w, e: pauses.end(w.session, w.visitor("sam"), e.id, w.now),
    "another day of entering": lambda w, e: w.session.execute(
        update(EnrollmentRow).where(EnrollmentRow.id == e.id).values(entered_on=w.now.date() - timedelta(days=9))
    ),
    "another edition": moved,
    "two are one": became_one,
}


def began(make_world: MakeWorld) -> tuple[World, EnrollmentRow]:
    world = make_world()
    enrollment = on_the_way(world, text=TEXT)
    session_of(world, "jo", ("jo", Part.PEER), ("sam", Part.TRAINEE))
    catch_up(world)
    assert not differing(world)
    return world, enrollment


@pytest.mark.parametrize("name", ACTS)
def test_cap_d6_what_is_kept_is_marked_by_whatever_changes_it(make_world: MakeWorld, name: str) -> None:
    world, enrollment = began(make_world)
    try:
        ACTS[name](world, enrollment)
    except Refused:
        pytest.fail(f"{name} is to be possible here")
    world.session.flush()
    assert not differing(world)
    catch_up(world)
    assert not differing(world)
    assert not any(is_marked(world, row) for row in every_one(world).values())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.booleans()), min_size=2, max_size=7))
def test_cap_d6_whatever_is_done_in_whatever_order_what_is_kept_is_what_the_engine_says(
    make_world: MakeWorld, acts: list[tuple[str, bool]]
) -> None:
    world = make_world()
    nested = world.session.begin_nested()
    try:
        enrollment = on_the_way(world, text=TEXT)
        for name, worked_out in acts:
            step = world.session.begin_nested()
            try:
                ACTS[name](world, enrollment)
                world.session.flush()
            except Exception:  # whatever is not possible now changes nothing
                step.rollback()
            world.session.expire_all()
            if worked_out:
                catch_up(world)
            assert not differing(world), name
    finally:
        nested.rollback()
        world.session.expire_all()


def test_a_new_enrollment_waits_to_be_worked_out_and_twice_changes_nothing(world: World) -> None:
    enrollment = on_the_way(world)
    assert kept_standings.note_new(world.session, world.now) == 1
    assert kept_standings.note_new(world.session, world.now) == 0
    assert list(kept_standings.due(world.session, world.now)) == [enrollment.program_id]
    assert kept_standings.work_out(world.session, enrollment.program_id, world.now) == 1
    assert kept_standings.work_out(world.session, enrollment.program_id, world.now) == 0
    assert not kept_standings.due(world.session, world.now)
    [row] = every_one(world).values()
    assert (row.status, row.asked, row.met) == (Status.NOT_STARTED, 1, 0)


def test_a_day_that_comes_is_worked_out_anew_and_an_old_one_at_night(world: World) -> None:
    enrollment = on_the_way(world, text=TEXT)
    an_entry(world, amount="12", signed_by="jo")
    catch_up(world)
    [row] = every_one(world).values()
    assert row.next_on is not None
    world.now += timedelta(days=1)
    at_night = kept_standings.work_out(world.session, enrollment.program_id, world.now, also_old=True)
    assert (at_night, every_one(world)[str(enrollment.id)].stale_at) == (1, None)
    world.now += timedelta(days=800)
    assert list(kept_standings.due(world.session, world.now)) == [enrollment.program_id]
    catch_up(world)
    assert not differing(world)


def test_many_are_worked_out_with_as_many_statements_as_few_and_in_bounds(world: World) -> None:
    on_the_way(world)
    program_id, versions = program_in_use(world, TEXT)
    for who in ("sam", "noor", "jo"):
        world.session.add(
            EnrollmentRow(
                id=new_id(), organization_id=world.organization_id, program_id=program_id,
                person_id=world.visitor(who).person_id, version_id=versions[-1], entered_on=world.now.date(),
                enrolled_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()
    kept_standings.note_new(world.session, world.now, program_id)
    assert kept_standings.work_out(world.session, program_id, world.now, most=2) == 2
    assert kept_standings.work_out(world.session, program_id, world.now, most=2) == 1


def test_whoever_is_not_on_the_way_any_more_is_left_as_they_were(world: World) -> None:
    enrollment = on_the_way(world)
    catch_up(world)
    enrollment.ended_at, enrollment.ended_by = world.now, enrollment.person_id
    world.session.flush()
    assert not kept_standings.due(world.session, world.now)
    enrollment.ended_at = enrollment.ended_by = None
    world.session.flush()
    assert kept_standings.due(world.session, world.now)


def test_marks_of_whoever_left_are_taken_away_at_night_and_coming_back_marks_anew(world: World) -> None:
    gone, there = on_the_way(world), on_the_way(world, "noor", text=TEXT)
    catch_up(world)
    gone.ended_at, gone.ended_by = world.now, gone.person_id
    world.session.flush()
    for who in ("sam", "noor", "sam"):
        an_entry(world, who, signed_by="jo")
    before = marks(world)
    assert set(before) == {gone.id, there.id}
    kept_standings.take_spent_marks_away(world.session)
    assert marks(world) == {there.id: before[there.id]}
    catch_up(world)
    gone.ended_at = gone.ended_by = None
    world.session.flush()
    assert set(marks(world)) == {gone.id}
    catch_up(world)
    assert marks(world) == {}
    assert not differing(world)


def marks(world: World) -> dict[UUID, int]:
    counted = select(KeptMarkRow.enrollment_id, func.count()).group_by(KeptMarkRow.enrollment_id)
    return {row[0]: row[1] for row in world.session.execute(counted)}


def test_what_an_observer_still_writes_marks_nothing(world: World) -> None:
    on_the_way(world)
    catch_up(world)
    world.share()
    assert not any(is_marked(world, row) for row in every_one(world).values())


def test_the_states_that_mark_are_those_that_are_evidence() -> None:
    [mark] = [each for each in MARKS if each.table == "observation"]
    assert {state.value for state in UNCHANGEABLE | SIGNING} == set(mark.when.split("'")[1::2])


def test_nothing_but_marks_is_lost_with_a_withdrawn_word(world: World) -> None:
    """Deleting ratings of an observation that counts marks too."""
    world.answered()
    on_the_way(world, text=TEXT)
    catch_up(world)
    world.session.execute(RatingRow.__table__.delete())
    assert all(is_marked(world, row) for row in every_one(world).values())
    assert not differing(world)


def test_the_worker_works_out_whatever_is_due_and_looks_at_old_ones_at_night(
    world: World, sessions: sessionmaker[Session]
) -> None:
    program_id = on_the_way(world).program_id
    kept_standings.note_new(world.session, world.now)
    world.session.commit()
    assert kept_standing_work.work(sessions, program_id, lambda: world.now, stopping=lambda: True) == 0
    assert kept_standing_work.work(sessions, program_id, lambda: world.now) == 1
    assert kept_standing_work.work(sessions, program_id, lambda: world.now) == 0
    tomorrow = world.now + timedelta(days=1)
    kept_standing_work.at_night(sessions, lambda: tomorrow)
    [row] = every_one(world).values()
    assert (row.day, row.stale_at) == (tomorrow.date(), None)


def test_whoever_cannot_be_worked_out_stays_as_they_are_and_the_others_go_on(
    world: World, sessions: sessionmaker[Session]
) -> None:
    sam = on_the_way(world)
    noor = EnrollmentRow(
        id=new_id(), organization_id=sam.organization_id, program_id=sam.program_id, version_id=sam.version_id,
        person_id=world.visitor("noor").person_id, entered_on=sam.entered_on, enrolled_at=world.now,
    )  # fmt: skip
    world.session.add(noor)
    an_entry(world, "noor", signed_by="jo", said={"category": "no number"})
    kept_standings.note_new(world.session, world.now)
    program_id, sam_id, noor_id = sam.program_id, str(sam.id), str(noor.id)
    world.session.commit()
    assert kept_standing_work.work(sessions, program_id, lambda: world.now) == 1
    kept = every_one(world)
    assert (kept[sam_id].stale_at, kept[noor_id].stale_at is None) == (None, False)


def test_of_a_program_that_nobody_published_nothing_is_kept(world: World) -> None:
    assert kept_standings.work_out(world.session, new_id(), world.now) == 0
    assert kept_standings.waiting(world.session, new_id(), world.now) == ()
