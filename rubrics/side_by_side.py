"""Two editions of a text beside each other, paragraph by paragraph."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Pair:
    """What stood there before, and what stands there now; None: nothing."""

    before: str | None
    now: str | None

    @property
    def same(self) -> bool:
        """Whether nothing changed in it."""
        return self.before == self.now


def side_by_side(before: str, now: str) -> tuple[Pair, ...]:
    """All paragraphs of both, in their order; those that stayed are beside each other."""
    old, new = paragraphs(before), paragraphs(now)
    found: list[Pair] = []
    for _what, first, last, begin, end in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        for number in range(max(last - first, end - begin)):
            found.append(
                Pair(
                    old[first + number] if first + number < last else None,
                    new[begin + number] if begin + number < end else None,
                )
            )
    return tuple(found)


def paragraphs(text: str) -> list[str]:
    """The text's paragraphs: each line that says something is one."""
    return [line.strip() for line in text.splitlines() if line.strip()]
