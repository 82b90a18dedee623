"""Questions that come with Attune; an organization chooses which of them it asks.

Nothing here asks about health, recovery or what somebody has lived through, and nothing may be added that does.
A question is kept as it stands here, and translated where it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rubrics.refusal import _N


@dataclass(frozen=True, slots=True)
class OfferedQuestion:
    """What people may be asked about themselves."""

    key: str
    words: str
    why: str
    choices: Mapping[str, str]
    """The words of each, by its key."""
    several: bool = False


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """What is answered from 1 (does not fit at all) to 5 (fits completely), or left out."""

    key: str
    indicator: str
    words: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """With what a program lead can open a survey."""

    key: str
    title: str
    questions: tuple[SurveyQuestion, ...]


DESCRIPTIONS: tuple[OfferedQuestion, ...] = (
    OfferedQuestion(
        "age",
        _N("How old are you?"),
        _N("To see whether younger and older people wait equally long and are certified equally often."),
        {
            "under_25": _N("Under 25"),
            "25_39": _N("25 to 39"),
            "40_54": _N("40 to 54"),
            "55_on": _N("55 or older"),
        },
    ),
    OfferedQuestion(
        "gender",
        _N("How do you describe your gender?"),
        _N("To see whether the path is equally open whatever somebody's gender is."),
        {
            "woman": _N("Woman"),
            "man": _N("Man"),
            "non_binary": _N("Non-binary"),
        },
        several=True,
    ),
    OfferedQuestion(
        "background",
        _N("Which of these describe your background?"),
        _N("To see whether people of every background are observed, signed for and certified alike."),
        {
            "american_indian": _N("American Indian or Alaska Native"),
            "asian": _N("Asian"),
            "black": _N("Black or African American"),
            "hispanic": _N("Hispanic or Latino"),
            "middle_eastern": _N("Middle Eastern or North African"),
            "pacific": _N("Native Hawaiian or Pacific Islander"),
            "white": _N("White"),
        },
        several=True,
    ),
    OfferedQuestion(
        "language",
        _N("Which language do you speak most at home?"),
        _N("To see whether people who practice in a second language are observed fairly and in time."),
        {
            "same": _N("The language of the training"),
            "other": _N("Another language"),
            "sign": _N("A sign language"),
        },
    ),
    OfferedQuestion(
        "place",
        _N("Where do you live?"),
        _N("To see whether people far from a city find observers and supervision as easily."),
        {
            "city": _N("In a city"),
            "town": _N("In a town or suburb"),
            "country": _N("In the country"),
        },
    ),
)
"""None is asked until a program lead turns it on."""
_ASKED = {
    each.key: each
    for each in (
        SurveyQuestion("respected", "safety", _N("I feel safe and respected here.")),
        SurveyQuestion("say_no", "safety", _N("I can say no, or not now, without a disadvantage.")),
        SurveyQuestion("useful", "satisfaction", _N("What I practice here is useful to me.")),
        SurveyQuestion("again", "satisfaction", _N("I would choose this program again.")),
        SurveyQuestion("heard", "engagement", _N("What I say changes something.")),
        SurveyQuestion("part", "engagement", _N("I take part because I want to.")),
        SurveyQuestion("stay", "retention", _N("I expect to go on with this path.")),
        SurveyQuestion("goals", "hope", _N("I see ways to reach what matters to me.")),
        SurveyQuestion("future", "hope", _N("I look ahead with hope.")),
    )
}


def _set(key: str, title: str, *questions: str) -> QuestionSet:
    return QuestionSet(key, title, tuple(_ASKED[each] for each in questions))


SURVEYS: Mapping[str, QuestionSet] = MappingProxyType(
    {
        each.key: each
        for each in (
            _set("whole", _N("How is it for you here?"), *_ASKED),
            _set("short", _N("Four short questions"), "respected", "useful", "heard", "future"),
        )
    }
)
