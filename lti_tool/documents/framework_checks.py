"""A framework that somebody brought: can it be used as it is?"""

from collections.abc import Callable

from grading.competency import Framework, problems
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.brought import Note
from lti_tool.documents.sentences import Sentence


def usable(framework: Framework, *, source: str, place_in_file: Callable[[str], str] = str) -> tuple[Note, ...]:
    """What is to be known about it. Raises `DocumentProblems` where something is to be mended first.

    `place_in_file` says how a place such as `competencies[3].parent` is called in a file of this format.
    """
    found = problems(framework)
    to_mend = [
        DocumentProblem(source, place_in_file(each.place), Sentence(each.sentence, found=each.found))
        for each in found
        if not each.tolerated
    ]
    if to_mend:
        raise DocumentProblems(*to_mend)
    return tuple(Note(place_in_file(each.place), Sentence(each.sentence, found=each.found)) for each in found)
