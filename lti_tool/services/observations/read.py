"""Reading one observation: each reader gets the fields that the access table gives them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Field, Who, may_change, may_see
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.caseload.relations import relations_of
from lti_tool.services.courses.places import standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import ObservationLine, display_name, lanes_of, line, who_is_reading
from lti_tool.services.observations.meetings import Meeting
from lti_tool.services.observations.views import View
from lti_tool.services.observations.voice import Voice, voice_of, written_so_far
from lti_tool.services.observations.what_was_seen import seen_by
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import (
    ConsentRow,
    ObservationRow,
    SignOffRow,
    SignOffWithdrawalRow,
)
from lti_tool.store.people import PersonRow
from rubrics.assessment import Assessment
from rubrics.consent import Consent, PersonServed
from rubrics.observation import READ_BY_TRAINEE, State
from rubrics.rubric import RubricVersion
from rubrics.sign_off import Assurance, Lane, Meaning
from rubrics.voice import may_be_silent

SILENT = READ_BY_TRAINEE - {State.SHARED, State.AMENDING}
"""Without an answer, these mean that the window passed in silence."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as pages show it."""

    lane: Lane
    signer_name: str
    meaning: Meaning
    attestation: str
    assurance: Assurance
    signed_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """One observation as this reader may see it: what they may not see is None or empty."""

    line: ObservationLine
    version: RubricVersion
    lanes_needed: tuple[Lane, ...]
    assessment: Assessment | None
    """The view of the one who leads, once it was shared; all of them are `views`."""
    views: tuple[View, ...]
    self_view: Assessment | None
    """How the trainee sees it themselves."""
    self_given: bool
    """Whether they gave it, so that others may read it."""
    meetings: tuple[Meeting, ...]
    handed_in: bool
    """Whether the reader observes it and has handed in what they saw."""
    voice: Voice | None
    """What the trainee answered, with words or without."""
    writing: Voice | None
    """What the trainee is writing, while they can."""
    consent: Consent | None
    person_served: PersonServed | None
    note: str | None
    signatures: tuple[Signature, ...]
    who: frozenset[Who]
    may_answer: bool
    """Their answer is signed together with what was observed."""
    may_add: bool
    """The window passed in silence: words can still be added, beside what was signed."""
    signed_before_answer: frozenset[Lane]
    """Lanes that signed before the answer came, so that it is not part of what they signed."""
    may_sign: frozenset[Lane]

    @property
    def response(self) -> str | None:
        """The trainee's words on the whole."""
        return self.voice.words if self.voice else None


def read(
    session: Session,
    visitor: Visitor,
    observation_id: UUID,
    now: datetime,
    *,
    shown: frozenset[Field] = frozenset(Field),
) -> Record:
    """The observation for this reader; that they opened it is written in the read log. Raises `NotHere`.

    `shown` are the fields that the page shows; by default all that this reader may see.
    """
    seen = line(session, visitor.organization_id, observation_id)
    who = who_is_reading(session, visitor, seen)
    row = session.get_one(ObservationRow, observation_id)
    record = _record(session, visitor, row, seen, who, now)
    fields = _fields_in(record) & (shown | {Field.STATUS})
    log_reading(session, visitor, trainee_id=row.trainee_id, seen={row.id: fields}, now=now)
    return record


def _fields_in(record: Record) -> frozenset[Field]:
    present = {
        Field.STATUS: True,
        Field.ASSESSMENT: record.assessment is not None,
        Field.SELF_ASSESSMENT: record.self_view is not None,
        Field.MEETING: bool(record.meetings),
        Field.CONSENT: record.consent is not None,
        Field.NOTE: record.note is not None,
        Field.RESPONSE: record.voice is not None and not record.voice.without_words,
        Field.SIGN_OFF: bool(record.signatures),
    }
    return frozenset(field for field, there in present.items() if there)


def _record(
    session: Session,
    visitor: Visitor,
    row: ObservationRow,
    seen: ObservationLine,
    who: frozenset[Who],
    now: datetime,
) -> Record:
    lanes = tuple(
        Lane(lane) for lane in session.scalars(select(ActivityRow.lanes).where(ActivityRow.id == row.activity_id)).one()
    )
    what = seen_by(session, visitor.person_id, row, seen, who)
    consent = session.scalars(select(ConsentRow).where(ConsentRow.observation_id == row.id)).one_or_none()
    voice = voice_of(session, row.id) if row.answered_at and may_see(Field.RESPONSE, who) else None
    sees_consent = consent is not None and may_see(Field.CONSENT, who)
    signatures = _signatures(session, row.id)
    silent = row.answered_at is None and row.state in SILENT
    may_write = (silent or row.state is State.SHARED) and may_change(Field.RESPONSE, who)
    return Record(
        line=seen,
        version=rubric_of(session, row.rubric_version_id),
        lanes_needed=lanes,
        assessment=what.lead,
        views=what.views,
        self_view=what.self_view,
        self_given=what.self_given,
        meetings=what.meetings,
        handed_in=what.handed_in,
        voice=voice,
        writing=written_so_far(session, row.id) if may_write else None,
        consent=_consent(consent) if consent and sees_consent else None,
        person_served=consent.person_served if consent and sees_consent else None,
        note=row.note if may_see(Field.NOTE, who) else None,
        signatures=signatures if may_see(Field.SIGN_OFF, who) else (),
        who=who,
        may_answer=seen.state is State.SHARED and may_change(Field.RESPONSE, who),
        may_add=silent and may_change(Field.RESPONSE, who),
        signed_before_answer=frozenset(
            signature.lane for signature in signatures if row.answered_at and signature.signed_at < row.answered_at
        ),
        may_sign=_may_sign(session, visitor, seen, who, now),
    )


def _consent(row: ConsentRow) -> Consent:
    return Consent(mode=row.mode, recorded=row.recorded, agreed_at=row.agreed_at, withdrawn_at=row.withdrawn_at)


def _signatures(session: Session, observation_id: UUID) -> tuple[Signature, ...]:
    rows = session.execute(
        select(SignOffRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == SignOffRow.signer_id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id == observation_id, SignOffWithdrawalRow.id.is_(None))
        .order_by(SignOffRow.signed_at)
    )
    return tuple(
        Signature(
            lane=sign_off.lane,
            signer_name=display_name(sign_off.signer_id, name),
            meaning=sign_off.meaning,
            attestation=sign_off.attestation,
            assurance=sign_off.assurance,
            signed_at=sign_off.signed_at,
            digest=sign_off.digest,
        )
        for sign_off, name in rows
    )


def _may_sign(
    session: Session, visitor: Visitor, seen: ObservationLine, who: frozenset[Who], now: datetime
) -> frozenset[Lane]:
    if Who.SUPERVISOR not in who or not ready_to_sign(seen, now):
        return frozenset()
    standing = standing_of(session, visitor.person_id, seen.course_id)
    relations = relations_of(session, visitor.person_id, seen.course_id)
    return lanes_of(seen.trainee_id, standing, relations) & seen.lanes_open


def ready_to_sign(seen: ObservationLine, now: datetime) -> bool:
    """Whether the trainee has answered, or has let the time to answer pass."""
    if seen.state is State.SHARED:
        return may_be_silent(seen.respond_until, now)
    return seen.state is State.ANSWERED
