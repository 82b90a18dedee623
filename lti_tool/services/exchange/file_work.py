"""The worker's part with a file: reading it, comparing it with what stands here, and taking it in as it was shown.

What takes long happens outside of transactions; all that is written of a file is written in one.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.documents import DocumentProblem, DocumentProblems, formats
from lti_tool.documents.brought import Brought, Note, Options
from lti_tool.documents.formats import Format
from lti_tool.documents.sentences import Sentence
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.exchange import file_jobs, taking_in
from lti_tool.services.exchange.file_jobs import Job
from lti_tool.services.exchange.planning import Line, Way, plan, rows_in
from lti_tool.services.exchange.taking_in import Taken
from lti_tool.store.files import FileHolds, FileState
from rubrics.refusal import Refused

EVERY = 500
"""So many rows lie between two notes of how far it is."""

Clock = Callable[[], datetime]


class _TakenAway(Exception):
    """The file is in other hands now, or nobody's."""


def work(sessions: sessionmaker[Session], file_id: UUID, clock: Clock) -> FileState | None:
    """Go on with a file, if it waits and nobody else has it; the answer is how far it is then."""
    with sessions.begin() as session:
        job = file_jobs.take(session, file_id, clock())
    if job is None:
        return None
    try:
        return _take_in(sessions, job, clock) if job.wanted else _read(sessions, job, clock)
    except _TakenAway:
        return None
    except DocumentProblems as found:
        return mend(sessions, job, [_problem(each) for each in found.problems], clock)
    except Refused as refused:
        sentence = {"place": "", "template": refused.sentence, "values": dict(refused.values)}
        return mend(sessions, job, [sentence], clock)


def mend(sessions: sessionmaker[Session], job: Job, problems: list[dict[str, Any]], clock: Clock) -> FileState:
    """Close the file with what is to be mended first."""
    with sessions.begin() as session:
        file_jobs.mend(session, job, problems, clock())
    return FileState.NOT_TAKEN


def _read(sessions: sessionmaker[Session], job: Job, clock: Clock) -> FileState:
    found, brought = _content(job)
    _note(sessions, job, 0, rows_in(brought), clock)
    shown = _compared(sessions, job, brought, found, clock)
    with sessions.begin() as session:
        file_jobs.show(session, job, shown, _holds(brought), clock())
    return FileState.READ


def _take_in(sessions: sessionmaker[Session], job: Job, clock: Clock) -> FileState:
    found, brought = _content(job)
    shown = _compared(sessions, job, brought, found, clock)
    if shown["digest"] == job.shown:
        with sessions.begin() as session:
            if _written(session, job, brought, shown, clock):
                return FileState.TAKEN_IN
        shown = _compared(sessions, job, brought, found, clock)
    with sessions.begin() as session:
        file_jobs.show(session, job, shown | {"changed_since": True}, _holds(brought), clock())
    return FileState.READ


def _content(job: Job) -> tuple[Format, Brought]:
    chosen = job.choices
    options = Options(chosen.encoding, chosen.separator, chosen.language)
    found = chosen.format or formats.recognize(job.content, source=job.name, options=options)
    return found, formats.read(job.content, source=job.name, options=options, kind=found)


def _compared(
    sessions: sessionmaker[Session], job: Job, brought: Brought, found: Format, clock: Clock
) -> dict[str, Any]:
    """The plan as it is kept, and as pages read it."""
    with sessions.begin() as session:
        mine, standing = taking_in.compared(session, job.organization_id, brought, found, source=job.name)
    rows, lines = rows_in(mine), []
    for line in plan(mine, standing):
        lines.append(line)
        if len(lines) % EVERY == 0:
            _note(sessions, job, len(lines), rows, clock)
    return plan_document(lines, mine.notes, found, rows)


def _written(session: Session, job: Job, brought: Brought, shown: dict[str, Any], clock: Clock) -> bool:
    """Whether it was taken in: not where what stands here is not what it was compared with a moment ago."""
    found = Format(shown["format"])
    mine, standing = taking_in.compared(session, job.organization_id, brought, found, source=job.name, to_change=True)
    if file_jobs.plan_digest([line_document(line) for line in plan(mine, standing)]) != job.shown:
        return False
    by = Author(job.organization_id, job.person_id)
    taken = taking_in.take_in(session, by, mine, standing, rewrite=job.rewrite, now=clock())
    result = {"result": taken_document(taken)}
    if not file_jobs.done(session, job, shown | result, clock(), rubrics=len(taken.rubrics)):
        raise _TakenAway
    return True


def _note(sessions: sessionmaker[Session], job: Job, done: int, total: int, clock: Clock) -> None:
    with sessions.begin() as session:
        if not file_jobs.moves_on(session, job, done, total, clock()):
            raise _TakenAway


# ---- as it is kept ----


def plan_document(lines: Sequence[Line], notes: Sequence[Note], found: Format, rows: int) -> dict[str, Any]:
    """The plan in JSON form."""
    kept = [line_document(line) for line in lines]
    return {
        "digest": file_jobs.plan_digest(kept),
        "format": found.value,
        "rows": rows,
        "counts": dict(Counter(line.fate.value for line in lines)),
        "rewrites": [line.named for line in lines if line.way is Way.REWRITE],
        "lines": kept,
        "notes": [{"place": note.place, **_sentence(note.sentence)} for note in notes],
        "changed_since": False,
        "result": None,
    }


def line_document(line: Line) -> dict[str, Any]:
    """One row in JSON form: what is empty is left out, as most rows have little to say."""
    return dict(_entries(line))


def _entries(line: Line) -> Iterator[tuple[str, Any]]:
    yield "fate", line.fate.value
    yield "of", line.of.value
    yield "named", line.named
    yield "words", line.words
    yield "language", line.language
    if line.differences:
        yield "differences", [asdict(each) for each in line.differences]
    if line.way is not None:
        yield "way", line.way.value


def taken_document(taken: Taken) -> dict[str, Any]:
    """What was taken in, in JSON form."""
    return {
        "rubrics": [
            {
                "key": each.key,
                "title": each.title,
                "way": each.way.value,
                "draft": str(each.draft_id) if each.draft_id else None,
            }
            for each in taken.rubrics
        ],
        "frameworks": [
            {
                "key": each.key,
                "title": each.title,
                "framework": str(each.saved.framework_id),
                "anything": each.saved.anything,
                "new": each.saved.new,
                "changed": each.saved.changed,
                "gone": each.saved.gone,
            }
            for each in taken.frameworks
        ],
    }


def _problem(problem: DocumentProblem) -> dict[str, Any]:
    return {"place": problem.place, **_sentence(problem.sentence)}


def _sentence(sentence: str) -> dict[str, Any]:
    """With the values beside it, where it can still be said in another language."""
    if isinstance(sentence, Sentence):
        return {"template": sentence.template, "values": dict(sentence.values)}
    return {"template": sentence, "values": {}}


def _holds(brought: Brought) -> FileHolds:
    return FileHolds.FRAMEWORK if brought.frameworks else FileHolds.RUBRICS
