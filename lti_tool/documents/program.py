"""Programs as TOML: one file is one program, with all its editions."""

from collections.abc import Sequence

from pydantic import ValidationError

from grading.lifecycle.rules import (
    DueProcess,
    Fee,
    Grace,
    Lapse,
    Lifecycle,
    RenewalWindow,
    Validity,
)
from grading.program import (
    Program,
    Requirement,
    Stage,
    Transition,
)
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.problems import problems_in
from lti_tool.documents.program_entries import (
    EXAMPLES,
    EditionEntries,
    KnownEntries,
    LifecycleEntries,
    ProgramEntries,
    RequirementEntries,
    StageEntries,
)
from lti_tool.documents.program_needs import need_of
from lti_tool.documents.program_texts import month_and_day, period_of
from lti_tool.documents.reading import Reading
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.toml import read_toml
from rubrics.refusal import _N

ONLY_EDITION = "1"
PAUSABLE = frozenset({"stage", "validity", "windows", "each"})


def read_program(text: str, *, source: str) -> tuple[Program, ...]:
    """Every edition of the program in the text, in the order of the document.

    Raises `DocumentProblems` with each place and remedy; a syntax error names its line.
    """
    try:
        tables = read_toml(text, source=source)
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem
    try:
        entries = ProgramEntries.model_validate(tables)
    except ValidationError as error:
        raise problems_in(error, source=source, entries=KnownEntries(), examples=EXAMPLES) from error
    reading = Reading(source)
    reading.check_zone(entries.time_zone)
    for place, name in enumerate(entries.pausable, 1):
        if name not in PAUSABLE:
            reading.problem(f"pausable[{place}]", Sentence(_N("Please choose from %(known)s."), known=_list(PAUSABLE)))
    editions = entries.editions or [EditionEntries.model_validate({"key": ONLY_EDITION})]
    named = {edition.key for edition in editions}
    for place, requirement in enumerate(entries.requirements, 1):
        _check_editions(reading, f"requirements[{place}].editions", requirement.editions, named)
    needs = [
        need_of(requirement, reading, f"requirements[{place}]")
        for place, requirement in enumerate(entries.requirements, 1)
    ]
    stages = tuple(_stage(stage, reading, f"stages[{place}]") for place, stage in enumerate(entries.stages, 1))
    lifecycles = [
        (each.editions, _lifecycle(entries, each, reading, f"lifecycle[{place}]"))
        for place, each in enumerate(entries.lifecycle or [LifecycleEntries()], 1)
    ]
    terms = tuple(month_and_day(each, reading, f"terms[{place}]") for place, each in enumerate(entries.terms, 1))
    reading.done()
    return tuple(
        Program(
            id=entries.id,
            name=entries.name,
            body=entries.body,
            edition=edition.key,
            time_zone=entries.time_zone,
            stages=stages,
            requirements=tuple(
                _requirement(each, need)
                for each, need in zip(entries.requirements, needs, strict=True)
                if need is not None and (not each.editions or edition.key in each.editions)
            ),
            effective_from=edition.since,
            effective_until=edition.until,
            area=entries.area,
            country=entries.country,
            summary=entries.summary,
            language=entries.language,
            illustrative=entries.illustrative,
            comparison_only=entries.comparison_only,
            read_on=entries.read_on,
            sources=tuple(entries.sources),
            names={name: tuple(values) for name, values in entries.names.items()},
            terms=terms,
            pausable=frozenset(entries.pausable),
            lifecycle=next(
                (found for editions_of, found in lifecycles if not editions_of or edition.key in editions_of),
                Lifecycle(),
            ),
            transitions=_transitions(editions, place),
            follows=_transition(edition, "") if place == 0 and entries.editions else None,
            endorsements_at_least=entries.endorsements_at_least,
            notes=tuple(entries.notes),
        )
        for place, edition in enumerate(editions)
    )


def _requirement(each: RequirementEntries, need: object) -> Requirement:
    return Requirement(
        key=each.key,
        stage=each.stage,
        title=each.title,
        need=need,  # type: ignore[arg-type]  # read by need_of, which gives nothing else
        kinds=tuple(each.kinds),
        sources=tuple(each.sources),
        confidence=each.confidence,
        note=each.note,
        who=each.who,
        shown_only=each.shown_only,
    )


def _stage(each: StageEntries, reading: Reading, place: str) -> Stage:
    return Stage(
        each.key,
        each.title,
        each.kind,
        each.after,
        period_of(each.lasts, reading, f"{place}.lasts"),
        each.extensions,
        period_of(each.extension, reading, f"{place}.extension"),
        each.scope,
        each.reveals,
    )


def _transitions(editions: Sequence[EditionEntries], place: int) -> tuple[Transition, ...]:
    """What becomes of people of the edition before this one."""
    if place == 0:
        return ()
    return (_transition(editions[place], editions[place - 1].key),)


def _transition(this: EditionEntries, before: str) -> Transition:
    return Transition(before, this.earlier, this.earlier_by, tuple(this.again))


def _lifecycle(entries: ProgramEntries, each: LifecycleEntries, reading: Reading, place: str) -> Lifecycle:
    due = entries.due_process
    validity = None
    lasts = period_of(each.valid_for, reading, f"{place}.valid_for")
    if lasts or each.valid_without_end:
        validity = Validity(
            lasts,
            each.ends,
            month_and_day(each.fixed_day, reading, f"{place}.fixed_day") if each.fixed_day else None,
            each.runs_from,
            period_of(each.valid_at_least, reading, f"{place}.valid_at_least"),
        )
    closes_on = each.renewal_closes_on
    renewal = RenewalWindow(
        period_of(each.renewal_opens, reading, f"{place}.renewal_opens"),
        period_of(each.renewal_closes, reading, f"{place}.renewal_closes"),
        month_and_day(closes_on, reading, f"{place}.renewal_closes_on") if closes_on else None,
    )
    grace = period_of(each.grace, reading, f"{place}.grace")
    within = period_of(each.reinstate_within, reading, f"{place}.reinstate_within")
    return Lifecycle(
        validity=validity,
        renewal=renewal if renewal != RenewalWindow() else None,
        grace=Grace(grace, each.late_fee) if grace else None,
        lapse=Lapse(each.after_lapse, within) if each.after_lapse else None,
        application_usable=period_of(each.application_usable, reading, f"{place}.application_usable"),
        reminders=tuple(
            found
            for number, text in enumerate(each.reminders, 1)
            if (found := period_of(text, reading, f"{place}.reminders[{number}]")) is not None
        ),
        statuses=tuple(each.statuses),
        keep_proof_for=period_of(each.keep_proof_for, reading, f"{place}.keep_proof_for"),
        recognizes=None if each.recognizes is None else tuple(each.recognizes),
        due_process=DueProcess(
            period_of(due.decide_within, reading, "due_process.decide_within"),
            due.decide_within_hours,
            tuple(due.notice_holds),
            period_of(due.appeal_within, reading, "due_process.appeal_within"),
            tuple(due.appeal_levels),
            period_of(due.appeal_answered_within, reading, "due_process.appeal_answered_within"),
        ),
        fees=tuple(Fee(fee.what, fee.amount, fee.waived_from) for fee in entries.fees),
    )


def _check_editions(reading: Reading, place: str, named: Sequence[str], known: set[str]) -> None:
    for unknown in (each for each in named if each not in known):
        sentence = _N("There is no edition “%(found)s”. The editions are: %(known)s.")
        reading.problem(place, Sentence(sentence, found=unknown, known=_list(known)))


def _list(names: Sequence[str] | frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names))
