"""That something waits for a person, or changed: noted here, sent as mail at most once a day, with no content."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session


def news(session: Session, *, organization_id: UUID, person_id: UUID, now: datetime) -> None:
    """Have the person told that there is something to look at; several at once are one mail."""
