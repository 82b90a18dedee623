"""Marks on kept standings, put by the database itself: whatever changes evidence, in whatever way, marks them.

A mark is a row of its own, added by the statement that makes the change: it is there as soon as the change is, and two
who change evidence of the same people wait for nobody. `services.standing.kept_standings` takes marks away first and
reads the evidence then, so a change that is not in what it read has its mark still.
"""

from dataclasses import dataclass

from alembic import op

from lti_tool.migrations.in_place import on_sqlite

_COUNTED = "('answered', 'in_reconciliation', 'final', 'released', 'superseded', 'reconsidered')"
"""The states in which an observation is evidence: what somebody is still writing marks nothing."""
_PEOPLE = (
    "SELECT e.id FROM person p JOIN enrollment e ON e.person_id = COALESCE(p.merged_into, p.id) WHERE p.id IN ({of})"
)
_SEEN = f"SELECT o.trainee_id FROM observation o WHERE o.id = {{of}} AND o.state IN {_COUNTED}"  # noqa: S608 - our own words
_PARTS = "SELECT s.person_id FROM session_part s WHERE s.session_id = {of}"
_TAKING_PART = (
    "SELECT s.person_id FROM ledger_entry s JOIN ledger_signature g ON g.entry_id = s.id WHERE g.signer_id IN ({of}) "
    "UNION SELECT s.trainee_id FROM observation s JOIN sign_off g ON g.observation_id = s.id "
    "WHERE g.signer_id IN ({of}) "
    "UNION SELECT s.trainee_id FROM observation s JOIN assessment g ON g.observation_id = s.id "
    "WHERE g.observer_id IN ({of}) "
    "UNION SELECT s.person_id FROM session_part s JOIN session_part g ON g.session_id = s.session_id "
    "WHERE g.person_id IN ({of})"
)
"""Everybody for whom these people observed, supervised or signed."""
_EVERY_ID = (
    "SELECT a.id FROM person a JOIN person b ON a.id = COALESCE(b.merged_into, b.id) "
    "OR a.merged_into = COALESCE(b.merged_into, b.id) WHERE b.id = {of}"
)
"""Every id that somebody has had."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Which change of which table marks what. `{row}` stands for the row that was changed."""

    table: str
    enrollments: str
    when: str = ""
    """Only where this is so: of the row before or after, if it speaks of `{row}`."""
    acts: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")


def _of(people: str, source: str) -> str:
    return _PEOPLE.format(of=people.format(of=source))


MARKS = (
    Mark("ledger_entry", _of("{of}", "{row}.person_id"), "{row}.state NOT IN ('open', 'returned')"),
    Mark("ledger_signature", _of("SELECT l.person_id FROM ledger_entry l WHERE l.id = {of}", "{row}.entry_id")),
    Mark("attestation", _of("{of}", "{row}.person_id")),
    Mark("observation", _of("{of}", "{row}.trainee_id"), f"{{row}}.state IN {_COUNTED}"),
    Mark("consent", _of(_SEEN, "{row}.observation_id")),
    Mark("assessment", _of(_SEEN, "{row}.observation_id")),
    Mark("rating", _of(_SEEN, "(SELECT a.observation_id FROM assessment a WHERE a.id = {row}.assessment_id)")),
    Mark("sign_off", _of(_SEEN, "{row}.observation_id")),
    Mark("sign_off_withdrawal", _of(_SEEN, "(SELECT g.observation_id FROM sign_off g WHERE g.id = {row}.sign_off_id)")),
    Mark("supersession", _of(_SEEN, "{row}.observation_id")),
    Mark("supervision_session", _of(_PARTS, "{row}.id")),
    Mark(
        "session_part",
        _PEOPLE.format(of=_PARTS.format(of="{row}.session_id") + " UNION SELECT {row}.person_id"),
    ),
    Mark("scope_acknowledgment", _of("{of}", "{row}.person_id")),
    Mark("qualification", _of(_TAKING_PART, _EVERY_ID.format(of="{row}.person_id"))),
    Mark("enrollment", "SELECT {row}.id"),
    Mark("enrollment_move", "SELECT {row}.enrollment_id"),
    Mark("decision", "SELECT {row}.enrollment_id"),
    Mark("path_pause", "SELECT {row}.enrollment_id"),
    Mark(
        "person",
        f"{_of('{of}', '{row}.id')} UNION {_of(_TAKING_PART, _EVERY_ID.format(of='{row}.id'))}",
        "NEW.merged_into IS NOT NULL AND OLD.merged_into IS NULL",
        ("UPDATE",),
    ),
    Mark("program_version", "SELECT e.id FROM enrollment e WHERE e.program_id = {row}.program_id", "", ("INSERT",)),
)


def set_marks() -> None:
    """Have every change of evidence mark what is kept of the people it is about."""
    for mark in MARKS:
        for act in mark.acts:
            _set(mark, act)


def _set(mark: Mark, act: str) -> None:
    name, row = _name(mark, act), "OLD" if act == "DELETE" else "NEW"
    both = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}[act]
    when = " OR ".join(dict.fromkeys(mark.when.format(row=each) for each in both if mark.when)) or "1 = 1"
    id_ = "lower(hex(randomblob(16)))" if on_sqlite() else "gen_random_uuid()"
    says = (
        f"INSERT INTO kept_mark (id, enrollment_id) SELECT {id_}, k.enrollment_id FROM kept_standing k "  # noqa: S608 - our own words
        f"WHERE k.enrollment_id IN ({mark.enrollments.format(row=row)});"
    )
    if on_sqlite():
        op.execute(f"CREATE TRIGGER {name} AFTER {act} ON {mark.table} FOR EACH ROW WHEN {when} BEGIN {says} END")
        return
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {says} RETURN NULL; END $$")
    op.execute(
        f"CREATE TRIGGER {name} AFTER {act} ON {mark.table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
    )


def take_marks_away() -> None:
    """Take away what `set_marks` put up."""
    for mark in MARKS:
        for act in mark.acts:
            name = _name(mark, act)
            op.execute(f"DROP TRIGGER {name}" if on_sqlite() else f"DROP TRIGGER {name} ON {mark.table}")
            if not on_sqlite():
                op.execute(f"DROP FUNCTION {name}()")


def _name(mark: Mark, act: str) -> str:
    return f"{mark.table}_marks_{act.lower()}"
