"""Every page of a house that somebody of it can open, in every shape that it takes for them."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from lti_tool.store.people import SessionRow
from tests.lti_tool.web.houses import OUTSIDE, ROLES, House, build, leo_goes
from tests.lti_tool.web.matrix import Matrix, methods

SHOWN = (200, 409, 422)
TOLD_OFF = (400, 403, 404)
"""Said in the same few ways wherever it is."""
WORDS = re.compile(r">[^<]*<|=\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Page:
    """What somebody sees at an address."""

    who: str
    address: str
    endpoint: str
    html: str


@dataclass
class WholeHouse:
    """A house, and its people at their browsers."""

    url: str
    app: Flask
    house: House
    tokens: dict[str, str]
    """The secrets of their sessions, by who they are."""

    def rules(self) -> list[Rule]:
        """Addresses at which there may be a page, whoever may open it."""
        return [
            rule
            for rule in self.app.url_map.iter_rules()
            if "GET" in methods(rule) and rule.endpoint not in ("static", "health.leave")
        ]

    def pages(self, rules: Iterable[Rule], **asked: Any) -> Iterator[Page]:
        """What each person sees there, each shape of a page once; `asked` goes to Flask's test client."""
        people = {who: signed_in(self.app, self.url, token) for who, token in self.tokens.items()}
        with closing(sqlite3.connect(":memory:")) as nothing:
            matrix = Matrix(self.app, self.house, {}, people, {}, nothing)
            errors: set[str] = set()
            for rule in rules:
                shapes: set[str] = set()
                for address, _foreign in matrix.addresses(rule, None):
                    for who, browser in people.items():
                        query = matrix.asks_for(address) or None
                        answer = browser.get(address, base_url=self.url, query_string=query, **asked)
                        if answer.mimetype != "text/html" or answer.status_code not in (*SHOWN, *TOLD_OFF):
                            continue
                        shape, known = WORDS.sub("", answer.text), shapes if answer.status_code in SHOWN else errors
                        if shape not in known:
                            known.add(shape)
                            yield Page(who, answer.request.full_path.removesuffix("?"), rule.endpoint, answer.text)


def signed_in(app: Flask, url: str, token: str) -> FlaskClient:
    """A browser in which the person with this session is signed in."""
    browser, parts = app.test_client(), urlsplit(url)
    secure = parts.scheme == "https"
    browser.set_cookie("__Host-attune" if secure else "attune", token, domain=parts.hostname or "", secure=secure)
    return browser


def whole_house(url: str, app: Flask, session: Session, now: datetime) -> WholeHouse:
    """The one house of an organization. Its people read the language that their browser asks for."""
    house = build(app, session, now, organization="Own", mark="OWNMARK", deployment="1:own")
    tokens = {who: house.come_in(who) for who in (*ROLES, *OUTSIDE)}
    leo_goes(house)
    session.execute(update(SessionRow).values(locale=None))
    session.commit()
    return WholeHouse(url, app, house, tokens)
