"""Keeping one's access after the courses: a link of one's own."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.entering import own_way_in
from lti_tool.services.programs import my_programs
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("own_way_in", __name__)


@bp.get("/path/way-in")
@signed_in
def page() -> ResponseReturnValue:
    """What it is, and making one."""
    return _page()


@bp.post("/path/way-in")
@signed_in
@repeatable  # an act would keep where it led; each time gives a new link, and the one before it ends
def make() -> ResponseReturnValue:
    """Show a new link, only now."""
    try:
        secret = own_way_in.make(current.db(), current.visitor(), current.now())
    except Refused as refused:
        transactions.give_up()
        return _page(problem=in_words(refused)), 422
    path = url_for("sign_in.invitation", secret=secret, next=url_for("my_programs.everything"))
    return _page(link=current.settings().public_url + path)


def _page(*, link: str = "", problem: str = "") -> str:
    session, visitor = current.db(), current.visitor()
    return render_template(
        "path/way_in.html",
        link=link,
        problem=problem,
        sends_mail=current.settings().sends_mail,
        has_address=own_way_in.has_address(session, visitor, current.now()),
        in_a_course=my_programs.has_a_course(session, visitor),
    )
