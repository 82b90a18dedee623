"""What one more entry counts for: where somebody stands without it, and where they would with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.evidence import Item
from grading.proof import Answer, LeftOut, Proof, Why
from grading.standing import Standing, Weighed
from grading.telling.proofs import REASONS
from grading.telling.said import Said, say, word
from grading.telling.words import amount
from rubrics.refusal import _N

HOURS = "hours"
_BY_STEP = ("at_least", "sum", "share", "covers", "at_most")
"""Forms of needs whose number says how much counts."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an entry counts for one requirement, as soon as everything that waits is signed."""

    key: str
    title: str
    """The requirement, in the words of the program."""
    offered: Decimal
    unit: str
    """In which the requirement counts."""
    counted: Decimal
    """How much more there is by the entry."""
    together: Decimal | None
    """How much there is with it."""
    need: Decimal | None
    was_met: bool
    """Whether there was enough without it."""
    reasons: tuple[tuple[Why, str], ...]
    """Why a part does not count."""

    @property
    def is_whole(self) -> bool:
        """Whether all of it counts."""
        return self.counted == self.offered if self.unit == HOURS else self.counted > 0


def counts_of(before: Standing, after: Standing, item: Item) -> tuple[Counts, ...]:
    """For each requirement of the stages that are open now and looks at such things; `after` holds the item too."""
    without = {each.requirement.key: each for stage in before.stages for each in stage.requirements}
    found = []
    for stage in after.stages:
        if stage.stage.key in after.facts.open:
            for each in stage.requirements:
                counts = _of_requirement(without.get(each.requirement.key), each, item)
                found += [counts] if counts else []
    return tuple(found)


def told(counts: Counts) -> tuple[Said, ...]:
    """The sentences for it: how much, why not the rest, and how much there is then."""
    return tuple(_sentences(counts))


def _of_requirement(before: Weighed | None, after: Weighed, item: Item) -> Counts | None:
    nodes = [(path, proof) for path, proof in _nodes(after.proof) if _looks_at(proof, item)]
    if not nodes:
        return None
    earlier = dict(_nodes(before.proof)) if before else {}
    path, proof = next(((path, proof) for path, proof in nodes if proof.numbers), nodes[0])
    numbers, former = proof.numbers, earlier[path].numbers if path in earlier else None
    with_it = numbers.with_waiting if numbers and proof.form in _BY_STEP else None
    without = (former.with_waiting if former else None) or Decimal()
    in_it = sum((each for held, each in proof.counted if held.id == item.id), Decimal())
    return Counts(
        key=after.requirement.key,
        title=after.requirement.title,
        offered=item.amount or Decimal(),
        unit=numbers.unit if numbers else "",
        counted=in_it if with_it is None else max(with_it - without, Decimal()),
        together=with_it,
        need=numbers.need if numbers and isinstance(numbers.need, Decimal) else None,
        was_met=before is not None and before.proof.answer is Answer.MET,
        reasons=tuple(dict.fromkeys((each.why, each.name) for _, node in nodes for each in _left(node, item))),
    )


def _nodes(proof: Proof, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Proof]]:
    yield path, proof
    for number, part in enumerate(proof.parts):
        yield from _nodes(part, (*path, number))


def _looks_at(proof: Proof, item: Item) -> bool:
    return any(held.id == item.id for held, _ in proof.counted) or bool(_left(proof, item))


def _left(proof: Proof, item: Item) -> list[LeftOut]:
    return [each for each in proof.left_out if each.item.id == item.id]


def _sentences(counts: Counts) -> Iterator[Said]:
    yield _how_much(counts)
    if not counts.is_whole:
        for why, name in counts.reasons or ((Why.CAPPED, ""),):
            yield say(_N("The rest does not count: %(why)s.") if counts.counted else _N("Why: %(why)s."),
                      why=say(REASONS[why], name=word(name)))  # fmt: skip
    if counts.was_met:
        yield say(_N("There was enough without it already."))
    elif counts.counted and counts.together is not None and counts.need is not None:
        template = _N("With it there are %(together)s of %(need)s, once everything that waits is signed.")
        yield say(template, together=counts.together, need=amount(counts.need, counts.unit))


def _how_much(counts: Counts) -> Said:
    title = counts.title
    if not counts.counted:
        return say(_N("For “%(title)s” nothing of it will count."), title=title)
    if counts.unit != HOURS:
        more = amount(counts.counted, counts.unit)
        return say(_N("For “%(title)s” it will count as %(amount)s more."), title=title, amount=more)
    offered = amount(counts.offered, HOURS)
    if counts.is_whole:
        return say(_N("For “%(title)s” all of it will count: %(amount)s."), title=title, amount=offered)
    template = _N("For “%(title)s” %(counted)s of these %(amount)s will count.")
    return say(template, title=title, counted=counts.counted, amount=offered)
