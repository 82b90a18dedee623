"""Reading that goes on past what cannot be read, so that everything is said at once."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.sentences import Sentence
from rubrics.refusal import _N


class Reading:
    """Reads on past what cannot be read, and says all of it at the end."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._problems: list[DocumentProblem] = []

    def problem(self, place: str, sentence: Sentence) -> None:
        """Note what cannot be read."""
        self._problems.append(DocumentProblem(self.source, place, sentence))

    def check_zone(self, name: str) -> None:
        """Note where there is no such time zone."""
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            sentence = _N("There is no time zone “%(found)s”. Please write one such as America/Chicago or UTC.")
            self.problem("time_zone", Sentence(sentence, found=name))

    def done(self) -> None:
        """Raises `DocumentProblems` where something was noted."""
        if self._problems:
            raise DocumentProblems(*self._problems)
