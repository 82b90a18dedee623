"""A browser without JavaScript, for launches and for journeys that need no Chromium.

visitor = LmsVisitor("http://127.0.0.1:8401")
page = visitor.open("sam", "Observed practice")     # login, authorization and launch; the tool's page
page = visitor.submit(page, {"words": "..."}, form="Share")
"""

from collections.abc import Mapping, Sequence
from http.client import HTTPMessage
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

from lti_tool.practice.neighbors import Neighbors
from lti_tool.practice.outbound import Unreachable
from lti_tool.practice.page import Button, Changes, Form, Page

SECONDS = 30


class Visitor:
    """One browser with its cookies. It visits only this machine, and there also keeps Secure cookies."""

    def __init__(self, neighbors: Neighbors | None = None) -> None:
        self.neighbors = neighbors or Neighbors()
        self.cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        ways = (*self.neighbors.handlers(), HTTPCookieProcessor(self.cookies), _StayHere(self.neighbors))
        self._opener = build_opener(ProxyHandler({}), *ways)

    def get(self, address: str) -> Page:
        """Open an address and follow where it leads."""
        return self._visit(Request(address))  # noqa: S310 - _visit lets only http(s) on this machine pass

    def post(self, address: str, fields: Sequence[tuple[str, str]], *, seen_on: str) -> Page:
        """Send a form that stands on the page `seen_on`, with the headers a browser adds."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(seen_on))
        request = Request(address, data=urlencode(fields).encode(), method="POST")  # noqa: S310 - as in get
        request.add_unredirected_header("Content-Type", "application/x-www-form-urlencoded")
        request.add_unredirected_header("Origin", origin)
        same = address.startswith(origin + "/")
        request.add_unredirected_header("Referer", seen_on if same else origin + "/")
        return self._visit(request)

    def submit(
        self, page: Page, changes: Changes | None = None, *, form: int | str = 0, button: str | None = None
    ) -> Page:
        """Fill in a form of the page and send it.

        `form` is its place, its id, the end of its address or a button's words; `button` is the words
        of the button pressed (the first one, if not said). Raises LookupError.
        """
        found = page.form(form)
        pressed = _pressed(found, button if button is not None else form)
        fields = found.filled(changes or {}, pressed)
        address = pressed.address if pressed and pressed.address else found.address
        if found.method == "post":
            return self.post(address, fields, seen_on=page.url)
        return self.get(f"{address.split('?')[0]}?{urlencode(fields)}")

    def follow(self, page: Page, label: str) -> Page:
        """Follow the first link with these words. Raises LookupError."""
        link = page.link(label)
        if link is None:
            raise LookupError(f"no link {label!r} on {page.url} ({page.status}): {page.words[:300]}")
        return self.get(link.address)

    def _visit(self, request: Request) -> Page:
        if not self.neighbors.reach(request.full_url):
            raise Unreachable(f"{request.full_url} is not on this machine")
        try:
            answer = self._opener.open(request, timeout=SECONDS)
        except HTTPError as problem:
            answer = problem
        with answer:
            text = answer.read().decode("utf-8", "replace")
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Page(answer.status, answer.geturl(), text, headers)


class LmsVisitor(Visitor):
    """A browser in front of the practice LMS."""

    def __init__(self, base_url: str, neighbors: Neighbors | None = None) -> None:
        super().__init__(neighbors)
        self.base_url = base_url

    def be(self, person: str) -> Page:
        """Choose a person by id, short name or full name: the course page as that person."""
        address = urljoin(self.base_url, "/choose")
        page = self.post(address, [("person", person)], seen_on=self.base_url + "/")
        if page.status != 200 or urlsplit(page.url).path != "/course":
            raise LookupError(f"nobody is called {person!r}")
        return page

    def open(self, person: str, activity: str, *, in_window: bool = False, deployment: str = "") -> Page:
        """Launch an activity (by id or title) as a person; the page where it ends, whatever its status.

        A deployment other than the tool's first is named. Nobody ("") is a visitor without an account.
        """
        link = self.be(person).link(activity) if person else None
        number = urlsplit(link.address).path.rsplit("/", 1)[-1] if link else activity
        asked = {"window": "1" if in_window else "", "deployment": deployment, "anonymous": "" if person else "1"}
        return self.launch(f"/launch/{quote(number, safe='')}?{_query(asked)}")

    def open_from_navigation(self, person: str, client_id: str, *, course: str = "2") -> Page:
        """Open a tool from the navigation of a course, where the LMS has a place for it there."""
        if person:
            self.be(person)
        return self.launch(
            f"/launch/navigation/{client_id}?{_query({'course': course, 'anonymous': '' if person else '1'})}"
        )

    def review(self, person: str, line_item_id: str, *, of: str = "", unchecked: bool = False) -> Page:
        """Open somebody's work from the gradebook (the whole column, if nobody is named).

        `unchecked` goes the way that Moodle leaves open: a trainee asks for somebody else.
        """
        self.be(person)
        return self.launch(
            f"/launch/review/{line_item_id}?{_query({'person': of, 'unchecked': '1' if unchecked else ''})}"
        )

    def ask_about_data(self, person: str, about: str, client_id: str) -> Page:
        """Ask a tool about the data it has of somebody, as an administrator."""
        self.be(person)
        return self.launch(f"/launch/privacy/{client_id}?{_query({'person': about})}")

    def choose_in_tool(
        self, person: str, client_id: str | None = None, *, course: str = "2", deployment: str = "", placement: str = ""
    ) -> Page:
        """Begin to add an activity: the tool's page for choosing (deep linking), for the newest tool if not said."""
        page = self.be(person)
        places = [urlsplit(link.address).path for link in page.links if "/course/add/" in link.address]
        if not places and client_id is None:
            raise LookupError(f"{person} cannot add activities now: {page.words[:300]}")
        asked = _query({"course": course, "deployment": deployment, "placement": placement})
        return self.launch(f"/launch/choose/{client_id or places[-1].rsplit('/', 1)[-1]}?{asked}")

    def launch(self, path: str) -> Page:
        """Go the way of a launch: press on where the LMS shows a page that goes on by itself."""
        page = self.get(urljoin(self.base_url, path))
        for _ in range(2):
            if not self.goes_on(page):
                break
            page = self.submit(page)
        return page

    def goes_on(self, page: Page) -> bool:
        """Whether this is the LMS's own page between two steps of a launch."""
        ours = urlsplit(page.url)[:2] == urlsplit(self.base_url)[:2]
        return ours and page.status == 200 and any(form.id == "continue" for form in page.forms)


def _query(asked: Mapping[str, str]) -> str:
    return urlencode({name: value for name, value in asked.items() if value})


def _pressed(form: Form, wanted: int | str) -> Button | None:
    named = [button for button in form.buttons if button.label == wanted]
    return next(iter(named or form.buttons), None)


class _StayHere(HTTPRedirectHandler):
    """Follows redirects as browsers do, but only on this machine."""

    def __init__(self, neighbors: Neighbors) -> None:
        self._neighbors = neighbors

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not self._neighbors.reach(newurl):
            raise Unreachable(f"{req.full_url} leads to {newurl}, which is not on this machine")
        if code in (307, 308) and req.data is not None:
            again: dict[str, Any] = {**req.unredirected_hdrs}
            return Request(newurl, data=req.data, headers=again, method=req.get_method())  # noqa: S310 - checked above
        return super().redirect_request(req, fp, code, msg, headers, newurl)
