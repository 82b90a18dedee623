"""What a person reads on a page, and the forms it offers."""

from html.parser import HTMLParser

UNSEEN = {"script", "style", "template", "noscript"}
SPOKEN = {"aria-label", "alt", "title", "placeholder", "value"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.facts: dict[str, str] = {}
        self.fields: dict[str, list[dict[str, str | None]]] = {}
        self._open: list[str] = []
        self._term = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        given = dict(attrs)
        for name, text in attrs:
            if text and (name.startswith("data-") or (name in SPOKEN and given.get("type") != "hidden")):
                self.texts.append(text)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag in ("input", "textarea", "button") and given.get("name"):
            self.fields.setdefault(given["name"] or "", []).append(given)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if UNSEEN & set(self._open) or not data.strip():
            return
        self.texts.append(data)
        if "dt" in self._open:
            self._term = " ".join(data.split())
            self.facts[self._term] = ""
        elif "dd" in self._open:
            self.facts[self._term] += " " + " ".join(data.split())
        if "h1" in self._open or "h2" in self._open:
            self.headings.append(" ".join(data.split()))


class Read:
    """A page as it is read: texts, headings, links, facts (what stands beside a term), fields."""

    def __init__(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        self.text = " ".join(" ".join(reader.texts).split())
        self.headings = reader.headings
        self.links = reader.links
        self.facts = reader.facts
        self.fields = reader.fields

    def checked(self, name: str) -> list[str | None]:
        """The values chosen in a group of radio buttons."""
        return [field.get("value") for field in self.fields.get(name, ()) if "checked" in field]

    def before(self, first: str, then: str) -> bool:
        """Whether one text is read before the other; both are there."""
        return 0 <= self.text.index(first) < self.text.index(then)
