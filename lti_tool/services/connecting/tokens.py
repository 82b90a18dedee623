"""Access tokens of one registration, shared by all workers through the database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.store.base import new_id
from lti_tool.store.platforms import PlatformTokenRow
from lti_tool.store.writing import insert_once

SKEW = timedelta(seconds=60)


class PlatformTokens:
    """A `lti.gradebook.TokenStore`. Each call is a transaction of its own: tokens outlast what they were got for."""

    def __init__(
        self, sessions: sessionmaker[Session], *, organization_id: UUID, registration_id: UUID, now: datetime
    ) -> None:
        self._sessions = sessions
        self._organization_id = organization_id
        self._registration_id = registration_id
        self._now = now

    def get(self, scopes: str) -> str | None:
        """A token that is good for at least another minute."""
        with self._sessions.begin() as session:
            return session.scalars(
                select(PlatformTokenRow.token).where(
                    PlatformTokenRow.registration_id == self._registration_id,
                    PlatformTokenRow.scopes == scopes,
                    PlatformTokenRow.expires_at > self._now + SKEW,
                )
            ).one_or_none()

    def put(self, scopes: str, token: str, expires_at: datetime) -> None:
        """Keep it in place of the former one. Of two workers at once either may win: both tokens are good."""
        values = {"token": token, "expires_at": expires_at.astimezone(UTC)}
        which = (PlatformTokenRow.registration_id == self._registration_id, PlatformTokenRow.scopes == scopes)
        with self._sessions.begin() as session:
            made = insert_once(
                session,
                PlatformTokenRow,
                id=new_id(),
                organization_id=self._organization_id,
                registration_id=self._registration_id,
                scopes=scopes,
                **values,
            )
            if not made:
                session.execute(update(PlatformTokenRow).where(*which).values(**values))
