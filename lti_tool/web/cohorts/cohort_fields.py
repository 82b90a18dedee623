"""A way of looking at a cohort, as the address of its page has it: read from it, and written into another."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from grading.lifecycle.status import Status
from grading.program import Who
from grading.proof import Answer
from lti_tool.services.cohorts.cohort_matrix import Looking, Order
from lti_tool.web.form_values import uuid_if_any

LONGEST_NAME = 100
PAGES = (25, 50, 100)
Choice = TypeVar("Choice", bound=StrEnum)
Query = dict[str, list[str]]


def looking_of(args: "MultiDict[str, str]") -> Looking:
    """Whom to show. What an address says that is none of ours leaves nobody out."""
    return Looking(
        statuses=frozenset(filter(None, (one_of(Status, text) for text in args.getlist("status")))),
        stage=args.get("stage", "")[:LONGEST_NAME],
        course_id=uuid_if_any(args.get("course")),
        group_id=uuid_if_any(args.get("group")),
        site_id=uuid_if_any(args.get("site")),
        supervisor_id=uuid_if_any(args.get("supervisor")),
        requirement=args.get("requirement", "")[:LONGEST_NAME],
        answer=one_of(Answer, args.get("answer")),
        waits_for=one_of(Who, args.get("waits")),
        paused={"yes": True, "no": False}.get(args.get("paused", "")),
        name=args.get("name", "").strip()[:LONGEST_NAME],
        order=one_of(Order, args.get("order")) or Order.NAME,
        by=args.get("by", "")[:LONGEST_NAME],
    )


def most_of(args: "MultiDict[str, str]") -> int:
    """How many on a page."""
    asked = args.get("most", PAGES[0], type=int)
    return asked if asked in PAGES else PAGES[0]


def columns_of(args: "MultiDict[str, str]") -> frozenset[str]:
    """The keys of the columns to show; none: all of them."""
    return frozenset(args.getlist("column"))


def query_of(looking: Looking, columns: Iterable[str], most: int) -> Query:
    """The same as an address has it, but for a name: that of nobody is in an address that is kept."""
    pairs: dict[str, Any] = {
        "status": sorted(looking.statuses),
        "stage": looking.stage,
        "course": looking.course_id,
        "group": looking.group_id,
        "site": looking.site_id,
        "supervisor": looking.supervisor_id,
        "requirement": looking.requirement,
        "answer": looking.answer,
        "waits": looking.waits_for,
        "paused": None if looking.paused is None else ("yes" if looking.paused else "no"),
        "order": looking.order if looking.order is not Order.NAME else None,
        "by": looking.by,
        "column": sorted(columns),
        "most": most if most != PAGES[0] else None,
    }
    return {name: [str(one) for one in _several(value)] for name, value in pairs.items() if value}


def address(path: str, query: Mapping[str, Iterable[str]], **more: str) -> str:
    """A path with a query."""
    text = urlencode([*((name, one) for name, several in query.items() for one in several), *more.items()])
    return f"{path}?{text}" if text else path


def one_of(choices: type[Choice], text: str | None) -> Choice | None:
    """The choice of this word; None for any other."""
    return next((each for each in choices if each.value == text), None)


def _several(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else [value]
