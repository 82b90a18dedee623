"""Assignment and Grade Services 2.0: scores leave through here, and nothing else does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from grading.scores import DesiredScore
from lti_tool.lti.answers import Answer, Posted, sentence
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.safe_http import SafeHttp

__all__ = ["Answer", "Gradebook", "LineItem", "Posted", "TokenStore", "sentence"]


class TokenStore(Protocol):
    """Where access tokens of one registration wait for their next use; all workers may share it."""

    def get(self, scopes: str) -> str | None:
        """A token for these scopes (sorted, with spaces between) that is still good, or None."""

    def put(self, scopes: str, token: str, expires_at: datetime) -> None:
        """Keep a token, instead of the former one for the same scopes."""


@dataclass(frozen=True, slots=True)
class LineItem:
    """A column of the platform's gradebook."""

    url: str


class Gradebook:
    """One registration's gradebook service, for one piece of work at one time."""

    def __init__(
        self, http: SafeHttp, registration: PlatformRegistration, key: SigningKey, tokens: TokenStore, now: datetime
    ) -> None:
        raise NotImplementedError

    def post_score(
        self,
        line_item_url: str,
        scopes: Collection[str],
        *,
        sub: str,
        desired: DesiredScore,
        timestamp: datetime,
        completed: bool,
    ) -> Posted:
        """Send one score (section 3.4). `scopes` are those of the launch's endpoint claim.

        The timestamp must be later, in whole seconds, than that of any score sent before for this column and
        person. Nothing is raised: whatever happens is an answer.
        """
        raise NotImplementedError

    def find_or_make_line_item(
        self,
        line_items_url: str,
        scopes: Collection[str],
        *,
        resource_link_id: str,
        resource_id: str,
        label: str,
        maximum: int,
    ) -> LineItem | Posted:
        """The column for this link and activity: the one that is there, else a new one (section 3.2).

        A `Posted` says why there is none.
        """
        raise NotImplementedError
