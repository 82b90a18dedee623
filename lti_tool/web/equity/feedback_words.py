"""The words around feedback: what is asked, how it is answered, who reads it and when."""

from collections.abc import Mapping
from dataclasses import dataclass

from grading.feedback_blocks import FeedbackAbout
from lti_tool.services.equity.feedback_questions import QUESTIONS
from lti_tool.services.equity.feedback_reading import BlockView
from lti_tool.services.equity.feedback_subjects import Subject
from lti_tool.web.texts import _N, gettext

ASKED: Mapping[FeedbackAbout, Mapping[str, str]] = {
    FeedbackAbout.SUPERVISOR: {
        "listened": _N("I was listened to."),
        "say_no": _N("I could say no, or ask for something else."),
        "knew": _N("I knew where I stood, and what came next."),
        "helped": _N("What was said helped me to go on."),
    },
    FeedbackAbout.SITE: {
        "safe": _N("I felt safe there."),
        "role": _N("I could work in my own role there."),
        "there": _N("Somebody was there when I needed them."),
    },
    FeedbackAbout.FEEDBACK: {
        "seen": _N("It told what was seen, and not what I am like."),
        "respectful": _N("It was respectful, and began with what went well."),
        "next": _N("I know from it what I can do next."),
    },
}
SCALE: Mapping[int, str] = {
    5: _N("Fits completely"),
    4: _N("Fits mostly"),
    3: _N("In between"),
    2: _N("Fits a little"),
    1: _N("Does not fit at all"),
}
ABOUT: Mapping[FeedbackAbout, str] = {
    FeedbackAbout.SUPERVISOR: _N("Supervision and observing"),
    FeedbackAbout.SITE: _N("Sites"),
    FeedbackAbout.FEEDBACK: _N("Feedback that observers wrote"),
}
TITLES: Mapping[FeedbackAbout, str] = {
    FeedbackAbout.SUPERVISOR: _N("How was it with %(name)s?"),
    FeedbackAbout.SITE: _N("How was it at %(name)s?"),
    FeedbackAbout.FEEDBACK: _N("How was the feedback that %(name)s wrote to you?"),
}
READ_BY: Mapping[FeedbackAbout, str] = {
    FeedbackAbout.SUPERVISOR: _N("%(name)s and the program leads read it. Nobody else does."),
    FeedbackAbout.SITE: _N("The program leads read it. Nobody at %(name)s does, and nobody else."),
    FeedbackAbout.FEEDBACK: _N("The program leads read it. %(name)s does not, and nobody else does."),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a block."""

    question: str
    middle: str | None
    """None: too few answered it."""


def title(subject: Subject) -> str:
    """What the page of this subject is called."""
    return gettext(TITLES[subject.about], name=subject.name)


def read_by(subject: Subject) -> str:
    """Who reads what is said of it."""
    return gettext(READ_BY[subject.about], name=subject.name)


def about_word(about: FeedbackAbout) -> str:
    """What blocks of this kind are about."""
    return gettext(ABOUT[about])


def questions(about: FeedbackAbout) -> list[Question]:
    """What is asked, in its order."""
    return [Question(key, gettext(ASKED[about][key])) for key in QUESTIONS[about]]


def choices() -> list[tuple[str, str, None]]:
    """How a question can be answered; leaving it out is one of the ways."""
    ways = [(str(number), gettext(words), None) for number, words in SCALE.items()]
    return [*ways, ("", gettext("I would rather not say"), None)]


def figures(view: BlockView) -> list[Figure]:
    """What a block shows; a question that is not asked any more goes by its key."""
    asked = ASKED[view.line.about]
    return [
        Figure(gettext(asked[key]) if key in asked else key, gettext(SCALE[middle]) if middle else None)
        for key, middle in view.middle.items()
    ]
