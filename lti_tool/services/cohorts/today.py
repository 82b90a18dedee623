"""What matters today to the instructors of an activity: what stands still, and what only a person can mend."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services.caseload.standing_people import carrying
from lti_tool.services.courses.places import Place
from lti_tool.services.observations import came_back
from lti_tool.services.observations.came_back import Why
from lti_tool.services.qualifications import qualified
from lti_tool.services.signing import signatures
from lti_tool.store.mail import MailRow, MailState
from lti_tool.store.people import MembershipRow


@dataclass(frozen=True, slots=True)
class Today:
    """Counts, each with a page that says more."""

    came_back: Mapping[Why, int]
    """By why, the most pressing first; only what there is."""
    disputed: int
    """Signatures of which their signer says that it was not them."""
    mail: int
    """Mails to people of the course that did not arrive."""
    ending: tuple[qualified.Ending, ...]
    """Qualifications of those who observe or sign that end soon."""

    @property
    def standing_still(self) -> int:
        """How much came back."""
        return sum(self.came_back.values())


def today(session: Session, place: Place, now: datetime) -> Today:
    """What matters today in the activity."""
    people = [one.id for one in carrying(session, place.course.id) if one.observes]
    return Today(
        came_back=came_back.counted(came_back.came_back(session, place, now)),
        disputed=len(signatures.disputed(session, place)),
        mail=_mail(session, place),
        ending=qualified.ending_soon(session, people, now.date()) if place.activity.qualifications else (),
    )


def _mail(session: Session, place: Place) -> int:
    return session.scalars(
        select(func.count(MailRow.id.distinct()))
        .join(MembershipRow, MembershipRow.person_id == MailRow.person_id)
        .where(
            MembershipRow.course_id == place.course.id,
            MembershipRow.ended_at.is_(None),
            MailRow.state.in_((MailState.NEEDS_PERSON, MailState.RETURNED)),
        )
    ).one()
