"""Codes that are typed: short, so each try is counted, and how many go out in an hour; only their digests are kept."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.store.mail import MailKind, MailRow
from rubrics.refusal import Refused
from rubrics.typed import in_digits

CODES = (MailKind.CODE, MailKind.ADDRESS)
"""For coming in and for an address. Whoever has a link asks for them, so those for signing are counted apart."""
CODE_LIFETIME = timedelta(minutes=10)
CODE_DIGITS = 8
ATTEMPTS = 5
"""How often a code may be typed before it opens nothing any more."""
CODES_AN_HOUR = 5


def new_code(digits: int = CODE_DIGITS) -> str:
    """A code to be typed: short, so that its tries are counted."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def code_digest(secret: str, code: str) -> str:
    """Keyed, so that the short code cannot be searched for in a stolen database; only digits count, of any script."""
    digits = "".join(each for each in in_digits(code) if each.isdecimal())
    return hmac.new(secret.encode(), digits.encode(), hashlib.sha256).hexdigest()


def keyed_digest(row_id: UUID, code: str, key: str) -> str:
    """What is kept of a code that goes with no secret of its own: keyed with the installation's, and with its row."""
    return code_digest(f"{key}:{row_id}", code)


def fits(digest: str, row_id: UUID, code: str, secret_keys: tuple[str, ...]) -> bool:
    """Whether it is the code of this `keyed_digest`, also after a change of keys."""
    return any(hmac.compare_digest(digest, keyed_digest(row_id, code, key)) for key in secret_keys)


def may_ask_for_code(session: Session, person_id: UUID, now: datetime, *, kinds: tuple[MailKind, ...] = CODES) -> None:
    """Raises `Refused` for whoever had several codes of these kinds within the hour."""
    lately = session.scalars(
        select(func.count())
        .select_from(MailRow)
        .where(
            MailRow.person_id == person_id,
            MailRow.kind.in_(kinds),
            MailRow.made_at > now - timedelta(hours=1),
        )
    ).one()
    if lately >= CODES_AN_HOUR:
        raise Refused(
            "codes_enough",
            "Several codes were sent within the last hour. Please use the newest, or ask for another in an hour.",
        )
