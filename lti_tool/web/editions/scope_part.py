"""The scope of practice where it comes first: the text with what changed, and the way back to where somebody was."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from flask import current_app, request

from lti_tool.services.editions import scope
from lti_tool.services.editions.scope import Acknowledged, Statement
from lti_tool.store.sites import AcknowledgedAs
from lti_tool.web import current
from lti_tool.web.form_values import uuid_if_any
from rubrics.side_by_side import Pair, paragraphs, side_by_side

LONGEST_PATH = 2_000
"""Several that are signed at once are named in the address of their page."""


@dataclass(frozen=True, slots=True)
class ScopePart:
    """The edition in force, as somebody reads it."""

    statement: Statement
    before: Acknowledged | None
    """The newest edition that they have acknowledged."""
    ticked: bool = False

    @property
    def known(self) -> bool:
        """Whether they have acknowledged this one."""
        return self.before is not None and self.before.statement.id == self.statement.id

    @property
    def paragraphs(self) -> list[str]:
        """What it says."""
        return paragraphs(self.statement.words)

    @property
    def changed(self) -> tuple[Pair, ...]:
        """Beside the edition that they know, where that is an earlier one."""
        if self.before is None or self.known:
            return ()
        return side_by_side(self.before.statement.words, self.statement.words)


def scope_part() -> ScopePart | None:
    """The edition in force, for the visitor; None where there is none."""
    statement = scope.in_force(current.db(), current.visitor().organization_id)
    if statement is None:
        return None
    return ScopePart(statement, scope.last_of(current.db(), current.visitor().person_id), _ticked(statement))


def scope_first() -> ScopePart | None:
    """The same where the visitor has not acknowledged it yet; None: nothing is asked."""
    part = scope_part()
    return None if part is None or part.known else part


def acknowledge_if_ticked() -> None:
    """A form that holds the statement has acknowledged it with the same act. Raises `Refused` ("newer_edition")."""
    statement_id = uuid_if_any(request.form.get("scope"))
    if statement_id is not None:
        scope.acknowledge(current.db(), current.visitor(), statement_id, AcknowledgedAs.TRAINEE, current.now())


def own_path(text: str | None) -> str | None:
    """An address of ours that can be shown, with what it asks for; None for everything else."""
    if not text or len(text) > LONGEST_PATH or not text.startswith("/"):
        return None
    parts = urlsplit(text)
    adapter = current_app.create_url_adapter(request)
    ours = not parts.scheme and not parts.netloc and adapter is not None and adapter.test(parts.path, method="GET")
    return urlunsplit(("", "", parts.path, parts.query, "")) if ours else None


def _ticked(statement: Statement) -> bool:
    return request.form.get("scope") == str(statement.id)
