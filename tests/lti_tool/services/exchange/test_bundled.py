"""What comes with Attune reaches organizations, new and old, and never gets in the way of what is theirs."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from lti_tool.documents.rubric import from_document
from lti_tool.services import organizations
from lti_tool.services.authoring import author, examples, scenarios
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks
from lti_tool.services.exchange import bundled, scenario_files
from lti_tool.services.organizations import LEAVE_PAGE, SUPPORT
from lti_tool.store.base import new_id
from lti_tool.store.frameworks import FrameworkRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.rubrics import ExampleRow, RubricRow, RubricVersionRow
from lti_tool.store.scenarios import ScenarioRow, ScenarioState
from rubrics.rubric import Rubric

RUBRICS = {rubric.key for rubric in bundled.bundled_rubrics()}
FRAMEWORKS = {framework.key for framework in bundled.bundled_frameworks()}
EXAMPLES = {example.key for _rubric, those in bundled.bundled_examples() for example in those}
SCENARIOS = {scenario.title for scenario in scenario_files.bundled_scenarios()}
WARM_LINE = next(rubric for rubric in bundled.bundled_rubrics() if rubric.key == "warm-line")
STARTER = next(framework for framework in bundled.bundled_frameworks() if framework.key == "starter")


def old_organization(session: Session, now: datetime) -> UUID:
    """An organization of before there was anything that came with Attune."""
    row = OrganizationRow(id=new_id(), name="Old", created_at=now, leave_page_url=LEAVE_PAGE, support_text=SUPPORT)
    session.add(row)
    session.flush()
    return row.id


def editions(session: Session, organization_id: UUID, key: str) -> list[Rubric]:
    documents = session.scalars(
        select(RubricVersionRow.document)
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(RubricRow.organization_id == organization_id, RubricRow.key == key)
        .order_by(RubricVersionRow.number)
    )
    return [from_document(document) for document in documents]


def keys(session: Session, organization_id: UUID) -> set[str]:
    return set(session.scalars(select(RubricRow.key).where(RubricRow.organization_id == organization_id)))


def test_a_new_organization_has_everything_that_comes_with_attune(session: Session, now: datetime) -> None:
    organization_id = organizations.organization_named(session, "New", now)
    assert keys(session, organization_id) == RUBRICS
    assert editions(session, organization_id, "warm-line") == [WARM_LINE]
    known = frameworks.frameworks(session, organization_id)
    assert {each.framework.key for each in known} == FRAMEWORKS
    assert all(each.bundled for each in known)


def test_what_is_saved_of_a_framework_is_what_its_file_says(session: Session, now: datetime) -> None:
    organization_id = organizations.organization_named(session, "New", now)
    framework_id = frameworks.framework_named(session, organization_id, "starter")
    assert framework_id is not None
    assert frameworks.framework_of(session, organization_id, framework_id) == STARTER


def test_an_old_organization_is_given_it_once_and_a_second_time_changes_nothing(
    session: Session, now: datetime
) -> None:
    organization_id = old_organization(session, now)
    assert bundled.give_everyone(session, now=now) == len(RUBRICS | FRAMEWORKS | EXAMPLES | SCENARIOS)
    written = session.scalars(select(func.count()).select_from(AuditEntryRow)).one()
    assert bundled.give_everyone(session, now=now) == 0
    assert keys(session, organization_id) == RUBRICS
    assert session.scalars(select(func.count()).select_from(AuditEntryRow)).one() == written


def test_each_that_is_given_is_in_the_audit(session: Session, now: datetime) -> None:
    old_organization(session, now)
    bundled.give_everyone(session, now=now)
    acts = session.scalars(select(AuditEntryRow.act)).all()
    assert acts.count("rubric.publish") == len(RUBRICS)
    assert acts.count("framework.save") == len(FRAMEWORKS)
    assert acts.count("example.write") == len(EXAMPLES)
    assert acts.count("scenario.write") == len(SCENARIOS)


def test_cap_a6_scenarios_come_as_drafts_and_one_that_they_changed_or_put_away_does_not_come_back(
    session: Session, now: datetime
) -> None:
    organization_id = organizations.organization_named(session, "New", now)
    rows = session.scalars(select(ScenarioRow).where(ScenarioRow.organization_id == organization_id)).all()
    assert {row.title for row in rows} == SCENARIOS
    assert {row.state for row in rows} == {ScenarioState.DRAFT}
    by = Author(organization_id, None)
    scenarios.put_away(session, by, rows[0].id, now)
    found = scenarios.opened(session, organization_id, rows[1].id)
    edit = scenarios.Edit(replace(found.scenario, title="Ours"), found.digest)
    assert scenarios.change(session, by, rows[1].id, edit, now) != rows[1].id
    assert bundled.give(session, organization_id, now=now) == ()


def test_examples_come_to_their_rubric_as_proposals(session: Session, now: datetime) -> None:
    organization_id = organizations.organization_named(session, "New", now)
    rows = session.scalars(select(ExampleRow).where(ExampleRow.organization_id == organization_id)).all()
    assert {row.document["key"] for row in rows} == EXAMPLES
    assert {row.agreed_at for row in rows} == {None}


def test_examples_that_they_put_away_do_not_come_back(session: Session, now: datetime) -> None:
    organization_id = organizations.organization_named(session, "New", now)
    for example_id in session.scalars(select(ExampleRow.id)).all():
        examples.put_away(session, Author(organization_id, None), example_id, now)
    assert bundled.give(session, organization_id, now=now) == ()
    examples.purge_put_away(session, now + timedelta(days=2))
    assert bundled.give(session, organization_id, now=now) == ()


def test_examples_do_not_come_to_other_words_than_theirs(session: Session, now: datetime) -> None:
    organization_id = old_organization(session, now)
    theirs = next(rubric for rubric in bundled.bundled_rubrics() if rubric.key == "one-to-one-support")
    author.publish_rubric(session, organization_id, replace(theirs, title="Ours"), now=now)
    assert "the-letter" not in bundled.give(session, organization_id, now=now)


def test_a_rubric_of_theirs_under_the_same_key_is_never_touched(session: Session, now: datetime) -> None:
    organization_id = old_organization(session, now)
    ours = replace(WARM_LINE, title="Our own warm line", criteria=WARM_LINE.criteria[:3], translations=())
    author.publish_rubric(session, organization_id, ours, now=now)
    given = bundled.give(session, organization_id, now=now)
    assert "warm-line" not in given
    assert editions(session, organization_id, "warm-line") == [ours]
    assert keys(session, organization_id) == RUBRICS


def test_a_rubric_that_they_only_began_to_write_is_never_touched(session: Session, now: datetime) -> None:
    organization_id = old_organization(session, now)
    session.add(RubricRow(id=new_id(), organization_id=organization_id, key="warm-line"))
    session.flush()
    bundled.give(session, organization_id, now=now)
    assert editions(session, organization_id, "warm-line") == []


def test_what_they_retired_or_removed_does_not_come_back(session: Session, now: datetime) -> None:
    organization_id = organizations.organization_named(session, "New", now)
    rubric = session.scalars(select(RubricRow).where(RubricRow.key == "warm-line")).one()
    framework = session.scalars(select(FrameworkRow).where(FrameworkRow.key == "california-peer-topics")).one()
    rubric.retired_at = framework.removed_at = now
    session.flush()
    assert bundled.give(session, organization_id, now=now) == ()
    session.expire_all()
    assert (rubric.retired_at, framework.removed_at) == (now, now)


def test_a_framework_of_theirs_under_the_same_key_or_identifier_is_never_touched(
    session: Session, now: datetime
) -> None:
    organization_id = old_organization(session, now)
    same_key = replace(STARTER, identifier=str(new_id()), title="Ours", links=())
    frameworks.save(session, organization_id, same_key, bundled=False, now=now)
    other = next(each for each in bundled.bundled_frameworks() if each.key == "california-peer-topics")
    same_identifier = replace(other, key="our-topics")
    frameworks.save(session, organization_id, same_identifier, bundled=False, now=now)
    bundled.give(session, organization_id, now=now)
    known = {each.framework.key: each for each in frameworks.frameworks(session, organization_id)}
    assert known.keys() == (FRAMEWORKS - {"california-peer-topics"}) | {"our-topics"}
    assert known["starter"].framework.title == "Ours"
    assert not known["our-topics"].bundled


def test_one_organization_is_given_nothing_for_another(session: Session, now: datetime) -> None:
    first = organizations.organization_named(session, "First", now)
    second = old_organization(session, now)
    assert keys(session, second) == set()
    assert bundled.give(session, first, now=now) == ()
    bundled.give_everyone(session, now=now)
    assert keys(session, second) == RUBRICS


def test_making_an_organization_takes_a_bounded_number_of_statements(session: Session, now: datetime) -> None:
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *those: statements.append(those[2]))
    organizations.organization_named(session, "New", now)
    assert len(statements) <= 14 * (len(RUBRICS) + len(FRAMEWORKS) + len(EXAMPLES))
