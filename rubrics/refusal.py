"""How the core says no."""


def _N(sentence: str) -> str:  # noqa: N802  # the customary name of gettext's marker
    """Mark a sentence for translation where it stands; it is translated where it is shown."""
    return sentence


class Refused(Exception):
    """An act that the rules do not allow.

    `code` is stable and meant for machines; `sentence` is for the person, in plain English with
    %(name)s places for `values`, so that it can be translated before they are filled in.
    """

    def __init__(self, code: str, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.code = code
        self.sentence = sentence
        self.values = values
