"""What a draft consists of: criteria and levels that are added, taken out and moved, languages, and alignments."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.documents.rubric import from_document, to_document
from lti_tool.documents.rubric_editing import value_at
from lti_tool.documents.rubric_values import plain
from lti_tool.services.authoring import drafting, drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.store.drafts import DraftRow
from rubrics.keys import key_for
from rubrics.refusal import Refused
from rubrics.rubric import Alignment, Criterion, Rubric
from rubrics.scales import MET_AT, scale

MOST_CRITERIA = 200
MOST_LEVELS = 10
MOST_LANGUAGES = 20
MOST_ALIGNMENTS = 30


@dataclass(frozen=True, slots=True)
class NewCriterion:
    """A criterion that begins: what can be seen or heard, and how many levels it has."""

    statement: str
    levels: int


def add_criterion(session: Session, by: Author, draft_id: UUID, new: NewCriterion, now: datetime) -> str:
    """A criterion at the end; the answer is its key. Raises `Refused`.

    Its levels are called as those of the last criterion with as many, so that a rubric keeps to one scale.
    """
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    rubric = from_document(drafts.document_of(session, row))
    _check_room(rubric)
    statement = plain(new.statement)
    key = key_for(statement, _keys(rubric), otherwise="c")
    like = next((each for each in reversed(rubric.criteria) if len(each.levels) == new.levels), None)
    levels = scale(new.levels, rubric.language)
    if like is not None:
        levels = tuple(replace(level, anchor="", example="") for level in like.levels)
    criterion = Criterion(
        key=key, statement=statement, levels=levels, principles=frozenset(),
        met_at=like.met_at if like else MET_AT[new.levels],
    )  # fmt: skip
    drafting.check(to_document(rubric), drafting.any_place(f"criteria.{key}.statement"), statement)
    document = to_document(replace(rubric, criteria=(criterion,)))["criteria"][0]
    value = {"position": len(rubric.criteria), "criterion": document, "words": {}}
    drafting.put(session, row, by, f"criteria.{key}", value, what="add", now=now)
    return key


def duplicate(session: Session, by: Author, draft_id: UUID, key: str, now: datetime) -> str:
    """The same criterion once more, right after it; the answer is the copy's key. Raises `Refused`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    document = drafts.document_of(session, row)
    rubric = from_document(document)
    _check_room(rubric)
    found = value_at(document, drafting.any_place(f"criteria.{key}"))
    if found is None:
        raise drafting.taken_out()
    copy = key_for(found["criterion"]["statement"], _keys(rubric), otherwise="c")
    value = {
        "position": found["position"] + 1,
        "criterion": {**found["criterion"], "key": copy},
        "words": {language: {**words, "key": copy} for language, words in found["words"].items()},
    }
    drafting.put(session, row, by, f"criteria.{copy}", value, what="add", now=now)
    return copy


def remove(session: Session, by: Author, draft_id: UUID, key: str, now: datetime) -> None:
    """Take a criterion out, with its words in all languages. A step: it can be brought back. Raises `Refused`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    if not drafts.part_of(session, row, key)["criteria"]:
        raise drafting.taken_out()
    drafting.put(session, row, by, f"criteria.{key}", None, what="remove", now=now)


def move(session: Session, by: Author, draft_id: UUID, key: str, position: int, now: datetime) -> int:
    """Have the criterion stand at this position, from 0 on, or at the end; where it stands now. Raises `Refused`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    document = drafts.document_of(session, row)
    place = f"criteria.{key}.position"
    stands = drafting.read(document, drafting.any_place(place))
    wanted = max(0, min(position, len(document["criteria"]) - 1))
    if wanted != stands:
        drafting.put(session, row, by, place, wanted, what="move", now=now)
    return wanted


def step_up(session: Session, by: Author, draft_id: UUID, key: str, by_how_many: int, now: datetime) -> int:
    """Move the criterion by so many places, upward where it is negative; where it stands now. Raises `Refused`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    document = drafts.document_of(session, row)
    stands = drafting.read(document, drafting.any_place(f"criteria.{key}.position"))
    return move(session, by, draft_id, key, stands + by_how_many, now)


def add_level(session: Session, by: Author, draft_id: UUID, key: str, after: int, now: datetime) -> None:
    """A level after the one with this number; those above are numbered anew. Raises `Refused`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    levels = _levels(session, row, key)
    if len(levels["levels"]) >= MOST_LEVELS:
        raise Refused("levels_enough", "A criterion has at most %(most)s levels.", most=MOST_LEVELS)
    at = _level_index(levels, after) + 1
    levels["levels"].insert(at, {"number": 0, "label": "", "anchor": ""})
    _put_levels(session, row, by, key, levels, now=now)


def remove_level(session: Session, by: Author, draft_id: UUID, key: str, number: int, now: datetime) -> None:
    """Take a level out; those above are numbered anew. Raises `Refused` where fewer than two would be left."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    levels = _levels(session, row, key)
    if len(levels["levels"]) <= 2:
        raise Refused("levels_few", "A criterion needs at least two levels.")
    del levels["levels"][_level_index(levels, number)]
    _put_levels(session, row, by, key, levels, now=now)


def add_language(session: Session, by: Author, draft_id: UUID, code: str, now: datetime) -> None:
    """Begin a translation. Raises `Refused` for a code that is none, or a language that is there already."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    code = code.strip()
    translations = row.head.get("translations", [])
    drafting.check_language(row.head, code)
    if code.casefold() == row.head["language"].casefold():
        raise Refused("language_there", "The rubric has this language already.")
    if len(translations) >= MOST_LANGUAGES:
        raise Refused("languages_enough", "A rubric has at most %(most)s languages.", most=MOST_LANGUAGES)
    words = {"language": code, "title": "", "summary": "", "provenance": "", "criteria": []}
    value = {"position": len(translations), "translation": words}
    drafting.put(session, row, by, f"translations.{code}", value, what="add", now=now)


def remove_language(session: Session, by: Author, draft_id: UUID, code: str, now: datetime) -> None:
    """Take a translation out. A step: it can be brought back. Raises `Refused`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    if code not in {each["language"] for each in row.head.get("translations", [])}:
        raise drafting.taken_out()
    drafting.put(session, row, by, f"translations.{code}", None, what="remove", now=now)


def align(session: Session, by: Author, draft_id: UUID, key: str, alignment: Alignment, now: datetime) -> None:
    """Say that the criterion shows a competency. Raises `Refused` where it says so already."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    found = _criterion(session, row, key)
    alignment = replace(alignment, competency=plain(alignment.competency), reason=plain(alignment.reason))
    if not alignment.competency or len(alignment.competency) > 200:
        raise Refused("competency_needed", "Please name a competency by its framework and code, such as starter:A1.")
    if alignment.competency in {each.competency for each in found.alignments}:
        raise Refused("aligned_already", "This competency is named here already.")
    if len(found.alignments) >= MOST_ALIGNMENTS:
        raise Refused("alignments_enough", "A criterion names at most %(most)s competencies.", most=MOST_ALIGNMENTS)
    for name in ("reason", "citation"):
        place = drafting.any_place(f"criteria.{key}.alignments.x.{name}")
        drafting.check({}, place, getattr(alignment, name))
    _put_alignments(session, row, by, key, (*found.alignments, alignment), now=now)


def unalign(session: Session, by: Author, draft_id: UUID, key: str, competency: str, now: datetime) -> None:
    """Take an alignment out. Raises `Refused` where there is none."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    found = _criterion(session, row, key)
    left = tuple(each for each in found.alignments if each.competency != competency)
    if left == found.alignments:
        raise drafting.taken_out()
    _put_alignments(session, row, by, key, left, now=now)


def _check_room(rubric: Rubric) -> None:
    if len(rubric.criteria) >= MOST_CRITERIA:
        raise Refused("criteria_enough", "A rubric has at most %(most)s criteria.", most=MOST_CRITERIA)


def _keys(rubric: Rubric) -> set[str]:
    """Those that a new criterion may not have: also those that a translation still has words for."""
    spoken = {words.key for translation in rubric.translations for words in translation.criteria}
    return spoken | {each.key for each in rubric.criteria}


def _criterion(session: Session, row: DraftRow, key: str) -> Criterion:
    found = from_document(drafts.part_of(session, row, key)).criterion(key)
    if found is None:
        raise drafting.taken_out()
    return found


def _levels(session: Session, row: DraftRow, key: str) -> dict[str, Any]:
    found: dict[str, Any] = drafting.read(
        drafts.part_of(session, row, key), drafting.any_place(f"criteria.{key}.levels")
    )
    return found


def _level_index(levels: dict[str, Any], number: int) -> int:
    for at, level in enumerate(levels["levels"]):
        if level["number"] == number:
            return at
    raise drafting.taken_out()


def _put_levels(
    session: Session, row: DraftRow, by: Author, key: str, levels: dict[str, Any], *, now: datetime
) -> None:
    """With numbers from 1 on; what names a level by its number follows it."""
    new = {level["number"]: number for number, level in enumerate(levels["levels"], start=1)}
    met_at = new.get(levels["met_at"], min(levels["met_at"], len(new)))
    words = {
        language: [{**each, "number": new[each["number"]]} for each in spoken if each["number"] in new]
        for language, spoken in levels["words"].items()
    }
    numbered = [{**level, "number": new[level["number"]]} for level in levels["levels"]]
    value = {"levels": numbered, "met_at": met_at, "words": words}
    drafting.put(session, row, by, f"criteria.{key}.levels", value, what="levels", now=now)


def _put_alignments(
    session: Session, row: DraftRow, by: Author, key: str, alignments: tuple[Alignment, ...], *, now: datetime
) -> None:
    rubric = from_document(drafts.part_of(session, row, key))
    criterion = replace(rubric.criteria[0], alignments=alignments)
    value = to_document(replace(rubric, criteria=(criterion,)))["criteria"][0]["alignments"]
    drafting.put(session, row, by, f"criteria.{key}.alignments", value, what="alignments", now=now)
