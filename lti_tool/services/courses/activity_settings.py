"""How an activity is held, as instructors may change it later on: what is under way keeps what it began with."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring.author import require_instructor
from lti_tool.services.courses.places import Activity, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.qualifications.qualified import LONGEST_KIND
from lti_tool.services.scores import deliver
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow
from rubrics.observation import OVER
from rubrics.refusal import Refused
from rubrics.sign_off import WAYS_IN, Assurance

LIMITS: Mapping[str, tuple[int, int]] = {
    "observers": (1, 10),
    "threshold": (0, 10),
    "request_days": (1, 60),
    "response_days": (1, 60),
    "required_observations": (1, 50),
    "supervision_days": (1, 30),
}
"""The least and the most that each number may be."""
MOST_QUALIFICATIONS = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be changed after an activity was placed."""

    observers: int
    threshold: int
    request_days: int
    response_days: int
    required_observations: int
    least_assurance: Assurance
    code_asked: bool
    qualifications: tuple[str, ...]
    supervision_days: int
    needs_agreement: bool


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One of them, before and after."""

    name: str
    before: int | Assurance | tuple[str, ...]
    after: int | Assurance | tuple[str, ...]


def settings_of(activity: Activity) -> Settings:
    """As they are now."""
    return Settings(**{field.name: getattr(activity, field.name) for field in fields(Settings)})


def changes(before: Settings, after: Settings) -> tuple[SettingChange, ...]:
    """What would be other than before."""
    pairs = ((field.name, getattr(before, field.name), getattr(after, field.name)) for field in fields(Settings))
    return tuple(SettingChange(name, was, will) for name, was, will in pairs if was != will)


def under_way(session: Session, activity_id: UUID) -> int:
    """How many observations of the activity are neither over nor final."""
    open_ones = select(func.count(ObservationRow.id)).where(
        ObservationRow.activity_id == activity_id, ObservationRow.state.not_in(OVER)
    )
    return session.scalars(open_ones).one()


def change(session: Session, visitor: Visitor, place: Place, wanted: Settings, now: datetime) -> tuple[UUID, ...]:
    """Let the activity be held so from now on. The answer names scores to look at. Raises `Refused`, `NotHere`."""
    require_instructor(session, visitor, place.course.id)
    _check(wanted)
    row = session.get_one(ActivityRow, place.activity.id, with_for_update=True, populate_existing=True)
    changed = changes(_of_row(row), wanted)
    for one in changed:
        if one.name == "code_asked":
            row.code_since = now if one.after else None
        else:
            setattr(row, one.name, list(one.after) if isinstance(one.after, tuple) else one.after)
        audit.write(
            session,
            organization_id=place.organization_id,
            person_id=visitor.person_id,
            act="activity.settings",
            subject=f"activity:{row.id}",
            now=now,
            setting=one.name,
            before=_code(one.before),
            after=_code(one.after),
        )
    session.flush()
    if any(one.name == "required_observations" for one in changed):
        return deliver.desire_for_all(session, row.id, now)
    return ()


def _of_row(row: ActivityRow) -> Settings:
    return Settings(
        observers=row.observers,
        threshold=row.threshold,
        request_days=row.request_days,
        response_days=row.response_days,
        required_observations=row.required_observations,
        least_assurance=row.least_assurance,
        code_asked=row.code_since is not None,
        qualifications=tuple(row.qualifications),
        supervision_days=row.supervision_days,
        needs_agreement=row.needs_agreement,
    )


def _check(wanted: Settings) -> None:
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(wanted, name) <= most:
            raise Refused(name, "Please give a number from %(least)s to %(most)s.", least=least, most=most)
    if wanted.least_assurance not in WAYS_IN:
        raise Refused("least_assurance", "Please choose one.")
    kinds = wanted.qualifications
    if len(kinds) > MOST_QUALIFICATIONS or any(not kind or len(kind) > LONGEST_KIND for kind in kinds):
        raise Refused(
            "qualifications",
            "Please name at most %(count)s qualifications, each with at most %(limit)s characters.",
            count=MOST_QUALIFICATIONS,
            limit=LONGEST_KIND,
        )


def _code(value: int | Assurance | tuple[str, ...]) -> int | str:
    """For the audit, which keeps no words: of qualifications, how many."""
    return len(value) if isinstance(value, tuple) else value
