"""What a whole proof is made of, in a few words; so that a test can say all of it."""

from decimal import Decimal

from grading.evidence import Item
from grading.periods import Period
from grading.program import Who
from grading.proof import Change, Doing, LeftOut, Numbers, Why


def numbers(
    need: object, sure: object, with_waiting: object = ..., possible: object = ..., *, unit: str = "hours"
) -> Numbers:
    """How much there is; where nothing waits, or nothing is open, it need not be said again."""
    waiting = sure if with_waiting is ... else with_waiting
    more = waiting if possible is ... else possible
    wanted = need if isinstance(need, Period) else _number(need)
    return Numbers(wanted, unit, _number(sure), _number(waiting), _number(more))


def of(item: Item, amount: object = 1) -> tuple[Item, Decimal]:
    """So much of a thing counts."""
    return item, Decimal(str(amount))


def out(item: Item, why: Why, name: str = "", amount: object = None) -> LeftOut:
    return LeftOut(item, why, name, _number(amount))


def waits(item: Item) -> LeftOut:
    return LeftOut(item, Why.WAITS)


def unsaid(item: Item, name: str) -> LeftOut:
    return LeftOut(item, Why.NOT_SAID, name)


def add(amount: object = 1, who: Who = Who.TRAINEE, unit: str = "hours") -> Change:
    return Change(who, Doing.ADD, _number(amount), unit)


def sign(who: Who = Who.SUPERVISOR) -> Change:
    return Change(who, Doing.SIGN)


def say(name: str, who: Who = Who.TRAINEE) -> Change:
    return Change(who, Doing.SAY, name=name)


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
