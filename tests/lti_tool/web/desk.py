"""A desk at which rubrics are written: a draft, authors in browsers of their own, and forms as a browser sends them."""

from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from lti_tool.access import Capability
from lti_tool.services.authoring import drafts
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow, PersonRow
from rubrics.rubric import Rubric
from tests.rubrics.making import a_rubric


class FilledIn(HTMLParser):
    """What the fields of a page hold, as its forms would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._text: str | None = None
        self._select = ""
        self._waits = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        self._waits += tag == "template"
        if tag == "select":
            self._select = name
            self.values[name] = []
        elif tag == "option" and ("selected" in given or not self.values.get(self._select)):
            self.values[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            self._text = name
            self.values[name] = [""]
        elif tag == "input" and name and not self._waits:
            here = self.values.setdefault(name, [])
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                here.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.values[self._text] = [data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        self._waits -= tag == "template"
        if tag == "textarea":
            self._text = None

    def __getitem__(self, name: str) -> str:
        return "\n".join(self.values[name])


class Desk:
    """One draft, `a_rubric()` to begin with."""

    def __init__(self, app: Flask, sessions: sessionmaker[Session], organization_id: UUID, now: datetime) -> None:
        self.app, self.sessions, self.organization_id, self.now = app, sessions, organization_id, now
        self.browsers: dict[str, Any] = {}
        self._forms = 0
        with sessions.begin() as session:
            self.draft_id = drafts.begin(session, drafts.Author(organization_id, None), a_rubric(), now)
        self.home = f"/drafts/{self.draft_id}"

    def seat(self, who: str, browser: Any, capability: Capability) -> None:
        """Someone who is signed in in this browser sits down, with this capability of the organization."""
        self.browsers[who] = browser
        with self.sessions.begin() as session:
            person_id = next(row.id for row in session.scalars(select(PersonRow)) if row.name == who)
            session.add(
                GrantRow(
                    id=new_id(), organization_id=self.organization_id, person_id=person_id, capability=capability,
                    granted_at=self.now,
                )
            )  # fmt: skip

    def rubric(self) -> Rubric:
        """The draft as it stands."""
        with self.sessions() as session:
            return drafts.draft(session, self.organization_id, self.draft_id).rubric

    def save(self, who: str, fields: dict[str, tuple[str, str]]) -> Any:
        """Autosave places with what they held and what they are to hold; what became of each."""
        browser = self.browsers[who]
        body = {place: {"was": was, "value": value} for place, (was, value) in fields.items()}
        answer = browser.post(f"{self.home}/save", json=body, headers={"X-CSRFToken": browser.token()})
        assert answer.status_code == 200, answer.text
        return answer.json["fields"]

    def form(
        self, who: str, path: str = "", do: str = "save", changes: dict[str, str | list[str]] | None = None
    ) -> TestResponse:
        """Open a page, change some of its fields, and press a button, without scripts."""
        sent: dict[str, Any] = dict(FilledIn(self.browsers[who].get(self.home + path).text).values)
        return self.send(who, path, do, sent | (changes or {}))

    def send(self, who: str, path: str, do: str, fields: dict[str, Any]) -> TestResponse:
        """Press a button of a form that holds these fields."""
        self._forms += 1
        browser = self.browsers[who]
        own = {"csrf_token": browser.token(), "act": f"a-key-of-one-form-{self._forms}", "do": do}
        answer: TestResponse = browser.post(self.home + path, data=fields | own)
        return answer
