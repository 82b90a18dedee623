"""The keyboard alone: what is pressed, chosen and written is first come to with the Tab key."""

from playwright.sync_api import Locator, Page, expect

FAR = 200
"""So many times Tab is pressed at most; nobody has that patience, but a long page is no failure by itself."""
HAS_FOCUS = "it => it === it.ownerDocument.activeElement"
IS_SEEN = """it => {
  const box = it.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const top = it.ownerDocument.elementFromPoint(x, y);
  const near = [it, ...it.labels ?? []];
  return Boolean(top) && (top.contains(it) || near.some((one) => one.contains(top)));
}"""
"""Whether nothing lies over what has the focus (WCAG 2.2, 2.4.11)."""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus; it is then on the screen, with nothing over it."""
    expect(wanted).to_be_visible()
    for _ in range(FAR):
        if wanted.evaluate(HAS_FOCUS):
            assert wanted.evaluate(IS_SEEN), f"something lies over {wanted}"
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
