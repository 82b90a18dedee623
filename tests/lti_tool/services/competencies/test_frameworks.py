"""Frameworks are kept as they are given: what is new, changed and gone is written, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from grading.competency import Competency, Framework, Kind, Link, Relation, Words
from lti_tool.services.competencies import frameworks
from lti_tool.services.courses.places import NotHere
from lti_tool.store.frameworks import CompetencyRow, FrameworkRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.web.test_queries import counted

LISTENS = Competency(
    identifier="i-a1", code="A1", statement="Listens more than they speak", parent="i-a", kind=Kind.SKILL,
    notes="Silence counts.", translations=(Words("es", "Escucha más de lo que habla"),),
)  # fmt: skip
AREA = Competency(identifier="i-a", code="A", statement="Listening", observable=False)
MINE = Framework(
    identifier="f-mine",
    key="mine",
    title="Mine",
    language="en-US",
    license="CC-BY-4.0",
    competencies=(AREA, LISTENS, Competency(identifier="i-a2", code="A2", statement="Asks 100% openly", parent="i-a")),
    links=(
        Link(identifier="l1", origin="i-a1", relation=Relation.SAME, destination="elsewhere", note="Word for word"),
        Link(identifier="l2", origin="i-a2", relation=Relation.RELATED, destination="i-a1"),
    ),
    translations=(Words("es", "Inicial"),),
    changed_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
)


def save(world: World, framework: Framework, *, bundled: bool = False) -> frameworks.Saved:
    return frameworks.save(world.session, world.organization_id, framework, bundled=bundled, now=world.now)


def kept(world: World, framework_id: UUID) -> Framework:
    return frameworks.framework_of(world.session, world.organization_id, framework_id)


def without(framework: Framework, *identifiers: str) -> Framework:
    left = tuple(each for each in framework.competencies if each.identifier not in identifiers)
    return replace(framework, competencies=left)


def of_many(count: int) -> Framework:
    each = (Competency(identifier=f"i-{number}", code=f"M{number}", statement="Does") for number in range(count))
    return Framework(identifier="f-many", key="many", title="Many", language="en", competencies=tuple(each))


def test_a_framework_is_read_as_it_was_saved(bare_world: World) -> None:
    saved = save(bare_world, MINE)
    assert (saved.about, saved.new, saved.changed, saved.gone, saved.links) == (True, 3, 0, 0, True)
    assert kept(bare_world, saved.framework_id) == MINE


def test_saving_it_again_writes_nothing(bare_world: World) -> None:
    save(bare_world, MINE)
    entries = select(AuditEntryRow.number).where(AuditEntryRow.act == "framework.save")
    before = bare_world.session.scalars(entries).all()
    again = save(bare_world, MINE)
    assert not again.anything
    assert bare_world.session.scalars(entries).all() == before
    other = save(bare_world, replace(MINE, title="Ours", license="CC0-1.0"))
    assert (other.about, other.new, other.changed) == (True, 0, 0)
    assert kept(bare_world, other.framework_id).title == "Ours"


def test_identifiers_say_what_is_the_same_and_codes_do_not(bare_world: World) -> None:
    save(bare_world, MINE)
    renamed = replace(MINE, competencies=(AREA, replace(LISTENS, code="B7"), MINE.competencies[2]))
    saved = save(bare_world, renamed)
    assert (saved.new, saved.changed, saved.gone) == (0, 1, 0)
    assert kept(bare_world, saved.framework_id) == renamed


def test_what_is_gone_is_kept_with_its_last_day_and_may_come_back(bare_world: World) -> None:
    save(bare_world, MINE)
    saved = save(bare_world, without(MINE, "i-a1"))
    assert (saved.new, saved.changed, saved.gone) == (0, 0, 1)
    (gone,) = [each for each in kept(bare_world, saved.framework_id).competencies if each.identifier == "i-a1"]
    assert gone == replace(LISTENS, deprecated_on=date(2026, 3, 2))
    assert not save(bare_world, without(MINE, "i-a1")).anything
    back = save(bare_world, MINE)
    assert back.changed == 1
    assert kept(bare_world, back.framework_id) == MINE


def test_another_order_is_kept(bare_world: World) -> None:
    save(bare_world, MINE)
    turned = replace(MINE, competencies=MINE.competencies[::-1], links=MINE.links[::-1])
    saved = save(bare_world, turned)
    assert (saved.new, saved.changed, saved.gone) == (0, 0, 0)
    assert kept(bare_world, saved.framework_id) == turned


def test_a_line_of_a_crosswalk_stands_once_and_one_that_is_its_own_parent_at_the_top(bare_world: World) -> None:
    odd = replace(MINE, competencies=(replace(AREA, parent="i-a"),), links=(MINE.links[0],) * 2)
    saved = save(bare_world, odd)
    assert kept(bare_world, saved.framework_id) == replace(odd, links=odd.links[:1])
    parent = select(CompetencyRow.parent).where(CompetencyRow.framework_id == saved.framework_id)
    assert bare_world.session.scalars(parent).one() is None


def test_two_with_the_same_identifier_are_refused(bare_world: World) -> None:
    with pytest.raises(Refused) as refused:
        save(bare_world, replace(MINE, competencies=(LISTENS, LISTENS)))
    assert refused.value.code == "competency_twice"


def test_a_key_names_one_framework(bare_world: World) -> None:
    save(bare_world, MINE)
    with pytest.raises(Refused) as refused:
        save(bare_world, replace(of_many(1), key="mine"))
    assert refused.value.code == "framework_key"


def test_another_organization_does_not_see_it(bare_world: World) -> None:
    saved = save(bare_world, MINE)
    with pytest.raises(NotHere):
        frameworks.framework_of(bare_world.session, bare_world.registration_id, saved.framework_id)


def test_frameworks_are_listed_by_title_with_how_many_competencies_they_have_now(bare_world: World) -> None:
    save(bare_world, of_many(2))
    save(bare_world, MINE, bundled=True)
    save(bare_world, without(MINE, "i-a2"), bundled=True)
    listed = [
        (each.framework.title, each.competencies, each.bundled)
        for each in frameworks.frameworks(bare_world.session, bare_world.organization_id)
        if each.framework.key in ("many", "mine") and each.framework.identifier.startswith("f-")
    ]
    assert listed == [("Many", 2, False), ("Mine", 2, True)]


def found(session: Session, organization_id: UUID, words: str) -> list[str]:
    return [each.named for each in frameworks.find_competencies(session, organization_id, words)]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("a1", ["mine:A1"]),
        ("A", ["mine:A", "mine:A1", "mine:A2"]),
        ("mine:a2", ["mine:A2"]),
        ("other:a2", []),
        ("speak listens", ["mine:A1"]),
        ("100%", ["mine:A2"]),
        ("%", ["mine:A2"]),
        ("  ", []),
    ],
)
def test_competencies_are_found_by_code_and_by_words(bare_world: World, words: str, named: list[str]) -> None:
    bare_world.session.execute(update(FrameworkRow).values(removed_at=bare_world.now))  # those that come with Attune
    save(bare_world, MINE)
    assert found(bare_world.session, bare_world.organization_id, words) == named


def test_what_is_gone_is_not_found(bare_world: World) -> None:
    save(bare_world, MINE)
    save(bare_world, without(MINE, "i-a1"))
    assert "mine:A1" not in found(bare_world.session, bare_world.organization_id, "mine:A1")


def test_many_competencies_are_saved_in_a_few_statements(bare_world: World, engine: Engine) -> None:
    with counted(engine) as said:
        save(bare_world, of_many(5_000))
    assert len(said) < 40
