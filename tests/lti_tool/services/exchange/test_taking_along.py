"""Rubrics and frameworks as files: the newest words of each, in a format that can hold them."""

import pytest

from lti_tool.documents.formats import FORMATS, Format
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import own_frameworks
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import taking_along
from tests.lti_tool.services.conftest import World
from tests.rubrics.making import a_rubric

WITHOUT_FRAMEWORKS = [kind for kind, known in FORMATS.items() if not known.frameworks]
WITHOUT_RUBRICS = [kind for kind, known in FORMATS.items() if not known.rubrics]


def test_a_rubric_is_taken_along_by_its_key_as_a_draft_while_nothing_is_published(world: World) -> None:
    session, owner, by = world.session, world.organization_id, Author(world.organization_id, None)
    rubric = a_rubric(key="only-written")
    drafts.begin(session, by, rubric, world.now)
    assert taking_along.rubric_named(session, owner, "only-written", Format.JSON).name.startswith("only-written-draft")
    version_id = world.place(world.visitor("ines")).activity.rubric_version_id
    published = taking_along.rubric_version(session, owner, version_id, Format.JSON)
    key = published.name.partition("-edition-")[0]
    assert taking_along.rubric_named(session, owner, key, Format.JSON) == published
    for kind in WITHOUT_RUBRICS:
        with pytest.raises(NotHere):
            taking_along.rubric_named(session, owner, "only-written", kind)


def test_a_framework_is_taken_along_in_what_holds_frameworks(world: World) -> None:
    session, owner = world.session, world.organization_id
    framework_id = own_frameworks.begin(session, Author(owner, None), "Ours", "en", world.now)
    assert b"Ours" in taking_along.framework(session, owner, framework_id, Format.JSON).content
    for kind in WITHOUT_FRAMEWORKS:
        with pytest.raises(NotHere):
            taking_along.framework(session, owner, framework_id, kind)
    with pytest.raises(NotHere):
        taking_along.framework_named(session, owner, "nothing", Format.JSON)
