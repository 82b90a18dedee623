"""Filling in and sending a form of a page, as a browser without scripts does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from tests.certification.place import Answer, Browser


@dataclass
class Form:
    """A form: where it goes, and what it would send as it stands."""

    method: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    rubrics: list[str] = field(default_factory=list)
    """The rubrics to choose from: with several of them none is chosen beforehand."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").upper(), given.get("action", "")))
            self.is_open = True
        elif self.is_open and tag in ("input", "button") and given.get("name"):
            self._control(tag, given, has_state="checked" in given)

    def _control(self, tag: str, given: dict[str, str], *, has_state: bool) -> None:
        if given["name"] == "version_id":
            self.forms[-1].rubrics.append(given.get("value", ""))
        if tag == "button":
            self.forms[-1].buttons.append((given["name"], given.get("value", "")))
        elif given.get("type") not in ("radio", "checkbox") or has_state:
            self.forms[-1].fields.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_open = False


def forms(page: Answer) -> list[Form]:
    """The forms of a page, in their order."""
    reader = _Reader()
    reader.feed(page.text)
    return reader.forms


def form(page: Answer, part_of_action: str) -> Form:
    """The first form whose address holds this text."""
    return next(form for form in forms(page) if part_of_action in form.action)


def send(browser: Browser, page: Answer, form: Form, **filled: str | list[str]) -> Answer:
    """Send it, with what a person filled in; of rubrics the first one, unless they chose."""
    fields = {"version_id": form.rubrics[:1], **form.fields, **filled}
    return browser.request(
        form.method,
        urljoin(page.url, form.action),
        data={name: value for name, value in fields.items() if value != []},
        headers={"Origin": origin(page)},
    )


def origin(page: Answer) -> str:
    return "/".join(page.url.split("/")[:3])
