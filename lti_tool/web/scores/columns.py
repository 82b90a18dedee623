"""The gradebook columns of an activity: what each shows, before and after it is switched on."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.scores import LAST, Column, ColumnShows
from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.scores import column_names, column_previews, score_comments
from lti_tool.services.scores import columns as service
from lti_tool.web import current, transactions
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.paging import one_page
from lti_tool.web.refusals import in_words
from lti_tool.web.scores.column_words import called, choices, label_for, meaning, why_empty, why_fixed
from lti_tool.web.tabs import Tab, tabs
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("columns", __name__)

NEW = "new"
FIRST = "first"


@bp.get("/a/<uuid:activity_id>/columns")
@needs(Capability.INSTRUCTOR)
def columns(place: Place) -> ResponseReturnValue:
    """The columns, what each shows, and what can be done about it."""
    session, visitor = current.db(), current.visitor()
    return render_template(
        "columns/columns.html",
        place=place,
        columns=service.columns(session, place),
        in_lms=column_names.in_lms(session, place),
        called=called,
        meaning=meaning,
        may_choose_comment=score_comments.may_choose(session, visitor),
        comment_on=score_comments.is_on(session, visitor),
        tabs=tabs(place),
        tab=Tab.GRADEBOOK,
    )


@bp.get("/a/<uuid:activity_id>/columns/choice")
@needs(Capability.INSTRUCTOR)
def choice(place: Place) -> ResponseReturnValue:
    """What the first column, or a further one, could show."""
    return _choice(place, request.args.get("of") == NEW)


@bp.get("/a/<uuid:activity_id>/columns/preview")
@needs(Capability.INSTRUCTOR)
def preview(place: Place) -> ResponseReturnValue:
    """What each trainee's cell would be. Nothing changes by looking."""
    new, column = request.args.get("of") == NEW, _asked(place, request.args)
    if column is None:
        return redirect(url_for("columns.choice", activity_id=place.activity.id, of=_of(new)), 303)
    try:
        service.check(current.db(), place, column, new=new)
    except Refused as refused:
        return _choice(place, new, request.args, refused), 422
    return _preview(place, column, new=new)


@bp.post("/a/<uuid:activity_id>/columns/choose")
@needs(Capability.INSTRUCTOR)
@act
def choose(place: Place) -> ResponseReturnValue:
    """Switch on what was looked at, for the first column."""
    column = _asked(place, request.form)
    if column is None:
        return redirect(_home(place), 303)
    try:
        done = service.choose(current.db(), current.visitor(), place, column, current.now())
    except Refused as refused:
        return _refused(place, refused, new=False)
    return _led_to(place, done, "column_chosen")


@bp.post("/a/<uuid:activity_id>/columns/add")
@needs(Capability.INSTRUCTOR)
@act
def add(place: Place) -> ResponseReturnValue:
    """Add a further column."""
    column = _asked(place, request.form)
    if column is None:
        return redirect(_home(place), 303)
    label = request.form.get("label", "")
    try:
        done = service.add(current.db(), current.visitor(), place, column, label, current.now())
    except Refused as refused:
        if refused.code != "label":
            return _refused(place, refused, new=True)
        transactions.give_up()
        return _preview(place, column, new=True, label=label, problem=in_words(refused)), 422
    return _led_to(place, done, "column_added")


@bp.post("/a/<uuid:activity_id>/columns/<uuid:column_id>/put-away")
@needs(Capability.INSTRUCTOR)
@act
def put_away(place: Place, column_id: UUID) -> ResponseReturnValue:
    """Nothing more is sent to it."""
    service.put_away(current.db(), current.visitor(), place, column_id, current.now())
    return redirect(_home(place, said="column_put_away"), 303)


@bp.route("/a/<uuid:activity_id>/columns/in-lms/<uuid:line_item_id>", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def in_lms(place: Place, line_item_id: UUID) -> ResponseReturnValue:
    """What it is called in the LMS, and out of how much its scores are."""
    known = column_names.in_lms(current.db(), place).get(line_item_id)
    if known is None:
        raise NotHere
    if request.method == "GET":
        return _in_lms(place, known, {"label": known.label, "maximum": str(known.maximum)})
    typed = request.form
    maximum = (whole_number(typed["maximum"]) or 0) if "maximum" in typed else None
    try:
        changed = column_names.change(
            current.db(), current.visitor(), place, line_item_id, typed.get("label", known.label), maximum,
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        if refused.code not in ("label", "maximum"):
            raise
        transactions.give_up()
        return _in_lms(place, known, typed, {refused.code: in_words(refused)}), 422
    for row_id in changed:
        current.look_at(Kind.COLUMN, row_id)
    return redirect(_home(place, said="column_change_asked"), 303)


@bp.post("/a/<uuid:activity_id>/columns/comment")
@needs(Capability.INSTRUCTOR)
@act
def comment(place: Place) -> ResponseReturnValue:
    """Whether one neutral line goes with each score of the organization: for program leads."""
    score_comments.choose(current.db(), current.visitor(), on=request.form.get("on") == "yes", now=current.now())
    return redirect(_home(place, said="score_comment_kept"), 303)


def _choice(place: Place, new: bool, typed: Mapping[str, str] | None = None, refused: Refused | None = None) -> str:
    first, *further = service.columns(current.db(), place)
    from_levels = service.FROM_LEVELS if service.only_must_be_met(current.db(), place) else frozenset[ColumnShows]()
    shown_by = {first.column.shows} if new else set[ColumnShows]()
    taken = shown_by | {one.column.shows for one in further}
    begin = {"shows": "" if new else first.column.shows.value, "last": str(first.column.last)}
    return render_template(
        "columns/choice.html",
        place=place,
        of=_of(new),
        new=new,
        choices=choices(from_levels | taken),
        only_must_be_met=bool(from_levels),
        chosen={**begin, **(typed or {})},
        problems={refused.code: in_words(refused)} if refused else {},
        tabs=tabs(place),
        tab=Tab.GRADEBOOK,
    )


def _preview(place: Place, column: Column, *, new: bool, label: str | None = None, problem: str | None = None) -> str:
    first = service.columns(current.db(), place)[0]
    there = None if new or first.line_item is None else first.line_item.id
    found = column_previews.preview(current.db(), place, column, there)
    here = place.activity.id
    return render_template(
        "columns/preview.html",
        place=place,
        new=new,
        of=_of(new),
        column=column,
        preview=found,
        cells=one_page(found.cells),
        as_it_is=not new and first.column == column,
        address=url_for("columns.preview", activity_id=here, of=_of(new), shows=column.shows.value, last=column.last),
        name=called(column.shows),
        meaning=meaning(column.shows),
        label=label_for(place.activity.title, column.shows) if label is None else label,
        problem=problem,
        why_empty=why_empty,
        tabs=tabs(place),
        tab=Tab.GRADEBOOK,
    )


def _in_lms(
    place: Place, known: column_names.InLms, typed: Mapping[str, str], problems: Mapping[str, str] | None = None
) -> str:
    return render_template(
        "columns/in_lms.html",
        place=place,
        known=known,
        typed={"label": known.label, "maximum": str(known.maximum), **typed},
        problems=problems or {},
        why_fixed=why_fixed,
        tabs=tabs(place),
        tab=Tab.GRADEBOOK,
    )


def _asked(place: Place, typed: Mapping[str, str]) -> Column | None:
    """The choice; None where none was made. A number that cannot be read is one that is refused."""
    shows = typed.get("shows", "")
    if shows not in set(ColumnShows):
        return None
    last = LAST if "last" not in typed else whole_number(typed["last"]) or 0
    return Column(ColumnShows(shows), place.activity.required_observations, last)


def _of(new: bool) -> str:
    return NEW if new else FIRST


def _home(place: Place, said: str | None = None) -> str:
    return url_for("columns.columns", activity_id=place.activity.id, said=said)


def _refused(place: Place, refused: Refused, *, new: bool) -> ResponseReturnValue:
    if refused.code not in ("shows", "last"):
        raise refused
    transactions.give_up()
    return _choice(place, new, request.form, refused), 422


def _led_to(place: Place, done: service.Done, said: str) -> ResponseReturnValue:
    for row_id in done.line_items:
        current.look_at(Kind.COLUMN, row_id)
    for row_id in done.deliveries[:1]:  # it leads to the platform, where all that waits is sent
        current.look_at(Kind.DELIVERY, row_id)
    return redirect(_home(place, said), 303)
