"""Rubrics of the organization: what is published, what is being written, and each version."""

from typing import Any
from uuid import UUID

from babel import Locale, UnknownLocaleError
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents.formats import FORMATS
from lti_tool.services.authoring import drafts, library, rubric_lists
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import guide
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.authoring.rubric_changes import changed
from lti_tool.web.texts import readers_languages
from rubrics.changes import changes
from rubrics.language import for_reader, languages
from rubrics.rubric import Rubric
from rubrics.typed import whole_number

bp = Blueprint("library", __name__)

WRITE = Capability.PROGRAM_LEAD
REVIEW = Capability.REVIEWER
READ = (WRITE, REVIEW, Capability.INSTRUCTOR, Capability.SUPERVISOR, Capability.OBSERVER)


@bp.get("/rubrics")
@needs_in_organization(*READ)
def rubrics() -> ResponseReturnValue:
    """What is published, newest editions only; for those who write or review, what waits for them comes first."""
    organization_id = current.visitor().organization_id
    published = rubric_lists.published(current.db(), organization_id, readers_languages())
    writes = bool({WRITE, REVIEW} & current.capabilities())
    written = rubric_lists.being_written(current.db(), organization_id, current.visitor().person_id) if writes else ()
    reviews = REVIEW in current.capabilities()
    to_review = [one for one in written if reviews and one.waits_for_review]
    return render_template(
        "library/rubrics.html",
        published=[one for one in published if one.retired_at is None],
        retired=[one for one in published if one.retired_at is not None],
        to_review=to_review,
        written=[one for one in written if one not in to_review],
        may_write=WRITE in current.capabilities(),
        may_begin=Capability.INSTRUCTOR in current.capabilities() and WRITE not in current.capabilities(),
        language_name=language_name,
    )


@bp.get("/rubrics/<uuid:rubric_id>")
@needs_in_organization(*READ)
def rubric(rubric_id: UUID) -> ResponseReturnValue:
    """One rubric with its editions; for those who write or review, its draft."""
    found = library.shelf(current.db(), current.visitor().organization_id, rubric_id, readers_languages())
    writes = bool({WRITE, REVIEW} & current.capabilities())
    if not found.editions and not writes:
        raise NotHere
    return render_template(
        "library/rubric.html",
        shelf=found,
        may_write=WRITE in current.capabilities(),
        sees_drafts=writes,
    )


@bp.get("/rubrics/versions/<uuid:version_id>")
@needs_in_organization(*READ)
def version(version_id: UUID) -> ResponseReturnValue:
    """One edition in full, in the reader's language or in the one that `language=` asks for."""
    found = library.version(current.db(), current.visitor().organization_id, version_id)
    formats = [(key.value, known) for key, known in FORMATS.items() if known.rubrics]
    return render_template("library/version.html", version=found, formats=formats, **in_words(found.rubric))


@bp.get("/rubrics/<uuid:rubric_id>/changes")
@needs_in_organization(*READ)
def what_changed(rubric_id: UUID) -> ResponseReturnValue:
    """What changed from the edition `before=` to the edition `after=`; without them, to the newest from the one before.

    Any two can be compared; which was first is no matter.
    """
    organization_id = current.visitor().organization_id
    shelf = library.shelf(current.db(), organization_id, rubric_id, readers_languages())
    numbers = [edition.number for edition in shelf.editions]
    if len(numbers) < 2:
        raise NotHere
    after = request.args.get("after", numbers[0], type=int)
    before = request.args.get("before", after - 1, type=int)
    if not {after, before} <= set(numbers):  # also numbers that no database has
        raise NotHere
    earlier, later = (
        library.edition(current.db(), organization_id, rubric_id, number) for number in sorted((before, after))
    )
    return render_template(
        "library/changes.html",
        shelf=shelf,
        earlier=earlier,
        later=later,
        changed=changed(changes(earlier.rubric, later.rubric), earlier.rubric, later.rubric),
    )


@bp.route("/rubrics/<uuid:rubric_id>/retire", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def retire(rubric_id: UUID) -> ResponseReturnValue:
    """Offer it no more: asked once."""
    if request.method == "GET":
        found = library.shelf(current.db(), current.visitor().organization_id, rubric_id, readers_languages())
        return render_template("library/retire.html", shelf=found)
    library.retire(current.db(), drafts.author(current.visitor()), rubric_id, current.now())
    return redirect(url_for("library.rubric", rubric_id=rubric_id, said="rubric_retired"), 303)


@bp.post("/rubrics/<uuid:rubric_id>/bring-back")
@needs_in_organization(WRITE)
@act
def bring_back(rubric_id: UUID) -> ResponseReturnValue:
    """Offer it again."""
    library.bring_back(current.db(), drafts.author(current.visitor()), rubric_id, current.now())
    return redirect(url_for("library.rubric", rubric_id=rubric_id, said="rubric_brought_back"), 303)


def edition_asked_for(rubric_id: UUID) -> library.Version:
    """The edition of a rubric that `edition=` asks for, or else the newest. Raises `NotHere`."""
    session, organization_id = current.db(), current.visitor().organization_id
    number = whole_number(request.args.get("edition", ""))
    if number is None:
        shelf = library.shelf(session, organization_id, rubric_id, readers_languages())
        if not shelf.editions:
            raise NotHere
        number = shelf.editions[0].number
    return library.edition(session, organization_id, rubric_id, number)


def in_words(rubric: Rubric) -> dict[str, Any]:
    """What `library/_rubric.html` shows: in the reader's language, or in the one that `language=` asks for."""
    asked, wanted = request.args.get("language"), readers_languages()
    if asked in languages(rubric):
        wanted = (asked, *wanted)
    return {
        "rubric": for_reader(rubric, wanted),
        "languages": languages(rubric),
        "language_name": language_name,
        "shows": guide.competencies(current.db(), current.visitor().organization_id, rubric, wanted),
    }


def language_name(tag: str) -> str:
    """The language's own name for itself, such as español; the tag where nobody knows it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag
