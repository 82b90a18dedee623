"""What the columns of a copied activity show."""

from sqlalchemy import select

from grading.scores import Column, ColumnShows
from lti_tool.services.linking import copy_decisions
from lti_tool.services.scores import columns
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.copying import copied, open_copy


def test_a_copy_shows_in_its_columns_what_its_origin_shows_and_can_be_taken_back(world: World) -> None:
    place = world.place(world.visitor("ines"))
    mean = Column(ColumnShows.MEAN_OF_LAST, 1, 5)
    columns.choose(world.session, world.visitor("ines"), place, mean, world.now)
    columns.add(world.session, world.visitor("ines"), place, Column(ColumnShows.BEST, 1), "Best", world.now)
    ines, course_id, copy_id = copied(world)
    copy = world.session.get_one(ActivityRow, copy_id)
    assert (copy.column_shows, copy.column_last) == (ColumnShows.MEAN_OF_LAST, 5)
    open_copy(world, "sam", TRAINEE)
    further = select(LineItemRow).join(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
    (item,) = world.session.scalars(further.where(ActivityColumnRow.activity_id == copy_id))
    assert (item.url, item.label, item.change_at) == (None, "Observed practice: best", world.now)
    assert world.activity_id is not None
    copy_decisions.undo(world.session, ines, course_id, world.activity_id, world.now)
    assert world.session.get(ActivityRow, copy_id) is None
