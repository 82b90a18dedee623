"""The whole life of an observation: more states, times, consent, signatures that can be withdrawn.

The table of signatures is built anew on SQLite, because a key of it changes.
"""

import sqlalchemy as sa
from alembic import op

from lti_tool.migrations.in_place import New, add_column, change_check, on_sqlite, one_of_words, put_up, take_down
from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


STATES = ("requested", "consented", "in_progress", "shared", "answered", "final", "released", "declined", "stopped",
          "withdrawn")  # fmt: skip
MORE_STATES = ("requested", "scheduled", "consented", "in_progress", "paused", "drafted", "in_moderation", "shared",
               "answered", "amending", "in_reconciliation", "final", "released", "declined", "canceled", "not_held",
               "stopped", "withdrawn", "superseded", "reconsidered")  # fmt: skip
FIELDS = ("status", "consent", "note", "draft", "assessment", "response", "sign_off", "score")
MORE_FIELDS = ("status", "consent", "note", "draft", "assessment", "response", "self_assessment", "meeting", "comment",
               "sign_off", "score")  # fmt: skip
OF_MEMBERS = ("trainee", "observer", "supervisor", "instructor", "operator")
OF_GRANTS = (*OF_MEMBERS, "program_lead", "reviewer")
OF_ALL = ("trainee", "observer", "supervisor", "instructor", "mentor", "operator", "program_lead", "reviewer")
RELEASED = "(state = 'released') = (released_at IS NOT NULL)"
RELEASED_ONCE = (
    "(state <> 'released' OR released_at IS NOT NULL) AND "
    "(released_at IS NULL OR state IN ('released', 'superseded', 'reconsidered'))"
)


CHECKS = (
    ("observation", "state", one_of_words("state", STATES), one_of_words("state", MORE_STATES)),
    ("observation", "released_at_of_released", RELEASED, RELEASED_ONCE),
    ("read_log", "field", one_of_words("field", FIELDS), one_of_words("field", MORE_FIELDS)),
    ("membership", "capability", one_of_words("capability", OF_MEMBERS), one_of_words("capability", OF_ALL)),
    ("capability_grant", "capability", one_of_words("capability", OF_GRANTS), one_of_words("capability", OF_ALL)),
)
"""Table, name of the rule, the rule before and after."""

_WHOLE, _MODE = sa.Integer(), sa.String(32)
COLUMNS = (
    New("activity", "observers", _WHOLE, "DEFAULT 1 NOT NULL CONSTRAINT ck_activity_observers "
        "CHECK (observers BETWEEN 1 AND 10)"),
    New("activity", "threshold", _WHOLE, "DEFAULT 1 NOT NULL CONSTRAINT ck_activity_threshold "
        "CHECK (threshold BETWEEN 0 AND 10)"),
    New("activity", "request_days", _WHOLE, "DEFAULT 5 NOT NULL CONSTRAINT ck_activity_request_days "
        "CHECK (request_days BETWEEN 1 AND 60)"),
    New("activity", "least_assurance", _MODE, "DEFAULT 'link_with_code' NOT NULL "
        "CONSTRAINT ck_activity_least_assurance CHECK (least_assurance IN ('launch', 'link_with_code', 'in_person'))"),
    New("activity", "qualifications", sa.JSON(), "DEFAULT '[]' NOT NULL"),
    New("assessment", "of_oneself", sa.Boolean(), "DEFAULT false NOT NULL"),
    New("assessment", "reply", EncryptedText()),
    New("assessment", "replied_at", UtcDateTime()),
    New("consent", "audience", sa.JSON(), "DEFAULT '[]' NOT NULL"),
    New("invitation", "reusable", sa.Boolean(), "DEFAULT false NOT NULL"),
    New("invitation", "course_id", sa.Uuid(), "CONSTRAINT fk_invitation_course_id REFERENCES course (id)"),
    New("invitation", "invited_by", sa.Uuid(), "CONSTRAINT fk_invitation_invited_by REFERENCES person (id)"),
    New("invitation", "code_expires_at", UtcDateTime()),
    New("invitation", "entered_at", UtcDateTime()),
    New("membership", "mentees", sa.JSON()),
    New("membership", "external", sa.Boolean(), "DEFAULT false NOT NULL"),
    New("observation", "asked_by", sa.Uuid(), "CONSTRAINT fk_observation_asked_by REFERENCES person (id)"),
    New("observation", "proposed_mode", _MODE, "CONSTRAINT ck_observation_proposed_mode CHECK (proposed_mode IN "
        "('live', 'role_play', 'recorded', 'remote', 'case_discussion'))"),
    New("observation", "proposed_recorded", sa.Boolean()),
    New("observation", "needed_observers", _WHOLE, "DEFAULT 1 NOT NULL CONSTRAINT ck_observation_needed_observers "
        "CHECK (needed_observers BETWEEN 1 AND 10)"),
    New("observation", "starts_at", UtcDateTime()),
    New("observation", "ends_at", UtcDateTime(), "CONSTRAINT ck_observation_both_ends "
        "CHECK ((starts_at IS NULL) = (ends_at IS NULL))"),
    New("observation", "proposed_by", sa.Uuid(), "CONSTRAINT fk_observation_proposed_by REFERENCES person (id) "
        "CONSTRAINT ck_observation_proposal_of_a_time CHECK (starts_at IS NOT NULL OR proposed_by IS NULL)"),
    New("observation", "place", EncryptedText()),
    New("observation", "paused_at", UtcDateTime()),
    New("observation", "extensions", _WHOLE, "DEFAULT 0 NOT NULL CONSTRAINT ck_observation_extensions "
        "CHECK (extensions >= 0)"),
    New("observation", "talk_asked_at", UtcDateTime()),
    New("observation", "talk_held_at", UtcDateTime()),
    New("observation", "finalize_after", UtcDateTime()),
    New("observation", "supersedes_id", sa.Uuid(), "CONSTRAINT fk_observation_supersedes_id "
        "REFERENCES observation (id)"),
    New("observation", "shared_with_mentors", sa.Boolean()),
    New("person", "merged_into", sa.Uuid(), "CONSTRAINT fk_person_merged_into REFERENCES person (id)"),
    New("response", "draft", EncryptedText()),
)  # fmt: skip

_NOT_GIVEN = "observation_id IN (SELECT id FROM observation WHERE answered_at IS NULL)"
_STATE_OF = "EXISTS (SELECT 1 FROM observation o WHERE o.id = {observation} AND {which})"
_OF_ASSESSMENT = "(SELECT a.observation_id FROM assessment a WHERE a.id = OLD.assessment_id)"
_FINAL = "o.state IN ('final', 'released')"
_OVER = "o.state IN ('final', 'released', 'superseded', 'reconsidered')"


def _guards(final: str, leaving: str) -> tuple[tuple[str, str, str], ...]:
    """Table, act and of which rows: those that the first migration put up, for these states."""
    of = "OLD.observation_id"
    answered = f"o.answered_at IS NOT NULL AND {final}"
    rows = {
        "rating": _STATE_OF.format(observation=_OF_ASSESSMENT, which=final),
        "assessment": _STATE_OF.format(observation=of, which=final),
        "consent": _STATE_OF.format(observation=of, which=final),
        "response": _STATE_OF.format(observation=of, which=answered),
    }
    of_words = [(table, act, when) for table, when in rows.items() for act in ("UPDATE", "DELETE")]
    kept = final.replace("o.state", "OLD.state")
    return (*of_words, ("observation", "UPDATE", leaving), ("observation", "DELETE", kept))


BEFORE = _guards(_FINAL, "OLD.state = 'released' AND NEW.state <> 'released'")
AFTER = _guards(
    _OVER,
    "(OLD.state = 'released' AND NEW.state NOT IN ('released', 'superseded', 'reconsidered')) OR "
    "(OLD.state = 'final' AND NEW.state NOT IN ('final', 'released', 'superseded', 'reconsidered')) OR "
    "(OLD.state IN ('superseded', 'reconsidered') AND NEW.state <> OLD.state)",
)
_ONLY_ITS_REASON_GOES = (
    "NEW.reason IS NULL AND NEW.id = OLD.id AND NEW.sign_off_id = OLD.sign_off_id AND NEW.kind = OLD.kind "
    "AND NEW.at = OLD.at AND EXISTS (SELECT 1 FROM sign_off s JOIN observation o ON o.id = s.observation_id "
    "WHERE s.id = OLD.sign_off_id AND o.state = 'withdrawn')"
)
"""With an observation that was taken back the words go, and the fact stays."""
NEW_GUARDS = (
    ("sign_off_withdrawal", "UPDATE", f"NOT ({_ONLY_ITS_REASON_GOES})"),
    ("sign_off_withdrawal", "DELETE", "TRUE"),
    ("supersession", "UPDATE", "TRUE"),
    ("supersession", "DELETE", "TRUE"),
    ("assessment_revision", "UPDATE", "TRUE"),
    *(
        ("criterion_response", act, _STATE_OF.format(observation="OLD.observation_id",
         which=f"o.answered_at IS NOT NULL AND {_OVER}")) for act in ("UPDATE", "DELETE")
    ),
)  # fmt: skip
OF_SIGN_OFF = (("sign_off", "UPDATE", "TRUE"), ("sign_off", "DELETE", "TRUE"))


def upgrade() -> None:
    take_down(BEFORE)
    for column in COLUMNS:
        add_column(column)
    op.create_index("uq_observation_supersedes", "observation", ["supersedes_id"], unique=True)
    op.execute(f"UPDATE response SET draft = words, words = NULL WHERE {_NOT_GIVEN}")
    for table, name, before, after in CHECKS:
        change_check(table, name, before, after)
    _sign_off_with_attempts()
    put_up(AFTER)
    put_up(NEW_GUARDS)


def downgrade() -> None:
    """What the rules of before cannot hold goes: nothing that was signed, but that a signature was withdrawn."""
    take_down(NEW_GUARDS)
    take_down(AFTER)
    op.execute("UPDATE observation SET state = 'answered' WHERE state IN ('amending', 'in_reconciliation')")
    op.execute("UPDATE observation SET state = 'consented' WHERE state = 'scheduled'")
    op.execute("UPDATE observation SET state = 'in_progress' WHERE state IN ('paused', 'drafted', 'in_moderation')")
    op.execute("UPDATE observation SET state = 'declined' WHERE state IN ('canceled', 'not_held')")
    op.execute(
        "UPDATE observation SET state = 'stopped', released_at = NULL WHERE state IN ('superseded', 'reconsidered')"
    )
    take_down((("read_log", "UPDATE", "TRUE"),))
    op.execute("DELETE FROM read_log WHERE field IN ('self_assessment', 'meeting', 'comment')")
    put_up((("read_log", "UPDATE", "TRUE"),))
    op.execute("DELETE FROM capability_grant WHERE capability = 'mentor'")
    op.execute("UPDATE membership SET capability = NULL WHERE capability IN ('mentor', 'program_lead', 'reviewer')")
    _sign_off_without_attempts()
    op.execute(f"UPDATE response SET words = draft WHERE {_NOT_GIVEN}")
    for table, name, before, after in CHECKS:
        change_check(table, name, after, before)
    op.drop_index("uq_observation_supersedes", table_name="observation")
    for column in reversed(COLUMNS):
        op.drop_column(column.table, column.name)
    put_up(BEFORE)


DEVICE = "(assurance = 'in_person') = (device_of IS NOT NULL)"


def _sign_off_with_attempts() -> None:
    if on_sqlite():
        _sign_off_anew(attempts=True)
        return
    op.execute("ALTER TABLE sign_off ADD COLUMN attempt INTEGER DEFAULT 1 NOT NULL "
               "CONSTRAINT ck_sign_off_attempt CHECK (attempt >= 1)")  # fmt: skip
    op.execute("ALTER TABLE sign_off ADD COLUMN device_of UUID CONSTRAINT fk_sign_off_device_of REFERENCES person (id) "
               f"CONSTRAINT ck_sign_off_device_of_in_person CHECK ({DEVICE})")  # fmt: skip
    op.drop_constraint(op.f("uq_sign_off_observation_id_lane"), "sign_off", type_="unique")
    op.create_unique_constraint(
        op.f("uq_sign_off_observation_id_lane_attempt"), "sign_off", ["observation_id", "lane", "attempt"]
    )


def _sign_off_without_attempts() -> None:
    """Of several signatures of a lane the last one stays; what was under the others goes with them."""
    take_down(OF_SIGN_OFF) if on_sqlite() else op.execute("ALTER TABLE sign_off DISABLE TRIGGER USER")
    op.execute("DELETE FROM sign_off_withdrawal")
    op.execute("DELETE FROM sign_off_copy")
    earlier = (
        "SELECT s.id FROM sign_off s JOIN sign_off t ON t.observation_id = s.observation_id AND t.lane = s.lane "
        "AND t.attempt > s.attempt"
    )
    op.execute(f"DELETE FROM signed_document WHERE sign_off_id IN ({earlier})")
    op.execute(f"DELETE FROM sign_off WHERE id IN ({earlier})")
    if on_sqlite():
        put_up(OF_SIGN_OFF)
        _sign_off_anew(attempts=False)
        return
    op.execute("ALTER TABLE sign_off ENABLE TRIGGER USER")
    op.drop_constraint(op.f("uq_sign_off_observation_id_lane_attempt"), "sign_off", type_="unique")
    op.create_unique_constraint(op.f("uq_sign_off_observation_id_lane"), "sign_off", ["observation_id", "lane"])
    op.drop_column("sign_off", "device_of")
    op.drop_column("sign_off", "attempt")


_OLD_COLUMNS = (
    "observation_id, signer_id, lane, meaning, attestation, assurance, digest, signed_at, organization_id, id"
)


def _sign_off_anew(*, attempts: bool) -> None:
    """SQLite cannot change a key in place. What points to the table steps aside meanwhile."""
    op.execute("CREATE TEMPORARY TABLE aside_document AS SELECT * FROM signed_document")
    op.execute("DELETE FROM signed_document")
    op.execute(f"CREATE TEMPORARY TABLE aside_sign_off AS SELECT {_OLD_COLUMNS} FROM sign_off")
    op.execute("DROP TABLE sign_off")
    further = [
        sa.Column("attempt", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("device_of", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["device_of"], ["person.id"], name=op.f("fk_sign_off_device_of")),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_sign_off_attempt")),
        sa.CheckConstraint(DEVICE, name=op.f("ck_sign_off_device_of_in_person")),
    ]
    key = ("observation_id", "lane", "attempt") if attempts else ("observation_id", "lane")
    op.create_table(
        "sign_off",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=False),
        sa.Column("meaning", sa.String(length=32), nullable=False),
        sa.Column("attestation", sa.String(), nullable=False),
        sa.Column("assurance", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(further if attempts else ()),
        sa.CheckConstraint("lane IN ('peer', 'clinical')", name=op.f("ck_sign_off_lane")),
        sa.CheckConstraint("meaning IN ('observed', 'reviewed', 'decided')", name=op.f("ck_sign_off_meaning")),
        sa.CheckConstraint(
            "assurance IN ('launch', 'link_with_code', 'in_person')", name=op.f("ck_sign_off_assurance")
        ),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_sign_off_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_sign_off_organization_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("fk_sign_off_signer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
        sa.UniqueConstraint(*key, name=op.f(f"uq_sign_off_{'_'.join(key)}")),
    )
    op.execute(f"INSERT INTO sign_off ({_OLD_COLUMNS}) SELECT {_OLD_COLUMNS} FROM aside_sign_off")
    op.create_index(op.f("ix_sign_off_signer_id"), "sign_off", ["signer_id"])
    op.execute("INSERT INTO signed_document SELECT * FROM aside_document")
    op.execute("DROP TABLE aside_document")
    op.execute("DROP TABLE aside_sign_off")
    put_up(OF_SIGN_OFF)
