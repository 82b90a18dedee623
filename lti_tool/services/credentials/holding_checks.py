"""Checking an issued credential step by step, as anybody would, from what its issuer publishes here."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.documents.badge import Purpose
from lti_tool.documents.badge_checks import Checked, NotFound, check
from lti_tool.documents.sentences import Sentence
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import issuer_keys, issuer_pages, status_lists
from lti_tool.services.credentials.holding_pages import Public
from rubrics.refusal import _N

NOT_OURS = _N("It was issued at another address than this site, so it is checked there.")


def checked(session: Session, found: Public, public_url: str, now: datetime) -> Checked:
    """Every step, in the order in which anybody would take them. Nothing is asked of the network."""
    return check(found.row.document.encode(), _Own(session, public_url, found.row.organization_id, now), now)


class _Own:
    """What this site publishes as the issuer. Another one, such as this site at an earlier address, is not found."""

    def __init__(self, session: Session, public_url: str, organization_id: UUID, now: datetime) -> None:
        self._session, self._url, self._of, self._now = session, public_url, organization_id, now

    def did(self, name: str) -> bytes:
        if name != issuer_keys.did_of(self._url, self._of):
            raise NotFound(Sentence(NOT_OURS))
        try:
            return json.dumps(issuer_pages.did_document(self._session, self._url, self._of)).encode()
        except NotHere:
            raise NotFound(Sentence(NOT_OURS)) from None

    def status(self, url: str) -> bytes:
        list_address, _, purpose = url.rpartition("/")
        number = list_address.rpartition("/")[2]
        if not number.isdecimal() or purpose not in tuple(Purpose):
            raise NotFound(Sentence(NOT_OURS))
        if list_address != status_lists.address_of(self._url, self._of, int(number)):
            raise NotFound(Sentence(NOT_OURS))
        text, _ = issuer_pages.status_list(
            self._session, self._url, self._of, number=int(number), purpose=Purpose(purpose), integrity=False,
            now=self._now,
        )  # fmt: skip
        return text.encode()
