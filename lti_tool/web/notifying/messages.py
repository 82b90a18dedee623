"""What is there for a person, and what became of what their acts sent."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.notifying import contact, mail_sent, messages
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.paging import page_of

bp = Blueprint("messages", __name__)


@bp.get("/messages")
@signed_in
def everything() -> ResponseReturnValue:
    """The visitor's own, those that are new first. Looking at the list changes nothing."""
    session, visitor = current.db(), current.visitor()
    number = messages.count(session, visitor)
    return render_template(
        "messages/messages.html",
        paged=page_of(number, lambda begin, most: messages.some(session, visitor, begin, most)),
        lines=messages.LINES,
        contact=contact.contact_of(session, visitor.person_id, current.now().date()),
    )


@bp.post("/messages/<uuid:message_id>/open")
@signed_in
@act
def follow(message_id: UUID) -> ResponseReturnValue:
    """To where it leads; it is not new any more."""
    return redirect(messages.follow(current.db(), current.visitor(), message_id, current.now()), 303)


@bp.post("/messages/seen")
@signed_in
@act
def all_seen() -> ResponseReturnValue:
    """None of them is new any more."""
    messages.all_seen(current.db(), current.visitor(), current.now())
    return redirect(url_for("messages.everything", said="messages_seen"), 303)


@bp.get("/messages/sent")
@signed_in
def sent() -> ResponseReturnValue:
    """To whom the visitor's acts sent something, and whether it arrived."""
    return render_template(
        "messages/sent.html",
        told=mail_sent.told(current.db(), current.visitor(), current.now()),
        invitations=mail_sent.invitations(current.db(), current.visitor()),
        lines=messages.LINES,
    )


@bp.post("/messages/<uuid:mail_id>/came-back")
@signed_in
@act
def came_back(mail_id: UUID) -> ResponseReturnValue:
    """The visitor was told elsewhere that their invitation came back."""
    mail_sent.it_came_back(current.db(), current.visitor(), mail_id, current.now())
    return redirect(url_for("messages.sent", said="mail_came_back"), 303)
