"""What people met: how long each kind of request took, what did not work, when, and what they read then."""

import re
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

BARE = "a bare page"
ELSEWHERE = "other pages"
_ID = "[0-9a-f-]{36}"
_KINDS = tuple(
    (method, re.compile(pattern), kind)
    for method, pattern, kind in (
        ("GET", "/health", BARE),
        ("POST", "/lti/login", "launch: begin"),
        ("POST", "/lti/launch", "launch: come in"),
        ("GET", f"/a/{_ID}", "my path"),
        ("GET", "/waiting", "waiting for you"),
        ("GET", f"/a/{_ID}/ask", "ask: open the form"),
        ("POST", f"/a/{_ID}/ask", "ask"),
        ("GET", f"/o/{_ID}", "read an observation"),
        ("POST", f"/o/{_ID}/begin", "begin to observe"),
        ("GET", f"/o/{_ID}/rate", "rate: open the form"),
        ("POST", f"/o/{_ID}/save", "rate: autosave"),
        ("POST", f"/o/{_ID}/rate", "rate: save all"),
        ("POST", f"/o/{_ID}/share", "share"),
        ("POST", f"/o/{_ID}/answer/save", "answer: autosave"),
        ("POST", f"/o/{_ID}/answer", "answer"),
        ("GET", f"/o/{_ID}/sign/peer", "sign: open the page"),
        ("POST", f"/o/{_ID}/sign/peer", "sign"),
    )
)
LAUNCHES = frozenset({"launch"})
"""What people do that needs the LMS."""
ALSO_AFTER = 2.0
"""Seconds for which a fault still counts once Attune says that it is ready: answers of before are on their way."""


def kind_of(method: str, path: str) -> str:
    """What people would call this request."""
    return next((kind for way, known, kind in _KINDS if way == method and known.fullmatch(path)), ELSEWHERE)


@dataclass
class Span:
    """One fault: from when to when it lasted, and when all was well again, by `time.monotonic`."""

    name: str
    began: float
    ended: float = 0.0
    well_again: float = 0.0

    def met(self, began: float, ended: float) -> bool:
        """Whether something that took place then may have met it."""
        return ended >= self.began and (not self.well_again or began <= self.well_again + ALSO_AFTER)


@dataclass(frozen=True, slots=True)
class Try:
    """Something that a person tried and that did not work."""

    what: str
    began: float
    ended: float
    seen: str
    """What they read, in short."""
    at_lms: bool
    is_sentence: bool
    """Whether it was a page or an answer of Attune that says in words what is so; or the browser's own."""


@dataclass
class Watch:
    """Kept by all threads together."""

    spans: list[Span] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seen: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By fault: what people read how often."""
    taken: Counter[str] = field(default_factory=Counter)
    """By fault: requests that were answered as they should be meanwhile; "" where nothing was wrong."""
    _took: list[tuple[str, float, float]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, kind: str, began: float, ended: float) -> None:
        """An answer began to arrive, whatever it says."""
        with self._lock:
            self._took.append((kind, began, ended))

    def worked(self, began: float, ended: float) -> None:
        """A person got what they wanted."""
        with self._lock:
            self.taken[self._fault(began, ended)] += 1

    def did_not_work(self, tried: Try) -> None:
        """It is a problem unless a fault can explain it, and people read a sentence."""
        with self._lock:
            fault = self._fault(tried.began, tried.ended)
            self.seen[fault][tried.seen] += 1
            if not fault:
                self.problems.append(f"with nothing wrong, {tried.what}: {tried.seen}")
            elif not tried.is_sentence:
                self.problems.append(f"{fault}, {tried.what}: {tried.seen}")
            elif fault == "LMS down" and not tried.at_lms and tried.what not in LAUNCHES:
                self.problems.append(f"{fault}, and {tried.what} did not work: {tried.seen}")

    def problem(self, sentence: str) -> None:
        """Something that must never be."""
        with self._lock:
            self.problems.append(sentence)

    def begins(self, name: str) -> Span:
        """A fault."""
        with self._lock:
            self.spans.append(Span(name, time.monotonic()))
            return self.spans[-1]

    def times(self, *, calm: bool) -> dict[str, list[float]]:
        """Seconds by kind; `calm`: only those that no fault can have met."""
        found = defaultdict(list)
        for kind, began, ended in self._took:
            if not (calm and self._fault(began, ended)):
                found[kind].append(ended - began)
        return found

    def _fault(self, began: float, ended: float) -> str:
        return next((span.name for span in self.spans if span.met(began, ended)), "")
