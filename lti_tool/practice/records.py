"""What the practice LMS keeps: registrations, courses, links, columns, scores. Frozen values, without behavior."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Tool:
    """One registration of a tool, with its first deployment."""

    client_id: str
    deployment_id: str
    name: str
    login_address: str
    redirect_addresses: tuple[str, ...]
    key_set_address: str
    target: str
    targets: Mapping[str, str]
    """Where a kind of message goes, if not to `target`."""
    scopes: tuple[str, ...]
    custom: Mapping[str, str]
    privacy: str = "public"
    """How much of a person the tool learns: public, name_only, email_only or anonymous."""
    more_deployments: tuple[str, ...] = ()
    domain: str = ""
    message_custom: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Custom words of one kind of message only."""

    def words_for(self, message: str) -> dict[str, str]:
        """The tool's custom words for a kind of message."""
        return {**self.custom, **self.message_custom.get(message, {})}

    @property
    def deployments(self) -> tuple[str, ...]:
        """All deployment ids, oldest first."""
        return (self.deployment_id, *self.more_deployments)


@dataclass(frozen=True, slots=True)
class Course:
    """A course. `state` is available, unpublished or concluded; `history` holds the ids it was copied from."""

    id: str
    label: str
    title: str
    state: str = "available"
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """A link to the tool in a course."""

    id: str
    client_id: str
    title: str
    text: str
    url: str
    custom: Mapping[str, str]
    course_id: str = "2"


@dataclass(frozen=True, slots=True)
class LineItem:
    """A column of the gradebook. `activity_id` is empty for a column that stands alone."""

    id: str
    client_id: str
    activity_id: str
    label: str
    maximum: float
    resource_id: str = ""
    tag: str = ""
    course_id: str = "2"
    coupled: bool = False
    """It was made with its activity, not by the tool."""
    secondary: bool = False
    """It stands beside the link's own column and is not in the gradebook."""
    published: bool = True
    closed: bool = False
    """Its grading period is over."""
    review: Mapping[str, Any] = field(default_factory=dict)
    """The tool's submissionReview."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Extensions that the service gives back."""


@dataclass(frozen=True, slots=True)
class Score:
    """What stands for one person in one column; `given` is None where it shows nothing."""

    line_item_id: str
    person_id: str
    given: float | None
    maximum: float | None
    timestamp: str
    """The tool's, of the last score that counted; empty where a teacher came first."""
    received_at: datetime
    activity_progress: str
    grading_progress: str
    comment: str = ""
    comments: tuple[str, ...] = ()
    """All comments, where the LMS adds each to the ones before."""
    attempts: int = 0
    """Submissions, where the LMS counts each score as one."""
    by_teacher: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    """Extensions sent with the last score."""

    @property
    def second(self) -> int:
        """The tool's timestamp in whole seconds, which is what order is judged by."""
        return int(datetime.fromisoformat(self.timestamp).timestamp()) if self.timestamp else 0


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in one course, where that differs from what they are everywhere."""

    course_id: str
    person_id: str
    roles: tuple[str, ...]
    status: str = "Active"


@dataclass(frozen=True, slots=True)
class NoticeHandler:
    """Where a deployment of a tool wants one type of notice."""

    deployment_id: str
    notice_type: str
    address: str
