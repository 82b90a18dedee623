"""How often the pages of a program ask the database: as often for many people as for few."""

from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.path_rows import an_entry
from tests.lti_tool.services.programs.test_edition_moves import PLAIN
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_edition_move_pages import of_sam
from tests.lti_tool.web.test_program_pages import enroll, in_use, lead
from tests.lti_tool.web.test_queries import BOUND, counted

MORE = 10


def test_pages_of_a_program_ask_as_often_for_many_people_as_for_few(course: Course) -> None:
    browser, program_id = lead(course), in_use(course, PLAIN)
    enroll(course, program_id, "sam", "noor", edition="2025")
    home, one = f"/programs/{program_id}", f"/people-of/{of_sam(course)}"
    pages = (f"{home}/people", f"{home}/moves", f"{home}/enroll?name=example", one, home, "/programs")

    def asked() -> dict[str, int]:
        found = {}
        for page in pages:
            browser.get(page)  # the first visit writes the read log
            with counted(course.app.extensions["attune"].sessions.engine) as said:
                assert browser.get(page).status_code == 200, page
            found[page] = len(said)
        return found

    few = asked()
    names = [f"trainee{number}" for number in range(MORE)]
    for name in names:
        course.world.visitor(name, TRAINEE)
        an_entry(course.world, name, signed_by="jo")
    course.kept()
    enroll(course, program_id, *names, edition="2025")
    many = asked()
    assert {page: (few[page], count) for page, count in many.items() if count > few[page]} == {}
    assert max(many.values()) <= BOUND
