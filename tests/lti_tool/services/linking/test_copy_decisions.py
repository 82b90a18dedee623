"""What an instructor decides about the activities of a copied course, and what never comes along."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from grading.scores import ColumnShows
from lti_tool.lti.claims import Course, ResourceLink
from lti_tool.services.authoring import author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.linking import copies, copy_choices, copy_decisions
from lti_tool.services.linking.copy_decisions import Choice
from lti_tool.services.scores import send_claims
from lti_tool.store.copies import ActivityCopyRow, CopySource
from lti_tool.store.courses import ActivityRow, CourseRow, LineItemRow, ResourceLinkRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import INSTRUCTOR, ISSUER, TRAINEE, World
from tests.lti_tool.services.copying import COPY, OF_LEARNERS, ORIGIN, copied, open_copy, opened, rows, waiting

# ---- what is decided ----


def test_a_copy_has_the_settings_of_its_origin_and_the_copied_link_leads_to_it(world: World) -> None:
    _, course_id, copy_id = copied(world)
    assert copy_id is not None
    origin = world.session.get_one(ActivityRow, world.activity_id)
    copy = world.session.get_one(ActivityRow, copy_id)
    settings_of = ("rubric_version_id", "title", "column_shows", "required_observations", "lanes", "response_days")
    assert [getattr(copy, name) for name in settings_of] == [getattr(origin, name) for name in settings_of]
    assert (copy.course_id, origin.course_id == course_id) == (course_id, False)
    assert open_copy(world, "sam", TRAINEE).path == f"/a/{copy_id}"
    later = open_copy(world, "sam", TRAINEE, resource_link=ResourceLink(id="opened later", title="Elsewhere"))
    assert later.path == f"/a/{copy_id}"
    assert waiting(world, course_id) == []


def test_the_column_that_came_along_is_the_copys(world: World) -> None:
    _, _, copy_id = copied(world)
    open_copy(world, "sam", TRAINEE)
    (url,) = world.session.scalars(select(LineItemRow.url).where(LineItemRow.activity_id == copy_id))
    assert url == f"{ISSUER}/items/70"


def test_lti_a12_where_no_column_is_named_the_one_with_the_origins_id_is_looked_for(world: World) -> None:
    _, _, copy_id = copied(world)
    open_copy(world, "sam", TRAINEE)
    (column,) = world.session.scalars(select(LineItemRow).where(LineItemRow.activity_id == copy_id))
    assert send_claims._columns(world.session, {column.id})[column.id][0].former_ids == ()
    column.url = None
    assert send_claims._columns(world.session, {column.id})[column.id][0].former_ids == (str(world.activity_id),)


def test_what_is_left_behind_leads_to_the_choice_of_something_new(world: World) -> None:
    _, course_id, copy_id = copied(world, Choice.LEAVE)
    assert copy_id is None
    assert waiting(world, course_id) == []
    assert open_copy(world, "ines").path.endswith("/copied")  # the page leads instructors on to the choice


def test_a_link_behind_which_something_new_was_set_up_meanwhile_keeps_it(world: World) -> None:
    ines, course_id = opened(world)
    (link,) = world.session.scalars(select(ResourceLinkRow).where(ResourceLinkRow.course_id == course_id))
    version_id = world.session.get_one(ActivityRow, world.activity_id).rubric_version_id
    new = author.ActivityChoice(version_id=version_id, title="Something new")
    set_up = author.choose_for_link(world.session, ines, link.id, new, now=world.now)
    again = replace(new, title="Of another instructor at the same moment")
    assert author.choose_for_link(world.session, ines, link.id, again, now=world.now) == set_up
    assert world.activity_id is not None
    copy_decisions.decide(world.session, ines, course_id, {world.activity_id: Choice.COPY}, now=world.now)
    world.session.expire_all()
    assert open_copy(world, "sam", TRAINEE).path == f"/a/{set_up}"


def test_what_is_decided_later_keeps_waiting(world: World) -> None:
    ines, course_id = opened(world)
    assert world.activity_id is not None
    decide = copy_decisions.decide
    assert decide(world.session, ines, course_id, {world.activity_id: Choice.LATER}, now=world.now) == 0
    assert decide(world.session, ines, course_id, {}, now=world.now) == 0
    assert decide(world.session, ines, course_id, {uuid4(): Choice.COPY}, now=world.now) == 0
    assert waiting(world, course_id) == ["Observed practice"]


def test_a_newer_rubric_can_be_taken_and_else_the_version_stays(world: World) -> None:
    ines, course_id = opened(world)
    assert world.activity_id is not None
    old = world.session.get_one(ActivityRow, world.activity_id).rubric_version_id
    assert copy_choices.versions(world.session, [old])[old].newer_id is None
    rubric = author.rubric_of(world.session, old).rubric
    new = author.publish_rubric(world.session, world.organization_id, replace(rubric, summary="Mended."), now=world.now)
    name = copy_choices.versions(world.session, [old])[old]
    assert (name.number, name.newer_id, name.newer_number) == (1, new, 2)
    chosen = {world.activity_id: Choice.COPY_WITH_NEWER_RUBRIC}
    copy_decisions.decide(world.session, ines, course_id, chosen, now=world.now)
    (decided,) = copy_choices.decided(world.session, course_id)
    assert world.session.get_one(ActivityRow, decided.copy_id).rubric_version_id == new


def test_what_the_origin_got_after_the_copy_was_made_does_not_wait(world: World) -> None:
    _, course_id = opened(world)
    world.now += timedelta(days=1)
    ines = world.visitor("ines")
    place_another(world, ines, "Placed later")
    assert waiting(world, course_id) == ["Observed practice"]


def place_another(world: World, ines: Visitor, title: str) -> UUID:
    origin = world.session.get_one(ActivityRow, world.activity_id)
    choice = author.ActivityChoice(version_id=origin.rubric_version_id, title=title)
    return author.place_activity(world.session, ines, origin.course_id, choice, now=world.now)


def test_of_a_course_known_only_by_its_links_the_others_are_shown_and_do_not_press(world: World) -> None:
    place_another(world, world.visitor("ines"), "Not seen here yet")
    _, course_id = opened(world)
    found = {one.activity.title: one.came_along for one in copy_choices.waiting(world.session, course_id)}
    assert found == {"Observed practice": True, "Not seen here yet": False}
    assert copy_choices.number_waiting(world.session, course_id) == 1


def test_decisions_and_their_undoing_stand_in_the_audit(world: World) -> None:
    ines, course_id, copy_id = copied(world)
    assert world.activity_id is not None
    copy_decisions.undo(world.session, ines, course_id, world.activity_id, world.now)
    world.session.flush()
    acts = world.session.execute(
        select(AuditEntryRow.act, AuditEntryRow.facts).where(AuditEntryRow.subject == f"course:{course_id}")
        .order_by(AuditEntryRow.number)
    ).all()  # fmt: skip
    facts = {"origin": str(world.activity_id), "copy": str(copy_id)}
    assert [tuple(row) for row in acts] == [("activity.copy", facts), ("activity.copy_undone", facts)]


# ---- undoing ----


@pytest.mark.parametrize("choice", [Choice.COPY, Choice.LEAVE])
def test_a_decision_can_be_taken_back_and_made_anew(world: World, choice: Choice) -> None:
    ines, course_id, _ = copied(world, choice)
    open_copy(world, "sam", TRAINEE)
    assert world.activity_id is not None
    copy_decisions.undo(world.session, ines, course_id, world.activity_id, world.now)
    assert waiting(world, course_id) == ["Observed practice"]
    assert copy_choices.decided(world.session, course_id) == ()
    assert open_copy(world, "sam", TRAINEE).path.endswith("/copied")
    copy_decisions.decide(world.session, ines, course_id, {world.activity_id: Choice.COPY}, now=world.now)
    assert open_copy(world, "sam", TRAINEE).path.startswith("/a/")


def test_a_copy_in_which_something_was_asked_for_stays(world: World) -> None:
    ines, course_id, copy_id = copied(world)
    origin_id, world.activity_id = world.activity_id, copy_id
    for name in ("jo", "sam"):
        open_copy(world, name, world.launch(name, ()).roles or TRAINEE)
    open_copy(world, "jo", INSTRUCTOR)
    world.grant(world.visitor("jo"), Lane.PEER)
    world.ask()
    world.session.flush()
    assert origin_id is not None
    with pytest.raises(Refused) as refused:
        copy_decisions.undo(world.session, ines, course_id, origin_id, world.now)
    assert refused.value.code == "copy_in_use"
    (decided,) = copy_choices.decided(world.session, course_id)
    assert (decided.copy_id, decided.in_use) == (copy_id, True)
    assert world.session.get(ActivityRow, copy_id) is not None


# ---- who decides ----


def test_only_instructors_of_the_new_course_decide(world: World) -> None:
    opened(world)
    sam, course_id = opened(world, "sam", TRAINEE)
    stranger = world.visitor("noor")
    assert world.activity_id is not None
    for visitor, problem in ((sam, Refused), (stranger, NotHere)):
        with pytest.raises(problem):
            copy_decisions.decide(world.session, visitor, course_id, {world.activity_id: Choice.COPY}, now=world.now)
        with pytest.raises(problem):
            copy_decisions.undo(world.session, visitor, course_id, world.activity_id, world.now)
    assert rows(world, "activity_copy") == {"activity_copy": 0}


def test_nothing_is_undone_that_nobody_decided(world: World) -> None:
    ines, course_id = opened(world)
    with pytest.raises(NotHere):
        copy_decisions.undo(world.session, ines, course_id, uuid4(), world.now)


def test_of_two_instructors_at_once_one_decides(world: World) -> None:
    ines, course_id, copy_id = copied(world)
    assert world.activity_id is not None
    made = copy_decisions._claimed(world.session, ines, course_id, world.activity_id, world.now)
    assert not made
    assert copy_choices.decided(world.session, course_id)[0].copy_id == copy_id


# ---- copies of copies ----

THIRD = {
    "context": Course(id="course-3", title="Practicum, autumn", label=None),
    "resource_link": ResourceLink(id="link-3", title="Observed practice"),
}


def test_a_copy_of_a_copy_takes_the_settings_of_the_nearer_one(world: World) -> None:
    _, _, first_copy = copied(world)
    world.session.get_one(ActivityRow, first_copy).required_observations = 7
    custom = {"attune_activity": str(world.activity_id), "attune_context_history": f"{COPY},{ORIGIN}"}
    ines, course_id = opened(world, custom=custom, **THIRD)
    (one,) = copy_choices.waiting(world.session, course_id)
    assert (one.activity.id, one.activity.required_observations) == (first_copy, 7)
    copy_decisions.decide(world.session, ines, course_id, {one.activity.id: Choice.COPY}, now=world.now)
    (decided,) = copy_choices.decided(world.session, course_id)
    assert open_copy(world, "sam", TRAINEE, custom=custom, **THIRD).path == f"/a/{decided.copy_id}"
    later = THIRD | {"resource_link": ResourceLink(id="opened later", title="Elsewhere")}
    assert open_copy(world, "sam", TRAINEE, custom=custom, **later).path == f"/a/{decided.copy_id}"
    assert decided.copy_id is not None
    assert copies.lineage(world.session, [decided.copy_id]) == {decided.copy_id: {first_copy, world.activity_id}}
    assert copy_choices.waiting(world.session, course_id) == ()


def test_undoing_a_copy_of_a_copy_leaves_the_nearer_one_and_a_copy_with_copies_stays(world: World) -> None:
    ines, second, first_copy = copied(world)
    custom = {"attune_activity": str(world.activity_id), "attune_context_history": f"{COPY},{ORIGIN}"}
    visitor, third = opened(world, custom=custom, **THIRD)
    assert first_copy is not None
    assert world.activity_id is not None
    copy_decisions.decide(world.session, visitor, third, {first_copy: Choice.COPY}, now=world.now)
    with pytest.raises(Refused):
        copy_decisions.undo(world.session, ines, second, world.activity_id, world.now)
    copy_decisions.undo(world.session, visitor, third, first_copy, world.now)
    assert [one.copy_id for one in copy_choices.decided(world.session, second)] == [first_copy]
    assert [one.activity.id for one in copy_choices.waiting(world.session, third)] == [first_copy]


def test_what_was_decided_under_the_older_name_does_not_wait_again_under_the_nearer_one(world: World) -> None:
    copied(world)
    ines, third = opened(world, **THIRD)  # known by its link only, which names the oldest
    assert world.activity_id is not None
    copy_decisions.decide(world.session, ines, third, {world.activity_id: Choice.COPY}, now=world.now)
    course = world.session.get_one(CourseRow, third)
    copies.remember(world.session, course, [COPY], CopySource.NOTICE, world.now)
    assert copy_choices.waiting(world.session, third) == ()


# ---- what never comes along ----


@given(
    done=st.lists(st.sampled_from(["ask", "begin", "share", "answered", "signed"]), max_size=4),
    choice=st.sampled_from([Choice.COPY, Choice.COPY_WITH_NEWER_RUBRIC, Choice.LEAVE]),
    shows=st.sampled_from(list(ColumnShows)),
    by_history=st.booleans(),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_lti_s10_no_learners_record_ever_comes_along(
    world: World, done: list[str], choice: Choice, shows: ColumnShows, by_history: bool
) -> None:
    with world.session.begin_nested() as before_this_example:
        full_course(world, done, shows)
        before = rows(world, *OF_LEARNERS, "membership")
        custom = {"attune_activity": str(world.activity_id)} | (
            {"attune_context_history": ORIGIN} if by_history else {}
        )
        _, course_id, copy_id = copied(world, choice, custom=custom)
        assert open_copy(world, "ines", custom=custom)
        assert rows(world, *OF_LEARNERS) == {name: before[name] for name in OF_LEARNERS}
        assert rows(world, "membership")["membership"] == before["membership"] + 1  # Ines opened the copy
        assert (copy_id is None) is (choice is Choice.LEAVE)
        of_copy = select(ActivityCopyRow.activity_id).where(ActivityCopyRow.course_id == course_id)
        assert world.session.scalars(of_copy).all() == [copy_id]
        before_this_example.rollback()
    world.session.expunge_all()


def full_course(world: World, done: list[str], shows: ColumnShows) -> None:
    world.session.get_one(ActivityRow, world.activity_id).column_shows = shows
    for step in done:
        if step == "signed":
            world.sign("jo", world.answered())
        else:
            getattr(world, step)()
    world.session.flush()
