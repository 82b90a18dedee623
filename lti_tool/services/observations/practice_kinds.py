"""What kind of practice an observation was of: way of working, setting, whether an interpreter was present.

Each is optional, and what nobody said stays unsaid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.moves import held, takes_part
from lti_tool.store.observations import ObservationRow
from rubrics.observation import State
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import Refused

BY_OBSERVER = frozenset(
    {State.REQUESTED, State.SCHEDULED, State.CONSENTED, State.IN_PROGRESS, State.PAUSED, State.IN_MODERATION,
     State.AMENDING}
)  # fmt: skip
"""While the rating form is open, or not yet."""
BY_TRAINEE = frozenset({State.REQUESTED, State.SCHEDULED, State.CONSENTED})

Said = Mapping[str, PracticeModel | Setting | bool | None]
"""By the names of `Kind`; what is not among them stays as it is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What was said; None: nobody did."""

    model: PracticeModel | None = None
    setting: Setting | None = None
    interpreter: bool | None = None

    @property
    def said(self) -> bool:
        """Whether anything was."""
        return self != Kind()


def kind_of(session: Session, observation_id: UUID) -> Kind:
    """What was said of it so far; whose it is, the caller checks."""
    row = session.get_one(ObservationRow, observation_id)
    return Kind(row.model, row.setting, row.interpreter)


def say(session: Session, visitor: Visitor, observation_id: UUID, said: Said, now: datetime) -> None:
    """Keep what is said: by its trainee before it begins, by an observer while their form is open.

    Raises `NotHere` for anybody else, and `Refused` (form_closed) where something would change too late.
    """
    row = held(session, visitor, observation_id)
    own = row.trainee_id == visitor.person_id
    if row.state is State.WITHDRAWN or not (own or takes_part(session, row.id, visitor.person_id)):
        raise NotHere
    changed = {name: value for name, value in said.items() if getattr(row, name) != value}
    if not changed:
        return
    if row.state not in (BY_TRAINEE if own else BY_OBSERVER):
        raise Refused("form_closed", "This can be said until it is handed in. Nothing that was saved is lost.")
    for name, value in changed.items():
        setattr(row, name, value)
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act="observation.kind",
        subject=f"observation:{row.id}",
        now=now,
        said=", ".join(sorted(changed)),
    )
