"""A course with an activity and many trainees, each with observations that only wait for a signature."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, inspect, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.practice import LmsVisitor
from lti_tool.services.asking import ask
from lti_tool.services.courses import people, places
from lti_tool.services.entering.visitors import Visitor, open_session, who_is_it
from lti_tool.services.observations import answer, observe
from lti_tool.store.base import Base, new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import (
    AssessmentRow,
    ConsentRow,
    CriterionResponseRow,
    ObservationRow,
    ObserverRow,
    RatingRow,
    ResponseRow,
)
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from rubrics.consent import PersonServed
from rubrics.observation import Mode
from rubrics.sign_off import Assurance, Lane
from tests.living import PATIENCE, Living
from tests.lti_tool.published import first_offered
from tests.torture.plan import REQUIRED, Trainee

TITLE = "Warm line"
PIECE = 250
"""Trainees whose observations are written at once."""


def build(place: Living, sessions: sessionmaker[Session], trainees: Sequence[Trainee]) -> tuple[list[Trainee], UUID]:
    """Make all of it; the answer is the trainees with their ids, and who observes and signs."""
    place.control("acts/enroll_many", number=len(trainees))
    observer = _set_up(place, sessions)
    accounts = _accounts(sessions, len(trainees))
    known = [replace(one, person_id=str(row[0]), sub=row[1]) for one, row in zip(trainees, accounts, strict=True)]
    with sessions.begin() as session:
        pattern = _pattern(
            session, visitor(session, UUID(known[0].person_id), _now()), visitor(session, observer, _now())
        )
    filled = [replace(one, observations=tuple(str(new_id()) for _ in range(one.signed))) for one in known]
    for first in range(0, len(filled), PIECE):
        with sessions.begin() as session:
            _copy(session, pattern, filled[first : first + PIECE])
    return filled, observer


def _set_up(place: Living, sessions: sessionmaker[Session]) -> UUID:
    """An activity that Ines places; Jo observes in it, and signs in the lane of peers."""
    link = place.control("acts/add_activity", title=TITLE, maximum=100)["id"]
    ines = LmsVisitor(place.lms)
    choosing = ines.open("ines", link)
    chosen = {"title": TITLE, "version_id": first_offered(choosing.text)}
    page = ines.submit(choosing, chosen, form="Set up the activity")
    assert page.status == 200, page.words
    for who in ("ines", "jo"):
        assert LmsVisitor(place.lms).open(who, link).status == 200
    with sessions.begin() as session:
        session.execute(update(ActivityRow).values(required_observations=REQUIRED))
        instructor, observer = (visitor(session, launched(session, name), _now()) for name in ("Ines", "Jo"))
        activity_id = session.scalars(select(ActivityRow.id)).one()
        people.grant(
            session, instructor, places.place(session, instructor, activity_id), person_id=observer.person_id,
            capability=Capability.SUPERVISOR, lane=Lane.PEER, now=_now(),
        )  # fmt: skip
    return observer.person_id


def launched(session: Session, name: str) -> UUID:
    """Who came by a launch and is called so."""
    known = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.launched)
    )
    return next(id_ for id_, named in known if (named or "").startswith(name))


def _accounts(sessions: sessionmaker[Session], number: int) -> list[tuple[UUID, str]]:
    """So many trainees with what the LMS calls them, once the worker has read the LMS's list."""
    deadline = time.monotonic() + PATIENCE + number / 10
    crowd = select(PersonRow.id, LmsAccountRow.sub, PersonRow.name).join(
        LmsAccountRow, LmsAccountRow.person_id == PersonRow.id
    )
    while time.monotonic() < deadline:
        with sessions() as session:
            found = [(id_, sub) for id_, sub, name in session.execute(crowd) if (name or "").startswith("Trainee ")]
        if len(found) >= number:
            return sorted(found)[:number]
        time.sleep(0.5)
    raise AssertionError("the list of people was not read")


def visitor(session: Session, person_id: UUID, now: datetime) -> Visitor:
    """Somebody who just came in."""
    person = session.get_one(PersonRow, person_id)
    token = open_session(
        session,
        organization_id=person.organization_id,
        person_id=person_id,
        assurance=Assurance.LAUNCH,
        now=now,
    )
    found = who_is_it(session, token, now)
    assert found is not None
    return found


Pattern = list[tuple[type[Base], dict[str, Any]]]


def _pattern(session: Session, trainee: Visitor, observer: Visitor) -> Pattern:
    """The rows of one observation that waits for its signature, which came to be as every one does."""
    now = _now()
    place = places.place(session, trainee, session.scalars(select(ActivityRow.id)).one())
    observation_id = ask.request(
        session, trainee, place, observer_id=observer.person_id, mode=Mode.ROLE_PLAY, recorded=False, note=None, now=now
    )
    observe.person_served(session, observer, observation_id, PersonServed.NOT_APPLICABLE, now)
    criteria = observe.form(session, observer, observation_id).rubric.criteria
    rated = observe.RatingChange(level=4, not_observed=False, evidence="Waited, then asked.")
    change = observe.Change(strength="Let the silence be.", ratings={each.key: rated for each in criteria})
    observe.save(session, observer, observation_id, change, now)
    observe.share(session, observer, observation_id, now)
    answer.answer(session, trainee, observation_id, words="I was nervous at first.", now=now)
    rows: Pattern = [(ObservationRow, _values(session.get_one(ObservationRow, observation_id)))]
    for kind in (ObserverRow, ConsentRow, ResponseRow, CriterionResponseRow, AssessmentRow):
        found = session.scalars(select(kind).where(kind.observation_id == observation_id))  # type: ignore[attr-defined]
        rows += [(kind, _values(row)) for row in found]
    rows += [(RatingRow, _values(row)) for row in session.scalars(select(RatingRow))]
    return rows


def _values(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}


def _copy(session: Session, pattern: Pattern, trainees: Sequence[Trainee]) -> None:
    """The same for all observations of these trainees."""
    copies = [(one, UUID(id_), new_id()) for one in trainees for id_ in one.observations]
    for kind in dict.fromkeys(kind for kind, _ in pattern):
        of_kind = [values for found, values in pattern if found is kind]
        session.execute(insert(kind), list(_copied(of_kind, copies)))


def _copied(rows: Sequence[dict[str, Any]], copies: Sequence[tuple[Trainee, UUID, UUID]]) -> Iterator[dict[str, Any]]:
    for trainee, observation_id, assessment_id in copies:
        for values in rows:
            own = {"id": new_id()} if "id" in values else {}
            if "trainee_id" in values:
                own = {"id": observation_id, "trainee_id": UUID(trainee.person_id), "salt": str(observation_id)}
            elif "submitted_at" in values:
                own = {"id": assessment_id}
            if "observation_id" in values:
                own["observation_id"] = observation_id
            if "assessment_id" in values:
                own["assessment_id"] = assessment_id
            yield values | own


def _now() -> datetime:
    return datetime.now(UTC)
