"""What was seen, for one reader: the observers' views, the trainee's own, and meetings about a difference."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.access import Field, Who, may_see
from lti_tool.services.observations.lines import ObservationLine
from lti_tool.services.observations.meetings import Meeting, meetings_of
from lti_tool.services.observations.views import View, as_shared, self_view, views_of
from lti_tool.store.meetings import MeetingKind
from lti_tool.store.observations import ObservationRow
from rubrics.assessment import Assessment
from rubrics.observation import READ_BY_TRAINEE, UNDER_WAY, State

NOT_SHARED = UNDER_WAY | {State.DRAFTED, State.IN_MODERATION}


@dataclass(frozen=True, slots=True)
class WhatWasSeen:
    """As far as this reader may see it; the rest is empty."""

    views: tuple[View, ...]
    """Until it is shared, an observer has only their own here; those who meet read all of them where they meet."""
    lead: Assessment | None
    """The view of the one who leads; of a single observer, the only one. Only once it was shared."""
    self_view: Assessment | None
    self_given: bool
    """Whether others may see how the trainee sees it."""
    meetings: tuple[Meeting, ...]
    handed_in: bool
    """Whether the reader observes it and has handed in."""


def seen_by(
    session: Session, person_id: UUID, row: ObservationRow, line: ObservationLine, who: frozenset[Who]
) -> WhatWasSeen:
    """What was seen, for somebody who stands in these ways to the observation."""
    handed_in = any(one.person_id == person_id and one.handed_in for one in line.taking_part)
    views = _views(session, person_id, row, line, who) if line.state is not State.WITHDRAWN else ()
    own, given = _self(session, line, who, handed_in)
    return WhatWasSeen(
        views=views,
        lead=_lead(views, row) if row.state in READ_BY_TRAINEE else None,
        self_view=own,
        self_given=given,
        meetings=_meetings(session, line, who),
        handed_in=handed_in,
    )


def _views(
    session: Session, person_id: UUID, row: ObservationRow, line: ObservationLine, who: frozenset[Who]
) -> tuple[View, ...]:
    if row.state in READ_BY_TRAINEE:
        views = views_of(session, line) if may_see(Field.ASSESSMENT, who) else ()
        if row.state is State.AMENDING:
            return tuple(as_shared(view, row.shared_at) for view in views)
        return views
    if row.state in NOT_SHARED and may_see(Field.DRAFT, who):
        return tuple(view for view in views_of(session, line) if view.observer_id == person_id)
    return ()


def _lead(views: tuple[View, ...], row: ObservationRow) -> Assessment | None:
    led = next((view.assessment for view in views if view.observer_id == row.observer_id), None)
    return led or (views[0].assessment if views else None)


def _self(
    session: Session, line: ObservationLine, who: frozenset[Who], handed_in: bool
) -> tuple[Assessment | None, bool]:
    """How the trainee sees it, and whether they gave it. Others see it once they have said what they saw."""
    given = self_view(session, line)
    if Who.TRAINEE in who:
        return (given or self_view(session, line, given=False)), given is not None
    shared = line.state in READ_BY_TRAINEE
    may = line.state is not State.WITHDRAWN and may_see(Field.SELF_ASSESSMENT, who) and (shared or handed_in)
    return (given if may else None), given is not None and may


def _meetings(session: Session, line: ObservationLine, who: frozenset[Who]) -> tuple[Meeting, ...]:
    """Before it is shared, that observers meet is the observers' alone."""
    if not may_see(Field.MEETING, who) or line.state is State.WITHDRAWN:
        return ()
    shared = line.state in READ_BY_TRAINEE
    found = meetings_of(session, line.id) if shared or Who.OBSERVER in who else ()
    return tuple(one for one in found if one.held_at or one.kind is MeetingKind.RECONCILIATION or not shared)
