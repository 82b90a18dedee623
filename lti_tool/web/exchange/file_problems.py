"""What is to be mended in a file that somebody brought, in the reader's language as far as it is known there."""

from lti_tool.documents import DocumentProblem
from lti_tool.documents.sentences import Sentence
from lti_tool.web.texts import gettext


def told_of(problem: DocumentProblem) -> tuple[str, str]:
    """Where in the file, and what to do."""
    sentence = problem.sentence
    words = gettext(sentence.template, **sentence.values) if isinstance(sentence, Sentence) else sentence
    return problem.place, words


def said_of(problem: DocumentProblem) -> str:
    """The same as one line; only what to do, where it is about the whole file."""
    where, words = told_of(problem)
    return f"{where}: {words}" if where else words
