"""The icon that goes with each state, so that it is the same everywhere; a word always stands beside it."""

from enum import StrEnum

from grading.appeals import AppealState
from grading.delivery import DeliveryState
from grading.ledger import EntryState
from lti_tool.services.asking.double_observations import Second
from lti_tool.store.exports import ExportState
from lti_tool.store.files import FileState
from rubrics.evidence import EvidenceState
from rubrics.observation import State

ICONS: dict[type[StrEnum], dict[str, str]] = {
    Second: {
        Second.TO_FIND: "person",
        Second.WITH_TRAINEE: "clock",
        Second.ASKED: "clock",
        Second.UNDER_WAY: "dots",
        Second.DONE: "check",
        Second.ONE: "circle",
    },
    State: {
        State.REQUESTED: "clock",
        State.SCHEDULED: "clock",
        State.CONSENTED: "clock",
        State.IN_PROGRESS: "dots",
        State.PAUSED: "pause",
        State.DRAFTED: "dots",
        State.IN_MODERATION: "clock",
        State.SHARED: "clock",
        State.ANSWERED: "clock",
        State.AMENDING: "dots",
        State.IN_RECONCILIATION: "clock",
        State.FINAL: "check",
        State.RELEASED: "check",
        State.DECLINED: "circle",
        State.CANCELED: "circle",
        State.NOT_HELD: "circle",
        State.STOPPED: "pause",
        State.WITHDRAWN: "circle",
        State.SUPERSEDED: "circle",
        State.RECONSIDERED: "circle",
    },
    AppealState: {
        AppealState.DRAFT: "dots",
        AppealState.LATE: "clock",
        AppealState.OPEN: "clock",
        AppealState.WITH_PANEL: "clock",
        AppealState.DECIDED: "check",
        AppealState.NOT_TAKEN_UP: "circle",
        AppealState.WITHDRAWN: "circle",
        AppealState.OVERTAKEN: "circle",
    },
    DeliveryState: {
        DeliveryState.WAITING: "clock",
        DeliveryState.ACCEPTED: "check",
        DeliveryState.NEEDS_PERSON: "person",
        DeliveryState.DIFFERS: "person",
        DeliveryState.LET_STAND: "check",
        DeliveryState.CLEARED: "circle",
    },
    EntryState: {
        EntryState.OPEN: "circle",
        EntryState.WAITING: "clock",
        EntryState.RETURNED: "person",
        EntryState.SIGNED: "check",
        EntryState.REVERSED: "circle",
    },
    EvidenceState: {
        EvidenceState.ARRIVING: "dots",
        EvidenceState.CHECKING: "dots",
        EvidenceState.READY: "check",
        EvidenceState.NOT_TAKEN: "person",
        EvidenceState.WITHDRAWN: "circle",
    },
    FileState: {
        FileState.WAITING: "clock",
        FileState.READING: "dots",
        FileState.READ: "person",
        FileState.WANTED: "clock",
        FileState.TAKING_IN: "dots",
        FileState.TAKEN_IN: "check",
        FileState.NOT_TAKEN: "person",
    },
    ExportState: {
        ExportState.WAITING: "clock",
        ExportState.UNDER_WAY: "dots",
        ExportState.READY: "check",
        ExportState.STOPPED: "person",
        ExportState.CALLED_OFF: "circle",
        ExportState.GONE: "circle",
    },
}


def icon(value: StrEnum) -> str:
    """The name of the icon that goes with a state, see templates/components/status.html."""
    return ICONS[type(value)][value]
