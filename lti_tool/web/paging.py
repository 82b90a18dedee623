"""Long lists, a page at a time: `page=` in the address says which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

ON_A_PAGE = 40

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """What is shown of a list."""

    shown: Sequence[Item]
    count: int
    page: int
    pages: int


def one_page(items: Sequence[Item]) -> Paged[Item]:
    """The page that the address asks for; the nearest there is, whatever it asks for."""
    pages = max(1, -(-len(items) // ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return Paged(items[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], len(items), page, pages)
