"""Signing: who may, in which lane, and what exactly was signed."""

from enum import StrEnum


class Meaning(StrEnum):
    """What a signature says its signer did."""

    OBSERVED = "observed"
    REVIEWED = "reviewed"
    DECIDED = "decided"


class Assurance(StrEnum):
    """How sure we are who signed."""

    LAUNCH = "launch"
    LINK_WITH_CODE = "link_with_code"
    IN_PERSON = "in_person"


class Lane(StrEnum):
    """The two lanes of equal standing; a program names those it asks for."""

    PEER = "peer"
    CLINICAL = "clinical"
