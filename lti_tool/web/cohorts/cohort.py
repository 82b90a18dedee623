"""The cohort of a program at a glance: people by requirements, and the proof behind each cell. No rank of people."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.lifecycle.status import Status
from grading.proof import Answer
from grading.telling.proofs import ANSWERS
from lti_tool.access import Capability, Field
from lti_tool.services.cohorts import cohort_choices, cohort_matrix, saved_views
from lti_tool.services.cohorts.cohort_matrix import Column, Looking
from lti_tool.services.cohorts.saved_views import Of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.personal_data import record_access
from lti_tool.services.programs import enrollment_lists, program_lists
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.standing import kept_standings
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, writes
from lti_tool.web.cohorts.cohort_fields import PAGES, address, columns_of, looking_of, most_of, query_of
from lti_tool.web.cohorts.cohort_words import ORDERS, WHO, known_by, line_words, order_said
from lti_tool.web.paging import page_of
from lti_tool.web.programs.proof_words import Words, status_word
from lti_tool.web.texts import gettext

bp = Blueprint("cohort", __name__)

LEADS = Capability.PROGRAM_LEAD


@bp.get("/programs/<uuid:program_id>/cohort")
@needs_in_organization(LEADS)
@writes
def matrix(program_id: UUID) -> ResponseReturnValue:
    """People down, requirements across; a page at a time, as the address says."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    program = program_lists.program(session, visitor.organization_id, program_id)
    kept_standings.work_out(session, program_id, now)
    looking, most = looking_of(request.args), most_of(request.args)
    found = cohort_matrix.find(session, program, looking)
    paged = page_of(
        found.count,
        lambda first, count: cohort_matrix.lines(session, program, looking, found, now, first=first, most=count),
        most=most,
    )
    record_access.log_reading_of_several(
        session,
        visitor,
        trainees=[line.person_id for line in paged.shown],
        fields=[Field.STANDING, Field.PAUSE],
        now=now,
    )
    every = cohort_matrix.columns(program)
    there = {key for line in paged.shown for key in line.cells}
    every = tuple(each for each in every if not each.other_edition or each.key in there)
    chosen = columns_of(request.args) & {each.key for each in every}
    shown = tuple(each for each in every if not chosen or each.key in chosen)
    query = query_of(looking, chosen, most)
    path = url_for("cohort.matrix", program_id=program_id)
    choices = cohort_choices.of_organization(session, visitor.organization_id, looking.course_id)
    views = saved_views.mine(session, visitor, Of(program_id=program_id))
    named = {"name": [looking.name]} if looking.name else {}
    return render_template(
        "cohort/matrix.html",
        program=program,
        paged=paged,
        lines=list(line_words(paged.shown, shown)),
        columns=shown,
        every=every,
        chosen=chosen,
        looking=looking,
        most=most,
        pages=PAGES,
        address=address(path, {**query, **named}),
        query=query,
        views=[(view, address(path, view.query)) for view in views],
        choices=choices,
        lists=_lists(program),
        left_out=_left_out(looking, every, choices),
        order=order_said(looking.order, _title(every, looking.by)),
        too_many=not found.in_order,
        stale=sum(line.is_stale for line in paged.shown),
        today=kept_standings.today_in(program.versions, now),
    )


@bp.get("/people-of/<uuid:enrollment_id>/requirements/<requirement>")
@needs_in_organization(LEADS)
@writes
def proof(enrollment_id: UUID, requirement: str) -> ResponseReturnValue:
    """Why the answer for one requirement is what it is, worked out now."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    opened = enrollment_lists.opened(session, visitor, enrollment_id, now)
    standing = opened.stands.standing
    weighed = next(
        (each for stage in standing.stages for each in stage.requirements if each.requirement.key == requirement), None
    )
    if weighed is None:
        raise NotHere
    record_access.log_reading(session, visitor, trainee_id=opened.person_id, seen={None: {Field.STANDING}}, now=now)
    words = Words(opened.stands.enrolled.program, noted=f"/people-of/{enrollment_id}/noted", observations=False)
    return render_template(
        "cohort/proof.html",
        enrollment=opened,
        enrollment_id=enrollment_id,
        program=opened.stands.enrolled.program,
        asks=words.requirement(weighed, opened.stands.today),
        today=standing.on,
    )


def _lists(program: InUse) -> dict[str, list[tuple[str, str]]]:
    """The words to choose from that belong to the program and the engine."""
    newest = program.versions[-1].program
    return {
        "statuses": [(each.value, status_word(each)) for each in Status],
        "stages": [(each.key, each.title) for each in newest.stages],
        "answers": [(each.value, gettext(ANSWERS[each])) for each in Answer],
        "waits": [(who.value, gettext(text)) for who, text in WHO.items()],
        "orders": [(order.value, gettext(text)) for order, text in ORDERS.items()],
        "paused": [("yes", gettext("only who is paused")), ("no", gettext("only who is not paused"))],
    }


def _left_out(looking: Looking, every: tuple[Column, ...], choices: cohort_choices.Choices) -> list[str]:
    """By what the people were chosen, in words; nothing where everybody is shown."""
    found = [status_word(each) for each in sorted(looking.statuses)]
    if looking.stage:
        found.append(gettext("stage: %(name)s", name=looking.stage))
    found += [
        name
        for name in (
            known_by(looking.course_id, choices.courses),
            known_by(looking.group_id, choices.groups),
            known_by(looking.site_id, choices.sites),
            known_by(looking.supervisor_id, choices.supervisors),
        )
        if name
    ]
    if looking.requirement and looking.answer:
        title = _title(every, looking.requirement)
        found.append(gettext("%(title)s: %(answer)s", title=title, answer=gettext(ANSWERS[looking.answer])))
    if looking.waits_for:
        found.append(gettext("waits for %(who)s", who=gettext(WHO.get(looking.waits_for, ""))))
    if looking.paused is not None:
        found.append(gettext("paused") if looking.paused else gettext("not paused"))
    if looking.name:
        found.append(gettext("name has “%(name)s”", name=looking.name))
    return found


def _title(every: tuple[Column, ...], key: str) -> str:
    return next((each.title for each in every if each.key == key), key)
