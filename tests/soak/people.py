"""What people do all day: a trainee asks and answers, an observer rates and signs, at the same time as all others."""

import json
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from uuid import UUID

from lti_tool.practice import Page
from tests.soak.browser import Browser, Hand, Over
from tests.soak.watch import Watch

OBSERVATION = re.compile(r"/o/([0-9a-f-]{36})")
WORDS = "Waited, asked what would help, and let them choose; then a breath. "


@dataclass
class Pair:
    """A trainee and their observer, and what they tell each other outside of Attune."""

    number: int
    observer_id: UUID
    asked: SimpleQueue[str] = field(default_factory=SimpleQueue)
    shared: SimpleQueue[str] = field(default_factory=SimpleQueue)
    answered: SimpleQueue[str] = field(default_factory=SimpleQueue)
    signed: SimpleQueue[str] = field(default_factory=SimpleQueue)


@dataclass
class Day:
    """What all of them share."""

    attune: str
    lms: str
    link: str
    watch: Watch
    seed: int
    think: float
    """Seconds between two things that a person does, in the middle."""
    come_within: float = 0.0
    """Seconds in which they come in the first time."""
    ends: float = float("inf")
    """When nothing new is begun, by `time.monotonic`."""
    gives_up: float = float("inf")
    fields: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By observation: all that was typed and taken, by the name of its field."""
    signed: set[str] = field(default_factory=set)
    given_up: list[str] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether nothing new is begun."""
        return time.monotonic() > self.ends


class _Person:
    def __init__(self, day: Day, key: str, pair: Pair) -> None:
        self.day, self.key, self.pair = day, key, pair
        self.chance = random.Random(f"{day.seed} {key}")
        self.hand = Hand(day.attune, day.watch, self.chance, lambda: day.gives_up)
        self.browser = Browser(day.lms, day.attune, day.watch)

    def thinks(self) -> None:
        time.sleep(self.chance.uniform(0.5, 1.5) * self.day.think)

    def comes_in(self) -> Page:
        """From the LMS."""
        attune = self.day.attune
        return self.hand.until_it_works(
            "launch",
            lambda: self.browser.open(self.key, self.day.link),
            is_there=lambda page: page.status == 200 and page.url.startswith(attune + "/"),
        )

    def opens(self, path: str, what: str) -> Page:
        return self.hand.until_it_works(what, lambda: self.browser.get(self.day.attune + path))

    def sends(self, what: str, page: Page, form: str, leads_to: str, **changes: str) -> Page:
        """Post a form of this page, the same one until it is taken."""
        typed = [text for text in changes.values() if " " in text]
        return self.hand.until_it_works(
            what,
            lambda: self.browser.submit(page, changes, form=form),
            is_there=lambda answer: answer.status == 200 and leads_to in answer.url,
            typed=typed,
            posted_to=form,
        )

    def autosaves(self, what: str, path: str, fields: dict[str, str], token: str) -> None:
        self.hand.until_it_works(
            what,
            lambda: self.browser.post_json(self.day.attune + path, fields, token),
            is_there=lambda answer: answer.status == 200 and "saved_at" in json.loads(answer.text),
        )

    def waits_for(self, told: SimpleQueue[str], meanwhile: Callable[[], object]) -> str | None:
        """What the other one says; None once the day is over."""
        while True:
            try:
                return told.get_nowait()
            except Empty:
                if self.day.over:
                    return None
            self.thinks()
            self.asks_for_a_bare_page()
            meanwhile()

    def asks_for_a_bare_page(self) -> None:
        self.hand.until_it_works("bare page", lambda: self.browser.get(self.day.attune + "/health"))

    def lives(self) -> None:
        """Until the day is over."""
        try:
            time.sleep(self.chance.uniform(0, self.day.come_within))
            while not self.day.over and self.goes_through_one():
                pass
        except Over as problem:
            self.day.given_up.append(f"{self.key} gave up, {problem}")
        except Exception as problem:
            self.day.watch.problem(f"{self.key}: {type(problem).__name__}: {str(problem)[:300]}")

    def goes_through_one(self) -> bool:
        raise NotImplementedError


class Trainee(_Person):
    """Asks, reads, answers."""

    def goes_through_one(self) -> bool:
        """One observation; False once the day is over."""
        path = self.comes_in()
        address = path.link("Ask for an observation")
        assert address is not None, path.words[:300]
        self.thinks()
        page = self.opens(address.address.removeprefix(self.day.attune), "open the form for asking")
        note = f"Note {self.chance.randrange(10**9)} of {self.key}."
        asked = self.sends(
            "ask", page, "/ask", "/o/", observer=str(self.pair.observer_id), mode="role_play", recorded="no", note=note
        )
        named = OBSERVATION.search(asked.url)
        assert named is not None, asked.url
        observation = named[1]
        self.day.fields[observation]["note"] = note
        self.pair.asked.put(observation)
        own_page = path.url.removeprefix(self.day.attune)
        if self.waits_for(self.pair.shared, lambda: self.opens(own_page, "my path")) is None:
            return False
        self.answers(observation)
        return self.waits_for(self.pair.signed, lambda: self.opens(own_page, "my path")) is not None

    def answers(self, observation: str) -> None:
        """Growing words, then given."""
        page = self.opens(f"/o/{observation}", "read what was shared")
        token = dict(page.form("/answer/save").fields)["csrf_token"]
        words = f"Answer {self.chance.randrange(10**9)}."
        for _ in range(3):
            self.thinks()
            words += " I was nervous, and then it went."
            self.autosaves("autosave of an answer", f"/o/{observation}/answer/save", {"words": words}, token)
            self.day.fields[observation]["words"] = words
        self.sends("keep the answer", page, "/answer/save", "/answer", words=words)
        page = self.opens(f"/o/{observation}/answer", "look the answer over")
        self.thinks()
        self.sends("answer", page, "/answer", "said=answered")
        self.pair.answered.put(observation)


class Observer(_Person):
    """Begins, rates field by field, shares, signs."""

    def goes_through_one(self) -> bool:
        """One observation; False once the day is over."""
        self.comes_in()
        observation = self.waits_for(self.pair.asked, lambda: self.opens("/waiting", "waiting for you"))
        if observation is None:
            return False
        page = self.opens(f"/o/{observation}/begin", "begin")
        page = self.sends("begin", page, "/begin", "/rate", person_served="not_applicable")
        self.rates(observation, page)
        if self.waits_for(self.pair.answered, lambda: self.opens("/waiting", "waiting for you")) is None:
            return False
        page = self.opens(f"/o/{observation}/sign/peer", "open the page to sign")
        self.thinks()
        self.sends("sign", page, "/sign/peer", "said=signed")
        self.day.signed.add(observation)
        self.pair.signed.put(observation)
        return True

    def rates(self, observation: str, page: Page) -> None:
        """Each field is saved as it is typed; the whole form once more in the end."""
        fields = dict(page.form("/rate").fields)
        typed: dict[str, str] = {}
        for name in (name for name in fields if name == "strength" or name.startswith("evidence.")):
            self.thinks()
            group = {name: f"{name} {self.chance.randrange(10**9)}. {WORDS * self.chance.randint(1, 4)}".strip()}
            if name.startswith("evidence."):
                group[name.replace("evidence.", "level.")] = str(self.chance.randint(2, 4))
            self.autosaves("autosave of a rating", f"/o/{observation}/save", group, fields["csrf_token"])
            self.day.fields[observation].update(group)
            typed |= group
        page = self.opens(f"/o/{observation}/rate", "open the form again")
        kept = dict(page.form("/rate").fields)
        for name, text in typed.items():
            if kept.get(name, "").strip() != text:
                self.day.watch.problem(f"{self.key}: {name} of {observation} is not on the form that was opened again")
        typed["growth"] = f"Growth {self.chance.randrange(10**9)}: one question at a time."
        typed["next_step"] = "Together, at the next session."
        shown = self.sends("save the whole form", page, "/rate", "/share", then="share", **typed)
        self.day.fields[observation].update(typed)
        self.sends("share", shown, "/share", "said=shared")
        self.pair.shared.put(observation)


def everybody(day: Day, pairs: list[Pair]) -> list[threading.Thread]:
    """A thread for each, not yet begun."""
    people = [Trainee(day, f"crowd-{pair.number}", pair) for pair in pairs]
    people += [Observer(day, f"observer-{pair.number}", pair) for pair in pairs]  # type: ignore[misc]
    return [threading.Thread(target=one.lives, name=one.key, daemon=True) for one in people]
