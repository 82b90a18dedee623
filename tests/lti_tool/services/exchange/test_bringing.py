"""Files that someone brings: read, compared, shown, taken in; nothing by halves, and the same file twice is one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from grading.competency import Framework
from lti_tool import periodic, worker
from lti_tool.documents import DocumentProblems, formats
from lti_tool.documents.brought import Brought
from lti_tool.documents.formats import Format
from lti_tool.queue import Kind
from lti_tool.services.authoring import author, drafts
from lti_tool.services.authoring.draft_structure import MOST_CRITERIA
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.exchange import bringing, file_checks, file_jobs, file_work
from lti_tool.services.exchange.file_jobs import Choices
from lti_tool.services.operating import clean
from lti_tool.store.drafts import DraftRow
from lti_tool.store.files import FileRow, FileState
from lti_tool.store.frameworks import CompetencyRow
from rubrics.refusal import Refused
from rubrics.rubric import Alignment
from tests.conftest import Clock
from tests.lti_tool.documents.test_formats import KINDS
from tests.lti_tool.services.competencies.test_frameworks import of_many
from tests.lti_tool.services.conftest import INSTRUCTOR, World
from tests.lti_tool.web.test_queries import counted
from tests.rubrics.making import a_criterion, a_rubric, in_spanish

RUBRIC = """
key = "one-conversation"
title = "One conversation"
summary = "For one observed conversation."
language = "en-US"
license = "CC0-1.0"
provenance = "Written for this test."
[[criteria]]
key = "pauses"
statement = "Offers a pause when it becomes too much"
principles = ["safety", "choice"]
relational = true
met_at = 3
levels = [
  { number = 1, label = "Stepped in", anchor = "The observer made the pause." },
  { number = 2, label = "With prompting", anchor = "Paused after a sign from the observer." },
  { number = 3, label = "On their own", anchor = "Paused unaided." },
]
"""
FRAMEWORK = """
key = "mine"
title = "Mine"
language = "en-US"
[[competencies]]
code = "A"
statement = "Listening"
[[competencies]]
code = "A1"
parent = "A"
statement = "Listens more than they speak"
"""
A1 = FRAMEWORK[FRAMEWORK.rindex("[[") :]


class Lead:
    """Brings files, with a worker that does what waits."""

    def __init__(self, world: World, sessions: sessionmaker[Session], clock: Clock) -> None:
        self.world, self.sessions, self.clock = world, sessions, clock
        self.visitor: Visitor = world.visitor("ines", INSTRUCTOR)
        world.session.commit()

    def ask(self, verb: Callable[..., Any], *arguments: Any, **values: Any) -> Any:
        with self.sessions.begin() as session:
            return verb(session, self.visitor, *arguments, **values)

    def bring(self, text: str | bytes, name: str = "a.toml", choices: Choices | None = None) -> UUID:
        content = text.encode() if isinstance(text, str) else text
        brought: UUID = self.ask(bringing.bring, name, content, choices or Choices(), self.clock())
        return brought

    def work(self, file_id: UUID) -> FileState | None:
        return file_work.work(self.sessions, file_id, self.clock)

    def read(self, text: str | bytes) -> UUID:
        file_id = self.bring(text)
        assert self.work(file_id) is FileState.READ, self.file(file_id).problems
        return file_id

    def want(self, file_id: UUID, *, rewrite: bool | None = None) -> None:
        shown = self.plan(file_id)["digest"]
        self.ask(bringing.want, file_id, shown=shown, rewrite=rewrite, now=self.clock())

    def take_in(self, text: str | bytes, *, rewrite: bool | None = None) -> UUID:
        file_id = self.read(text)
        self.want(file_id, rewrite=rewrite)
        assert self.work(file_id) is FileState.TAKEN_IN, self.file(file_id).problems
        return file_id

    def file(self, file_id: UUID) -> bringing.BroughtFile:
        found: bringing.BroughtFile = self.ask(bringing.file, file_id)
        return found

    def plan(self, file_id: UUID) -> dict[str, Any]:
        found: dict[str, Any] = self.ask(bringing.plan_of, file_id)
        return found

    def lines(self, file_id: UUID) -> list[tuple[str, str]]:
        return [(line["fate"], line["named"]) for line in self.plan(file_id)["lines"]]

    def draft_ids(self) -> list[UUID]:
        with self.sessions() as session:
            return list(session.scalars(select(DraftRow.id).order_by(DraftRow.id)))

    def draft(self, draft_id: UUID) -> drafts.Draft:
        with self.sessions() as session:
            return drafts.draft(session, self.world.organization_id, draft_id)


@pytest.fixture
def lead(bare_world: World, sessions: sessionmaker[Session], clock: Clock) -> Lead:
    return Lead(bare_world, sessions, clock)


# ---- rubrics ----


def test_a_rubric_comes_in_as_a_draft_after_it_was_shown(lead: Lead) -> None:
    file_id = lead.read(RUBRIC)
    assert lead.lines(file_id) == [("new", "one-conversation"), ("new", "pauses")]
    assert lead.draft_ids() == []
    lead.want(file_id)
    lead.want(file_id)
    assert lead.work(file_id) is FileState.TAKEN_IN
    lead.want(file_id)
    assert lead.work(file_id) is None
    (draft_id,) = lead.draft_ids()
    assert lead.draft(draft_id).rubric == a_rubric(a_criterion())
    assert lead.plan(file_id)["result"]["rubrics"][0]["draft"] == str(draft_id)


def test_a_second_import_of_the_same_rubric_changes_nothing(lead: Lead) -> None:
    lead.take_in(RUBRIC)
    file_id = lead.read(RUBRIC)
    assert lead.plan(file_id)["counts"] == {"same": 2}
    lead.want(file_id)
    lead.work(file_id)
    assert len(lead.draft_ids()) == 1
    assert lead.draft(lead.draft_ids()[0]).steps == 0


def test_what_is_published_already_makes_no_draft(lead: Lead) -> None:
    with lead.sessions.begin() as session:
        author.publish_rubric(session, lead.world.organization_id, a_rubric(a_criterion()), now=lead.clock())
    assert lead.plan(lead.take_in(RUBRIC))["counts"] == {"same": 2}
    assert lead.draft_ids() == []


def test_a_change_to_a_published_rubric_is_shown_by_place_and_begins_its_next_version(lead: Lead) -> None:
    with lead.sessions.begin() as session:
        rubric = a_rubric(a_criterion(), a_criterion("listens"))
        version_id = author.publish_rubric(session, lead.world.organization_id, rubric, now=lead.clock())
    file_id = lead.take_in(RUBRIC.replace("Paused unaided.", "Paused in time."))
    plan = lead.plan(file_id)
    assert plan["lines"][1]["differences"] == [
        {"place": "levels.3.anchor", "before": "Paused unaided.", "after": "Paused in time."}
    ]
    assert lead.lines(file_id) == [("changed", "one-conversation"), ("changed", "pauses"), ("gone", "listens")]
    assert lead.draft(lead.draft_ids()[0]).based_on_id == version_id


def test_an_open_draft_is_rewritten_only_when_the_person_says_so(lead: Lead) -> None:
    lead.take_in(RUBRIC)
    other = RUBRIC.replace("One conversation", "One talk")
    file_id = lead.read(other)
    assert lead.plan(file_id)["rewrites"] == ["one-conversation"]
    with pytest.raises(Refused) as refused:
        lead.want(file_id)
    assert refused.value.code == "file_rewrite"
    lead.want(file_id, rewrite=False)
    lead.work(file_id)
    assert lead.draft(lead.draft_ids()[0]).rubric.title == "One conversation"
    lead.take_in(other, rewrite=True)
    found = lead.draft(lead.draft_ids()[0])
    assert (found.rubric.title, found.steps) == ("One talk", 1)


def test_where_it_is_not_what_was_shown_any_more_it_is_shown_anew(lead: Lead) -> None:
    lead.take_in(RUBRIC)
    file_id = lead.read(RUBRIC.replace("One conversation", "One talk"))
    lead.want(file_id, rewrite=True)
    with lead.sessions.begin() as session:
        by = Author(lead.world.organization_id, lead.visitor.person_id)
        drafts.rewrite(session, by, lead.draft_ids()[0], a_rubric(title="Another's words"), lead.clock())
    assert lead.work(file_id) is FileState.READ
    assert lead.plan(file_id)["changed_since"]
    assert lead.draft(lead.draft_ids()[0]).rubric.title == "Another's words"
    lead.want(file_id, rewrite=True)
    assert lead.work(file_id) is FileState.TAKEN_IN


def test_yes_to_another_plan_than_the_one_that_stands_is_asked_again(lead: Lead) -> None:
    file_id = lead.read(RUBRIC)
    with pytest.raises(Refused) as refused:
        lead.ask(bringing.want, file_id, shown="another", rewrite=None, now=lead.clock())
    assert refused.value.code == "file_shown"


# ---- frameworks ----


def test_a_framework_comes_in_and_a_second_import_changes_nothing(lead: Lead) -> None:
    file_id = lead.take_in(FRAMEWORK)
    assert lead.lines(file_id) == [("new", "mine"), ("new", "A"), ("new", "A1")]
    framework_id = UUID(lead.plan(file_id)["result"]["frameworks"][0]["framework"])
    with lead.sessions() as session:
        assert len(frameworks.framework_of(session, lead.world.organization_id, framework_id).competencies) == 2
    again = lead.take_in(FRAMEWORK)
    assert lead.plan(again)["counts"] == {"same": 3}
    assert not lead.plan(again)["result"]["frameworks"][0]["anything"]


def test_what_a_framework_does_not_have_any_more_is_named_and_kept(lead: Lead) -> None:
    lead.take_in(FRAMEWORK)
    file_id = lead.take_in(FRAMEWORK.replace(A1, "").replace('"Listening"', '"Listens"'))
    assert lead.lines(file_id) == [("same", "mine"), ("changed", "A"), ("gone", "A1")]
    with lead.sessions() as session:
        days = session.execute(
            select(CompetencyRow.code, CompetencyRow.deprecated_on).where(CompetencyRow.code.in_(("A", "A1")))
        ).all()
    assert ("A1", lead.clock().date()) in days


def test_what_is_odd_about_a_framework_is_told_once_with_what_was_found(lead: Lead) -> None:
    circle = FRAMEWORK.replace('code = "A"\n', 'code = "A"\nparent = "A1"\n')
    (note,) = lead.plan(lead.read(circle))["notes"]
    assert (note["place"], note["values"]) == ("competencies[1].parent", {"found": "A → A1 → A"})


def test_a_key_that_another_framework_has_is_told_and_made_its_own(lead: Lead) -> None:
    lead.take_in(FRAMEWORK)
    other = 'identifier = "3f2b8a54-7c1d-4e6f-9a8b-0c1d2e3f4a5b"\n' + FRAMEWORK
    file_id = lead.take_in(other)
    assert lead.lines(file_id)[0] == ("new", "mine-2")
    assert lead.plan(file_id)["notes"][0]["values"] == {"key": "mine-2", "found": "mine"}
    assert lead.plan(lead.read(other))["counts"] == {"same": 3}


# ---- every format ----


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("kind", "brought"), KINDS)
def test_a_second_import_changes_nothing_in_any_format(lead: Lead, kind: Format, brought: Brought) -> None:
    content = formats.write(brought, kind)
    first = lead.plan(lead.take_in(content))
    assert set(first["counts"]) == {"new"}
    drafts_before = lead.draft_ids()
    again = lead.plan(lead.take_in(content))
    assert again["counts"] == {"same": first["counts"]["new"]}
    assert lead.draft_ids() == drafts_before
    assert not any(each["anything"] for each in again["result"]["frameworks"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ten_thousand_rows_come_in_and_how_far_they_are_is_noted_on_the_way(lead: Lead, engine: Engine) -> None:
    rows = "".join(f"Mine,C{number},,Does what {number} says\n" for number in range(10_000))
    file_id = lead.bring("Framework,Code,Parent code,Statement\n" + rows)
    with counted(engine) as said:
        assert lead.work(file_id) is FileState.READ, lead.file(file_id).problems
    assert (lead.file(file_id).done, lead.plan(file_id)["counts"]) == (10_001, {"new": 10_001})
    assert sum(statement.startswith("UPDATE brought_file") for statement in said) > 10_000 / file_work.EVERY
    lead.want(file_id)
    assert lead.work(file_id) is FileState.TAKEN_IN


# ---- what cannot be used ----


def test_a_file_that_cannot_be_used_is_told_with_its_places_and_changes_nothing(lead: Lead) -> None:
    twice = RUBRIC + RUBRIC[RUBRIC.index("[[criteria]]") :]
    file_id = lead.bring(twice)
    assert lead.work(file_id) is FileState.NOT_TAKEN
    (problem,) = lead.file(file_id).problems
    assert problem["place"] == "criteria[2].key"
    assert lead.draft_ids() == []
    with pytest.raises(Refused) as refused:
        lead.ask(bringing.want, file_id, shown="", rewrite=None, now=lead.clock())
    assert refused.value.code == "file_not_read"


@pytest.mark.parametrize("key", ["", "Pauses", "a.b", "a/b", "a b", "é"])
def test_keys_are_such_that_they_can_be_named_in_addresses_and_places(lead: Lead, key: str) -> None:
    file_id = lead.bring(RUBRIC.replace('"pauses"', f'"{key}"'))
    assert lead.work(file_id) is FileState.NOT_TAKEN
    assert [each["place"] for each in lead.file(file_id).problems] == ["criteria[1].key"]


@pytest.mark.parametrize(
    ("languages", "place"),
    [
        (["es.mx"], "translations[1].language"),
        ([""], "translations[1].language"),
        (["es", "ES"], "translations[2].language"),
    ],
)
def test_languages_are_such_that_they_can_be_named_in_addresses_and_places(
    lead: Lead, languages: list[str], place: str
) -> None:
    file_id = lead.bring(RUBRIC + "".join(f'[[translations]]\nlanguage = "{each}"\n' for each in languages))
    assert lead.work(file_id) is FileState.NOT_TAKEN
    assert place in [each["place"] for each in lead.file(file_id).problems]


def test_cap_a6_a_file_that_says_who_reviewed_it_makes_a_draft_that_nobody_did(lead: Lead) -> None:
    file_id = lead.take_in('reviewed_by_lived_experience = "Our council, 2026-05-01"\n' + RUBRIC)
    assert "left out" in str(lead.plan(file_id)["notes"])
    (draft_id,) = lead.draft_ids()
    assert lead.draft(draft_id).rubric.reviewed_by_lived_experience is None


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"x" * 20_000_001, "file_large")])
def test_a_file_with_nothing_in_it_or_too_much_is_not_kept(lead: Lead, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        lead.bring(content)
    assert refused.value.code == code


def test_a_person_keeps_so_many_files_and_can_take_some_away(lead: Lead) -> None:
    ids = [lead.bring(FRAMEWORK) for _ in range(bringing.MOST_FILES)]
    with pytest.raises(Refused) as refused:
        lead.bring(FRAMEWORK)
    assert refused.value.code == "files_many"
    lead.ask(bringing.take_away, ids[0], lead.clock())
    lead.bring(FRAMEWORK)


# ---- whose it is, and for how long ----


def test_only_the_person_who_brought_a_file_sees_it(lead: Lead) -> None:
    file_id = lead.read(RUBRIC)
    other = replace(lead.visitor, person_id=lead.world.visitor("kim", INSTRUCTOR).person_id)
    lead.world.session.commit()
    lead.visitor = other
    for verb in (bringing.file, bringing.plan_of):
        with pytest.raises(NotHere):
            lead.ask(verb, file_id)
    assert lead.ask(bringing.mine) == ()


def test_what_was_brought_is_taken_away_a_day_after_and_the_row_a_month_after(lead: Lead) -> None:
    file_id = lead.read(RUBRIC)
    with lead.sessions.begin() as session:
        clean.clean(session, lead.clock.advance(hours=25))
    assert not lead.file(file_id).has_content
    with pytest.raises(Refused) as refused:
        lead.want(file_id)
    assert refused.value.code == "file_old"
    with pytest.raises(Refused) as refused:
        lead.ask(bringing.read_again, file_id, Choices(), lead.clock())
    assert refused.value.code == "file_old"
    with lead.sessions.begin() as session:
        clean.clean(session, lead.clock.advance(days=30))
    assert lead.ask(bringing.mine) == ()


# ---- workers that stop on the way ----


def waiting(lead: Lead) -> tuple[UUID, ...]:
    with lead.sessions.begin() as session:
        return file_jobs.due(session, lead.clock())


def test_a_file_that_nobody_looked_at_is_found(lead: Lead) -> None:
    file_id = lead.bring(RUBRIC)
    assert waiting(lead) == (file_id,)
    lead.work(file_id)
    assert waiting(lead) == ()


def test_the_sweep_asks_for_files_that_wait(lead: Lead) -> None:
    file_id, asked = lead.bring(RUBRIC), []
    periodic.sweep(lead.sessions, lambda kind, row_id: asked.append((kind, row_id)))
    assert (Kind.FILE, file_id) in asked
    worker.look_at_file(lead.sessions, file_id)
    assert lead.file(file_id).state is FileState.READ


@pytest.mark.parametrize("wanted", [False, True])
def test_a_file_whose_worker_is_gone_waits_again(lead: Lead, wanted: bool) -> None:
    file_id = lead.bring(RUBRIC)
    if wanted:
        lead.work(file_id)
        lead.want(file_id)
    with lead.sessions.begin() as session:
        job = file_jobs.take(session, file_id, lead.clock())
    assert job is not None
    assert lead.work(file_id) is None
    lead.clock.advance(seconds=(file_jobs.LEASE + timedelta(seconds=1)).total_seconds())
    waiting(lead)
    assert lead.file(file_id).state is (FileState.READ if wanted else FileState.WAITING)
    with lead.sessions.begin() as session:
        assert not file_jobs.moves_on(session, job, 1, 2, lead.clock())


def test_a_file_with_which_worker_after_worker_stops_is_told(lead: Lead) -> None:
    file_id = lead.bring(RUBRIC)
    for _ in range(file_jobs.TRIES):
        with lead.sessions.begin() as session:
            assert file_jobs.take(session, file_id, lead.clock())
        lead.clock.advance(minutes=6)
        waiting(lead)
    assert lead.work(file_id) is None
    assert lead.file(file_id).state is FileState.NOT_TAKEN
    assert lead.file(file_id).problems[0]["template"] == file_jobs.GAVE_UP


def test_reading_again_forgets_what_was_found(lead: Lead) -> None:
    file_id = lead.bring("nothing that is known")
    assert lead.work(file_id) is FileState.NOT_TAKEN
    for language in ("es", "ar"):  # while it waits it is not read with other choices
        lead.ask(bringing.read_again, file_id, Choices(language=language), lead.clock())
    assert lead.file(file_id).state is FileState.WAITING
    with lead.sessions() as session:
        assert session.get_one(FileRow, file_id).options == {"language": "es"}
    assert lead.file(file_id).problems == ()


def test_the_name_is_kept_without_its_folders(lead: Lead) -> None:
    file_id = lead.bring(RUBRIC, name="C:\\Users\\lea\\..\\mine\n.toml")
    with lead.sessions() as session:
        assert session.scalars(select(FileRow.name).where(FileRow.id == file_id)).one() == "mine.toml"


def test_a_worker_whose_file_is_in_other_hands_by_now_leaves_it_to_them(lead: Lead) -> None:
    file_id = lead.bring(RUBRIC)

    def given_away() -> datetime:
        with lead.sessions.begin() as session:
            session.execute(update(FileRow).where(FileRow.state == FileState.READING).values(state=FileState.WAITING))
        return lead.clock()

    assert file_work.work(lead.sessions, file_id, given_away) is None
    assert lead.file(file_id).state is FileState.WAITING
    lead.work(file_id)
    lead.want(file_id)
    with lead.sessions.begin() as session:
        job = file_jobs.take(session, file_id, lead.clock())
    assert job is not None
    with lead.sessions.begin() as session:
        session.get_one(FileRow, file_id).state = FileState.READ
    with pytest.raises(file_work._TakenAway):
        file_work._take_in(lead.sessions, job, lead.clock)
    assert lead.draft_ids() == []


def test_what_cannot_be_told_apart_is_said_with_its_place(lead: Lead) -> None:
    """Formats say the same with places of their own; what they let through is found here."""
    twice = a_criterion(alignments=(Alignment(" "),))
    many = tuple(a_criterion(f"c{number}") for number in range(MOST_CRITERIA + 1))
    spanish = replace(in_spanish(a_rubric()), key="other")
    brought = Brought(
        rubrics=(
            a_rubric(twice),
            a_rubric(*many),
            replace(spanish, translations=spanish.translations * 2),
            a_rubric(key="No key"),
        ),
        frameworks=(
            of_many(2),
            replace(of_many(1), key="again"),
            Framework(identifier="f", key="f", title="", language="en", competencies=()),
        ),
    )
    with lead.sessions() as session, pytest.raises(DocumentProblems) as found:
        file_checks.ready(session, lead.world.organization_id, brought, source="mine")
    said = "\n".join(f"{problem.place} | {problem.sentence}" for problem in found.value.problems)
    for words in (
        f"one-conversation: criteria | There are {MOST_CRITERIA + 1} criteria",
        "one-conversation: key | Two rubrics of the file",
        "one-conversation: criteria[1].alignments[1].competency | Please name a competency",
        "other: translations[2].language | The rubric has this language already",
        "No key: key | Found “No key”",
        "identifier | Two frameworks of the file",
        "title | Please give the framework a title.",
    ):
        assert words in said
