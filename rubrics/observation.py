"""An observation: one occasion of practice, watched with the trainee's consent."""

from enum import StrEnum


class State(StrEnum):
    """Where an observation stands. The moves between states are one table, `MOVES`."""

    REQUESTED = "requested"
    CONSENTED = "consented"
    IN_PROGRESS = "in_progress"
    SHARED = "shared"
    ANSWERED = "answered"
    FINAL = "final"
    RELEASED = "released"
    DECLINED = "declined"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


class Mode(StrEnum):
    """How the practice was seen."""

    LIVE = "live"
    ROLE_PLAY = "role_play"
    RECORDED = "recorded"
    REMOTE = "remote"
    CASE_DISCUSSION = "case_discussion"
