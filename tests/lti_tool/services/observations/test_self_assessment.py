"""How the trainee sees it: optional, their own until they give it, read by others only after they rated."""

from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.asking import ask
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import answer, observe, read, self_assessment
from lti_tool.services.observations.observe import Change, RatingChange
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.several import BOTH, begun_by, handed_in


def write(world: World, observation_id: UUID, level: int = 5) -> None:
    sam = world.visitor("sam")
    key = self_assessment.form(world.session, sam, observation_id).rubric.criteria[0].key
    change = Change(strength="I waited.", ratings={key: RatingChange(level, False, "")})
    self_assessment.save(world.session, sam, observation_id, change, world.now)


def give(world: World, observation_id: UUID) -> None:
    self_assessment.give(world.session, world.visitor("sam"), observation_id, world.now)


def seen_by(world: World, who: str, observation_id: UUID) -> str | None:
    found = read.read(world.session, world.visitor(who), observation_id, world.now).self_view
    return found.strength if found else None


def test_cap_c1_ux_c2_a_self_assessment_is_optional_and_leaving_it_changes_nothing(world: World) -> None:
    observation_id = world.answered()
    record = read.read(world.session, world.visitor("jo"), observation_id, world.now)
    assert (record.self_view, record.self_given) == (None, False)
    assert len(world.sign("jo", observation_id)) == 1


def test_ux_f10_it_is_the_trainees_own_until_they_give_it_and_a_little_is_enough(world: World) -> None:
    observation_id = world.ask()
    with pytest.raises(Refused, match="optional"):
        give(world, observation_id)
    write(world, observation_id)
    observe.person_served(
        world.session, world.visitor("jo"), observation_id, observe.PersonServed.NOT_APPLICABLE, world.now
    )
    handed_in(world, "jo", observation_id)
    assert [seen_by(world, who, observation_id) for who in ("sam", "jo", "ines")] == ["I waited.", None, None]
    give(world, observation_id)
    assert [seen_by(world, who, observation_id) for who in ("sam", "jo", "ines")] == ["I waited.", "I waited.", None]


def test_ux_f10_observers_see_it_only_after_they_said_what_they_saw(world: World) -> None:
    observation_id = begun_by(world, *BOTH)
    write(world, observation_id)
    give(world, observation_id)
    assert [seen_by(world, who, observation_id) for who in BOTH] == [None, None]
    handed_in(world, "jo", observation_id)
    assert [seen_by(world, who, observation_id) for who in BOTH] == ["I waited.", None]


def test_ux_t4_what_was_given_is_kept_to_oneself_again_at_once(world: World) -> None:
    observation_id = world.share()
    write(world, observation_id)
    give(world, observation_id)
    with pytest.raises(Refused, match="keep it to yourself first"):
        write(world, observation_id)
    give(world, observation_id)
    for _twice in range(2):
        self_assessment.keep(world.session, world.visitor("sam"), observation_id, world.now)
    acts = list(world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act.startswith("self_assessment"))))
    assert acts == ["self_assessment.give", "self_assessment.keep"]
    assert seen_by(world, "jo", observation_id) is None
    write(world, observation_id, level=2)


def test_it_is_closed_once_the_trainee_has_answered_and_it_stays_as_it_was(world: World) -> None:
    observation_id = world.share()
    write(world, observation_id)
    give(world, observation_id)
    answer.answer(world.session, world.visitor("sam"), observation_id, words=None, now=world.now)
    for act in (give, write):
        with pytest.raises(Refused, match="until you answer"):
            act(world, observation_id)
    assert seen_by(world, "jo", observation_id) == "I waited."


def test_of_what_was_taken_back_nothing_is_written_any_more(world: World) -> None:
    observation_id, sam = world.share(), world.visitor("sam")
    ask.withdraw(world.session, sam, observation_id, world.now)
    with pytest.raises(NotHere):
        write(world, observation_id)
    with pytest.raises(NotHere):
        observe.save(world.session, world.visitor("jo"), observation_id, observe.Change(strength="x"), world.now)


def test_nobody_writes_it_for_the_trainee(world: World) -> None:
    observation_id = world.share()
    for who in ("jo", "ines", "noor"):
        with pytest.raises(NotHere):
            self_assessment.save(world.session, world.visitor(who), observation_id, Change(strength="x"), world.now)
