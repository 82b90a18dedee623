"""Acts in a course: links and columns are added, copied, graded by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from lti_tool.practice.people import Person
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Activity, Course, LineItem, Score, Tool
from lti_tool.practice.state import State


def add_course(lms: Platform, title: str, label: str = "") -> Course:
    """One more course, with everybody in it."""
    with lms.changing() as state:
        number = state.number()
        while number in state.courses:
            number = state.number()
        course = Course(number, label or f"C-{number}", title)
        state.courses = {**state.courses, number: course}
        return course


def change_course(lms: Platform, course: Course) -> None:
    """Replace a course by this one with the same id."""
    with lms.changing() as state:
        state.courses = {**state.courses, course.id: course}


def add_activity(
    lms: Platform,
    tool: Tool,
    title: str,
    *,
    course_id: str = "2",
    text: str = "",
    url: str = "",
    custom: Mapping[str, str] | None = None,
    column: LineItem | None = None,
) -> Activity:
    """Put a link into a course, with a column of its own if one is wanted."""
    with lms.changing() as state:
        number = state.number()
        activity = Activity(
            number, tool.client_id, title, text, url or tool.target, dict(custom or {}), course_id=course_id
        )
        state.activities = {**state.activities, number: activity}
        if column is not None:
            own = replace(column, client_id=tool.client_id, activity_id=number, course_id=course_id, coupled=True)
            add_line_item(lms, own)
        return activity


def remove_activity(lms: Platform, activity: Activity) -> None:
    """Take a link out of its course, with its columns and their scores."""
    with lms.changing() as state:
        state.activities = {key: kept for key, kept in state.activities.items() if key != activity.id}
        for item in lms.line_items_of(activity):
            remove_line_item(lms, item)


def add_line_item(lms: Platform, item: LineItem) -> LineItem:
    """Make a column; its id is given here."""
    with lms.changing() as state:
        added = replace(item, id=state.number())
        state.line_items = {**state.line_items, added.id: added}
        return added


def change_line_item(lms: Platform, item: LineItem) -> None:
    """Replace a column by this one with the same id."""
    with lms.changing() as state:
        state.line_items = {**state.line_items, item.id: item}


def remove_line_item(lms: Platform, item: LineItem) -> None:
    """Remove a column with its scores."""
    with lms.changing() as state:
        state.line_items = {key: kept for key, kept in state.line_items.items() if key != item.id}
        state.scores = {key: score for key, score in state.scores.items() if key[0] != item.id}


def keep_score(
    lms: Platform, item: LineItem, person: Person, following: Callable[[Score | None], Score], *, sent: str = ""
) -> Score:
    """Keep what follows the score on record, if any. What `following` raises leaves everything as it was.

    `sent` is the timestamp that came with it, which not every LMS keeps.
    """
    with lms.changing() as state:
        key = (item.id, person.id)
        kept = following(state.scores.get(key))
        state.scores = {**state.scores, key: kept}
        lms.accepted.add(kept, sent or kept.timestamp)
        return kept


def scores_of(state: State, item: LineItem, person_id: str | None) -> list[Score]:
    """What stands in a column, for everybody or for one person."""
    if person_id is None:
        return [kept for kept in state.scores.values() if kept.line_item_id == item.id]
    kept = state.scores.get((item.id, person_id))
    return [] if kept is None else [kept]


def grade_by_hand(lms: Platform, item: LineItem, person: Person, given: float | None, comment: str = "") -> None:
    """A teacher writes into the gradebook (points of the column; None empties the cell)."""
    now = lms.clock()

    def following(former: Score | None) -> Score:
        blank = Score(item.id, person.id, None, None, "", now, "", "")
        return replace(
            former or blank, given=given, maximum=item.maximum, received_at=now, comment=comment, by_teacher=True
        )

    keep_score(lms, item, person, following)


def duplicate_activity(lms: Platform, activity: Activity, course_id: str, *, keep_tags: bool) -> Activity:
    """A copy of a link with its own columns: new ids, the same address and custom words, and no scores."""
    tool = lms.state.tools[activity.client_id]
    with lms.changing() as state:
        copied = add_activity(
            lms, tool, activity.title, course_id=course_id, text=activity.text, url=activity.url, custom=activity.custom
        )
        for item in [item for item in state.line_items.values() if item.activity_id == activity.id and item.coupled]:
            own = replace(item, activity_id=copied.id, course_id=course_id)
            add_line_item(lms, own if keep_tags else replace(own, resource_id="", tag=""))
        return copied


def copy_course(lms: Platform, course: Course, title: str) -> Course:
    """A new course with copies of all links of this one, and nobody's work; tools that asked for it are told."""
    with lms.changing() as state:
        added = add_course(lms, title, course.label + "-copy")
        added = replace(added, history=(course.id, *course.history))
        change_course(lms, added)
        for activity in [one for one in state.activities.values() if one.course_id == course.id]:
            duplicate_activity(lms, activity, added.id, keep_tags=lms.profile.copies_keep_tags)
    lms.profile.copied(lms, added)
    return added
