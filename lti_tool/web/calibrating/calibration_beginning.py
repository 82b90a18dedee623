"""The form that begins rating together: which examples, and who is asked."""

from typing import Any
from uuid import UUID

from flask import request

from lti_tool.services.authoring import example_lists, library
from lti_tool.services.authoring.example_lists import Listed, OfEdition
from lti_tool.services.calibrating import calibration_people
from lti_tool.services.calibrating.calibration import Wanted
from lti_tool.web import current
from lti_tool.web.authoring.library import language_name
from lti_tool.web.form_values import uuid_of
from lti_tool.web.texts import comma, ngettext, readers_languages
from lti_tool.web.words import word
from rubrics.language import for_reader


def editions() -> list[OfEdition]:
    """Editions of rubrics that have examples on which people agreed."""
    found = example_lists.listed(
        current.db(), current.visitor().organization_id, readers_languages(), since=current.now()
    )
    return [one for one in found if any(each.agreed_at for each in one.examples)]


def wanted() -> Wanted:
    """What was typed."""
    return Wanted(
        request.form.get("title", ""),
        [uuid_of(text) for text in request.form.getlist("examples")],
        {uuid_of(text) for text in request.form.getlist("people")},
    )


def page(version_id: UUID, course_id: UUID | None) -> dict[str, Any]:
    """What the form shows. Raises `NotHere`."""
    session, organization_id = current.db(), current.visitor().organization_id
    version = library.version(session, organization_id, version_id)
    (edition,) = example_lists.listed(
        session, organization_id, readers_languages(), since=current.now(), version_id=version_id
    )
    people = calibration_people.observers(session, organization_id, course_id)
    return {
        "version": version,
        "rubric": for_reader(version.rubric, readers_languages()),
        "examples": [(str(one.id), one.title, _about(one)) for one in edition.examples if one.agreed_at],
        "people": [(str(person_id), name, None) for person_id, name in people],
        "chosen_examples": request.form.getlist("examples"),
        "chosen_people": request.form.getlist("people"),
    }


def _about(one: Listed) -> str:
    said = [word(one.medium), language_name(one.language)]
    if one.minutes:
        said.append(ngettext("%(num)d minute", "%(num)d minutes", one.minutes))
    if one.content_note:
        said.append(one.content_note)
    return comma().join(said)
