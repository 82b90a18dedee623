"""Going on under another edition: seen before, never without a yes or a reason."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.moving import Becomes
from grading.proof import Answer
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.programs import edition_moves, edition_previews, program_lists
from lti_tool.services.programs.edition_moves import Way
from lti_tool.services.standing.standings import stands
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageRow
from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import an_entry, program_in_use, program_lead

TEXT = """
id = "ours"
name = "Peer support"
body = "Our program"
time_zone = "UTC"

[[editions]]
key = "2025"
from = 2025-01-01

[[editions]]
key = "2026"
from = 2026-01-01
again = ["practice"]

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "practice"
stage = "initial"
title = "10 hours of practice"
at_least = "10 hours"
of = { kind = "practice", where = {}, since = "entered" }

[[requirements]]
key = "ethics"
stage = "initial"
editions = ["2025"]
title = "Ethics"
at_least = "6 hours"
of = { kind = "training" }

[[requirements]]
key = "code"
stage = "initial"
editions = ["2026"]
title = "The code of ethics"
at_least = 1
of = { kind = "signature", where = { name = "code_of_ethics" } }
""".replace("where = {}, ", "")
PLAIN = TEXT.replace('again = ["practice"]\n', "")


class Path:
    """Sam, and who else is named, on the first edition of a program with two."""

    def __init__(self, world: World, *others: str, text: str = PLAIN) -> None:
        self.world, self.lead = world, program_lead(world)
        self.program_id, self.versions = program_in_use(world, text)
        self.rows = [self._row(who) for who in ("sam", *others)]
        self.way = Way(self.program_id, "2025", "2026")

    def _row(self, who: str) -> EnrollmentRow:
        row = EnrollmentRow(
            id=new_id(), organization_id=self.world.organization_id, program_id=self.program_id,
            person_id=self.world.visitor(who).person_id, version_id=self.versions[0],
            entered_on=self.world.now.date() - timedelta(days=60), enrolled_at=self.world.now,
        )  # fmt: skip
        self.world.session.add(row)
        self.world.session.flush()
        return row

    @property
    def sam(self) -> Visitor:
        return self.world.visitor("sam")

    def ask(self, why: str | None = None) -> UUID:
        edition_moves.propose(
            self.world.session, self.lead, self.way, [self.rows[0].id], why=why, now=self.world.now
        )  # fmt: skip
        found = select(EnrollmentMoveRow.id).where(EnrollmentMoveRow.enrollment_id == self.rows[0].id)
        return self.world.session.scalars(found.order_by(EnrollmentMoveRow.id.desc())).first()  # type: ignore[return-value]

    def answer(self, move_id: UUID, *, agree: bool) -> None:
        edition_moves.answer(self.world.session, self.sam, move_id, agree=agree, now=self.world.now)

    def edition(self) -> str:
        return stands(self.world.session, self.rows[0], self.world.now).standing.edition

    def preview(self) -> tuple[edition_previews.Would, ...]:
        program = program_lists.program(self.world.session, self.world.organization_id, self.program_id)
        before, after = program.versions
        return edition_previews.people(
            self.world.session, program, before, after, self.world.now, first=0, most=25
        )  # fmt: skip


def test_a_preview_says_for_whom_it_is_less_and_for_whom_more_by_requirement(world: World) -> None:
    (would,) = Path(world).preview()
    assert would.becomes is Becomes.BOTH
    assert {each.key: each.becomes for each in would.changes} == {"code": Becomes.MORE, "ethics": Becomes.LESS}


def test_ux_t6_nobody_is_moved_before_they_say_yes(world: World) -> None:
    path = Path(world)
    move_id = path.ask("The board asks for it")
    assert path.edition() == "2025"
    view = edition_previews.move(world.session, path.sam, move_id, world.now, i_lead=False)
    assert (view.why, view.open, len(view.changes)) == ("The board asks for it", True, 2)
    path.answer(move_id, agree=True)
    assert path.edition() == "2026"
    assert path.rows[0].entered_on == world.now.date() - timedelta(days=60)


@pytest.mark.parametrize(("text", "answer"), [(PLAIN, Answer.MET), (TEXT, Answer.NOT_YET)], ids=["plain", "again"])
def test_ux_t6_what_was_shown_before_the_yes_is_what_comes_of_it(world: World, text: str, answer: Answer) -> None:
    """The hours since they entered still count, and what is asked anew is asked of things of the new edition."""
    path = Path(world, text=text)
    an_entry(world, amount="12", signed_by="jo")
    move_id = path.ask()
    shown = edition_previews.move(world.session, path.sam, move_id, world.now, i_lead=False).would
    path.answer(move_id, agree=True)
    there = stands(world.session, path.rows[0], world.now).standing
    assert there.stages == shown.stages
    assert there.of("practice").answer is answer


def test_who_stays_is_as_before_and_is_not_asked_twice_at_once(world: World) -> None:
    path = Path(world)
    move_id = path.ask()
    assert path.ask() == move_id
    path.answer(move_id, agree=False)
    path.answer(move_id, agree=False)
    assert path.edition() == "2025"
    edition_moves.undo(world.session, path.sam, move_id, world.now)  # nothing was agreed to
    with pytest.raises(Refused) as no:
        path.answer(move_id, agree=True)
    assert no.value.code == "answered_otherwise"
    assert path.ask() != move_id


def test_ux_c5_a_yes_can_be_taken_back_for_a_day(world: World) -> None:
    path = Path(world)
    move_id = path.ask()
    path.answer(move_id, agree=True)
    edition_moves.undo(world.session, path.sam, move_id, world.now + timedelta(hours=23))
    assert path.edition() == "2025"
    path.answer(path.ask(), agree=True)
    second = world.session.scalars(select(EnrollmentMoveRow.id).order_by(EnrollmentMoveRow.id.desc())).first()
    with pytest.raises(Refused) as no:
        edition_moves.undo(world.session, path.sam, second, world.now + timedelta(hours=25))  # type: ignore[arg-type]
    assert no.value.code == "move_stands"


def test_ux_t6_moving_without_asking_needs_a_reason_that_each_of_them_reads(world: World) -> None:
    path = Path(world, "jo")
    path.ask()
    arguments = (world.session, path.lead, path.way, None)
    with pytest.raises(Refused) as no:
        edition_moves.move_all(*arguments, why="  ", now=world.now)
    assert no.value.code == "reason_needed"
    with pytest.raises(Refused) as no:
        edition_moves.move_all(*arguments, why="x" * (edition_moves.LONGEST_WHY + 1), now=world.now)
    assert no.value.code == "too_long"
    assert edition_moves.move_all(*arguments, why="The law changed", now=world.now) == 2
    moves = world.session.scalars(select(EnrollmentMoveRow).where(EnrollmentMoveRow.moved_on.is_not(None))).all()
    assert {(row.why, row.agreed) for row in moves} == {("The law changed", None)}
    told = set(world.session.scalars(select(MessageRow.path)))
    assert {f"/moves/{row.id}" for row in moves} <= told
    assert path.edition() == "2026"


def test_a_question_that_was_overtaken_changes_nothing(world: World) -> None:
    path = Path(world)
    asked = path.ask()
    edition_moves.choose(world.session, path.sam, path.rows[0].id, path.versions[1], world.now)
    with pytest.raises(Refused) as no:
        path.answer(asked, agree=True)
    assert no.value.code == "not_asked_any_more"
    with pytest.raises(Refused):
        path.ask()
    row = world.session.get_one(EnrollmentMoveRow, asked)
    row.ended_at = None  # as if it had been asked again meanwhile
    world.session.flush()
    with pytest.raises(Refused) as no:
        path.answer(asked, agree=True)
    assert no.value.code == "other_edition"


def test_a_question_is_taken_back_once_and_not_after_the_answer(world: World) -> None:
    path = Path(world)
    move_id = path.ask()
    for _ in range(2):
        edition_moves.take_back(world.session, path.lead, move_id, world.now)
    with pytest.raises(Refused):
        path.answer(move_id, agree=True)
    path.answer(again := path.ask(), agree=True)
    with pytest.raises(Refused) as no:
        edition_moves.take_back(world.session, path.lead, again, world.now)
    assert no.value.code == "answered"


def test_ux_c8_a_trainee_chooses_a_newer_edition_by_themselves(world: World) -> None:
    path = Path(world)
    choice = edition_previews.choice(world.session, path.sam, path.rows[0].id, None, world.now)
    assert choice.after.program.edition == "2026"
    with pytest.raises(NotHere):  # the one that they are on is no other
        edition_previews.choice(world.session, path.sam, path.rows[0].id, "2025", world.now)
    assert edition_moves.choose(world.session, path.sam, path.rows[0].id, choice.after.id, world.now)
    assert edition_moves.choose(world.session, path.sam, path.rows[0].id, choice.after.id, world.now) is None
    assert path.edition() == "2026"
    with pytest.raises(Refused) as no:
        edition_moves.choose(world.session, path.sam, path.rows[0].id, path.versions[0], world.now)
    assert no.value.code == "not_to_choose"


def test_the_questions_of_others_are_not_here(world: World) -> None:
    path = Path(world)
    move_id, jo = path.ask(), world.visitor("jo")
    with pytest.raises(NotHere):
        edition_moves.answer(world.session, jo, move_id, agree=True, now=world.now)
    with pytest.raises(NotHere):
        edition_moves.choose(world.session, jo, path.rows[0].id, path.versions[1], world.now)
    with pytest.raises(NotHere):
        edition_moves.propose(
            world.session, path.lead, path.way, [path.rows[0].id, new_id()], why=None, now=world.now
        )  # fmt: skip


def test_unknown_editions_and_the_same_twice_are_told(world: World) -> None:
    path = Path(world)
    for way, problem in (
        (Way(path.program_id, "2025", "2031"), NotHere),
        (Way(path.program_id, "2025", "2025"), Refused),
    ):
        with pytest.raises(problem):
            edition_moves.propose(world.session, path.lead, way, None, why=None, now=world.now)
