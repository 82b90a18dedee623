"""Where a place of a draft is written, and what a place that is counted from 1 is called by its keys."""

import re
from uuid import UUID

from flask import url_for

from lti_tool.documents.rubric_places import NoSuchPlace, place_of
from rubrics.rubric import Rubric

_COUNTED = re.compile(r"(criteria|translations|levels|watch_for)\[(\d+)\]")


def page_of(draft_id: UUID, place: str) -> str:
    """The address of the page that has this place; the outline for a place that no page has."""
    try:
        found = place_of(place)
    except NoSuchPlace:
        return url_for("builder.draft", draft_id=draft_id)
    if found.language is not None and found.name:
        if found.criterion is None:
            return url_for("translating.translation", draft_id=draft_id, language=found.language)
        return url_for("translating.criterion", draft_id=draft_id, language=found.language, criterion=found.criterion)
    if found.criterion is not None and place.count(".") > 1 and not place.endswith(".position"):
        return url_for("criteria.criterion", draft_id=draft_id, criterion=found.criterion)
    return url_for("builder.draft", draft_id=draft_id)


def by_keys(rubric: Rubric, counted: str) -> str:
    """The place of a field, of one that is counted from 1: `criteria[3].levels[2].anchor`."""
    parts, criterion, spoken = [], None, False
    for part in counted.split("."):
        found = _COUNTED.fullmatch(part)
        if found is None:
            parts.append(part)
            continue
        name, at = found[1], int(found[2]) - 1
        parts.append(name)
        if name == "criteria":
            criterion = rubric.criteria[at]
            parts.append(criterion.key)
        elif name == "translations":
            spoken = True
            parts.append(rubric.translations[at].language)
        elif name == "levels" and criterion is not None:
            parts.append(str(criterion.levels[at].number))
        elif spoken:
            parts.append(str(at + 1))
    return ".".join(parts)
