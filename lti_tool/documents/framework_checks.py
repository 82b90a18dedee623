"""A framework that somebody brought: can it be used as it is?"""

from collections.abc import Callable

from grading.competency import Framework, problems
from lti_tool.documents.brought import Note
from lti_tool.documents.rows import Checking


def usable(framework: Framework, *, source: str, place_in_file: Callable[[str], str] = str) -> tuple[Note, ...]:
    """What is to be known about it. Raises `DocumentProblems` where something is to be mended first.

    `place_in_file` says how a place such as `competencies[3].parent` is called in a file of this format.
    """
    checking = Checking(source)
    for each in problems(framework):
        tell = checking.note if each.tolerated else checking.say
        tell(place_in_file(each.place), each.sentence, found=each.found)
    checking.finish()
    return checking.notes()
