"""The pages that a submission review and a data privacy launch lead to, as people meet them."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from lti_tool.lti.claims import ForUser
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.lti_tool.services.conftest import INSTRUCTOR

ADMINISTRATOR = ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",)
NARROW = {"width": 320, "height": 640}

Check = Callable[[Page | Frame], None]
Picture = Callable[[Page, str], None]


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Served]:
    with served_course(sqlite_url) as served:
        yield served


def comes(served: Served, page: Page, who: str, roles: tuple[str, ...], **launch: object) -> None:
    """Launch, and open the page that it leads to."""
    entered = served.course.world.enter(who, roles, **launch)
    served.course.kept()
    served.sign_in(page, entered.token)
    page.goto(served.url + entered.path)


def looks_right(page: Page, step: str, accessible: Check, picture: Picture) -> None:
    """No problem for axe, nothing to scroll sideways at 320 pixels, and a picture."""
    accessible(page)
    picture(page, step)
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    if before:
        page.set_viewport_size(before)


@pytest.mark.parametrize("device", ["phone", pytest.param("desktop", marks=pytest.mark.full)])
def test_an_instructor_comes_from_the_gradebook_and_goes_back(
    served: Served, visitors: Visitors, accessible: Check, picture: Picture, device: str
) -> None:
    served.course.signed(), served.course.begun()
    page = getattr(visitors, device)()
    review = {"message_type": "LtiSubmissionReviewRequest"}
    comes(served, page, "ines", INSTRUCTOR, for_user=ForUser("sam", None), **review)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sam Example")
    looks_right(page, "a trainee", accessible, picture)
    expect(page.get_by_role("link", name="Back to the gradebook")).to_have_attribute(
        "href", served.course.world.issuer + "/course/1?lti_msg=You+looked+at+it.+Nothing+was+changed.&lti_log="
        + page.get_by_role("link", name="Back to the gradebook").get_attribute("href").rpartition("=")[2],
    )  # fmt: skip
    comes(served, page, "ines", INSTRUCTOR, for_user=ForUser("lee", None), **review)
    looks_right(page, "nobody", accessible, picture)


def press_by_keyboard(page: Page, wanted: Locator) -> None:
    for _press in range(12):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")


@pytest.mark.parametrize("device", ["phone", pytest.param("desktop", marks=pytest.mark.full)])
def test_an_administrator_asks_by_keyboard_and_the_person_reads_of_it(
    served: Served, visitors: Visitors, accessible: Check, picture: Picture, device: str
) -> None:
    served.course.signed()
    page = getattr(visitors, device)()
    privacy = {"message_type": "LtiDataPrivacyLaunchRequest", "context": None, "resource_link": None}
    comes(served, page, "dana", ADMINISTRATOR, for_user=ForUser("sam", None), **privacy)
    looks_right(page, "kinds and counts", accessible, picture)
    press_by_keyboard(page, page.get_by_role("link", name="Ask for their data to be erased"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask for what is kept about Sam Example to be erased?")
    looks_right(page, "asked once more", accessible, picture)
    press_by_keyboard(page, page.get_by_role("button", name="Ask for it"))
    expect(page.get_by_text("It is recorded, and Attune's operator sees it.")).to_be_visible()
    looks_right(page, "asked for", accessible, picture)
    served.sign_in(page, served.course.token("sam"))
    page.goto(f"{served.url}{served.course.home}")
    looks_right(page, "the path of the person", accessible, picture)
    page.get_by_role("link", name="What was asked, by whom and when").click()
    expect(page.get_by_text("Dana Example asked for what is kept about you to be erased.")).to_be_visible()
    looks_right(page, "the person reads it", accessible, picture)


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.full), "dark"])
@pytest.mark.parametrize("how", ["brand", "more contrast", "browser's contrast"])
def test_pages_stay_readable_in_every_look(
    served: Served, visitors: Visitors, accessible: Check, picture: Picture, scheme: str, how: str
) -> None:
    served.course.signed(), served.course.shared()
    page = visitors.desktop(color_scheme=scheme, **({"contrast": "more"} if how == "browser's contrast" else {}))
    custom = {
        "brand": {"attune_brand": json.dumps({"ic-brand-primary": "#6750A4" if scheme == "light" else "#D0BCFF"})},
        "more contrast": {"attune_high_contrast": "true"},
    }.get(how, {}) | {"attune_activity": str(served.course.world.activity_id)}
    comes(served, page, "sam", served.course.roles["sam"], custom=custom)
    looks_right(page, f"{how} {scheme}", accessible, picture)
    page.get_by_role("link", name="Read what Jo Example wrote").first.click()
    looks_right(page, f"{how} {scheme} an observation", accessible, picture)


def test_where_the_system_puts_its_own_colors_what_is_done_still_differs_from_what_is_not(
    served: Served, visitors: Visitors, picture: Picture
) -> None:
    """Axe reads our colors, not those that the system puts in their place; so this looks at the pixels."""
    page = visitors.desktop(forced_colors="active")
    served.course.signed()
    comes(served, page, "sam", served.course.roles["sam"], custom={})
    picture(page, "forced colors")
    done = page.locator("progress.path").screenshot()
    page.locator("progress.path").evaluate("bar => (bar.value = 0)")
    assert page.locator("progress.path").screenshot() != done
