"""Sentences about a file that can still be said in another language after what was found is filled in."""

from collections.abc import Mapping


class Sentence(str):
    """A sentence with what was found in it; reads as text. `template` and `values` are for translating it."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> "Sentence":
        """The template is marked with `_N` and has %(name)s places."""
        sentence = super().__new__(cls, template % values if values else template)
        sentence.template, sentence.values = template, values
        return sentence


def shortened(text: str, most: int = 160) -> str:
    """The text on one line, with … where it is longer than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
