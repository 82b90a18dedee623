"""Evidence as the JSON document that `evidence` reads: what somebody takes along, and others check."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from grading.evidence import Decision, Evidence, Item, Kind, Value
from grading.telling.said import number_text
from lti_tool.documents.evidence_entries import LISTS

OF_THE_DOCUMENT = frozenset({"criterion", "observation"})
"""What the document says in other places than `is`."""


def evidence_json(evidence: Evidence, as_of: date) -> str:
    """What was known on a day, with a line end; the same evidence gives the same text.

    Read again, it gives the same answers. A rating whose observation is not among it is left out.
    """
    known = evidence.known_on(as_of)
    items = sorted(known.items, key=lambda each: (each.on, each.id))
    lists: dict[str, list[dict[str, Any]]] = {}
    for name, kind in LISTS.items():
        found = [_item(each, kind, items) for each in items if each.kind is kind]
        if found:
            lists[name] = found
    document = {
        "person": known.person,
        "as_of": as_of,
        "edition": known.edition,
        "entered": known.entered_on,
        **lists,
        "events": [_event(each) for each in items if each.kind is Kind.EVENT],
        "decisions": [_decision(each) for each in sorted(known.decisions, key=lambda each: (each.on, each.id))],
        "pauses": [{"since": each.since, "until": each.until} for each in known.pauses],
    }
    return json.dumps(_plain(document), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _item(item: Item, kind: Kind, items: list[Item]) -> dict[str, Any]:
    found = {
        "id": item.id,
        "on": item.on,
        "amount": _amount(item),
        "is": _is(item.has),
        "until": item.until,
        "recorded": _not_before(item.recorded_on, item.on),
        "signed": _not_before(item.stands_from, item.on),
        "withdrawn": _not_before(item.withdrawn_on, item.stands_from or item.on),
        "waits_for": item.waits_for,
    }
    if kind is Kind.OBSERVATION:
        found["ratings"] = list(_ratings(item, items))
    return found


def _ratings(observation: Item, items: list[Item]) -> Iterator[dict[str, Any]]:
    of = observation.has.get("observation", frozenset({observation.id}))
    for each in items:
        if each.kind is Kind.RATING and each.has.get("observation") == of:
            level = None if each.amount is None else number_text(each.amount)
            criterion = "".join(sorted(_words(each.has.get("criterion"))))
            yield {"id": each.id, "criterion": criterion, "level": level, "is": _is(each.has)}


def _event(item: Item) -> dict[str, Any]:
    name = next(iter(sorted(_words(item.has.get("name")))), "")
    return {"id": item.id, "name": name, "on": item.on, "recorded": _not_before(item.recorded_on, item.on)}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.id,
        "outcome": decision.outcome.value,
        "on": decision.on,
        "stage": decision.stage,
        "recorded": _not_before(decision.recorded_on, decision.on),
        "until": decision.until,
    }


def _amount(item: Item) -> str | None:
    return None if item.amount is None else f"{number_text(item.amount)} {item.unit}".strip()


def _is(has: Mapping[str, Value]) -> dict[str, Any]:
    said = ((name, value) for name, value in has.items() if name not in OF_THE_DOCUMENT)
    return {name: float(value) if isinstance(value, Decimal) else sorted(value) for name, value in said}


def _words(value: Value | None) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def _not_before(day: date | None, than: date) -> date | None:
    return None if day is None else max(day, than)


def _plain(value: Any) -> Any:
    """Days as text; what nobody said is absent."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if each not in (None, [], {})}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
