"""Lists at Canvas come in pages; the way to the next one is in the Link header."""

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from lti_tool.practice.roster import whole

Row = TypeVar("Row")


def page_of(rows: Sequence[Row], address: str, *, usual: int, most: int) -> tuple[Sequence[Row], dict[str, str]]:
    """The rows of the page that is asked for, and its headers."""
    size = min(whole("limit") or whole("per_page") or usual, most)
    number = max(whole("page") or 1, 1)
    first = (number - 1) * size
    headers = {}
    if first + size < len(rows):
        headers["Link"] = f'<{page_address(address, number + 1, size)}>; rel="next"'
    return rows[first : first + size], headers


def page_address(address: str, number: int, size: int) -> str:
    """The address of another page of this call."""
    kept = [
        (name, value) for name, value in request.args.items(multi=True) if name not in ("page", "per_page", "limit")
    ]
    return f"{address}?{urlencode([*kept, ('page', str(number)), ('per_page', str(size))])}"
