"""What a launch says of columns that are known."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from grading.delivery import DeliveryState
from grading.scores import ColumnShows
from lti_tool.lti.answers import Answer
from lti_tool.lti.claims import AgsEndpoint
from lti_tool.services.scores import column_changes
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityColumnRow, LineItemRow
from tests.lti_tool.services.conftest import ISSUER, SCOPES, TRAINEE, World
from tests.lti_tool.services.reading import Column


@pytest.fixture
def column(world: World) -> Column:
    return Column(world)


def launch(column: Column, line_item: str | None, line_items: str = f"{ISSUER}/items") -> None:
    column.world.enter("sam", TRAINEE, ags=AgsEndpoint(line_item=line_item, line_items=line_items, scopes=SCOPES))


def further(column: Column, **values: object) -> LineItemRow:
    first, world = column.row, column.world
    own = ActivityColumnRow(
        id=new_id(), organization_id=first.organization_id, activity_id=world.activity_id, shows=ColumnShows.BEST,
        last_count=3, made_by=world.visitor("ines").person_id, made_at=world.now,
    )  # fmt: skip
    world.session.add(own)
    world.session.flush()
    usual: dict[str, object] = {
        "id": new_id(), "organization_id": first.organization_id, "column_id": own.id, "url": f"{ISSUER}/items/8",
        "registration_id": first.registration_id, "lti_resource_link_id": first.lti_resource_link_id, "ours": True,
        "line_items_url": first.line_items_url, "scopes": list(SCOPES), "label": "Best", "score_maximum": 100,
        "seen_at": world.now,
    }  # fmt: skip
    row = LineItemRow(**(usual | values))
    world.session.add(row)
    world.session.flush()
    return row


def states(column: Column, *ids: UUID) -> list[str]:
    return [column.cell(one).state.value for one in ids]


def test_lti_a06_a_new_address_takes_the_place_of_the_one_before_and_what_waits_goes_on(column: Column) -> None:
    sam = column.score("sam", 75, DeliveryState.NEEDS_PERSON, answer=Answer.COLUMN_GONE.value)
    noor = column.score("noor", 50)
    launch(column, f"{ISSUER}/moved/7", f"{ISSUER}/moved")
    assert (column.row.url, column.row.line_items_url) == (f"{ISSUER}/moved/7", f"{ISSUER}/moved")
    assert states(column, sam, noor) == ["waiting", "waiting"]
    assert column.cell(noor).accepted_score == Decimal(50)  # what is there already is not sent again


def test_the_same_address_again_changes_nothing(column: Column) -> None:
    sam = column.score("sam")
    launch(column, f"{ISSUER}/items/7")
    assert states(column, sam) == ["accepted"]
    assert column.row.change_at is None


def test_lti_a06_further_columns_follow_and_are_looked_for_where_the_machine_changed(column: Column) -> None:
    best = further(column)
    launch(column, f"{ISSUER}/moved/7", f"{ISSUER}/moved")
    assert (best.line_items_url, best.change_at) == (f"{ISSUER}/moved", None)
    launch(column, "https://new.school.example/items/7", "https://new.school.example/items")
    assert best.line_items_url == "https://new.school.example/items"
    assert (best.change_answer, best.change_at) == (column_changes.NOT_THERE, column.world.now)


def test_a_further_column_that_could_not_be_made_is_tried_again_once_the_lms_offers_more(column: Column) -> None:
    best = further(column, url=None, change_answer=Answer.COLUMN_NOT_OFFERED.value)
    launch(column, f"{ISSUER}/items/7", f"{ISSUER}/items?more=1")
    assert best.change_at == column.world.now


def test_a_column_that_was_gone_and_is_named_again_goes_on(column: Column) -> None:
    sam = column.score("sam", 75, DeliveryState.WAITING)
    row = column.row
    row.gone_at, row.change_answer = column.world.now, column_changes.NOT_THERE
    column.world.session.flush()
    launch(column, f"{ISSUER}/items/7")
    assert (column.row.gone_at, column.row.change_answer) == (None, None)
    assert column.cell(sam).next_attempt_at == column.world.now


def test_a_column_that_was_gone_and_is_named_at_another_address_is_there_again(column: Column) -> None:
    row = column.row
    row.gone_at, row.change_answer = column.world.now, column_changes.NOT_THERE
    column.world.session.flush()
    launch(column, f"{ISSUER}/items/71")
    assert (column.row.url, column.row.gone_at, column.row.change_answer) == (f"{ISSUER}/items/71", None, None)


def test_a_launch_that_names_no_column_has_it_looked_at_and_not_at_each_launch(column: Column) -> None:
    launch(column, None)
    assert (column.row.url, column.row.read_asked_at) == (f"{ISSUER}/items/7", column.world.now)
    row = column.row
    row.read_asked_at = row.read_at = column.world.now
    column.world.session.flush()
    column.world.now += timedelta(minutes=5)
    launch(column, None)
    assert column.row.read_asked_at == row.read_at
