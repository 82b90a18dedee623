"""A refusal as a sentence on the page where the person is."""

from datetime import date

from lti_tool.web.moments import day
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused


def in_words(refused: Refused) -> str:
    """The sentence in the reader's language, its values filled in."""
    sentence, values = gettext(refused.sentence), values_in_words(refused)
    return sentence % values if values else sentence


def values_in_words(refused: Refused) -> dict[str, object]:
    """What is filled in, as the page says it: a day as a day."""
    return {name: day(value) if isinstance(value, date) else value for name, value in refused.values.items()}
