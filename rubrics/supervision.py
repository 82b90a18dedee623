"""Supervision: what both sides agreed to, sessions that were held, and asking for one."""

from enum import StrEnum


class SessionKind(StrEnum):
    """What kind of session it was."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    JOINT = "joint"
    """with at least one supervisor of each lane: it counts in both"""
    DEBRIEF = "debrief"
    """after something that was heavy"""


class Held(StrEnum):
    """How people met."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


class Part(StrEnum):
    """What somebody was in a session."""

    TRAINEE = "trainee"
    PEER = "peer"
    """supervising in the peer lane"""
    CLINICAL = "clinical"
    """supervising in the clinical lane"""
