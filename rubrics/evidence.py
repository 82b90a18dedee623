"""Evidence: files, links and notes that a trainee puts beside their practice."""

from enum import StrEnum


class EvidenceKind(StrEnum):
    """What it is."""

    PICTURE = "picture"
    PDF = "pdf"
    AUDIO = "audio"
    VIDEO = "video"
    LINK = "link"
    NOTE = "note"


class EvidenceState(StrEnum):
    """How far it is. Nobody but its owner sees anything before it is ready."""

    ARRIVING = "arriving"
    """the file is being brought, or was cut off"""
    CHECKING = "checking"
    """it has arrived, and is looked at before anyone can open it"""
    READY = "ready"
    NOT_TAKEN = "not_taken"
    """it cannot be used as it is, and nothing of it was kept"""
    WITHDRAWN = "withdrawn"
    """taken back: hidden at once, its content purged after a day or on request"""


class Sharing(StrEnum):
    """Who else may see it. The first is how everything begins; each next one is wider."""

    ONLY_ME = "only_me"
    SUPERVISORS = "supervisors"
    """those who supervise the trainee"""
    ASSESSORS = "assessors"
    """those who observe the trainee, too"""
