"""The six people and the one course of the practice LMS. Nobody here is real."""

from dataclasses import dataclass
from enum import StrEnum

from lti_tool.practice.names import MEMBERSHIP


class Role(StrEnum):
    """What a person is in the course, as the LMS sees it."""

    INSTRUCTOR = "instructor"
    SUPERVISOR = "supervisor"
    TRAINEE = "trainee"

    @property
    def address(self) -> str:
        """The role as it stands in a launch and in the roster."""
        match self:
            case Role.INSTRUCTOR:
                return MEMBERSHIP + "#Instructor"
            case Role.SUPERVISOR:
                return MEMBERSHIP + "/Instructor#TeachingAssistant"
            case Role.TRAINEE:
                return MEMBERSHIP + "#Learner"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account in the practice LMS; `key` is a short name for tests."""

    id: str
    key: str
    name: str
    given: str
    family: str
    role: Role
    is_a: str

    @property
    def email(self) -> str:
        """An address that can reach nobody."""
        return f"{self.key}@practice.example"

    @property
    def instructs(self) -> bool:
        """Whether this person may add activities."""
        return self.role is Role.INSTRUCTOR

    @property
    def gets_scores(self) -> bool:
        """Whether the gradebook has a row for this person."""
        return self.role is Role.TRAINEE


@dataclass(frozen=True, slots=True)
class Course:
    """The course that everything happens in."""

    id: str
    label: str
    title: str


COURSE = Course(id="2", label="PSP-1", title="Peer Support Practicum")

PEOPLE = (
    Person("3", "ines", "Ines Ferreira", "Ines", "Ferreira", Role.INSTRUCTOR, "Instructor"),
    Person("4", "jo", "Jo Lindqvist", "Jo", "Lindqvist", Role.SUPERVISOR, "Peer supervisor"),
    Person("5", "amara", "Dr. Amara Okafor", "Amara", "Okafor", Role.SUPERVISOR, "Clinical supervisor"),
    Person("6", "sam", "Sam Rivera", "Sam", "Rivera", Role.TRAINEE, "Trainee"),
    Person("7", "noor", "Noor Haddad", "Noor", "Haddad", Role.TRAINEE, "Trainee"),
    Person("8", "tess", "Tess Whitaker", "Tess", "Whitaker", Role.TRAINEE, "Trainee"),
)


def find_person(who: str) -> Person | None:
    """The person with this id, key or full name."""
    for person in PEOPLE:
        if who in (person.id, person.key, person.name):
            return person
    return None
