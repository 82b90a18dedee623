"""When somebody asked for a decision: the event "application"."""

from datetime import date

from grading.evidence import Evidence, Item, Kind

APPLICATION, APPEAL = "application", "appeal"


def applied_on(evidence: Evidence, after: date | None, until: date, name: str = APPLICATION) -> date | None:
    """The last day up to `until`, and later than `after`, on which they applied, or did what else has that name.

    Only what is known stands in `evidence`.
    """
    days = (
        item.on
        for item in evidence.items
        if item.kind is Kind.EVENT and item.on <= until and name in _names(item) and (after is None or item.on > after)
    )
    return max(days, default=None)


def _names(item: Item) -> frozenset[str]:
    value = item.has.get("name", frozenset())
    return value if isinstance(value, frozenset) else frozenset()
