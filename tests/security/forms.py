"""The forms of a page, filled in by somebody who writes the same words everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

WRITTEN = {"text", "email", "search", "tel", "url", None}


@dataclass
class Form:
    """Where it goes, and what it sends as it stands."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    """Fields in which somebody writes."""

    def filled_in(self, words: str) -> dict[str, str]:
        """With these words wherever words can be written."""
        return self.fields | dict.fromkeys(self.written, words)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self.found.append(Form(given.get("action") or ""))
        if not self.found:
            return
        form, name = self.found[-1], given.get("name") or ""
        if tag == "textarea" or (tag == "input" and name and given.get("type") in WRITTEN):
            form.written.append(name)
        elif tag == "input" and name and given.get("type") not in ("file", "password"):
            chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if chosen or name not in form.fields:
                form.fields[name] = given.get("value") or ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and (given.get("value") or "") and self._select not in form.fields:
            form.fields[self._select] = given.get("value") or ""


def forms_of(page: str) -> Iterator[Form]:
    """Each form of the page that posts."""
    reader = _Forms()
    reader.feed(page)
    yield from (form for form in reader.found if form.action)
