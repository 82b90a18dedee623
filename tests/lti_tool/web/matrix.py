"""Asking for everything as everybody: addresses made from the application's routes, forms found on its pages."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import chain, combinations, product
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lti_tool.store.base import Base
from lti_tool.web.access import Entry
from tests.lti_tool.web.houses import House

OPEN = {Entry.PUBLIC, Entry.CROSS_SITE}
OBJECTS = {
    "activity_id", "code", "competency_id", "course_id", "deep_link_id", "deployment_id", "draft_id", "example_id",
    "file_id", "flag_id", "framework_id", "guidance_id", "host_id", "link_id", "note_id", "observation_id",
    "organization_grant_id", "person_id",
    "registration_id", "rubric_id", "scenario_id", "secret", "sign_off_id", "version_id", "contact_id", "entry_id",
    "agreement_id", "request_id", "session_id", "evidence_id", "mail_id", "message_id",
    "site_id", "site_contact_id", "site_agreement_id", "placement_id", "statement_id", "placed_id",
    "growth_plan_id", "goal_id", "enrollment_id",
    "program_id", "move_id", "ledger_entry_id", "ledger_signature_id", "import_id", "attestation_id", "rule_id",
    "decision_id", "appeal_id", "member_id", "column_id", "line_item_id", "delivery_id",
    "view_id", "export_id", "calibration_id", "item_id", "question_id", "survey_id", "release_id",
    "public_key", "credential_id", "link", "endorsement_id", "sample_id", "audit_item_id",
    "finding_id", "feedback_id", "block_id", "erasure_id", "schedule_id",
    "terms_id", "privacy_request_id",
}  # fmt: skip
"""Arguments of addresses that name something which belongs to somebody; each house has some of each."""
PLAIN = {
    "format": "toml", "lane": "peer", "filename": "attune.css", "color": "0b5c5c", "origins": "e30",
    "criterion": "pauses", "language": "es", "seen_as": "observer", "kind": "csv",
    "day": "2026-03-02", "shipped": "icrc-pr", "requirement": "practice", "stage": "initial",
    "organization_id": UUID(int=1), "program_key": "small", "made_up": "bo", "number": 1, "purpose": "revocation",
}  # fmt: skip
"""Arguments that name nothing of anybody, with a value for the address."""
OF_THE_ORGANIZATION = {
    "registration_id", "deployment_id", "host_id", "secret", "version_id", "rubric_id", "draft_id", "framework_id",
    "competency_id", "example_id", "scenario_id", "flag_id", "guidance_id", "organization_grant_id", "contact_id",
    "site_id", "site_contact_id", "site_agreement_id", "statement_id", "program_id", "program_version_id",
    "program_draft_id", "question_id", "survey_id", "release_id", "public_key", "view_id",
    "block_id", "schedule_id", "terms_id", "privacy_request_id",
}  # fmt: skip
"""Not foreign to another house of the same organization."""
A_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Matrix:
    """The houses, and people of the first one at their browsers."""

    app: Flask
    own: House
    others: dict[str, House]
    people: dict[str, Any]
    tokens: dict[str, str]
    watching: sqlite3.Connection

    def rules(self) -> list[Rule]:
        """Routes that are not open to everyone."""
        views = self.app.view_functions
        return [rule for rule in self.app.url_map.iter_rules() if views[rule.endpoint].attune_entry not in OPEN]

    def foreign(self, name: str, house: House) -> list[Any]:
        """What another house calls so and the own one does not have."""
        shared = []
        if house.organization_id == self.own.organization_id:
            shared = house.objects[name] if name in OF_THE_ORGANIZATION else house.objects["blank_code"]
        return [one for one in house.objects[name] if one not in (*self.own.objects[name], *shared)]

    def called(self, id_: UUID, where: str) -> str:
        """What an id that was found there is called in the house that has it."""
        every = (self.own, *self.others.values())
        names = [name for house in every for name, ids in house.objects.items() if id_ in ids]
        assert names, f"no house knows {id_} in {where}: note it where it is made, in houses.py"
        return names[0]

    def ask(self, who: str, method: str, address: str, fields: dict[str, str] | None = None) -> TestResponse:
        """A request as a page of the person's own could make it; without fields it has all that any form has."""
        browser, token = self.people[who], self.tokens[who]
        if method == "GET":
            return browser.get(address, query_string=self.asks_for(address) or None)
        form = (self.good_fields(address) if fields is None else fields) | {"csrf_token": token}
        answer = browser.open(address, method=method, data=form)
        if answer.status_code != 400:
            return answer
        # Autosave takes no forms.
        return browser.open(
            address,
            method=method,
            json=dict.fromkeys(("strength", "record", "reply", "words"), "Words"),
            headers={"X-CSRFToken": token},
        )

    def asks_for(self, address: str) -> dict[str, str]:
        """What a page has to be told beside its address."""
        if address.endswith("/revoke"):
            return {"grant": str(self.own.objects["grant_id"][0])}
        if address.startswith("/evidence/") and address.endswith("/share"):
            return {"sharing": "assessors"}
        if address.endswith("/columns/preview"):
            return {"shows": "met"}
        return {}

    def good_fields(self, address: str) -> dict[str, str]:
        """Every field that some form sends, as it would be good in the own house."""
        mine = {name: str(ids[0]) for name, ids in self.own.objects.items()}
        return {
            "act": "a-key-of-one-form-1", "title": "Title", "version_id": mine["version_id"], "mode": "role_play",
            "column_shows": "completion", "required_observations": "1", "lanes": "peer", "response_days": "7",
            "observer": str(self.own.visitor("jo").person_id), "recorded": "no", "note": "", "words": "Words",
            "person_served": "not_applicable", "digest": "0" * 64, "place": "queue", "more": "1", "lms": "canvas",
            "key": mine["basket_key"], "activity": mine["unplaced_id"], "person": mine["person_id"], "issuer": "",
            "grant": mine["grant_id"] if address.endswith("/revoke") else "clinical",
            "wish": "ask" if address.endswith("/talk") else "export", "share": "no",
            "assignment": mine["assignment_id"], "comment": mine["comment_id"], "reply": "Words",
            "qualification": mine["qualification_id"],
            "origin": str(self.own.objects["origin_id"][-1]), f"choice-{mine['origin_id']}": "copy",
            "sharing": "only_me", "required": "no",
            "course": mine["course_id"], "strength": "Words", "to": "down", "jurisdiction": "Here",
            "accommodation": mine["accommodation_id"],
            "scenario": mine["scenario_id"],
            "site": mine["site_id"], "placement": mine["placement_id"],
            "statement": str(self.own.objects["statement_id"][-1]),
            "proposed": "", "whom": f"{self.own.visitor('jo').person_id}:peer", "after": "1", "every_days": "14",
            "expectations": "Words", "channels": "Words", "confidentiality": "Words", "held": "video",
            "held_on": "2026-03-01", "minutes": "50", "there": f"{self.own.visitor('jo').person_id}:peer",
            "agreed": "yes", "begins_on": "2026-03-02", "ends_on": "2026-04-02", "goal-1": "Words",
            "support-1": "Words", "trainee": str(self.own.visitor("noor").person_id), "state": "shown",
            "choice": "not_yet:initial", "reasons": "Words", "what_next": "Words", "on": "2026-03-02", "number": "2",
            "hears": "at_once",
            "outcome": "stands", "question": "Words", "ground": "not_seen",
            "agenda": "Words", "goals": "Words", "differs": "", "so": "yes", "supervision_days": "2",
            "since": "", "stage": "initial", "shows": "met", "last": "3", "label": "Label",
            **self._of_answers(address),
        }  # fmt: skip

    def _of_answers(self, address: str) -> dict[str, str]:
        """Whom the holder of a credential may ask is not who holds it; and an answer is one of a few words."""
        if address.endswith("/say/ask"):
            return {"person": str(self.own.visitor("jo").person_id)}
        if address.startswith("/terms/"):
            return {"answer": "agreed", "language": "en", "words-en": "Words"}
        return {"answer": "no"} if address.startswith("/endorsements/") else {}

    def addresses(self, rule: Rule, house: House | None) -> Iterator[tuple[str, frozenset[str]]]:
        """Addresses of the route, and which of their arguments are foreign; with no other house all are own.

        Of several things of a house that stand in one place beside foreign ones, the first and the last are enough.
        """
        named = sorted(rule.arguments & OBJECTS)
        subsets = chain.from_iterable(combinations(named, size) for size in range(1, len(named) + 1))
        for foreign in [()] if house is None else subsets:
            choices = [
                self.own.objects[name] if house is None
                else ends(self.foreign(name, house) if name in foreign else self.own.objects[name])
                for name in named
            ]  # fmt: skip
            for values in product(*choices):
                plain = {name: PLAIN[name] for name in rule.arguments - OBJECTS}
                with self.app.test_request_context():
                    adapter = self.app.url_map.bind("attune.school.example")
                    yield (
                        adapter.build(rule.endpoint, dict(zip(named, values, strict=True)) | plain),
                        frozenset(foreign),
                    )

    def kept_so_far(self) -> Any:
        """Another number once anything was kept by somebody."""
        return self.watching.execute("PRAGMA data_version").fetchone()[0]

    def digests(self, *but: str) -> dict[str, str]:
        """What stands in each table."""
        found = {}
        with self.app.extensions["attune"].sessions.engine.connect() as connection:
            for table in Base.metadata.sorted_tables:
                if table.name not in but:
                    rows = sorted(repr(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table.name}"))
                    found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found


def text_of(answer: TestResponse) -> str:
    """What it says, as far as it is text: of a file for downloading, what can be read without opening it."""
    return answer.get_data().decode("utf-8", errors="replace")


def ends(ids: list[Any]) -> list[Any]:
    """The first and the last of several."""
    return list(dict.fromkeys((*ids[:1], *ids[-1:])))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


@dataclass
class Form:
    """A form or link of a page that carries ids: what it would send."""

    who: str
    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def ids(self) -> set[tuple[str, UUID]]:
        """The fields that carry ids, by value or by name."""
        return {
            (name.replace(found, ""), UUID(found))
            for name, value in self.fields
            for found in A_UUID.findall(name + value)
        }

    def with_ids(self, instead: dict[UUID, Any]) -> dict[str, str]:
        """The fields, with other ids in place of some; of several choices, one whose id is another."""

        def other(text: str) -> str:
            return A_UUID.sub(lambda found: str(instead.get(UUID(found[0]), found[0])), text)

        sent = [(other(name), other(value)) for name, value in self.fields]
        return dict(sorted(sent, key=lambda pair: pair not in self.fields))

    def send(self, matrix: Matrix, instead: dict[UUID, Any]) -> TestResponse:
        fields = self.with_ids(instead)
        if self.method == "GET":
            return matrix.ask(self.who, "GET", f"{self.action}?{urlencode(fields)}")
        return matrix.ask(self.who, "POST", self.action, fields)


class FormReader(HTMLParser):
    """Reads the forms and links of a page."""

    def __init__(self, who: str, address: str) -> None:
        super().__init__()
        self.who, self.address = who, address
        self.forms: list[Form] = []
        self.links: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method, action = given.get("method", "get").upper(), given.get("action", self.address)
            self._open = Form(self.who, method, urlsplit(action).path, parse_qsl(urlsplit(action).query))
            self.forms.append(self._open)
        elif tag == "a" and urlsplit(given.get("href", "")).query and given["href"].startswith("/"):
            link = urlsplit(given["href"])
            self.links.append(Form(self.who, "GET", link.path, parse_qsl(link.query)))
        elif tag == "select":
            self._select = given.get("name", "")
        elif self._open and tag == "option":
            self._open.fields.append((self._select, given.get("value", "")))
        elif self._open and tag in ("input", "button", "textarea") and given.get("name"):
            self._open.fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def forms_on(page: TestResponse, who: str, address: str) -> list[Form]:
    """The forms and links of a page that carry ids beside their address."""
    reader = FormReader(who, address)
    reader.feed(text_of(page))
    return [form for form in (*reader.forms, *reader.links) if form.ids()]
