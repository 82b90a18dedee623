"""What a screen reader says of the controls of a page: their names, as the browser hands them over."""

import re
from collections import Counter

from playwright.sync_api import Page

CONTROLS = ("button", "checkbox", "combobox", "link", "radio", "spinbutton", "textbox")
FIELDS = ("checkbox", "combobox", "spinbutton", "textbox")
AROUND = ("group", "region", "row")
"""What is said before the fields in it, by its own name."""
LINE = re.compile(
    rf"^(?P<indent>\s*)- (?P<role>{'|'.join(CONTROLS + AROUND)})(?: \"(?P<name>(?:[^\"\\]|\\.)+)\")?(?P<rest>.*)$"
)
SAYS_NOTHING = {"here", "more", "open", "read", "edit", "change", "show", "details"}


def controls(page: Page) -> list[tuple[str, str]]:
    """Role and name of each, in the order in which they are read."""
    return [(role, name) for role, name, _around in _heard(page)]


def unclear(page: Page) -> list[str]:
    """Controls without a name or with one that says nothing by itself, and fields of one group with the same name."""
    heard = _heard(page)
    said = [f"{role} is called {name!r}, which says nothing" for role, name, _around in heard if _is_empty(name)]
    fields = Counter(each for each in heard if each[0] in FIELDS and each[1])
    return said + [f"{times} of {role} are called {name!r}" for (role, name, _), times in fields.items() if times > 1]


def _heard(page: Page) -> list[tuple[str, str, tuple[str, ...]]]:
    found: list[tuple[str, str, tuple[str, ...]]] = []
    around: list[tuple[int, str]] = []
    for line in page.locator("body").aria_snapshot().splitlines():
        plain = line.replace("'", "", 1) if line.lstrip().startswith("- '") else line
        indent = len(plain) - len(plain.lstrip())
        while around and around[-1][0] >= indent:
            around.pop()
        match = LINE.match(plain)
        if match and match["role"] in AROUND:
            around.append((indent, match["name"] or ""))
        elif match:
            found.append((match["role"], (match["name"] or "").strip(), tuple(name for _, name in around)))
    return found


def _is_empty(name: str) -> bool:
    return not name or name.casefold() in SAYS_NOTHING
