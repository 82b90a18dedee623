"""What a trainee says of supervision, of a site, or of feedback: giving it, and reading it in blocks of several."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from grading.feedback_blocks import LEAST, FeedbackAbout
from lti_tool.access import Capability
from lti_tool.services.equity import feedback_minimum, feedback_reading, feedback_subjects, feedback_writing
from lti_tool.services.equity.feedback_subjects import Subject
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.equity.feedback_words import about_word, choices, figures, questions, read_by, title
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("feedback", __name__)

LEADS = Capability.PROGRAM_LEAD


@bp.get("/me/feedback")
@signed_in
def mine() -> ResponseReturnValue:
    """About whom and what the visitor can say something, what they said, and what was said of them."""
    session, visitor = current.db(), current.visitor()
    given = feedback_writing.given(session, visitor)
    return render_template(
        "feedback/mine.html",
        people=feedback_subjects.people(session, visitor),
        sites=feedback_subjects.sites(session, visitor),
        of_people={one.person_id: one for one in given if one.about is FeedbackAbout.SUPERVISOR},
        of_sites={one.site_id: one for one in given if one.about is FeedbackAbout.SITE},
        of_feedback=[one for one in given if one.about is FeedbackAbout.FEEDBACK],
        blocks=feedback_reading.of_visitor(session, visitor),
    )


@bp.route("/me/feedback/people/<uuid:person_id>", methods=["GET", "POST"])
@signed_in
@act
def of_person(person_id: UUID) -> ResponseReturnValue:
    """Say something of somebody who accompanied the visitor."""
    return _say(feedback_subjects.one_person(current.db(), current.visitor(), person_id))


@bp.route("/me/feedback/sites/<uuid:site_id>", methods=["GET", "POST"])
@signed_in
@act
def of_site(site_id: UUID) -> ResponseReturnValue:
    """Say something of a site."""
    return _say(feedback_subjects.one_site(current.db(), current.visitor(), site_id))


@bp.get("/o/<uuid:observation_id>/feedback")
@signed_in
def of_observation(observation_id: UUID) -> ResponseReturnValue:
    """Whose feedback on this observation can be spoken of; where only one wrote, their page."""
    found = feedback_subjects.writers(current.db(), current.visitor(), observation_id)
    if len(found) == 1:
        return redirect(_address(found[0]), 303)
    lines = [(_address(subject), title(subject)) for subject in found]
    return render_template("feedback/writers.html", lines=lines, observation_id=observation_id)


@bp.route("/o/<uuid:observation_id>/feedback/<uuid:person_id>", methods=["GET", "POST"])
@signed_in
@act
def of_feedback(observation_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Say how useful the words of one observer were."""
    return _say(feedback_subjects.one_writer(current.db(), current.visitor(), observation_id, person_id))


@bp.post("/me/feedback/<uuid:feedback_id>/take-back")
@signed_in
@act
def take_back(feedback_id: UUID) -> ResponseReturnValue:
    """All of it goes, or of what is shown already the words."""
    gone = feedback_writing.take_back(current.db(), current.visitor(), feedback_id)
    return redirect(url_for("feedback.mine", said="feedback_gone" if gone else "feedback_words_gone"), 303)


@bp.get("/feedback")
@needs_in_organization(LEADS)
def everything() -> ResponseReturnValue:
    """What trainees said in the organization, in blocks."""
    return _everything(str(feedback_minimum.minimum(current.db(), current.visitor().organization_id)))


@bp.post("/feedback/minimum")
@needs_in_organization(LEADS)
@act
def minimum() -> ResponseReturnValue:
    """From how many people on something is shown."""
    typed = request.form.get("minimum", "")
    try:
        feedback_minimum.choose(current.db(), current.visitor(), whole_number(typed) or 0, current.now())
    except Refused as refused:
        give_up()
        return _everything(typed, in_words(refused)), 422
    return redirect(url_for("feedback.everything", said="feedback_minimum"), 303)


@bp.get("/feedback/<uuid:block_id>")
@signed_in
def block(block_id: UUID) -> ResponseReturnValue:
    """What several trainees said, for whom it is about and for program leads."""
    leads = LEADS in current.capabilities()
    view = feedback_reading.block(current.db(), current.visitor(), block_id, leads=leads)
    return render_template(
        "feedback/block.html", view=view, about=about_word(view.line.about), figures=figures(view), leads=leads
    )


def _say(subject: Subject) -> ResponseReturnValue:
    if request.method == "GET":
        return _say_page(subject)
    numbers = {"1", "2", "3", "4", "5"}
    answers = {key: int(number) for key, number in request.form.items() if number in numbers}
    words = request.form.get("words", "")
    try:
        feedback_writing.say(current.db(), current.visitor(), subject, answers, words, current.now())
    except Refused as refused:
        give_up()
        return _say_page(subject, request.form, in_words(refused)), 422
    return redirect(f"{_address(subject)}?said=feedback_kept", 303)


def _say_page(subject: Subject, typed: MultiDict[str, str] | None = None, problem: str | None = None) -> str:
    own = feedback_writing.said(current.db(), current.visitor(), subject)
    before = {key: str(number) for key, number in own.answers.items()} | {"words": own.words or ""} if own else {}
    return render_template(
        "feedback/say.html",
        title=title(subject),
        read_by=read_by(subject),
        address=_address(subject),
        observation_id=subject.observation_id,
        own=own,
        questions=questions(subject.about),
        choices=choices(),
        typed=before if typed is None else typed,
        problem=problem,
        minimum=feedback_minimum.minimum(current.db(), current.visitor().organization_id),
        longest=feedback_writing.LONGEST,
    )


def _address(subject: Subject) -> str:
    match subject.about:
        case FeedbackAbout.SUPERVISOR:
            return url_for("feedback.of_person", person_id=subject.person_id)
        case FeedbackAbout.SITE:
            return url_for("feedback.of_site", site_id=subject.site_id)
        case FeedbackAbout.FEEDBACK:
            return url_for(
                "feedback.of_feedback", observation_id=subject.observation_id, person_id=subject.person_id
            )  # fmt: skip


def _everything(typed: str, problem: str | None = None) -> str:
    lines = feedback_reading.of_everybody(current.db(), current.visitor())
    kinds = [(about_word(about), [line for line in lines if line.about is about]) for about in FeedbackAbout]
    return render_template(
        "feedback/everything.html",
        kinds=kinds,
        minimum=typed,
        problem=problem,
        least=LEAST,
        most=feedback_minimum.MOST,
    )
