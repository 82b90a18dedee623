"""Bringing evidence: a file, a link or a note. It begins as its owner's alone."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.courses.places import Place
from lti_tool.services.portfolio import evidence, evidence_files, evidence_lists
from lti_tool.web import current, transactions
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.exchange import arriving
from lti_tool.web.refusals import in_words
from rubrics.evidence import Sharing
from rubrics.refusal import Refused

bp = Blueprint("evidence_bringing", __name__)

BRINGS = (Capability.TRAINEE,)
TO_MEND = frozenset({
    "evidence_title", "evidence_title_long", "evidence_words_long", "evidence_note", "evidence_address",
    "evidence_address_secret", "evidence_address_long", "evidence_many",
})  # fmt: skip


def _file_page(place: Place, refused: Refused | None = None) -> str:
    return _bring_page(
        place, "file", refused, arriving.typed(), largest=current.settings().largest_file_mb,
        files_offered=arriving.offered(),
    )  # fmt: skip


@bp.route("/a/<uuid:activity_id>/evidence/file", methods=["GET", "POST"])
@arriving.arrives(_file_page)
@needs(*BRINGS)
@act
def bring_file(place: Place) -> ResponseReturnValue:
    """Bring a file; it is looked at before anybody can open it."""
    if request.method == "GET":
        return _file_page(place)

    def keep(observation_id: UUID | None) -> UUID:
        return evidence_files.bring(
            current.db(), current.visitor(), place, arriving.arrived(), title=text_of("title"), words=text_of("words"),
            observation_id=observation_id, now=current.now(),
        )  # fmt: skip

    answer = _brought(keep, lambda refused: _file_page(place, refused))
    if isinstance(answer, UUID):
        arriving.keep_arrived()
        current.look_at(Kind.EVIDENCE, answer)
        return to_its_page(answer, "evidence_brought")
    return answer


@bp.route("/a/<uuid:activity_id>/evidence/link", methods=["GET", "POST"])
@needs(*BRINGS)
@act
def bring_link(place: Place) -> ResponseReturnValue:
    """Bring a link."""

    def keep(observation_id: UUID | None) -> UUID:
        return evidence.bring_link(
            current.db(), current.visitor(), place, title=text_of("title"), address=text_of("address"),
            words=text_of("words"), observation_id=observation_id, now=current.now(),
        )  # fmt: skip

    return _bring(place, "link", keep)


@bp.route("/a/<uuid:activity_id>/evidence/note", methods=["GET", "POST"])
@needs(*BRINGS)
@act
def bring_note(place: Place) -> ResponseReturnValue:
    """Write a note."""

    def keep(observation_id: UUID | None) -> UUID:
        return evidence.share_note(
            current.db(), current.visitor(), place, title=text_of("title"), words=text_of("words"),
            sharing=Sharing.ONLY_ME, observation_id=observation_id, from_journal=False, now=current.now(),
        )  # fmt: skip

    return _bring(place, "note", keep)


def _bring(place: Place, what: str, keep: Callable[[UUID | None], UUID]) -> ResponseReturnValue:
    if request.method == "GET":
        return _bring_page(place, what, None, {})
    answer = _brought(keep, lambda refused: _bring_page(place, what, refused, request.form))
    return to_its_page(answer, "evidence_brought") if isinstance(answer, UUID) else answer


def _brought(keep: Callable[[UUID | None], UUID], again: Callable[[Refused], str]) -> UUID | tuple[str, int]:
    try:
        return keep(observation_chosen())
    except Refused as refused:
        if refused.code not in TO_MEND:
            raise
        transactions.give_up()
        return again(refused), 422


def _bring_page(place: Place, what: str, refused: Refused | None, typed: Mapping[str, str], **more: object) -> str:
    observations = evidence_lists.own_observations(current.db(), current.visitor(), place.course.id)
    return render_template(
        "evidence/bring.html",
        place=place,
        what=what,
        problem=in_words(refused) if refused else None,
        code=refused.code if refused else "",
        typed=typed,
        observations=observations,
        chosen=typed.get("observation") or request.args.get("observation") or "",
        **more,
    )


def text_of(name: str) -> str:
    """What was typed there."""
    return request.form.get(name, "")


def observation_chosen() -> UUID | None:
    """The observation that was chosen in a form; None: none of them."""
    text = request.form.get("observation", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        abort(400)


def to_its_page(evidence_id: UUID, said: str) -> ResponseReturnValue:
    """Leads to the page of the evidence, which says what was done."""
    return redirect(url_for("evidence.one", evidence_id=evidence_id, said=said), 303)
