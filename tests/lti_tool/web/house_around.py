"""What is around practice in a house: supervision, sites, evidence, scenarios, what is Noor's alone, care."""

from datetime import timedelta
from io import BytesIO
from secrets import token_hex
from typing import Any
from uuid import UUID

from lti_tool.store.base import Base, new_id
from lti_tool.store.care import AccommodationRow, Adjustment, GuidanceRow, HandledOutsideRow, SupportContactRow
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.handover import HandOverNoteRow, NoteState
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.privacy import ErasureRow, PrivacyRequestRow, PrivacyWish
from lti_tool.store.scenarios import ScenarioOfferRow, ScenarioRow, ScenarioState
from lti_tool.store.sites import PlacementRow, ScopeStatementRow, SiteAgreementRow, SiteContactRow, SiteRow
from lti_tool.store.supervision import (
    SessionPartRow,
    SupervisionAgreementRow,
    SupervisionRequestRow,
    SupervisionSessionRow,
)
from lti_tool.store.terms import TermsRow
from lti_tool.store.wellbeing import CheckInRow, JournalEntryRow, SelfCarePlanRow
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing
from rubrics.sign_off import Lane
from rubrics.supervision import Held, Part, SessionKind

NOBODY_ELSES = ("Journal", "Self-care", "Check-in")
"""How the words begin that are Noor's alone; the mark of the house follows."""


def around_practice(house: Any) -> None:
    """One of each; forms and addresses call them by the names that are noted."""
    _supervision(house)
    _sites(house)
    _evidence(house)
    _scenario(house)
    _noors_own(house)
    _care(house)
    _handing_over(house)


def _keep(house: Any, name: str, row_class: type[Base], /, **values: Any) -> UUID:
    id_ = new_id()
    house.session.add(row_class(id=id_, organization_id=house.organization_id, **values))
    house.session.flush()
    house.note(name, id_)
    return id_


def _supervision(house: Any) -> None:
    """Jo supervises Noor: an agreement waits for Noor's signature, a session was held, another one is wished for."""
    noor, jo, mark, now = house.visitor("noor").person_id, house.visitor("jo").person_id, house.mark, house.now
    here = {"course_id": house.course_id}
    _keep(
        house, "agreement_id", SupervisionAgreementRow, trainee_id=noor, supervisor_id=jo, lane=Lane.PEER, number=1,
        every_days=14, expectations=f"Expectations {mark}", channels=f"Channels {mark}",
        confidentiality=f"Confidentiality {mark}", written_by=jo, written_at=now, **here,
    )  # fmt: skip
    session_id = _keep(
        house, "session_id", SupervisionSessionRow, kind=SessionKind.INDIVIDUAL, held=Held.VIDEO, held_on=now.date(),
        minutes=50, agenda=f"Agenda {mark}", goals=f"Goals {mark}", recorded_by=jo, recorded_at=now, **here,
    )  # fmt: skip
    for person_id, part in ((noor, Part.TRAINEE), (jo, Part.PEER)):
        _keep(house, "part_id", SessionPartRow, session_id=session_id, person_id=person_id, part=part)
    _keep(
        house, "request_id", SupervisionRequestRow, trainee_id=noor, asked_at=now,
        answer_by=now + timedelta(days=2), **here,
    )  # fmt: skip


def _sites(house: Any) -> None:
    noor, ines, mark, now = house.visitor("noor").person_id, house.visitor("ines").person_id, house.mark, house.now
    site_id = _keep(
        house, "site_id", SiteRow, name=f"Site {mark}", crisis_plan=f"Crisis plan {mark}", made_by=ines, made_at=now,
        changed_at=now,
    )  # fmt: skip
    _keep(house, "site_contact_id", SiteContactRow, site_id=site_id, name=f"Contact {mark}")
    _keep(
        house, "site_agreement_id", SiteAgreementRow, site_id=site_id, title=f"Agreement {mark}",
        begins_on=now.date(), recorded_by=ines, recorded_at=now,
    )  # fmt: skip
    _keep(
        house, "placement_id", PlacementRow, course_id=house.course_id, trainee_id=noor, site_id=site_id,
        begins_on=now.date(), without_agreement=False, made_by=ines, made_at=now,
    )  # fmt: skip
    number = 1 + sum(row.organization_id == house.organization_id for row in house.session.query(ScopeStatementRow))
    _keep(
        house, "statement_id", ScopeStatementRow, number=number, words=f"Scope {mark}", written_at=now,
    )  # fmt: skip
    _keep(
        house, "statement_id", ScopeStatementRow, number=number + 1, words=f"Earlier scope {mark}", written_at=now,
        published_at=now, published_by=ines, ended_at=now,
    )  # fmt: skip
    number = 1 + sum(row.organization_id == house.organization_id for row in house.session.query(TermsRow))
    words = {"en": f"Terms {mark}"}
    _keep(house, "terms_id", TermsRow, number=number, texts=words, written_at=now)
    _keep(
        house, "terms_id", TermsRow, number=number + 1, texts=words, written_at=now, published_at=now,
        published_by=ines, ended_at=now, by_name=True,
    )  # fmt: skip


def _evidence(house: Any) -> None:
    """Of Noor: a recording and a note that are shared with whoever supervises, and a note that is hers alone."""
    noor, mark, now = house.visitor("noor").person_id, house.mark, house.now
    here = {"owner_id": noor, "course_id": house.course_id, "state": EvidenceState.READY, "made_at": now}
    content = f"Recording {mark}".encode()
    _keep(
        house, "evidence_id", EvidenceRow, kind=EvidenceKind.AUDIO, sharing=Sharing.SUPERVISORS, size=len(content),
        title=f"Recording title {mark}", media_type="audio/wav", digest="0" * 64, moved_at=now,
        stored_name=_stored(house, content), captions_language="en",
        captions_name=_stored(house, f"WEBVTT Captions {mark}".encode()), **here,
    )  # fmt: skip
    for sharing in (Sharing.SUPERVISORS, Sharing.ONLY_ME):
        _keep(
            house, "evidence_id", EvidenceRow, kind=EvidenceKind.NOTE, sharing=sharing, title=f"Note title {mark}",
            words=f"Note words {mark}", moved_at=now, **here,
        )  # fmt: skip


def _stored(house: Any, content: bytes) -> str:
    """Its name in the store of files."""
    name = token_hex(16)
    house.app.extensions["attune"].files.put(name, BytesIO(content))
    return name


def _scenario(house: Any) -> None:
    """Used by the observation that has begun."""
    mark, now = house.mark, house.now
    scenario_id = _keep(
        house, "scenario_id", ScenarioRow, title=f"Scenario {mark}", about=f"About {mark}", words=f"Situation {mark}",
        language="en", state=ScenarioState.PUBLISHED, made_at=now, changed_at=now, published_at=now,
    )  # fmt: skip
    _keep(
        house, "offer_id", ScenarioOfferRow, observation_id=house.objects["observation_id"][1],
        scenario_id=scenario_id, offered_at=now,
    )  # fmt: skip


def _noors_own(house: Any) -> None:
    noor, mark, now = house.visitor("noor").person_id, house.mark, house.now
    _keep(house, "entry_id", JournalEntryRow, person_id=noor, words=f"Journal {mark}", written_at=now, saved_at=now)
    _keep(house, "plan_id", SelfCarePlanRow, person_id=noor, what_helps=f"Self-care {mark}", saved_at=now)
    _keep(house, "check_in_id", CheckInRow, person_id=noor, on_day=now.date(), words=f"Check-in {mark}", saved_at=now)


def _care(house: Any) -> None:
    noor, jo, ines = (house.visitor(who).person_id for who in ("noor", "jo", "ines"))
    mark, now = house.mark, house.now
    # Contacts stand on every page of their organization: only the first house of one has its mark on them.
    first = all(row.organization_id != house.organization_id for row in house.session.query(SupportContactRow))
    name = f"Support {mark}" if first else "Another contact"
    _keep(house, "contact_id", SupportContactRow, name=name, position=1, changed_at=now, changed_by=ines)
    _keep(
        house, "guidance_id", GuidanceRow, jurisdiction=f"Place {mark}", words=f"Guidance {mark}", changed_at=now,
        changed_by=ines,
    )  # fmt: skip
    _keep(
        house, "flag_id", HandledOutsideRow, course_id=house.course_id,
        observation_id=house.objects["observation_id"][1], raised_by=jo, raised_at=now,
    )  # fmt: skip
    _keep(
        house, "accommodation_id", AccommodationRow, course_id=house.course_id, person_id=noor,
        adjustments=[Adjustment.MORE_TIME.value], more_days=3, arranged_by=ines, arranged_at=now,
    )  # fmt: skip


def _handing_over(house: Any) -> None:
    noor, jo, ines = (house.visitor(who).person_id for who in ("noor", "jo", "ines"))
    _keep(
        house, "privacy_request_id", PrivacyRequestRow, registration_id=house.registration_id, person_id=noor,
        wish=PrivacyWish.EXPORT, requested_by=noor, requested_at=house.now,
    )  # fmt: skip
    _keep(
        house, "erasure_id", ErasureRow, person_id=noor, asked_at=house.now,
        not_before=house.now + timedelta(days=7),
    )  # fmt: skip
    _keep(
        house, "message_id", MessageRow, person_id=noor, kind=MessageKind.OBSERVATION,
        path=f"/o/{house.objects['observation_id'][0]}", made_at=house.now, sender_id=jo,
    )  # fmt: skip
    _keep(
        house, "mail_id", MailRow, person_id=jo, kind=MailKind.INVITATION, sender_id=ines, state=MailState.SENT,
        made_at=house.now, next_attempt_at=house.now, sent_at=house.now, attempts=1,
    )  # fmt: skip
    _keep(
        house, "note_id", HandOverNoteRow, course_id=house.course_id, trainee_id=noor, written_by=jo,
        words=f"Hand-over {house.mark}", state=NoteState.WITH_TRAINEE, saved_at=house.now, given_at=house.now,
    )  # fmt: skip
