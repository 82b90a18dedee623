"""A refusal as a sentence on the page where the person is."""

from lti_tool.web.texts import gettext
from rubrics.refusal import Refused


def in_words(refused: Refused) -> str:
    """The sentence in the reader's language, its values filled in."""
    sentence = gettext(refused.sentence)
    return sentence % refused.values if refused.values else sentence
