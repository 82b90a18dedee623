"""Choosing an activity: from the LMS's picker (Deep Linking), or behind a link that has none yet."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.lti.claims import Launch
from lti_tool.services import acts as acts_done
from lti_tool.services import author, deep_link, places
from lti_tool.services.enter import Entered
from lti_tool.services.visitors import origin_of
from lti_tool.web import acts, current, security, transactions
from lti_tool.web.access import NotForRole, repeatable, signed_in
from lti_tool.web.activity_choice import ChoiceForm, first_form, for_template, read_choice, shown_again
from lti_tool.web.acts import act
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused

bp = Blueprint("deep_link", __name__)

TAKES = "ltiResourceLink"


def picker(launch: Launch, entered: Entered) -> str:
    """The page that answers a deep linking launch: the choice, for instructors of the course."""
    transactions.keep()  # the person came in, whatever the page says next
    current.has_entered(entered.token)
    wanted = launch.deep_linking
    pending = deep_link.pending(launch, entered)
    _only_instructors(UUID(pending.course_id))
    ticket = deep_link.seal(pending, current.settings().secret_keys)
    if wanted is None or TAKES not in wanted.accept_types:
        return render_template("deep_link/not_taken.html", ticket=ticket)
    return _picker_page(ticket, first_form(_rubrics(), pending.title))


@bp.post("/deep-link")
@signed_in
@repeatable  # the same form sent twice answers twice with the same activity, see _placed_once
def choose() -> ResponseReturnValue:
    """The choice goes back to the LMS, signed."""
    pending = deep_link.unseal(request.form.get("ticket", ""), current.visitor(), current.settings().secret_keys)
    if "nothing" in request.form:
        return _answer(pending, None)
    choice = read_choice(request.form)
    if isinstance(choice, author.ActivityChoice):
        try:
            return _answer(pending, _placed_once(UUID(pending.course_id), choice))
        except Refused as refused:
            transactions.give_up()
            choice = shown_again(request.form, {"form": gettext(refused.sentence, **refused.values)})
    return _picker_page(request.form["ticket"], choice), 422


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


def _placed_once(course_id: UUID, choice: author.ActivityChoice) -> UUID:
    key = acts.key_of_this_form()
    before = acts_done.begin(current.db(), current.visitor(), key, current.now())
    if before is not None:
        return UUID(before)
    made = author.place_activity(current.db(), current.visitor(), course_id, choice, now=current.now())
    acts_done.done(current.db(), current.visitor(), key, str(made))
    return made


def _answer(pending: deep_link.Pending, activity_id: UUID | None) -> str:
    answer = deep_link.respond(
        current.db(),
        current.visitor(),
        pending,
        activity_id,
        public_url=current.settings().public_url,
        now=current.now(),
    )
    # Browsers hold redirects after a form to the same list, so the LMS's other addresses are on it too.
    security.may_post_to(origin_of(pending.return_url), *current.visitor().frame_origins)
    return render_template(
        "deep_link/answer.html", return_url=pending.return_url, answer=answer, nothing=activity_id is None
    )


def _only_instructors(course_id: UUID) -> None:
    standing = places.standing_of(current.db(), current.visitor().person_id, course_id)
    if Capability.INSTRUCTOR not in standing.capabilities:
        raise NotForRole


def _picker_page(ticket: str, form: ChoiceForm) -> str:
    return render_template("deep_link/choose.html", ticket=ticket, **for_template(_rubrics(), form))


def _link_page(link_id: UUID, form: ChoiceForm) -> str:
    return render_template("deep_link/choose_for_link.html", link_id=link_id, **for_template(_rubrics(), form))


def _rubrics() -> tuple[author.RubricChoice, ...]:
    return author.choices(current.db(), current.visitor().organization_id)
