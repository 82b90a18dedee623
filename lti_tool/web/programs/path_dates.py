"""The dates of one's own path, for a calendar."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from lti_tool.services.notifying import calendar
from lti_tool.services.programs import my_programs
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.texts import gettext as _

bp = Blueprint("path_dates", __name__)


@bp.get("/path/<uuid:enrollment_id>/dates.ics")
@signed_in
def calendar_file(enrollment_id: UUID) -> ResponseReturnValue:
    """The dates to come that the visitor's page of this path shows, under a title that tells nothing."""
    now = current.now()
    stands = my_programs.own_stands(current.db(), current.visitor(), enrollment_id, now)
    content = calendar.dates_file(enrollment_id, stands.standing.dates, _("A day to look at"), stands.today, now)
    answer = Response(content, mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "attachment", filename="dates.ics")
    return answer
