"""Signing: who may, in which lane, and what exactly was signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from rubrics.observation import State
from rubrics.refusal import _N, Refused


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
    LAUNCH_CONFIRMED = "launch_confirmed"
    """a launch, and a code that was mailed to them for signing"""
    LINK_CONFIRMED = "link_confirmed"
    """a link with a code, and another code that was mailed to them for signing"""


class Lane(StrEnum):
    """The two lanes of equal standing; a program names those it asks for."""

    PEER = "peer"
    CLINICAL = "clinical"


ATTESTATIONS: Mapping[Meaning, str] = MappingProxyType(
    {
        Meaning.OBSERVED: _N(
            "I observed this practice myself. What is written here is what I saw and heard, "
            "and I have read the trainee's answer where one was given."
        ),
        Meaning.REVIEWED: _N(
            "I have read this assessment, and the trainee's answer where one was given, and I sign for it in my lane."
        ),
        Meaning.DECIDED: _N("I have weighed what is recorded here. This is my decision, for the reasons I gave."),
    }
)
"""The sentence that a signer agrees to, for each meaning."""


def lanes_open(lanes_needed: frozenset[Lane], lanes_signed: frozenset[Lane]) -> frozenset[Lane]:
    """The lanes that are needed and have not signed yet."""
    return lanes_needed - lanes_signed


def digest_of(document: bytes) -> str:
    """SHA-256 of the document, in hexadecimal."""
    return sha256(document).hexdigest()


ASSURANCES: tuple[Assurance, ...] = (
    Assurance.IN_PERSON,
    Assurance.LINK_WITH_CODE,
    Assurance.LINK_CONFIRMED,
    Assurance.LAUNCH,
    Assurance.LAUNCH_CONFIRMED,
)
"""The least sure first. A code does not make up for the LMS where an activity asks for that."""
WAYS_IN: frozenset[Assurance] = frozenset({Assurance.LAUNCH, Assurance.LINK_WITH_CODE, Assurance.IN_PERSON})
"""How somebody comes in, or is here; what an activity may ask for at least. Whether it asks for a code is apart."""
_CONFIRMED: Mapping[Assurance, Assurance] = MappingProxyType(
    {Assurance.LAUNCH: Assurance.LAUNCH_CONFIRMED, Assurance.LINK_WITH_CODE: Assurance.LINK_CONFIRMED}
)


def confirmed(way_in: Assurance) -> Assurance:
    """How sure it is once a code that was mailed to them was typed; on another's device it stays as it was."""
    return _CONFIRMED.get(way_in, way_in)


def is_confirmed(assurance: Assurance) -> bool:
    """Whether a code was mailed to whoever signs, and typed."""
    return assurance in _CONFIRMED.values()


@dataclass(frozen=True, slots=True)
class NotQualified:
    """A qualification that is asked for and that the signer does not have today."""

    kind: str
    until: date | None
    """The last day on which theirs was good; None: none was recorded."""


def may_sign(
    *,
    signer: str,
    lanes_of_signer: frozenset[Lane],
    lane: Lane,
    lanes_needed: frozenset[Lane],
    lanes_signed: frozenset[Lane],
    trainee: str,
    state: State,
    signers: frozenset[str] = frozenset(),
    conflict: bool = False,
    not_qualified: tuple[NotQualified, ...] = (),
    agreement_in_force: bool = True,
    assurance: Assurance = Assurance.LAUNCH,
    least_assurance: Assurance = Assurance.IN_PERSON,
    code_asked: bool = False,
) -> None:
    """Whether the signer may sign in the lane now. Raises `Refused`, the lasting reason before the passing one.

    `signers` are those whose signature stands under this observation in other lanes: lanes are independent, so one
    person signs in one of them only. `conflict`: one stands between signer and trainee, whoever declared it.
    `agreement_in_force`: the two have a supervision agreement in this lane, or the activity asks for none.
    `code_asked`: whoever signs is asked for a code that is mailed to them.

    Codes: own_practice, conflict, lane_not_yours, lane_not_needed, already_signed, signed_in_other_lane, withdrawn,
    ended, complete, lanes_meet, being_amended, not_yet_answered, not_qualified, no_agreement,
    assurance, code_first.
    """
    _theirs(signer, trainee, conflict=conflict)
    _lane(lane, lanes_of_signer, lanes_needed)
    if lane in lanes_signed:
        raise Refused("already_signed", "This lane has been signed already. Nothing more is needed here.")
    if signer in signers:
        raise Refused(
            "signed_in_other_lane",
            "You signed this in your other lane. The lanes are independent of each other, so someone else signs here.",
        )
    _ready(state)
    _qualified(not_qualified)
    if not agreement_in_force:
        raise _agreement_first()
    if ASSURANCES.index(assurance) < ASSURANCES.index(least_assurance):
        raise _surer(least_assurance)
    if code_asked and not is_confirmed(assurance):
        raise Refused(
            "code_first",
            "Signing here asks for a code that is mailed to you. Please open it again: the code comes first, and then "
            "you sign.",
        )


def _theirs(signer: str, trainee: str, *, conflict: bool) -> None:
    if signer == trainee:
        raise Refused("own_practice", "This is your own practice, so someone else signs it.")
    if conflict:
        raise Refused("conflict", "Someone else does this for this person. Nothing is needed here.")


def _lane(lane: Lane, lanes_of_signer: frozenset[Lane], lanes_needed: frozenset[Lane]) -> None:
    if lane not in lanes_of_signer:
        raise Refused(
            "lane_not_yours",
            "Signing in this lane belongs to its own supervisors. If it is yours too, please ask the instructor "
            "of the course to note it on the page People.",
        )
    if lane not in lanes_needed:
        raise Refused("lane_not_needed", "This activity does not ask for a signature in this lane. Nothing is needed.")


def _qualified(not_qualified: tuple[NotQualified, ...]) -> None:
    for wanting in not_qualified:
        if wanting.until is not None:
            raise Refused(
                "not_qualified",
                "To sign here, %(kind)s has to be current. Yours was good until %(until)s. Once the instructor of the "
                "course has recorded the next one, you can sign.",
                kind=wanting.kind,
                until=wanting.until,
            )
        raise Refused(
            "not_qualified",
            "To sign here, %(kind)s has to be current, and none is recorded for you yet. The instructor of the course "
            "can record it; then you can sign.",
            kind=wanting.kind,
        )


def _agreement_first() -> Refused:
    return Refused(
        "no_agreement",
        "Here the trainee and whoever signs first agree in writing on their supervision, and both sign that. Either of "
        "you can propose an agreement, on the page Supervision. Once it is in force, you can sign.",
    )


def _surer(least: Assurance) -> Refused:
    if least is Assurance.LAUNCH:
        return Refused(
            "assurance",
            "This activity is signed by people who came in through the LMS. Please open Attune from your course, "
            "and sign there.",
        )
    return Refused(
        "assurance",
        "This activity is signed on the signer's own device. Please sign in with your own link, and sign there.",
    )


def _ready(state: State) -> None:
    match state:
        case State.ANSWERED:
            return
        case State.WITHDRAWN:
            raise Refused("withdrawn", "This observation was taken back, so there is nothing to sign.")
        case State.DECLINED | State.STOPPED | State.CANCELED | State.NOT_HELD:
            raise Refused("ended", "This observation did not take place, so there is nothing to sign.")
        case State.FINAL | State.RELEASED:
            raise Refused("complete", "This observation is complete. Nothing more is needed here.")
        case State.SUPERSEDED | State.RECONSIDERED:
            raise Refused("complete", "Another record stands in the place of this one. Nothing more is needed here.")
        case State.IN_RECONCILIATION:
            raise Refused(
                "lanes_meet", "The lanes meet about this one first. It can be signed once their record is kept."
            )
        case State.AMENDING:
            raise Refused("being_amended", "This is being rewritten after the trainee's words. They read it first.")
        case (
            State.REQUESTED
            | State.SCHEDULED
            | State.CONSENTED
            | State.IN_PROGRESS
            | State.PAUSED
            | State.DRAFTED
            | State.IN_MODERATION
            | State.SHARED
        ):
            raise Refused(
                "not_yet_answered",
                "The trainee's own words come first. You can sign once they have answered, "
                "or when their time to answer has ended.",
            )
