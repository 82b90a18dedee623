"""Long lists, a page at a time: `page=` in the address says which."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

ON_A_PAGE = 40
NEAR = 2

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """What is shown of a list."""

    shown: Sequence[Item]
    count: int
    page: int
    pages: int

    @property
    def numbers(self) -> Iterator[int | None]:
        """The pages to link to: the first, the last and those near this one; None stands for those between."""
        former = 0
        for number in range(1, self.pages + 1):
            if number not in (1, self.pages) and abs(number - self.page) > NEAR:
                continue
            if number > former + 1:
                yield None
            yield number
            former = number


def one_page(items: Sequence[Item]) -> Paged[Item]:
    """The page that the address asks for; the nearest there is, whatever it asks for."""
    return page_of(len(items), lambda first, most: items[first : first + most])


def page_of(count: int, load: Callable[[int, int], Sequence[Item]], *, most: int = ON_A_PAGE) -> Paged[Item]:
    """The same for a list of which only one page is loaded: from the first item on (counted from 0), so many."""
    pages = max(1, -(-count // most))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return Paged(load((page - 1) * most, most), count, page, pages)
