"""One picture of what a rubric covers, with a table behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from grading.coverage import Area, Coverage, Line, OfFramework
from grading.spoken import competency_in, framework_in
from lti_tool.access import Capability
from lti_tool.services.authoring import coverage, drafts, library
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.authoring.library import READ
from lti_tool.web.texts import gettext, readers_languages
from lti_tool.web.words import word
from rubrics.language import for_reader
from rubrics.rubric import Rubric

bp = Blueprint("coverage", __name__)

WRITTEN = (Capability.PROGRAM_LEAD, Capability.REVIEWER)
MOST_ROWS = 30
"""Of one framework in a picture."""
MOST_LINES = 60
"""Of one framework in a table; the framework's own page has them all."""
LONGEST_LABEL = 36


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a picture, and of the table behind it."""

    label: str
    language: str | None
    """Of the label; None for words of the page."""
    columns: tuple[int, ...]
    code: str = ""

    @property
    def short(self) -> str:
        """As much of the label as a picture has room for."""
        whole = f"{self.code} {self.label}".strip()
        return whole if len(whole) <= LONGEST_LABEL else f"{whole[: LONGEST_LABEL - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together."""

    title: str
    language: str | None
    rows: tuple[Row, ...]
    left_out: int = 0
    """How many rows there was no room for."""


@dataclass(frozen=True, slots=True)
class Table:
    """One framework in full, as far as there is room."""

    framework_id: UUID
    title: str
    language: str
    notice: str
    of: OfFramework
    shown: tuple[Row, ...]
    open: tuple[Row, ...]
    apart: tuple[Row, ...]
    left_out: int


@bp.get("/drafts/<uuid:draft_id>/coverage")
@needs_in_organization(*WRITTEN)
def draft(draft_id: UUID) -> ResponseReturnValue:
    """What a draft covers, as it stands."""
    found = drafts.draft(current.db(), current.visitor().organization_id, draft_id)
    return _page(found.rubric, None, url_for("builder.draft", draft_id=draft_id))


@bp.get("/rubrics/versions/<uuid:version_id>/coverage")
@needs_in_organization(*READ)
def version(version_id: UUID) -> ResponseReturnValue:
    """What a published edition covers."""
    found = library.version(current.db(), current.visitor().organization_id, version_id)
    return _page(found.rubric, found.number, url_for("library.version", version_id=version_id))


def _page(rubric: Rubric, number: int | None, back: str) -> str:
    found = coverage.of_rubric(current.db(), current.visitor().organization_id, rubric)
    of = found.coverage
    return render_template(
        "coverage/rubric.html",
        rubric=for_reader(rubric, readers_languages()),
        number=number,
        back=back,
        coverage=of,
        groups=(_principles(of), _kinds(of), *(areas(one) for one in of.frameworks)),
        tables=[_table(id_, one) for id_, one in zip(found.framework_ids, of.frameworks, strict=True)],
    )


def _principles(of: Coverage) -> Group:
    rows = (Row(word(principle), None, columns) for principle, columns in of.principles.items())
    return Group(gettext("Principles"), None, tuple(rows))


def _kinds(of: Coverage) -> Group:
    rows = (Row(gettext("relational"), None, of.relational), Row(gettext("must be met"), None, of.must_be_met))
    return Group(gettext("Kinds of criteria"), None, rows)


def areas(of: OfFramework) -> Group:
    """The areas of a framework; where there are many, those that are covered come first."""
    seen = [area for area in of.areas if area.lines or area.shown_by]
    shown = seen if len(seen) <= MOST_ROWS else sorted(seen, key=lambda area: not area.shown_by)[:MOST_ROWS]
    title = framework_in(of.framework, readers_languages())
    rows = tuple(_area_row(of, area) for area in shown)
    return Group(title.statement, title.language, rows, len(seen) - len(shown))


def _area_row(of: OfFramework, area: Area) -> Row:
    words = competency_in(area.competency, of.framework.language, readers_languages())
    return Row(words.short or words.statement, words.language, area.shown_by, area.competency.code)


def rows_of(of: OfFramework, lines: Sequence[Line]) -> Iterator[Row]:
    """Competencies as rows of a table, in the reader's language."""
    wanted = readers_languages()
    for line in lines:
        words = competency_in(line.competency, of.framework.language, wanted)
        yield Row(words.statement, words.language, line.shown_by, line.competency.code)


def _table(framework_id: UUID, of: OfFramework) -> Table:
    lines = [line for area in of.areas for line in area.lines]
    apart = [line for area in of.areas for line in area.apart]
    shown = [line for line in lines if line.shown_by]
    still = [line for line in lines if not line.shown_by]
    title = framework_in(of.framework, readers_languages())
    return Table(
        framework_id=framework_id,
        title=title.statement,
        language=title.language,
        notice=of.framework.notice,
        of=of,
        shown=tuple(rows_of(of, shown)),
        open=tuple(rows_of(of, still[:MOST_LINES])),
        apart=tuple(rows_of(of, apart[:MOST_LINES])),
        left_out=max(0, len(still) - MOST_LINES) + max(0, len(apart) - MOST_LINES),
    )
