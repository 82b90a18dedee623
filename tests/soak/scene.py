"""A course with an activity, and pairs of people in it: a trainee, and whoever observes and signs for them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.practice import LmsVisitor
from lti_tool.services.courses import people, places
from lti_tool.store.courses import ActivityRow
from lti_tool.store.people import PersonRow
from rubrics.sign_off import Lane
from tests.living import Living
from tests.lti_tool.published import first_offered
from tests.soak.people import Pair
from tests.torture.building import launched, visitor

TITLE = "Warm line"
REQUIRED = 8
"""Observations that the activity asks for: each signature changes the score."""
AT_ONCE = 4


def build(place: Living, sessions: sessionmaker[Session], number: int) -> tuple[str, list[Pair]]:
    """Make it; the answer is the LMS's name of the link, and the pairs."""
    link = place.control("acts/add_activity", title=TITLE, maximum=100)["id"]
    place.control("acts/enroll_many", number=number)
    for one in range(number):
        place.control("acts/add_person", key=f"observer-{one}", name=f"Observer {one}", roles=["supervisor"])
    ines = LmsVisitor(place.lms)
    choosing = ines.open("ines", link)
    chosen = {"title": TITLE, "version_id": first_offered(choosing.text)}
    page = ines.submit(choosing, chosen, form="Set up the activity")
    assert page.status == 200, page.words
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for came in pool.map(lambda one: LmsVisitor(place.lms).open(f"observer-{one}", link), range(number)):
            assert came.status == 200, came.words
    with sessions.begin() as session:
        return link, _granted(session, number)


def _granted(session: Session, number: int) -> list[Pair]:
    """Each observer may sign in the lane of peers; a busy day is no reason to refuse another request."""
    session.execute(update(ActivityRow).values(required_observations=REQUIRED))
    now = datetime.now(UTC)
    ines = visitor(session, launched(session, "Ines"), now)
    place = places.place(session, ines, session.scalars(select(ActivityRow.id)).one())
    known = {row.name: row.id for row in session.scalars(select(PersonRow))}
    pairs = [Pair(one, known[f"Observer {one}"]) for one in range(number)]
    for pair in pairs:
        people.grant(
            session, ines, place, person_id=pair.observer_id, capability=Capability.SUPERVISOR, lane=Lane.PEER, now=now
        )
    return pairs
