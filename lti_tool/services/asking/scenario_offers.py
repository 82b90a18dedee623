"""Which scenario an observation uses: choosing one, another one of its group without a reason, doing without.

Nothing that is required counts differently with another scenario, and nobody but its trainee reads what they put back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.access import Field, Who, may_see
from lti_tool.services import audit
from lti_tool.services.authoring.scenario_lists import of_group
from lti_tool.services.authoring.scenarios import published, value_of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import ObservationLine, line, who_is_reading
from lti_tool.services.observations.moves import held, held_by_trainee, takes_part
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.observations import AssessmentRow, ConsentRow, ObservationRow
from lti_tool.store.scenarios import ScenarioOfferRow, ScenarioRow, ScenarioState
from rubrics.observation import Mode, State
from rubrics.refusal import Refused
from rubrics.scenario import Scenario, another

WITH_SCENARIO = frozenset({Mode.ROLE_PLAY, Mode.CASE_DISCUSSION})
STILL_OPEN = frozenset({State.REQUESTED, State.SCHEDULED, State.CONSENTED, State.IN_PROGRESS, State.PAUSED})
"""Until the form is handed in."""


@dataclass(frozen=True, slots=True)
class Use:
    """What an observation uses, for one reader."""

    scenario: Scenario | None
    """None while none is chosen."""
    scenario_id: UUID | None
    may_choose: bool
    """None is chosen, and this reader can choose one."""
    may_swap: bool
    """This reader, the trainee, can have another one or do without."""
    others: int
    """How many others of its group there are."""


def use_of(session: Session, seen: ObservationLine, who: frozenset[Who]) -> Use | None:
    """What the observation uses; None where it uses none and none can be chosen, or this reader sees nothing of it."""
    if seen.state is State.WITHDRAWN or not may_see(Field.CONSENT, who):
        return None
    current = _current(session, seen.id)
    taking_part = bool(who & {Who.TRAINEE, Who.OBSERVER})
    if seen.mode not in WITH_SCENARIO or (current is None and not taking_part):
        return None
    changeable = seen.state in STILL_OPEN and not any(one.handed_in for one in seen.taking_part)
    if current is None and not changeable:
        return None
    others = len(_others(session, current)) if current and changeable and Who.TRAINEE in who else 0
    return Use(
        scenario=value_of(current) if current else None,
        scenario_id=current.id if current else None,
        may_choose=current is None and changeable,
        may_swap=current is not None and changeable and Who.TRAINEE in who,
        others=others,
    )


def read(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> tuple[ObservationLine, Use]:
    """The observation and its scenario, to be opened. That its trainee opened it is noted.

    Raises `NotHere` where there is none, and for whoever may not see it.
    """
    seen = line(session, visitor.organization_id, observation_id)
    who = who_is_reading(session, visitor, seen)
    use = use_of(session, seen, who)
    if use is None or use.scenario is None:
        raise NotHere
    log_reading(session, visitor, trainee_id=seen.trainee_id, seen={seen.id: frozenset({Field.CONSENT})}, now=now)
    if Who.TRAINEE in who:
        offer = _standing(session, observation_id)
        if offer is not None and offer.opened_at is None:
            offer.opened_at = now
    return seen, use


def may_choose(session: Session, visitor: Visitor, observation_id: UUID) -> ObservationLine:
    """The observation, for its trainee or an observer, while none is chosen. Raises `NotHere`."""
    seen = line(session, visitor.organization_id, observation_id)
    use = use_of(session, seen, who_is_reading(session, visitor, seen))
    if use is None or not use.may_choose:
        raise NotHere
    return seen


def choose(session: Session, visitor: Visitor, observation_id: UUID, scenario_id: UUID, now: datetime) -> None:
    """Have it use this scenario, which is offered now: by its trainee or an observer, where it uses none yet.

    Raises `NotHere`, and `Refused` once the form is handed in, where one was chosen meanwhile, and for other modes.
    """
    row = held(session, visitor, observation_id)
    if row.trainee_id != visitor.person_id and not takes_part(session, row.id, visitor.person_id):
        raise NotHere
    seen = line(session, visitor.organization_id, observation_id)
    who_is_reading(session, visitor, seen)
    _check_open(session, row)
    standing = _standing(session, row.id)
    if standing is not None and standing.scenario_id == scenario_id:
        return
    if standing is not None:
        raise Refused("scenario_chosen", "A scenario was chosen meanwhile. Its trainee can take another one.")
    published(session, visitor.organization_id, scenario_id)
    _offer(session, row, scenario_id, now)
    _record(session, visitor, "scenario.choose", row, now)
    if row.trainee_id != visitor.person_id:
        notify.news(
            session,
            organization_id=row.organization_id,
            person_id=row.trainee_id,
            now=now,
            kind=MessageKind.OBSERVATION,
            path=f"/o/{row.id}",
            sender_id=visitor.person_id,
        )


def swap(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Have another one of the same group, by its trainee, without a reason, and as often as they like.

    What was put back comes again only when nothing else is left. Raises `NotHere`, and `Refused` where there is no
    other, or the form is handed in.
    """
    row = held_by_trainee(session, visitor, observation_id)
    _check_open(session, row)
    offer, current = _standing(session, row.id), _current(session, row.id)
    if offer is None or current is None:
        raise Refused("no_scenario", "No scenario is chosen just now. You can choose one, or do without.")
    others = _others(session, current)
    instead = another(others, current.id, _put_back(session, row.id))
    if instead is None:
        raise Refused("no_other_scenario", "There is no other scenario like this one. You can do without one.")
    _put_this_back(session, offer, now)
    _offer(session, row, instead, now)
    _record(session, visitor, "scenario.swap", row, now)


def do_without(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Use none, by its trainee, without a reason. Raises `NotHere`, and `Refused` once the form is handed in."""
    row = held_by_trainee(session, visitor, observation_id)
    _check_open(session, row)
    offer = _standing(session, row.id)
    if offer is not None:
        _put_this_back(session, offer, now)
        _record(session, visitor, "scenario.do_without", row, now)


def _check_open(session: Session, row: ObservationRow) -> None:
    mode = session.scalars(select(ConsentRow.mode).where(ConsentRow.observation_id == row.id)).one_or_none()
    if row.state is State.WITHDRAWN or mode not in WITH_SCENARIO:
        raise NotHere
    handed_in = session.scalars(
        select(func.count())
        .select_from(AssessmentRow)
        .where(AssessmentRow.observation_id == row.id, AssessmentRow.submitted_at.is_not(None))
    ).one()
    if row.state not in STILL_OPEN or handed_in:
        raise Refused(
            "scenario_used", "What was seen is handed in already, so the scenario stays as it was. Nothing is lost."
        )


def _standing(session: Session, observation_id: UUID) -> ScenarioOfferRow | None:
    return session.scalars(
        select(ScenarioOfferRow).where(
            ScenarioOfferRow.observation_id == observation_id, ScenarioOfferRow.swapped_at.is_(None)
        )
    ).one_or_none()


def _current(session: Session, observation_id: UUID) -> ScenarioRow | None:
    return session.scalars(
        select(ScenarioRow)
        .join(ScenarioOfferRow, ScenarioOfferRow.scenario_id == ScenarioRow.id)
        .where(ScenarioOfferRow.observation_id == observation_id, ScenarioOfferRow.swapped_at.is_(None))
    ).one_or_none()


def _others(session: Session, current: ScenarioRow) -> Sequence[UUID]:
    if current.equivalence_group is None:
        return ()
    found = of_group(session, current.organization_id, current.equivalence_group, current.language)
    return [one for one in found if one != current.id]


def _put_back(session: Session, observation_id: UUID) -> Sequence[UUID]:
    """Longest ago first."""
    return session.scalars(
        select(ScenarioOfferRow.scenario_id)
        .where(ScenarioOfferRow.observation_id == observation_id, ScenarioOfferRow.swapped_at.is_not(None))
        .order_by(ScenarioOfferRow.swapped_at, ScenarioOfferRow.id)
    ).all()


def _put_this_back(session: Session, offer: ScenarioOfferRow, now: datetime) -> None:
    offer.swapped_at = now
    session.flush()  # before another one stands in its place


def _offer(session: Session, row: ObservationRow, scenario_id: UUID, now: datetime) -> None:
    """Of each scenario an observation has one row: one that was put back stands again.

    From here on its words are not changed any more: whoever is changing them just now goes first.
    """
    offered = session.scalars(
        select(ScenarioRow.state).where(ScenarioRow.id == scenario_id).with_for_update(read=True)
    ).one()
    if offered is not ScenarioState.PUBLISHED:
        raise Refused("scenario_gone", "This scenario is not offered any more. Please choose another one.")
    before = session.scalars(
        select(ScenarioOfferRow).where(
            ScenarioOfferRow.observation_id == row.id, ScenarioOfferRow.scenario_id == scenario_id
        )
    ).one_or_none()
    if before is not None:
        before.offered_at, before.swapped_at = now, None
    else:
        session.add(
            ScenarioOfferRow(
                id=new_id(),
                organization_id=row.organization_id,
                observation_id=row.id,
                scenario_id=scenario_id,
                offered_at=now,
            )
        )
    session.flush()


def _record(session: Session, visitor: Visitor, act: str, row: ObservationRow, now: datetime) -> None:
    """That it was so, and not which: what somebody would rather not meet is nobody's to read."""
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"observation:{row.id}",
        now=now,
    )
