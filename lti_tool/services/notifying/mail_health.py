"""How mail stands, in numbers, for whoever watches over an installation."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.store.mail import MailRow, MailState

_UNDER_WAY = (MailState.WAITING, MailState.NEEDS_PERSON, MailState.RETURNED)


def counts(session: Session) -> Mapping[MailState, int]:
    """How many wait, and how many need a person: 0 is in it. What was sent is no number of the moment."""
    asked = select(MailRow.state, func.count()).where(MailRow.state.in_(_UNDER_WAY)).group_by(MailRow.state)
    found: dict[MailState, int] = dict(session.execute(asked).all())
    return {state: found.get(state, 0) for state in _UNDER_WAY}
