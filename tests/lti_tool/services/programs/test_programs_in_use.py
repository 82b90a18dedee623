"""Taking programs into use: what is published stays, what is new is added."""

import pytest
from sqlalchemy import select

from lti_tool.documents import DocumentProblems
from lti_tool.documents.shipped_programs import SHIPPED
from lti_tool.services.programs import programs_in_use
from lti_tool.services.programs.program_versions import versions
from lti_tool.store.programs import ProgramRow, ProgramVersionRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World

TEXT = """
id = "ours"
name = "Peer support"
body = "Our program"
time_zone = "UTC"

[[editions]]
key = "2025"
from = 2025-01-01
{more}
[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "practice"
stage = "initial"
title = "Hours of practice"
at_least = "{hours} hours"
of = {{ kind = "practice" }}
"""
NEXT = """
[[editions]]
key = "2026"
from = 2026-01-01
"""
MORE = """
[[requirements]]
key = "code"
stage = "initial"
editions = ["2026"]
title = "The code of ethics"
at_least = 1
of = { kind = "signature", where = { name = "code_of_ethics" } }
"""


def written(hours: int = 10, more: str = "") -> str:
    return TEXT.format(hours=hours, more=more)


def publish(world: World, text: str, why: str | None = None) -> object:
    return programs_in_use.publish(
        world.session, world.visitor("ines"), world.organization_id, text, why=why, now=world.now
    )


def test_every_edition_of_the_document_becomes_a_version(world: World) -> None:
    program_id = publish(world, written(more=NEXT), "The first ones")
    rows = world.session.scalars(select(ProgramVersionRow).order_by(ProgramVersionRow.number)).all()
    assert [(row.number, row.edition, row.program_id) for row in rows] == [
        (1, "2025", program_id),
        (2, "2026", program_id),
    ]
    assert world.session.scalars(select(ProgramRow.name)).one() == "Peer support"


def test_the_same_document_twice_changes_nothing(world: World) -> None:
    assert publish(world, written()) == publish(world, written())
    assert len(world.session.scalars(select(ProgramVersionRow)).all()) == 1


def test_ux_t6_a_published_edition_never_changes(world: World) -> None:
    publish(world, written())
    with pytest.raises(Refused) as refused:
        publish(world, written(hours=12))
    assert refused.value.code == "edition_published"
    assert "2025" in str(refused.value)


def test_a_document_with_one_edition_more_adds_only_that_one(world: World) -> None:
    program_id = publish(world, written())
    publish(world, written(more=NEXT) + MORE, "Now with the code")
    found = versions(world.session, program_id)  # type: ignore[arg-type]
    assert [each.program.edition for each in found] == ["2025", "2026"]
    assert [len(each.program.requirements) for each in found] == [1, 2]
    assert [each.why for each in found] == [None, "Now with the code"]


def test_what_is_to_be_mended_is_not_published(world: World) -> None:
    with pytest.raises(Refused) as refused:
        publish(world, written().replace('"initial"\ntitle = "Hours', '"nowhere"\ntitle = "Hours'))
    assert refused.value.code == "to_mend"
    assert world.session.scalars(select(ProgramRow)).all() == []


def test_what_cannot_be_read_names_its_places(world: World) -> None:
    with pytest.raises(DocumentProblems):
        publish(world, "id = 3")


def test_a_program_that_is_there_to_compare_with_is_not_taken_into_use(world: World) -> None:
    text = written().replace('time_zone = "UTC"', 'time_zone = "UTC"\ncomparison_only = true')
    with pytest.raises(Refused) as refused:
        publish(world, text)
    assert refused.value.code == "for_comparison"


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_what_comes_with_attune_can_be_taken_into_use(world: World, path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    looked = programs_in_use.look_at(world.session, world.organization_id, text)
    if not looked.editions[0].comparison_only:
        assert publish(world, text)
