"""What is arranged for a trainee, as pages about an observation tell it to each reader: the effect alone."""

from dataclasses import dataclass
from uuid import UUID

from flask import current_app

from lti_tool.access import Who
from lti_tool.services.observations.lines import ObservationLine
from lti_tool.services.practicum import accommodations
from lti_tool.store.care import Adjustment
from lti_tool.web import current


@dataclass(frozen=True, slots=True)
class ArrangedPart:
    """What this reader meets of it."""

    interpreter: bool
    shorter_sessions: bool
    talk_instead: bool
    audio_answer: bool
    """For the trainee alone."""
    evidence: str | None
    """Where an audio file can be brought; None where that is not possible."""

    @property
    def anything(self) -> bool:
        """Whether there is something that both sides prepare for."""
        return self.interpreter or self.shorter_sessions or self.talk_instead


def arranged_part(line: ObservationLine, who: frozenset[Who]) -> ArrangedPart:
    """What is told to a reader who stands so to the observation."""
    met = accommodations.met_by(current.db(), line, who, current.now())
    return ArrangedPart(
        interpreter=Adjustment.INTERPRETER in met,
        shorter_sessions=Adjustment.SHORTER_SESSIONS in met,
        talk_instead=Adjustment.TALK_INSTEAD in met,
        audio_answer=Adjustment.AUDIO_ANSWER in met,
        evidence=evidence_address(line.activity_id) if Adjustment.AUDIO_ANSWER in met else None,
    )


def evidence_address(activity_id: UUID) -> str | None:
    """The page on which evidence is brought; None where there is none."""
    address = f"/a/{activity_id}/evidence"
    return address if current_app.url_map.bind("attune").test(address, method="GET") else None
