"""A link in a course that was added without choosing an activity: an instructor chooses it here."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.authoring import author
from lti_tool.services.connecting import left_links
from lti_tool.services.courses import places
from lti_tool.web import current, transactions
from lti_tool.web.access import NotForRole, signed_in
from lti_tool.web.acts import act
from lti_tool.web.linking.activity_choice import ChoiceForm, first_form, for_template, read_choice, shown_again, uuid_in
from lti_tool.web.texts import gettext, readers_languages
from rubrics.refusal import Refused

bp = Blueprint("deep_link", __name__)


@bp.route("/links/<uuid:link_id>/choose", methods=["GET", "POST"])
@signed_in
@act
def choose_for_link(link_id: UUID) -> ResponseReturnValue:
    """For a link that was added without deep linking: an instructor chooses, others read that it is not ready."""
    link = author.link_to_choose_for(current.db(), current.visitor(), link_id)
    if link.activity_id is not None:
        return redirect(url_for("landing.landing", activity_id=link.activity_id), 303)
    standing = places.standing_of(current.db(), current.visitor().person_id, link.course_id)
    if Capability.INSTRUCTOR not in standing.capabilities:
        if request.method == "POST":
            raise NotForRole
        return render_template("deep_link/not_ready.html", title=link.title)
    if request.method == "GET":
        return _link_page(link_id, first_form(_rubrics(), link.title))
    choice = read_choice(request.form)
    if isinstance(choice, author.ActivityChoice):
        try:
            activity_id = author.choose_for_link(current.db(), current.visitor(), link_id, choice, now=current.now())
            return redirect(url_for("landing.landing", activity_id=activity_id, said="activity_placed"), 303)
        except Refused as refused:
            transactions.give_up()
            choice = shown_again(request.form, {"form": gettext(refused.sentence, **refused.values)})
    return _link_page(link_id, choice), 422


@bp.post("/links/<uuid:link_id>/lead")
@signed_in
@act
def lead(link_id: UUID) -> ResponseReturnValue:
    """The course came from another LMS: the new link leads to what was there already."""
    link = left_links.lead(current.db(), current.visitor(), link_id, uuid_in(request.form.get("to", "")))
    if link.placed_program_id is not None:
        return redirect(f"/p/{link.placed_program_id}", 303)
    return redirect(url_for("landing.landing", activity_id=link.activity_id, said="link_leads"), 303)


def _link_page(link_id: UUID, form: ChoiceForm) -> str:
    course_id = author.link_to_choose_for(current.db(), current.visitor(), link_id).course_id
    return render_template(
        "deep_link/choose_for_link.html",
        link_id=link_id,
        here_already=[(str(one.id), one.title, "") for one in left_links.unlinked(current.db(), course_id)],
        **for_template(_rubrics(), form),
    )


def _rubrics() -> tuple[author.RubricChoice, ...]:
    return author.choices(current.db(), current.visitor().organization_id, readers_languages())
