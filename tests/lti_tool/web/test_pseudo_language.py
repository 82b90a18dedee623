"""Every page in a language that nobody speaks: what it shows in plain letters was never marked for translation.

The catalogs of `tests.pseudo` stand where those of Arabic do, so that dates, numbers and names of languages have other
letters, too. `make test` looks at a sixteenth of the addresses, always the same; `make test-all` at all of them.
"""

import json
import re
import tomllib
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.paths import CONFIG
from lti_tool.services.notifying import mail_words, messages
from lti_tool.services.notifying.contact import ZONES
from lti_tool.store.base import Base
from lti_tool.store.people import SessionRow
from rubrics.sign_off import Lane
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_every_page import PEOPLE, every_page
from tests.lti_tool.web.whole_house import whole_house
from tests.pseudo import BEGINS, ENDS, marked, pseudo, write_catalogs

URL = "https://attune.school.example"
READS = "ar"
IN_READERS_LANGUAGE = {"headers": {"Accept-Language": READS}}
ONE_IN = 16
LOTS = 6
TEXTS_AT_LEAST = 1_000
READ_ALOUD = {"alt", "aria-label", "placeholder", "title"}
EMPTY = {"br", "circle", "col", "hr", "img", "input", "link", "meta", "path", "rect", "source", "track", "use", "wbr"}
NOT_FOR_READING = {"code", "noscript", "pre", "script", "style"}
"""What machines read; and `pre`, which shows files and commands as they are."""
PLAIN_WORDS = re.compile(r"[A-Za-z]+(?:['’\- ][A-Za-z]+)*")
A_WORD_OF_PROGRAMS = re.compile(r"[a-z_]+")
BETWEEN_NAMES = re.compile(r"\s*[·,;:|“”/]\s*|^\d+\. ")
ADDRESSED = re.compile(
    r"https?://\S+|\S+@\S+|(?<!\w)/[\w/-]+|\b[\w-]+\.(?:csv|json|toml|pdf|vtt|zip)\b|\b[0-9a-f]{8,}\b"
)
NAMES = {
    "Attune", "Canvas", "English", "LinkedIn", "Moodle", "United States",  # names stay; languages name themselves
    "DOS", "ISO", "Mac Roman", "UTF", "Windows",  # alphabets of files
    "US", "INT", "CA", "GB", "NZ",  # countries of shipped programs
}  # fmt: skip
CODES = re.compile(r"\b(?:starter|framework-\w+):\S+|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
"""Codes of competencies, and of printed forms."""
MADE_OF_CODES = {"programs.take", "my_programs.one", "attestations.noted", "attestations.statements"}
MADE_OF_CODES |= {"program_trying.page", "sample_program.program", "sample_program.person"}
"""Pages that show words of programs as their authors wrote them, made of codes such as "secondary_education"."""


class Texts(HTMLParser):
    """What is read on a page, or aloud; but not what says its own language: rubrics, programs, mails as sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        foreign = tag != "html" and "lang" in given
        if tag not in EMPTY:
            shown_only = tag == "textarea" and "readonly" in given
            self._open.append((tag, foreign or shown_only or tag in NOT_FOR_READING))
        if foreign or self._unread():
            return
        button = tag == "input" and given.get("type") in ("button", "reset", "submit")
        for name, value in given.items():
            sentence = name.startswith("data-") and " " in value and value[0] not in "[{/"
            if name in READ_ALOUD or sentence or (button and name == "value"):
                self.found.append(" ".join(value.split()))

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _unread in self._open]:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._unread():
            self.found.append(" ".join(data.split()))

    def _unread(self) -> bool:
        return any(unread for _name, unread in self._open)


class Written:
    """What people wrote, and what ships in `config/`: names, titles, sentences."""

    def __init__(self, session: Session) -> None:
        self.texts: set[str] = set(ZONES) | {zone.replace("_", " ") for zone in ZONES} | NAMES
        for table in Base.metadata.sorted_tables:
            for row in session.execute(table.select()):
                self._take(list(row))
        for path in CONFIG.rglob("*.toml"):
            self._take(tomllib.loads(path.read_text(encoding="utf-8")))
        self.texts = {text for text in self.texts if not A_WORD_OF_PROGRAMS.fullmatch(text)}
        self.parts = {part for text in self.texts for part in BETWEEN_NAMES.split(text)}
        self.within = "\n".join(self.texts).casefold()

    def _take(self, value: Any) -> None:
        if isinstance(value, bytes):
            value = value.decode("utf-8", errors="replace")
        if isinstance(value, str):
            self.texts |= {" ".join(line.split()) for line in (value, *value.splitlines())}
            self._take(_read(value))
        elif isinstance(value, dict):
            for each in value.values():
                self._take(each)
        elif isinstance(value, list | tuple):
            for each in value:
                self._take(each)

    def unmarked(self, text: str) -> list[str]:
        """The words that nobody wrote and that are in plain letters all the same."""
        if text in self.texts:
            return []
        text = CODES.sub("", ADDRESSED.sub("", text))
        if BEGINS in text or not text.isascii():
            return [words for words in _plain_words(text) if words.casefold() not in self.within]
        parts = BETWEEN_NAMES.split(text)
        return [words for part in parts if part not in self.parts for words in _plain_words(part)]


def _plain_words(text: str) -> Iterator[str]:
    return (words for words in PLAIN_WORDS.findall(text) if len(words) > 1 and words not in NAMES)


def _read(text: str) -> Any:
    """What is in a document that somebody wrote; nothing of other text."""
    if text[:1] in ("{", "["):
        with suppress(ValueError):
            return json.loads(text)
    if " = " in text:
        with suppress(tomllib.TOMLDecodeError):
            return tomllib.loads(text)
    return None


def problems(pages: Iterable[tuple[str, str]], written: Written) -> tuple[int, list[str]]:
    """How many texts there were, and those that are not marked or lack their end."""
    count, found = 0, {}
    for name, html in pages:
        texts = Texts(html).found
        for text in texts:
            count += 1
            for words in written.unmarked(text):
                found.setdefault(words, f"{words!r} in {name}: {text[:160]}")
        whole = "".join(texts)  # a sentence may have a field in its midst
        if whole.count(BEGINS) != whole.count(ENDS):
            found[name] = f"cut in {name}: {[text for text in texts if text.count(BEGINS) != text.count(ENDS)]}"
    return count, list(found.values())


@pytest.fixture
def pseudo_app(app: Any, tmp_path: Path) -> Iterator[Any]:
    """The application with the pseudo catalogs where it finds those that ship."""
    babel = app.extensions["babel"]
    shipped = babel.translation_directories
    with app.app_context():
        read_already = babel.instance.domain_instance.cache
    babel.translation_directories = [str(write_catalogs(tmp_path, READS))]
    read_already.clear()
    yield app
    babel.translation_directories = shipped
    read_already.clear()


SHARES = [pytest.param(None, id="a sample")]
SHARES += [pytest.param(lot, id=f"lot {lot + 1}", marks=pytest.mark.full) for lot in range(LOTS)]


def is_in(endpoint: str, lot: int | None) -> bool:
    """Whether this share has the pages of this endpoint."""
    number = zlib.crc32(endpoint.encode())
    return number % ONE_IN == 0 if lot is None else number % LOTS == lot


@pytest.mark.parametrize("lot", SHARES)
def test_ux_e2_no_page_shows_a_text_that_is_not_marked_for_translation(
    pseudo_app: Any, sessions: Any, clock: Any, lot: int | None
) -> None:
    with sessions() as session:
        house = whole_house(URL, pseudo_app, session, clock())
        rules = [rule for rule in house.rules() if is_in(rule.endpoint, lot)]
        pages = [
            (f"{page.endpoint}, as {page.who}", page.html)
            for page in house.pages(rules, **IN_READERS_LANGUAGE)
            if page.endpoint not in MADE_OF_CODES
        ]
        count, found = problems(pages, Written(session))
    assert count > TEXTS_AT_LEAST
    assert not found, "\n".join(found)


def test_no_page_of_the_journey_shows_a_text_that_is_not_marked(
    pseudo_app: Any, make_course: Callable[..., Course]
) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL), required_observations=3)
    for who in PEOPLE:
        course.browser(who).environ_base["HTTP_ACCEPT_LANGUAGE"] = READS
    course.world.session.execute(update(SessionRow).values(locale=None))
    course.kept()
    count, found = problems(list(every_page(course)), Written(course.world.session))
    assert count > TEXTS_AT_LEAST
    assert not found, "\n".join(found)


def test_an_unmarked_text_and_a_cut_one_are_noticed(pseudo_app: Any, course: Course) -> None:
    html = course.browser("sam").get(course.home, **IN_READERS_LANGUAGE).text
    written = Written(course.world.session)
    spoilt = f"<p>Unheard of</p><p title='Never said'>{pseudo('Whole')}</p><p>{pseudo('Cut')[:-1]}</p></main>"
    _count, found = problems([("home", html.replace("</main>", spoilt))], written)
    told = " ".join(found)
    assert all(words in told for words in ("'Unheard of'", "'Never said'", "cut in home"))


def test_every_text_of_a_mail_and_of_a_message_is_marked() -> None:
    mails = [*mail_words.TEXTS.values(), *mail_words.NAMELESS.values()]
    texts = {text for words in mails for text in (words.subject, words.text)} | set(messages.LINES.values())
    assert texts <= {message.id for message in marked()}
