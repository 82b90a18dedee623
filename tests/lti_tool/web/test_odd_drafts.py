"""A draft that came with a file may be odd in any way; its pages open, so that it can be mended there."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from rubrics.rubric import Alignment, Level, Rubric
from rubrics.translation import CriterionWords, LevelWords, Translation
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.desk import Desk
from tests.rubrics.making import a_criterion, a_rubric

PAGES = (
    "", "/criteria/pauses", "/history", "/publish", "/review", "/coverage", "/preview", "/preview/observer",
    "/preview/trainee", "/put-away",
)  # fmt: skip
WORDS = (CriterionWords(key="elsewhere", levels=(LevelWords(9, "x"),)), CriterionWords(key="pauses"))
ODD: dict[str, Rubric] = {
    "nothing in it": replace(a_rubric(), title="", summary="", language="", license="", provenance="", criteria=()),
    "a language without a name": a_rubric(translations=(Translation(language=""),)),
    "a language with slashes": a_rubric(translations=(Translation(language="es/../mx", title="Uno"),)),
    "a language with dots": a_rubric(translations=(Translation(language="es.mx", criteria=WORDS),)),
    "the same language twice": a_rubric(translations=(Translation(language="es"), Translation(language="es"))),
    "a very long language": a_rubric(language="x" * 5_000),
    "no levels": a_rubric(a_criterion(levels=(), met_at=3)),
    "levels that are numbered alike": a_rubric(a_criterion(levels=(Level(3, "", ""), Level(3, "", "")), met_at=100)),
    "alignments to nowhere": a_rubric(
        a_criterion(alignments=tuple(map(Alignment, ("", "::", "a.b.reason", "a\nb", "a" * 999))))
    ),
    "signs of templates": a_rubric(title="%(x)s {{ 1 }} <b> 100 % %s", provenance="{% raw %}"),
}  # fmt: skip


@pytest.mark.parametrize("rubric", ODD.values(), ids=ODD)
def test_every_page_of_an_odd_draft_opens(
    app: Flask,
    sessions: sessionmaker[Session],
    organization_id: UUID,
    come_in: Callable[..., Browser],
    clock: Clock,
    rubric: Rubric,
) -> None:
    desk = Desk(app, sessions, organization_id, clock())
    desk.seat("Lea", come_in("Lea"), Capability.PROGRAM_LEAD)
    desk.seat("Rea", come_in("Rea"), Capability.REVIEWER)
    with sessions.begin() as session:
        drafts.rewrite(session, Author(organization_id, None), desk.draft_id, rubric, clock())
    for page in PAGES:
        if page == "/criteria/pauses" and not rubric.criteria:
            continue
        who = "Rea" if page == "/review" else "Lea"
        assert desk.browsers[who].get(desk.home + page).status_code == 200, page
