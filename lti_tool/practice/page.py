"""Reading a page as someone without JavaScript does: its words, its links, its forms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urljoin

Changes = Mapping[str, str | Sequence[str] | None]
INLINE = ("a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "mark", "small", "span", "strong", "sub", "sup", "time")
UNSEEN = ("script", "style", "template")


@dataclass(slots=True)
class Button:
    """A button that sends its form. `address` is its own formaction, if it has one."""

    label: str
    name: str = ""
    value: str = ""
    address: str = ""


@dataclass(slots=True)
class Form:
    """A form with the fields that would be sent now."""

    address: str
    method: str
    id: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def filled(self, changes: Changes, pressed: Button | None) -> list[tuple[str, str]]:
        """The fields with some of them changed: a text, several texts, or None to leave one out."""
        fields = [(name, value) for name, value in self.fields if name not in changes]
        for name, change in changes.items():
            fields += [(name, value) for value in _as_texts(change)]
        return [*fields, (pressed.name, pressed.value)] if pressed and pressed.name else fields


@dataclass(frozen=True, slots=True)
class Link:
    """A link with the words it shows."""

    label: str
    address: str


class PageReader(HTMLParser):
    """Collects what a page holds. Nested forms do not exist in HTML, so one at a time is enough."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._address: str | None = None
        self._heard: list[str] = []
        self._button: Button | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._text_area: str | None = None
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        self._hear_break(tag)
        given = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "form":
            address = urljoin(self.url, given.get("action", ""))
            self._form = Form(address, given.get("method", "get").lower(), given.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self._address, self._heard = urljoin(self.url, given["href"]), []
        elif self._form is not None and "disabled" not in given:
            self._begin_field(self._form, tag, given)

    def _begin_field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "button" and given.get("type", "submit") == "submit":
            self._button, self._heard = Button("", name, value, self._own_address(given)), []
        elif tag == "input" and given.get("type", "text") in ("submit", "image"):
            form.buttons.append(Button(value, name, value, self._own_address(given)))
        elif tag == "input" and given.get("type", "text") in ("checkbox", "radio"):
            if name and "checked" in given:
                form.fields.append((name, given.get("value", "on")))
        elif tag == "input" and name and given.get("type", "text") not in ("button", "reset", "file"):
            form.fields.append((name, value))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((value, "selected" in given))
        elif tag == "textarea":
            self._text_area, self._heard = name, []

    def _own_address(self, given: dict[str, str]) -> str:
        return urljoin(self.url, given["formaction"]) if "formaction" in given else ""

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        self._hear_break(tag)
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "a" and self._address is not None:
            self.links.append(Link(_one_line(self._heard), self._address))
            self._address = None
        elif self._form is not None:
            self._end_field(self._form, tag)

    def _end_field(self, form: Form, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "button" and self._button is not None:
            self._button.label = _one_line(self._heard)
            form.buttons.append(self._button)
            self._button = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected]
            chosen = chosen or [value for value, _ in self._options[:1]]
            form.fields += [(self._select, value) for value in chosen if self._select]
            self._select = None
        elif tag == "textarea" and self._text_area is not None:
            form.fields += [(self._text_area, "".join(self._heard))] if self._text_area else []
            self._text_area = None

    def _hear_break(self, tag: str) -> None:
        """Words of two blocks do not run into one another."""
        if tag not in INLINE and self._text_area is None:
            self._heard.append(" ")
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        """Note what is written."""
        if not self._unseen:
            self._heard.append(data)
            self.words.append(data)


@dataclass(frozen=True)
class Page:
    """An answer as it arrived: `url` is where the redirects ended."""

    status: int
    url: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _read(self) -> PageReader:
        reader = PageReader(self.url)
        reader.feed(self.text)
        reader.close()
        return reader

    @property
    def words(self) -> str:
        """All visible words, with single spaces."""
        return _one_line(self._read.words)

    @property
    def forms(self) -> list[Form]:
        """The forms, in order."""
        return self._read.forms

    @property
    def links(self) -> list[Link]:
        """The links, in order."""
        return self._read.links

    def link(self, label: str) -> Link | None:
        """The first link with these words."""
        return next((link for link in self.links if link.label == label), None)

    def form(self, wanted: int | str = 0) -> Form:
        """A form by its place, its id, the end of its address, or a button's words. Raises LookupError."""
        for place, found in enumerate(self.forms):
            if wanted in (place, found.id) or (isinstance(wanted, str) and wanted in _names_of(found)):
                return found
        raise LookupError(f"no form {wanted!r} on {self.url} ({self.status}): {self.words[:300]}")


def _names_of(form: Form) -> Iterator[str]:
    yield from (button.label for button in form.buttons)
    path = form.address.split("?")[0]
    yield from (path[i:] for i, letter in enumerate(path) if letter == "/")


def _as_texts(change: str | Sequence[str] | None) -> Sequence[str]:
    if change is None:
        return []
    return [change] if isinstance(change, str) else change


def _one_line(words: list[str]) -> str:
    return " ".join("".join(words).split())
