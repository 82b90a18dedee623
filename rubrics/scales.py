"""The scales that a new criterion can begin with: which help was needed, in words of several languages."""

from collections.abc import Mapping
from types import MappingProxyType

from rubrics.rubric import Level

FIVE, TWO = 5, 2
MET_AT: Mapping[int, int] = MappingProxyType({FIVE: 4, TWO: 2})
"""For each length, the level at which a behavior is usually met."""

_LABELS: dict[tuple[str, int], tuple[str, ...]] = {
    ("en", FIVE): ("Stepped in", "With prompting", "With a reminder", "On their own", "On their own, harder moment"),
    ("en", TWO): ("Not yet shown", "Shown"),
    ("es", FIVE): (
        "Con intervención",
        "Con ayuda en el momento",
        "Con un recordatorio",
        "Por su cuenta",
        "Por su cuenta, en un momento más difícil",
    ),
    ("es", TWO): ("Aún no se mostró", "Se mostró"),
    ("ar", FIVE): ("بتدخّل", "بإشارة", "بتذكير", "باستقلال", "باستقلال، في لحظة أصعب"),
    ("ar", TWO): ("لم يظهر بعد", "ظهر"),
}


def scale(length: int, language: str) -> tuple[Level, ...]:
    """Levels of this many steps, named in the language or else in English; their anchors are still to be written."""
    tongue = language.partition("-")[0].casefold()
    labels = _LABELS.get((tongue, length)) or _LABELS["en", length]
    return tuple(Level(number, label, "") for number, label in enumerate(labels, start=1))
