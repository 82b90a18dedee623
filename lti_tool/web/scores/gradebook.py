"""The gradebook page: what the LMS should show for each trainee, and how each score stands, in words."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.courses.places import Place
from lti_tool.services.scores import gradebook as service
from lti_tool.services.scores import reading_back
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.scores.sync_page import Addresses, Shown, as_it_was, asked_for, column_asked, person_asked, shown
from lti_tool.web.tabs import Tab, tabs

bp = Blueprint("gradebook", __name__)


@bp.get("/a/<uuid:activity_id>/gradebook")
@needs(Capability.INSTRUCTOR)
def gradebook(place: Place) -> ResponseReturnValue:
    """A column of the activity, trainee by trainee; what needs a person comes first."""
    columns = service.columns(current.db(), place)
    column = service.chosen(columns, column_asked())
    return render_template(
        "gradebook/gradebook.html",
        place=place,
        columns=columns,
        column=column,
        sync=_shown(place, column),
        tabs=tabs(place),
        tab=Tab.GRADEBOOK,
    )


@bp.get("/a/<uuid:activity_id>/gradebook/progress")
@needs(Capability.INSTRUCTOR)
def progress(place: Place) -> ResponseReturnValue:
    """How far the column is: the part of its page that says so, for `progress.js`."""
    column = service.chosen(service.columns(current.db(), place), column_asked())
    return render_template("gradebook/_progress.html", sync=_shown(place, column))


@bp.post("/a/<uuid:activity_id>/gradebook/resend")
@needs(Capability.INSTRUCTOR)
@act
def resend(place: Place) -> ResponseReturnValue:
    """Send one score again now."""
    column = column_asked()
    _look_at(service.resend(current.db(), current.visitor(), place, person_asked(), current.now(), of=column))
    return _back(place, column)


@bp.post("/a/<uuid:activity_id>/gradebook/resend-all")
@needs(Capability.INSTRUCTOR)
@act
def resend_all(place: Place) -> ResponseReturnValue:
    """Send again now everything that the LMS did not take."""
    column = column_asked()
    _look_at(service.resend_all(current.db(), current.visitor(), place, current.now(), of=column))
    return _back(place, column)


@bp.post("/a/<uuid:activity_id>/gradebook/compare")
@needs(Capability.INSTRUCTOR)
@act
def compare(place: Place) -> ResponseReturnValue:
    """Compare the column now with what the LMS shows."""
    column = column_asked()
    line_item_id = service.column_to_send(current.db(), place, column).line_item_id
    reading_back.ask(current.db(), current.visitor(), line_item_id, current.now())
    current.look_at(Kind.READ_BACK, line_item_id)
    return _back(place, column, "compared_now")


def _shown(place: Place, column: service.ColumnLine) -> Shown:
    asked = asked_for()
    return shown(service.gradebook(current.db(), place, column, asked), _addresses(place, column), asked)


def _addresses(place: Place, column: service.ColumnLine) -> Addresses:
    here, of = place.activity.id, column.line_item_id if column.column_id else None
    return Addresses(
        page=url_for("gradebook.gradebook", activity_id=here, column=of),
        progress=url_for("gradebook.progress", activity_id=here, column=of),
        resend=url_for("gradebook.resend", activity_id=here),
        resend_all=url_for("gradebook.resend_all", activity_id=here),
        compare=url_for("gradebook.compare", activity_id=here),
        column=of,
    )


def _look_at(deliveries: tuple[UUID, ...]) -> None:
    for delivery_id in deliveries[:1]:  # all go to one LMS: looking at one sends the others, too
        current.look_at(Kind.DELIVERY, delivery_id)


def _back(place: Place, column: UUID | None, said: str = "sent_again") -> ResponseReturnValue:
    at = url_for("gradebook.gradebook", activity_id=place.activity.id, column=column, said=said, **as_it_was())
    return redirect(at, 303)
