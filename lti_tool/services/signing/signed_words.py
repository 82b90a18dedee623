"""What is under a signature: everything that the page shows, in a form that has one spelling only (RFC 8785)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.observations.meetings import Meeting
from lti_tool.services.observations.read import Record
from lti_tool.services.observations.views import Revision, View
from lti_tool.services.observations.voice import Voice
from lti_tool.services.practicum.placements import Where
from lti_tool.store.meetings import MeetingKind
from rubrics.assessment import Assessment, Rating
from rubrics.consent import Audience, PersonServed
from rubrics.observation import Mode
from rubrics.practice import PracticeModel, Setting
from rubrics.rubric import Criterion
from rubrics.sign_off import Assurance, Lane, Meaning

FORM = "sign-off/3"
"""Written since it is asked whether what the trainee was asked to do belongs to the role, and where it took place.

Documents of "sign-off/2" have neither; those of "sign-off/1" have one view at their top, see `readable`.
"""


@dataclass(frozen=True, slots=True)
class Act:
    """What is said by signing: who, in which lane, what it means, in which words, how sure we are of the signer."""

    visitor: Visitor
    lane: Lane
    meaning: Meaning
    attestation: str
    assurance: Assurance
    language: str


def document(record: Record, act: Act, salt: str, where: Where | None = None) -> dict[str, Any]:
    """The record as this signer reads it. Its rubric is in the words that are shown. Raises `NotHere` without views."""
    line, rubric = record.line, record.version.rubric
    if not record.views:
        raise NotHere
    criteria, own = rubric.criteria, record.self_view if record.self_given else None
    return {
        "attune": FORM,
        "salt": salt,
        "language": act.language,
        "observation": str(line.id),
        "activity": line.activity_title,
        "course": line.course_title,
        "trainee": _person(line.trainee_id, line.trainee_name),
        "signer": _person(act.visitor.person_id, display_name(act.visitor.person_id, act.visitor.name)),
        "lane": act.lane.value,
        "meaning": act.meaning.value,
        "attestation": act.attestation,
        "assurance": act.assurance.value,
        "asked_at": line.requested_at.isoformat(),
        "starts_at": _when(line.starts_at),
        "ends_at": _when(line.ends_at),
        "consent": _consent(record),
        "practice": _practice(where),
        "rubric": {
            "key": rubric.key,
            "title": rubric.title,
            "version": record.version.number,
            "digest": record.version.digest,
            "language": rubric.language,
        },
        "views": [_view(view, criteria) for view in record.views],
        "self_assessment": _assessment(own, criteria) if own else None,
        "voice": _voice(record.voice, line.respond_until),
        "meetings": [_meeting(meeting) for meeting in record.meetings],
    }


def readable(document: Mapping[str, Any]) -> dict[str, Any]:
    """A kept document of any form for a page: codes and moments as values again, its salt left out."""
    current = _in_third_form(_in_second_form(document))
    return {name: _readable(name, value) for name, value in current.items() if name != "salt"}


_CODES: Mapping[str, type[StrEnum]] = {
    "lane": Lane,
    "meaning": Meaning,
    "assurance": Assurance,
    "mode": Mode,
    "person_served": PersonServed,
    "kind": MeetingKind,
    "audience": Audience,
    "model": PracticeModel,
    "setting": Setting,
}


def _readable(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _readable(inner, one) for inner, one in value.items()}
    if isinstance(value, list):
        return [_readable(name, one) for one in value]
    if isinstance(value, str) and name in _CODES:
        return _CODES[name](value)
    if isinstance(value, str) and name.endswith(("_at", "_until")):
        return datetime.fromisoformat(value)
    return value


def _in_third_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of "sign-off/2": nothing was asked about the role, and no place was noted."""
    if document["attune"] == FORM:
        return dict(document)
    views = [
        view | {"role_drift": None, "revisions": [one | {"role_drift": None} for one in view["revisions"]]}
        for view in document["views"]
    ]
    return {**document, "views": views, "practice": None}


def _in_second_form(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A document of "sign-off/1": one observer, words on the whole only."""
    if document["attune"] != "sign-off/1":
        return document
    names = ("language", "activity", "course", "trainee", "signer", "lane", "meaning", "attestation", "rubric")
    view = {name: document[name] for name in ("observer", "strength", "growth", "next_step", "ratings")}
    consent = {name: document[name] for name in ("mode", "recorded", "person_served")} | {"audience": []}
    silent = {"words": document["response"], "by_criterion": [], "given_at": document["answered_at"]}
    return {
        "attune": "sign-off/2",
        **{name: document[name] for name in names},
        **dict.fromkeys(("assurance", "asked_at", "starts_at", "ends_at", "self_assessment")),
        "consent": consent | {"agreed_at": None} if document["mode"] else None,
        "views": [view | {"reply": None, "replied_at": None, "revisions": []}],
        "voice": silent | {"silent_until": None},
        "meetings": [],
    }


def _person(person_id: UUID, name: str) -> dict[str, str]:
    return {"id": str(person_id), "name": name}


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _consent(record: Record) -> dict[str, Any] | None:
    if record.consent is None:
        return None
    return {
        "mode": record.consent.mode.value,
        "recorded": record.consent.recorded,
        "agreed_at": record.consent.agreed_at.isoformat(),
        "audience": sorted(audience.value for audience in record.line.audience),
        "person_served": record.person_served.value if record.person_served else None,
    }


def _practice(where: Where | None) -> dict[str, Any] | None:
    """Where it took place and which kind of practice it is; the site by its name of that day."""
    if where is None:
        return None
    return {
        "site": where.site.name if where.site else None,
        "model": where.model.value if where.model else None,
        "setting": where.setting.value if where.setting else None,
        "interpreter": where.interpreter,
    }


def _view(view: View, criteria: Sequence[Criterion]) -> dict[str, Any]:
    return {
        "observer": _person(view.observer_id, view.observer_name),
        **_assessment(view.assessment, criteria),
        "role_drift": view.assessment.role_drift,
        "reply": view.reply,
        "replied_at": _when(view.replied_at),
        "revisions": [_revision(revision, criteria) for revision in view.revisions if revision.shared_at],
    }


def _revision(revision: Revision, criteria: Sequence[Criterion]) -> dict[str, Any]:
    """What the trainee got before; what was amended before anything was shared is the observers' own."""
    return {
        "number": revision.number,
        "shared_at": _when(revision.shared_at),
        **_assessment(revision.assessment, criteria),
        "role_drift": revision.assessment.role_drift,
    }


def _assessment(assessment: Assessment, criteria: Sequence[Criterion]) -> dict[str, Any]:
    return {
        "strength": assessment.strength,
        "growth": assessment.growth,
        "next_step": assessment.next_step,
        "ratings": [_rated(criterion, assessment.rating(criterion.key)) for criterion in criteria],
    }


def _rated(criterion: Criterion, rating: Rating | None) -> dict[str, Any]:
    level = criterion.level(rating.level) if rating is not None and rating.level is not None else None
    return {
        "criterion": criterion.key,
        "statement": criterion.statement,
        "level": level.number if level else None,
        "label": level.label if level else None,
        "anchor": level.anchor if level else None,
        "not_observed": rating.not_observed if rating else None,
        "evidence": rating.evidence if rating else None,
    }


def _voice(voice: Voice | None, until: datetime | None) -> dict[str, Any]:
    if voice is None:
        return {"words": None, "by_criterion": [], "given_at": None, "silent_until": _when(until)}
    talk = {"talked_at": _when(voice.talked_at)} if voice.talked_at and voice.without_words else {}
    return {
        **talk,
        "words": voice.words,
        "by_criterion": [
            {"criterion": criterion, "words": words} for criterion, words in sorted(voice.by_criterion.items())
        ],
        "given_at": _when(voice.given_at),
        "silent_until": None,
    }


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "kind": meeting.kind.value,
        "opened_at": _when(meeting.opened_at),
        "opened_by": meeting.opened_by_name,
        "reason": meeting.reason,
        "held_at": _when(meeting.held_at),
        "present": list(meeting.present_names),
        "record": meeting.record,
    }
