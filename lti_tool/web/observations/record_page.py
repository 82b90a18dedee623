"""What every page that shows one observation needs: the record, who sees what, what comes next."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict
from uuid import UUID

from lti_tool.access import Field, Who
from lti_tool.services.asking import second_observers
from lti_tool.services.asking.scenario_offers import Use, use_of
from lti_tool.services.asking.ways import Times, times_of
from lti_tool.services.courses import reading_on
from lti_tool.services.observations.lines import ObservationLine
from lti_tool.services.observations.observing import Observing, observing
from lti_tool.services.observations.practice_kinds import Kind, kind_of
from lti_tool.services.observations.read import Record
from lti_tool.services.observations.voice_parts import VoiceParts, voice_parts
from lti_tool.services.personal_data import record_access
from lti_tool.services.portfolio import evidence_lists
from lti_tool.services.practicum.placements import Where, where_of
from lti_tool.services.signing import in_person
from lti_tool.services.signing.signing_part import SigningPart, signing_part
from lti_tool.services.wellbeing import debrief_prompts
from lti_tool.web import current
from lti_tool.web.authoring.library import language_name
from lti_tool.web.authoring.scenario_fields import tag_word
from lti_tool.web.observations.arranged import ArrangedPart, arranged_part
from lti_tool.web.observations.what_next import what_next
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import readers_languages
from rubrics.language import for_reader
from rubrics.observation import OVER
from rubrics.rubric import Rubric


class RecordPage(TypedDict):
    """What templates need to show a record: who sees what, and what comes next."""

    record: Record
    line: ObservationLine
    page_course_id: UUID
    """Where `base.html` leads back to."""
    rubric: Rubric
    """In the reader's words; where it is signed, in those that are signed."""
    readers: dict[Field, tuple[record_access.Reader, ...]]
    next: str
    is_trainee: bool
    is_observer: bool
    may_withdraw: bool
    to_talk_with: tuple[str, ...]
    parts: VoiceParts
    """What goes around the trainee's words."""
    signing: SigningPart
    observing: Observing
    """How far several observers are, and the ways on that this reader has."""
    times: Times
    """When and whether it takes place, and what the reader can do about it."""
    debrief: bool
    """Whether the reader is asked how it was for them; nobody else sees that they are."""
    kind: Kind | None
    """What kind of practice it was, for who may see how it is seen."""
    scenario_use: Use | None
    """Which scenario it uses, and what the reader can do about that."""
    tag_word: Callable[[str], str]
    language_name: Callable[[str], str]
    arranged: ArrangedPart
    """What is different so that the trainee can take part, as far as this reader meets it."""
    practice: Where | None
    """At which site it takes place; None: not said, or not for this reader."""
    evidence: evidence_lists.OfObservation
    """What belongs to it and this reader may open."""
    second: second_observers.Asked | None
    """Who could observe it too, where the reader, the trainee, is asked whether they may."""
    in_person: bool
    """Whether the reader, the trainee, can hand their device over for a signature now."""


def record_page(record: Record) -> RecordPage:
    """The record with what goes around it."""
    readers = record_access.readers_of(current.db(), current.visitor(), record.line)
    me = current.visitor().person_id
    times = times_of(current.db(), record.line, who=record.who, person_id=me, now=current.now())
    page: RecordPage = {
        "record": record,
        "line": record.line,
        "page_course_id": record.line.course_id,
        "rubric": for_reader(record.version.rubric, readers_languages()),
        "readers": readers,
        "next": what_next(record, times),
        "parts": voice_parts(current.db(), current.visitor(), record, current.now()),
        "is_trainee": Who.TRAINEE in record.who,
        "is_observer": Who.OBSERVER in record.who,
        "may_withdraw": Who.TRAINEE in record.who and record.line.state not in OVER,
        "signing": signing_part(current.db(), current.visitor(), record),
        "to_talk_with": (*record.line.observer_names, *_instructors(readers)),
        "observing": observing(record, me),
        "times": times,
        "debrief": debrief_prompts.asks(current.db(), current.visitor(), record),
        "kind": kind_of(current.db(), record.line.id) if record.consent else None,
        "scenario_use": use_of(current.db(), record.line, record.who),
        "arranged": arranged_part(record.line, record.who),
        "practice": where_of(current.db(), current.visitor(), record, current.now()),
        "evidence": evidence_lists.of_observation(current.db(), current.visitor(), record.line),
        "second": _second_asked(record),
        "in_person": in_person.is_offered(current.db(), current.visitor(), record.line, current.now()),
        "tag_word": tag_word,
        "language_name": language_name,
    }
    return _standing_still(page) if reading_on.stands_still(current.db(), record) else page


def _second_asked(record: Record) -> second_observers.Asked | None:
    """Whom the reader may agree to as second observer: a question for the trainee alone."""
    if Who.TRAINEE not in record.who:
        return None
    return second_observers.asked_of_trainee(current.db(), current.visitor(), record.line.id)


def _standing_still(page: RecordPage) -> RecordPage:
    """As it is shown in a course that is kept for reading only."""
    page["record"] = reading_on.reading(page["record"])
    page["times"] = reading_on.times(page["times"])
    page["signing"] = reading_on.signing(page["signing"])
    page["observing"] = reading_on.observing(page["observing"])
    page["in_person"] = False
    page["second"] = None
    page["next"] = _(
        "This course is kept for reading only, so this stands still. It can be read and taken back as before. If the "
        "course is opened again it goes on, and no time has run."
    )
    return page


def _instructors(readers: Mapping[Field, Sequence[record_access.Reader]]) -> list[str]:
    named = {name for reader in readers[Field.STATUS] if reader.who is Who.INSTRUCTOR for name in reader.names}
    return [_("%(name)s (instructor)", name=name) for name in sorted(named)]
