"""The keyboard alone: what is pressed, chosen and written is first come to with the Tab key."""

from playwright.sync_api import Locator, Page, expect

FAR = 200
"""So many times Tab is pressed at most; nobody has that patience, but a long page is no failure by itself."""
HAS_FOCUS = "it => it === it.ownerDocument.activeElement"
WHAT_LIES_OVER = """it => {
  const box = it.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const top = it.ownerDocument.elementFromPoint(x, y);
  const near = [it, ...it.labels ?? []];
  if (top && (top.contains(it) || near.some((one) => one.contains(top)))) return "";
  return `at ${Math.round(x)}, ${Math.round(y)}: ${top ? top.outerHTML.slice(0, 200) : "outside"}`;
}"""


def is_seen(wanted: Locator) -> None:
    """Nothing lies over it (WCAG 2.2, 2.4.11); a page that is still on its way there gets a moment."""
    page = wanted.page
    for _ in range(20):
        over = wanted.evaluate(WHAT_LIES_OVER)
        if not over:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"something lies over {wanted} {over}")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus; it is then on the screen, with nothing over it."""
    expect(wanted).to_be_visible()
    for _ in range(FAR):
        if wanted.evaluate(HAS_FOCUS):
            is_seen(wanted)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {wanted}")


def enter(page: Page, wanted: Locator) -> None:
    """Come to a link or a button, and press Enter."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def write(page: Page, wanted: Locator, words: str) -> None:
    """Come to a field, and type."""
    tab_to(page, wanted)
    page.keyboard.type(words)


def pick(page: Page, first: Locator, number: int) -> None:
    """Come to the first of some radio buttons of which none is chosen, and choose the one with this number from 0."""
    tab_to(page, first)
    page.keyboard.press("Space")
    for _ in range(number):
        page.keyboard.press("ArrowDown")
