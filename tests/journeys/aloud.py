"""What a screen reader says of the controls of a page: their names, as the browser hands them over."""

import re
from collections import Counter
from collections.abc import Sequence

from playwright.sync_api import Page

CONTROLS = ("button", "checkbox", "combobox", "link", "radio", "spinbutton", "textbox")
FIELDS = ("checkbox", "combobox", "spinbutton", "textbox")
LINE = re.compile(rf"^\s*- (?P<role>{'|'.join(CONTROLS)})(?: \"(?P<name>(?:[^\"\\]|\\.)+)\")?(?P<rest>.*)$")
SAYS_NOTHING = {"here", "more", "open", "read", "edit", "change", "show", "details"}


def controls(page: Page) -> list[tuple[str, str]]:
    """Role and name of each, in the order in which they are read."""
    found = []
    for line in page.locator("body").aria_snapshot().splitlines():
        match = LINE.match(line.replace("'", "", 1) if line.lstrip().startswith("- '") else line)
        if match:
            found.append((match["role"], match["name"] or ""))
    return found


def unclear(found: Sequence[tuple[str, str]]) -> list[str]:
    """Controls without a name, with one that says nothing by itself, and fields that are called the same."""
    names = [(role, name.strip()) for role, name in found]
    said = [f"{role} is called {name!r}, which says nothing" for role, name in names if _is_empty(name)]
    fields = Counter(each for each in names if each[0] in FIELDS and each[1])
    return said + [f"{times} of {role} are called {name!r}" for (role, name), times in fields.items() if times > 1]


def _is_empty(name: str) -> bool:
    return not name or name.casefold() in SAYS_NOTHING
