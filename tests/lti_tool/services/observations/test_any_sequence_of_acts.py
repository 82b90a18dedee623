"""Whatever a trainee, two observers, two lanes, an instructor and a stranger do in whatever order."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from lti_tool.services.asking import ask, times
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations import (  # fmt: skip
    answer,
    differing,
    ending,
    observe,
    replying,
    self_assessment,
    superseding,
)
from lti_tool.services.operating import clean
from lti_tool.services.signing import sign_off, unsigning
from lti_tool.store.courses import ActivityRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from lti_tool.store.records import AuditEntryRow
from rubrics.consent import PersonServed
from rubrics.observation import BEFORE, MOVES, UNCHANGEABLE, UNDER_WAY, Move, State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.times import Span
from tests.lti_tool.services.asking.test_times import asked, span
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.observations.test_words_away import around_an_observation, words_left

PEOPLE = ("sam", "jo", "amara", "ines", "noor")
LIKELY = ("sam", "jo", "amara")
CONTENT = ("assessment", "rating", "response", "criterion_response", "consent", "sign_off", "signed_document")
Act = Callable[[World, Visitor, UUID], object]


def write_and_hand_in(level: int) -> Act:
    def act(world: World, who: Visitor, observation_id: UUID) -> None:
        rubric = observe.form(world.session, who, observation_id).rubric
        ratings = {c.key: observe.RatingChange(level, False, "Waited, then asked.") for c in rubric.criteria}
        change = observe.Change(strength="Let the silence be.", ratings=ratings)
        observe.save(world.session, who, observation_id, change, world.now)
        observe.share(world.session, who, observation_id, world.now)

    return act


def sign(lane: Lane) -> Act:
    def act(world: World, who: Visitor, observation_id: UUID) -> None:
        shown = sign_off.preview(world.session, who, observation_id, lane, world.now)
        sign_off.sign(world.session, who, observation_id, lane=lane, digest=shown.digest, now=world.now)

    return act


ACTS: dict[str, Act] = {
    "propose": lambda w, v, o: times.propose(w.session, v, o, span(w, 30), where="Room 5", now=w.now),
    "agree": lambda w, v, o: times.agree(w.session, v, o, w.now),
    "begin": lambda w, v, o: observe.person_served(w.session, v, o, PersonServed.NOT_APPLICABLE, w.now),
    "pause": lambda w, v, o: ending.pause(w.session, v, o, w.now),
    "resume": lambda w, v, o: ending.resume(w.session, v, o, w.now),
    "stop": lambda w, v, o: ending.stop(w.session, v, o, w.now),
    "cancel": lambda w, v, o: ending.cancel(w.session, v, o, w.now),
    "decline": lambda w, v, o: ending.decline(w.session, v, o, w.now),
    "not_hold": lambda w, v, o: times.not_hold(w.session, v, o, w.now),
    "hand_in": write_and_hand_in(4),
    "hand_in_otherwise": write_and_hand_in(2),
    "answer": lambda w, v, o: answer.answer(w.session, v, o, words="I was nervous.", now=w.now),
    "see_oneself": lambda w, v, o: self_assessment.save(w.session, v, o, observe.Change(growth="Slower."), w.now),
    "amend": lambda w, v, o: replying.amend(w.session, v, o, w.now),
    "share_again": lambda w, v, o: replying.share_again(w.session, v, o, w.now),
    "sign_peer": sign(Lane.PEER),
    "sign_clinical": sign(Lane.CLINICAL),
    "take_back": lambda w, v, o: unsigning.take_back(w.session, v, o, Lane.PEER, reason="Too early.", now=w.now),
    "differ": lambda w, v, o: differing.differ(w.session, v, o, Lane.CLINICAL, reason="I saw it so.", now=w.now),
    "supersede": lambda w, v, o: superseding.say_so(w.session, v, o, reason="Mixed up.", correct=False, now=w.now),
    "withdraw": lambda w, v, o: ask.withdraw(w.session, v, o, w.now),
    "take_away": lambda w, v, o: ask.take_away_now(w.session, v, o, w.now),
}
SURE: dict[str, tuple[frozenset[State], frozenset[str]]] = {
    "withdraw": (frozenset(state for state, step in MOVES if step is Move.WITHDRAW), frozenset({"sam"})),
    "cancel": (BEFORE, frozenset({"sam"})),
    "pause": (frozenset({State.IN_PROGRESS}), frozenset(LIKELY)),
    "resume": (frozenset({State.PAUSED}), frozenset(LIKELY)),
    "stop": (UNDER_WAY | {State.CONSENTED}, frozenset(LIKELY)),
    "take_away": (frozenset({State.WITHDRAWN}), frozenset({"sam"})),
}
"""Where these are possible, and for whom: done there, and nowhere else. Observers only while they have a part."""
FORWARD = ("agree", "begin", "hand_in", "answer", "sign_peer", "sign_clinical")


class AnyOrder(RuleBasedStateMachine):
    """One observation; `world` is set by the test and goes back to its beginning after each run."""

    world: World

    @initialize(with_time=st.booleans(), how_far=st.sampled_from([0, 1, 2, 3, 4, 4, 5, 5, 6, 6]))
    def ask(self, with_time: bool, how_far: int) -> None:
        self.point = self.world.session.begin_nested()
        self.start = self.world.now
        wanted: Span | None = span(self.world) if with_time else None
        self.id = asked(self.world, "sam", "jo", "amara", time=wanted)
        self.final: str | None = None
        for what in FORWARD[:how_far]:
            self.all_go_on(what)

    @rule(what=st.sampled_from(sorted(ACTS)), who=st.sampled_from(PEOPLE))
    def anybody_does_something(self, what: str, who: str) -> None:
        self.do(what, who)

    @rule(what=st.sampled_from(FORWARD), who=st.sampled_from(LIKELY))
    def somebody_goes_on(self, what: str, who: str) -> None:
        self.do(what, who)

    @rule(what=st.sampled_from(["supersede", "withdraw", "take_back", "differ", "pause"]), who=st.sampled_from(LIKELY))
    def somebody_thinks_again(self, what: str, who: str) -> None:
        self.do(what, who)

    @rule(what=st.sampled_from(FORWARD))
    def everybody_goes_on(self, what: str) -> None:
        self.all_go_on(what)

    def all_go_on(self, what: str) -> None:
        for who in LIKELY:
            self.do(what, who)

    @rule(days=st.sampled_from([1, 8]))
    def days_pass(self, days: int) -> None:
        self.world.now += timedelta(days=days)

    @rule()
    def it_is_cleaned(self) -> None:
        clean.clean(self.world.session, self.world.now)

    def do(self, what: str, who: str) -> None:
        before, part = self.row().state, self.has_part(who)
        point = self.world.session.begin_nested()
        try:
            ACTS[what](self.world, self.world.visitor(who), self.id)
            self.world.session.flush()
        except (Refused, NotHere):
            point.rollback()
            self.world.session.expire_all()
            done = False
        else:
            point.commit()
            done = True
        if what in SURE:
            states, people = SURE[what]
            assert done is (before in states and who in people and part), (what, who, before)
        if not done:
            assert self.row().state is before

    def has_part(self, who: str) -> bool:
        visitor = self.world.visitor(who)
        found = self.world.session.scalars(
            select(ObserverRow.id).where(
                ObserverRow.observation_id == self.id,
                ObserverRow.person_id == visitor.person_id,
                ObserverRow.state.in_(("asked", "agreed")),
            )
        ).first()
        return who == "sam" or found is not None

    def row(self) -> ObservationRow:
        return self.world.session.get_one(ObservationRow, self.id)

    @invariant()
    def every_move_is_in_the_table(self) -> None:
        state = State.REQUESTED
        for entry in self.entries():
            _, _, name = entry["act"].partition("observation.")
            if name in set(Move):
                state = MOVES[state, Move(name)]
                assert state == entry["facts"]["state"]
        assert state is self.row().state

    def entries(self) -> list[dict[str, Any]]:
        rows = self.world.session.scalars(
            select(AuditEntryRow)
            .where(AuditEntryRow.subject == f"observation:{self.id}")
            .order_by(AuditEntryRow.number)
        )
        return [{"act": row.act, "facts": row.facts} for row in rows]

    @invariant()
    def nothing_final_changes(self) -> None:
        if self.row().state in UNCHANGEABLE:
            content = self.content()
            assert self.final in (None, content)
            self.final = content
        else:
            assert self.final is None

    def content(self) -> str:
        """All that was agreed, seen, answered and signed, as one digest. Words that come late stand beside it."""
        late = self.row().answered_at is None
        rows = [
            [table.name, *map(str, row)]
            for table in around_an_observation()
            if table.name in CONTENT and not (late and table.name in ("response", "criterion_response"))
            for row in self.world.session.execute(select(table))
        ]
        return sha256(json.dumps(sorted(rows)).encode()).hexdigest()

    @invariant()
    def only_what_is_released_has_a_score(self) -> None:
        scores = self.world.session.scalars(select(DeliveryRow.desired_score)).all()
        assert bool(scores) is (self.row().state is State.RELEASED)

    def teardown(self) -> None:
        if not hasattr(self, "point"):
            return
        if (self.row().state, Move.WITHDRAW) in MOVES:
            self.do("withdraw", "sam")
        if self.row().state is State.WITHDRAWN:
            clean.clean(self.world.session, self.world.now + timedelta(hours=25))
            assert not words_left(self.world, list(around_an_observation()))
        self.point.rollback()
        self.world.session.expire_all()
        self.world.now = self.start


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_cap_c1_cap_c7_cap_c8_no_sequence_of_acts_leads_where_the_rules_do_not(make_world: MakeWorld) -> None:
    AnyOrder.world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    AnyOrder.world.session.get_one(ActivityRow, AnyOrder.world.activity_id).observers = 2
    AnyOrder.world.session.flush()
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )  # fmt: skip
