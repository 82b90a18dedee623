"""My record over all courses, who opened it, and who can see one observation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lti_tool.access import Field
from lti_tool.services.audits import audit_records
from lti_tool.services.observations import own_record
from lti_tool.services.observations.read import read
from lti_tool.services.personal_data import privacy, record_access
from lti_tool.services.personal_data.record_access import Opened
from lti_tool.web import current
from lti_tool.web.access import signed_in, writes
from lti_tool.web.observations.record_page import record_page
from lti_tool.web.paging import page_of

bp = Blueprint("records", __name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """One person opened one record at one time: all that they saw of it."""

    reader_name: str
    activity_title: str | None
    at: datetime
    fields: tuple[Field, ...]


@bp.get("/opened")
@signed_in
def opened() -> ResponseReturnValue:
    """Who opened the visitor's own record, and who asked for their data, newest first."""
    found = record_access.opened_by(current.db(), current.visitor())
    asked = privacy.about_me(current.db(), current.visitor())
    audited = audit_records.unlocked_of(current.db(), current.visitor())
    return render_template("records/opened.html", visits=visits(found), data_requests=asked, audited=audited)


def visits(found: tuple[Opened, ...]) -> tuple[Visit, ...]:
    """The log's lines, one a field, gathered into visits; their order is kept."""
    gathered: dict[tuple[str, str | None, datetime], list[Field]] = {}
    for entry in found:
        gathered.setdefault((entry.reader_name, entry.activity_title, entry.at), []).append(entry.field)
    return tuple(Visit(*key, fields=tuple(sorted(set(fields)))) for key, fields in gathered.items())


@bp.get("/record")
@signed_in
def own() -> ResponseReturnValue:
    """All observations of the visitor's own practice, over all courses, also those that they have left."""
    session, visitor = current.db(), current.visitor()
    page = page_of(
        own_record.count(session, visitor), lambda first, most: own_record.own_record(session, visitor, first, most)
    )
    return render_template("records/own.html", page=page, courses=own_record.titles_of_courses(page.shown))


@bp.get("/o/<uuid:observation_id>/who")
@signed_in
@writes
def who(observation_id: UUID) -> ResponseReturnValue:
    """Everyone who can see this observation, field by field, by name."""
    # The page names readers, and shows none of what they read.
    shown = frozenset({Field.STATUS})
    record = read(current.db(), current.visitor(), observation_id, current.now(), shown=shown)
    return render_template("records/who.html", **record_page(record))
