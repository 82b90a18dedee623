"""Files in and out. What a person wrote is checked here, and the core gets values."""


class DocumentProblem(Exception):
    """A file that cannot be used as it is: which one, the place in it, and what would help.

    Places count from 1, as people do: `criteria[3].levels[2].anchor`; or they name the line.
    """

    def __init__(self, source: str, place: str, sentence: str) -> None:
        super().__init__(f"{source}: {place}: {sentence}")
        self.source = source
        self.place = place
        self.sentence = sentence


class DocumentProblems(Exception):
    """Everything that keeps a file from being used, in the order of the file; at least one."""

    def __init__(self, *problems: DocumentProblem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
