"""Who agreed to what, for one observation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rubrics.observation import Mode
from rubrics.refusal import Refused


class Audience(StrEnum):
    """Who may read an observation beyond those who observe and sign it, if the trainee agrees."""

    MENTORS = "mentors"
    """the trainee's mentors, once it is shared with the trainee"""


class PersonServed(StrEnum):
    """Whether the person who was supported agreed; nothing more about them is kept."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


WITHOUT_PERSON_SERVED: frozenset[Mode] = frozenset({Mode.ROLE_PLAY, Mode.CASE_DISCUSSION})
"""The modes in which nobody is being supported, so that there is nobody to ask."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the trainee agreed to for one observation, and whether they took it back."""

    mode: Mode
    recorded: bool
    agreed_at: datetime
    withdrawn_at: datetime | None = None
    audience: frozenset[Audience] = frozenset()


def may_open_form(person_served: PersonServed, mode: Mode) -> None:
    """Whether the form may open. Raises `Refused` unless the person served agreed, or there is none."""
    match person_served:
        case PersonServed.YES:
            return
        case PersonServed.NO:
            raise Refused(
                "person_served_said_no",
                "The person who is supported said no, and that is respected: this observation does not take place. "
                "Another time can be found, without any effect on the trainee.",
            )
        case PersonServed.NOT_APPLICABLE if mode not in WITHOUT_PERSON_SERVED:
            raise Refused(
                "person_served_not_asked",
                "Someone is being supported here, so their agreement comes first. "
                "Please ask them, and record only yes or no.",
            )
