"""What can be said of an entry: the words that the rules of somebody's programs ask about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from grading.evidence import Kind
from grading.program import Program
from grading.requirements.needs import Covers, Need
from grading.requirements.selection import OF_ITSELF, Selection, Where
from grading.requirements.walking import selections, walk
from rubrics.practice import PracticeModel, Setting

KNOWN_OTHERWISE = OF_ITSELF | {"site", "signed_by", "lane", "name"}
OF_SIGNER = "supervisor_"
"""Names that begin so are known of whoever signs."""
_OF_PRACTICE = {"model": frozenset(PracticeModel), "setting": frozenset(Setting)}


@dataclass(frozen=True, slots=True)
class AskedName:
    """A name that rules ask about things of a kind."""

    name: str
    words: tuple[str, ...]
    """What can be said for it; empty where a number is asked for."""
    programs: tuple[str, ...]
    """The programs that ask, by name."""

    @property
    def is_number(self) -> bool:
        """Whether a number answers it."""
        return not self.words


def asked_names(programs: Iterable[Program], kind: Kind) -> tuple[AskedName, ...]:
    """The names that can be said of things of this kind, in the order in which the programs ask.

    Practice model and setting are known from the entry itself, so far as programs use the same words for them.
    """
    found: dict[str, AskedName] = {}
    for program in programs:
        for name, asked in _named(program, kind).items():
            words = program.names.get(name) or tuple(dict.fromkeys(word for each in asked for word in each.words))
            is_number = any(each.is_number for each in asked)
            if _is_known(name, words) or not (words or is_number):
                continue
            before = found.get(name, AskedName(name, (), ()))
            both = tuple(dict.fromkeys((*before.words, *words)))
            found[name] = replace(before, words=both, programs=(*before.programs, program.name))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Asked:
    """One place of a rule in which a name stands."""

    name: str
    words: tuple[str, ...] = ()
    is_number: bool = False


def _named(program: Program, kind: Kind) -> dict[str, list[_Asked]]:
    found: dict[str, list[_Asked]] = {}
    for requirement in program.requirements:
        for need in walk(requirement.need):
            for selection in selections(need):
                if kind in selection.kinds:
                    for each in (*map(_of_where, _wheres(selection)), *_of_need(need)):
                        found.setdefault(each.name, []).append(each)
    return found


def _of_where(where: Where) -> _Asked:
    is_number = where.at_least is not None or where.at_most is not None
    return _Asked(where.name, tuple(sorted(where.any_of | where.none_of)), is_number)


def _of_need(need: Need) -> Iterator[_Asked]:
    if isinstance(need, Covers):
        yield _Asked(need.by, need.values)


def _is_known(name: str, words: tuple[str, ...]) -> bool:
    return (
        name in KNOWN_OTHERWISE
        or name.startswith(OF_SIGNER)
        or (name in _OF_PRACTICE and _OF_PRACTICE[name].issuperset(words))
    )


def _wheres(selection: Selection) -> Iterator[Where]:
    yield from selection.where
    for group in selection.not_counting:
        yield from group
    for cap in selection.caps:
        yield from cap.where
