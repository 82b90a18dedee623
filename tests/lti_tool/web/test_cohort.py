"""The cohort at a glance: what its pages show, leave out and keep."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from lti_tool.services.standing import kept_standings
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import GroupKind, GroupMemberRow, GroupRow
from lti_tool.store.programs import EnrollmentRow, PathPauseRow
from lti_tool.store.records import ReadLogRow
from lti_tool.store.seen import KeptStandingRow, SavedViewRow
from rubrics.sign_off import Lane
from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.path_rows import an_entry, program_in_use
from tests.lti_tool.services.practicum.test_sites import a_site, placed
from tests.lti_tool.services.programs.test_edition_moves import PLAIN
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_edition_move_pages import of_sam
from tests.lti_tool.web.test_program_pages import enroll, in_use, lead
from tests.lti_tool.web.test_queries import BOUND, counted

MORE = 10


def program(course: Course) -> tuple[Any, str]:
    browser, program_id = lead(course), in_use(course, PLAIN)
    entered_on = (course.world.now.date() - timedelta(days=60)).isoformat()
    enroll(course, program_id, "sam", "noor", edition="2025", entered_on=entered_on)
    return browser, f"/programs/{program_id}"


def the_view(course: Course) -> SavedViewRow:
    course.kept()
    row = course.world.session.scalars(select(SavedViewRow)).one()
    course.world.session.expunge_all()
    course.kept()
    return row


def worked_out(course: Course) -> None:
    for program_id in kept_standings.due(course.world.session, course.world.now):
        while kept_standings.work_out(course.world.session, program_id, course.world.now):
            pass
    course.kept()


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def test_cap_c13_people_stand_by_what_is_asked_with_a_word_a_shape_and_numbers(course: Course) -> None:
    browser, home = program(course)
    an_entry(course.world, "sam", amount="4", signed_by="jo")
    course.kept()
    page = text(browser.get(f"{home}/cohort"))
    assert "Sam Example" in page
    assert "Noor Example" in page
    assert 'scope="col"' in page
    assert 'scope="row"' in page
    assert 'href="#shape-open"' in page
    assert "4 of " in page
    assert "By name." in page


def test_it_shows_at_once_what_was_just_done(course: Course) -> None:
    browser, home = program(course)
    text(browser.get(f"{home}/cohort"))
    an_entry(course.world, "sam", amount="7", signed_by="jo")
    course.kept()
    assert "7 of " in text(browser.get(f"{home}/cohort"))


def test_people_are_chosen_by_status_pause_answer_and_name_and_the_page_says_so(course: Course) -> None:
    browser, home = program(course)
    an_entry(course.world, "sam", amount="4", signed_by="jo")
    course.kept()
    text(browser.get(f"{home}/cohort"))
    for query, there, gone in (
        ("status=in_progress", "Sam Example", "Noor Example"),
        ("status=not_started", "Noor Example", "Sam Example"),
        ("name=noor", "Noor Example", "Sam Example"),
        ("requirement=practice&answer=not_yet&name=sam", "Sam Example", "Noor Example"),
    ):
        page = text(browser.get(f"{home}/cohort?{query}"))
        assert there in page, query
        assert gone not in page, query
        assert "Show everybody" in page
    assert "Nobody here is as you chose." in text(browser.get(f"{home}/cohort?paused=yes"))
    for order in ("entered", "date", "answer&by=practice", "name"):
        assert "Sam Example" in text(browser.get(f"{home}/cohort?order={order}"))


def test_what_an_address_says_that_is_nothing_leaves_nobody_out(course: Course) -> None:
    browser, home = program(course)
    page = text(browser.get(f"{home}/cohort?status=x&order=y&group=z&page=900&most=7&column=none&waits=q&answer=a"))
    assert "Sam Example" in page


def columns(page: str) -> list[str]:
    """The keys of the requirements of which the first person has a cell that opens, in order."""
    return re.findall(r"/requirements/(\w+)", page[page.index("<tbody>") : page.index("</tr>", page.index("<tbody>"))])


def test_columns_are_chosen(course: Course) -> None:
    browser, home = program(course)
    every = text(browser.get(f"{home}/cohort"))
    one = text(browser.get(f"{home}/cohort?column=practice"))
    two = text(browser.get(f"{home}/cohort?column=ethics&column=practice"))
    assert set(columns(every)) >= {"practice", "ethics"}
    assert set(columns(one)) == {"practice"}
    assert set(columns(two)) == {"practice", "ethics"}
    heads = [page[page.index("<thead>") : page.index("</thead>")] for page in (every, one, two)]
    assert ["Ethics" in head for head in heads] == [True, False, True]
    assert all("10 hours of practice" in head for head in heads)
    assert heads[0].count('scope="col"') > heads[2].count('scope="col"') == heads[1].count('scope="col"') + 1


def test_ux_t3_a_cell_opens_its_proof_and_the_person_sees_that_it_was_opened(course: Course) -> None:
    browser, _home = program(course)
    enrollment_id = of_sam(course)
    page = text(browser.get(f"/people-of/{enrollment_id}/requirements/practice"))
    assert 'id="proof"' in page
    assert "Sam Example" in page
    assert browser.get(f"/people-of/{enrollment_id}/requirements/nothing").status_code == 404
    sam = course.world.visitor("sam").person_id
    assert course.world.session.scalars(select(ReadLogRow.field).where(ReadLogRow.trainee_id == sam)).all()


def groups(page: str) -> dict[str, list[str]]:
    """Of each group of the week the first names of those who are in it."""
    parts = re.findall(r'<section aria-labelledby="group-(\w+)">(.*?)</section>', page, re.DOTALL)
    return {key: re.findall(r'class="row-name"[^>]*>(\w+)', part) for key, part in parts}


def test_who_needs_me_names_those_of_whom_nothing_is_new_and_leaves_paused_people_in_peace(course: Course) -> None:
    world, browser = course.world, lead(course)
    program_id, versions = program_in_use(world, RENEWED)
    today = world.now.date()
    rows = {
        who: of(world, who, program_id, versions[-1], today - timedelta(days=days))
        for who, days in {"sam": 60, "noor": 400, "kim": 60, "ola": 60, "lee": 5, "amara": 30}.items()
    }
    an_entry(world, "sam", amount="12", signed_by="jo")
    decided(world, rows["noor"], (today + timedelta(days=5)).replace(year=today.year - 1))
    world.session.add(paused(world, rows["ola"], today - timedelta(days=40)))
    kept_standings.note_new(world.session, world.now)
    course.kept()
    home = f"/programs/{program_id}/cohort/week"
    assert groups(text(browser.get(home))) == {"waits": ["Sam"], "date": ["Noor"], "quiet": ["Kim"]}
    world.session.execute(update(PathPauseRow).values(until=today - timedelta(days=1), ended_at=world.now))
    an_entry(world, "kim", amount="1", signed_by="jo")
    course.kept()
    assert groups(text(browser.get(home))) == {"waits": ["Sam"], "date": ["Noor"], "quiet": ["Ola"]}


def test_where_nobody_needs_anything_each_group_says_so(course: Course) -> None:
    browser, program_id = lead(course), in_use(course, PLAIN)
    page = text(browser.get(f"/programs/{program_id}/cohort/week"))
    assert groups(page) == {"waits": [], "date": [], "quiet": []}
    for said in ("Nobody waits for you.", "No date comes within seven days.", "Of everybody there is something new."):
        assert said in page


def of(world: World, who: str, program_id: UUID, version_id: UUID, entered_on: date) -> EnrollmentRow:
    row = EnrollmentRow(
        id=new_id(), organization_id=world.organization_id, program_id=program_id,
        person_id=world.visitor(who, TRAINEE).person_id, version_id=version_id, entered_on=entered_on,
        enrolled_at=world.now,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row


def paused(world: World, row: EnrollmentRow, since: date) -> PathPauseRow:
    return PathPauseRow(
        id=new_id(), organization_id=row.organization_id, enrollment_id=row.id, since=since, begun_by=row.person_id,
        begun_at=world.now,
    )  # fmt: skip


def test_ines_sees_trainees_by_activities_and_competencies_without_levels(course: Course) -> None:
    course.signed()
    ines = course.browser("ines")
    page = text(ines.get(f"{course.home}/cohort"))
    assert "Sam Example" in page
    assert "of 1" in page
    seen = text(ines.get(f"{course.home}/cohort?across=competencies"))
    assert "1 time" in seen
    assert "Let the silence be" not in seen + page
    assert "Noor Example" not in text(ines.get(f"{course.home}/cohort?name=sam"))
    week = text(ines.get(f"{course.home}/cohort/week"))
    assert "Nothing new for thirty days" in week
    for who in ("sam", "jo"):
        assert course.browser(who).get(f"{course.home}/cohort").status_code in (403, 404)


def test_a_view_is_kept_opened_renamed_and_removed_without_anybodys_name(course: Course) -> None:
    browser, home = program(course)
    kept = course.browser("lea").act(f"{home}/views", view="Those who begin", status="not_started", name="sam")
    assert kept.status_code == 303
    assert "status=not_started" in kept.location
    row = the_view(course)
    assert row.query == {"status": ["not_started"]}
    page = text(browser.get(f"{home}/cohort"))
    assert "Those who begin" in page
    again = course.browser("lea").act(f"{home}/views", view="Those who begin")
    assert again.status_code == 422
    assert "Please choose another name" in unescape(again.text)
    assert course.browser("lea").act(f"/views/{row.id}", view="").status_code == 422
    assert course.browser("lea").act(f"/views/{row.id}", view="Beginnings").status_code == 303
    assert course.browser("ines").get(f"/views/{row.id}").status_code == 404
    assert "Beginnings" in text(browser.get(f"/views/{row.id}"))
    assert course.browser("lea").act(f"/views/{row.id}/remove").status_code == 303
    assert "Beginnings" not in text(browser.get(f"{home}/cohort"))


def test_a_view_of_a_course_is_kept_too(course: Course) -> None:
    kept = course.browser("ines").act(f"{course.home}/views", view="To sign", waits="signature")
    assert kept.status_code == 303
    assert "waits=signature" in kept.location
    row = the_view(course)
    assert course.browser("ines").act(f"/views/{row.id}", view="Signatures").status_code == 303
    assert "Signatures" in text(course.browser("ines").get(f"{course.home}/cohort"))


def test_pages_of_a_cohort_ask_as_often_for_many_people_as_for_few(course: Course) -> None:
    browser, home = program(course)
    pages = (
        f"{home}/cohort", f"{home}/cohort?order=answer&by=practice&status=not_started", f"{home}/cohort/week",
        f"/people-of/{of_sam(course)}/requirements/practice", f"{home}/people",
    )  # fmt: skip
    of_course = (f"{course.home}/cohort", f"{course.home}/cohort?across=competencies", f"{course.home}/cohort/week")
    asks = [(browser, page) for page in pages] + [(course.browser("ines"), page) for page in of_course]

    def asked() -> dict[str, int]:
        found = {}
        for who, page in asks:
            who.get(page)  # the first visit writes the read log
            with counted(course.app.extensions["attune"].sessions.engine) as said:
                assert who.get(page).status_code == 200, page
            found[page] = len(said)
        return found

    few = asked()
    names = [f"trainee{number}" for number in range(MORE)]
    for name in names:
        course.world.visitor(name, TRAINEE)
        an_entry(course.world, name, signed_by="jo")
    course.kept()
    enroll(course, in_use_again(course), *names, edition="2025")
    worked_out(course)
    many = asked()
    assert {page: (few[page], count) for page, count in many.items() if count > few[page]} == {}
    assert max(many.values()) <= BOUND


def in_use_again(course: Course) -> UUID:
    found: UUID = course.world.session.scalars(select(KeptStandingRow.program_id).limit(1)).one()
    course.kept()
    return found


def where_sam_is(course: Course) -> dict[str, UUID]:
    """Sam is in a group, practices at a site, and is assigned to Jo; Noor is in none of this."""
    world = course.world
    sam, jo, own = world.visitor("sam").person_id, world.visitor("jo"), {"organization_id": world.organization_id}
    course_id = world.place(jo).course.id
    group = GroupRow(id=new_id(), course_id=course_id, kind=GroupKind.GROUP, lti_group_id="g-1", name="Morning", **own)
    world.session.add(group)
    world.session.flush()
    world.session.add_all(
        (
            GroupMemberRow(id=new_id(), group_id=group.id, person_id=sam, listed_at=world.now, **own),
            AssignmentRow(
                id=new_id(), course_id=course_id, trainee_id=sam, person_id=jo.person_id, lane=Lane.PEER,
                assigned_as=AssignedAs.SUPERVISOR, assigned_at=world.now, **own,
            ),
        )
    )  # fmt: skip
    site_id = a_site(world)
    placed(world, site_id, anyway=True)
    course.kept()
    return {"group": group.id, "site": site_id, "supervisor": jo.person_id}


def test_people_are_chosen_by_where_they_are_and_whom_something_waits_for(course: Course) -> None:
    browser, home = program(course)
    where, course_id = where_sam_is(course), course.world.place(course.world.visitor("ines")).course.id
    noor = EnrollmentRow.person_id == course.world.visitor("noor").person_id
    decided(course.world, course.world.session.scalars(select(EnrollmentRow).where(noor)).one(), date(2026, 2, 1))
    course.kept()
    text(browser.get(f"{home}/cohort"))  # what is kept of standings is worked out
    for name, id_ in where.items():
        for query in (f"{name}={id_}", f"{name}={id_}&status=not_started"):
            page = text(browser.get(f"{home}/cohort?{query}"))
            assert "Sam Example" in page, query
            assert "Noor Example" not in page, query
    for query, who in ((f"course={course_id}", "Noor"), ("stage=initial", "Noor"), ("waits=trainee", "Sam")):
        assert f"{who} Example" in text(browser.get(f"{home}/cohort?{query}")), query
    for query in ("stage=renewal", "waits=program", "waits=observer"):
        assert "Nobody here is as you chose." in text(browser.get(f"{home}/cohort?{query}")), query


def test_ines_chooses_trainees_by_where_they_are_what_waits_and_what_is_open(course: Course) -> None:
    where, ines = where_sam_is(course), course.browser("ines")
    course.answered()
    for query in (*(f"{name}={id_}" for name, id_ in where.items()), "waits=signature"):
        page = text(ines.get(f"{course.home}/cohort?{query}"))
        assert "Sam Example" in page, query
        assert "Noor Example" not in page, query
    still_open = f"{course.home}/cohort?open={course.world.activity_id}"
    assert "Sam Example" in text(ines.get(still_open))
    course.signed()
    page = text(ines.get(still_open))
    assert "Sam Example" not in page
    assert "Noor Example" in page
