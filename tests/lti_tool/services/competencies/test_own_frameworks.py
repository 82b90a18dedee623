"""A framework of the organization's own: written competency by competency, taken out with what belongs to it."""

from typing import Any

import pytest

from grading.competency import Framework
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks, own_frameworks
from lti_tool.services.competencies.own_frameworks import Written
from lti_tool.services.courses.places import NotHere
from lti_tool.store.frameworks import FrameworkRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World


class Own:
    """One framework, and what a lead does with it."""

    def __init__(self, world: World) -> None:
        self.world, self.by = world, Author(world.organization_id, world.visitor("ines").person_id)
        self.id = own_frameworks.begin(world.session, self.by, "Ours", "en-US", world.now)

    def add(self, statement: str, under: str | None = None, **more: str) -> str:
        written = Written(statement, **more)
        return own_frameworks.add(self.world.session, self.by, self.id, written, under=under, now=self.world.now)

    def move(self, identifier: str, *, down: bool) -> None:
        own_frameworks.move(self.world.session, self.by, self.id, identifier, down=down, now=self.world.now)

    def take_out(self, identifier: str) -> None:
        own_frameworks.take_out(self.world.session, self.by, self.id, identifier, self.world.now)

    @property
    def now(self) -> Framework:
        return frameworks.framework_of(self.world.session, self.world.organization_id, self.id)

    @property
    def offered(self) -> list[str]:
        return [each.statement for each in self.now.competencies if each.deprecated_on is None]


@pytest.fixture
def own(bare_world: World) -> Own:
    return Own(bare_world)


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda problem: problem.code == code)


def test_what_is_taken_out_goes_with_all_that_belongs_to_it(own: Own) -> None:
    area = own.add("Listening")
    skill = own.add("Listens more than they speak", under=area)
    own.add("Lets silence be", under=skill)
    own.add("Asking")
    own.take_out(area)
    assert own.offered == ["Asking"]
    own.move(skill, down=True)
    assert own.offered == ["Asking"]


def test_a_competency_at_the_end_stays_where_it_is(own: Own) -> None:
    first, second = own.add("One"), own.add("Two")
    own.move(first, down=False)
    own.move(second, down=True)
    assert own.offered == ["One", "Two"]
    own.move(second, down=False)
    assert own.offered == ["Two", "One"]


@pytest.mark.parametrize(
    ("statement", "more", "code"),
    [
        (" ", {}, "statement_missing"),
        ("x" * 2001, {}, "too_long"),
        ("One", {"code": "x" * 41}, "too_long"),
        ("One", {"notes": "x" * 2001}, "too_long"),
    ],
)
def test_a_competency_that_cannot_be_kept_is_told_why(
    own: Own, statement: str, more: dict[str, Any], code: str
) -> None:
    with refused(code):
        own.add(statement, **more)
    assert own.offered == []


def test_a_framework_has_a_title_and_a_language_by_its_code(own: Own) -> None:
    for title, language, code in (
        (" ", "en", "title_missing"),
        ("x" * 201, "en", "too_long"),
        ("Another", "English", "language_code"),
    ):
        with refused(code):
            own_frameworks.begin(own.world.session, own.by, title, language, own.world.now)


def test_what_is_nowhere_in_it_is_not_here(own: Own) -> None:
    with pytest.raises(NotHere):
        own.add("One", under="elsewhere")
    with pytest.raises(NotHere):
        own.take_out("elsewhere")


def test_removing_and_bringing_back_twice_is_once(own: Own) -> None:
    row = own.world.session.get_one(FrameworkRow, own.id)
    for _twice in range(2):
        own_frameworks.remove(own.world.session, own.by, own.id, own.world.now)
        assert row.removed_at == own.world.now
    for _twice in range(2):
        own_frameworks.bring_back(own.world.session, own.by, own.id, own.world.now)
        assert row.removed_at is None
