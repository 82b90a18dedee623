"""The people of the practice LMS, and the course that is there from the start. Nobody here is real."""

from dataclasses import dataclass
from enum import StrEnum

from lti_tool.practice.names import INSTITUTION, MEMBERSHIP, TEST_USER
from lti_tool.practice.records import Course

CROWD_BEGINS = 100_000


class Role(StrEnum):
    """What a person is in a course, as the LMS sees it."""

    INSTRUCTOR = "instructor"
    SUPERVISOR = "supervisor"
    TRAINEE = "trainee"
    OBSERVER = "observer"
    DESIGNER = "designer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    TEST_TRAINEE = "test trainee"

    @property
    def address(self) -> str:
        """The role as it stands in a launch and in the roster."""
        return ADDRESSES[self]


ADDRESSES = {
    Role.INSTRUCTOR: MEMBERSHIP + "#Instructor",
    Role.SUPERVISOR: MEMBERSHIP + "/Instructor#TeachingAssistant",
    Role.TRAINEE: MEMBERSHIP + "#Learner",
    Role.OBSERVER: MEMBERSHIP + "#Mentor",
    Role.DESIGNER: MEMBERSHIP + "#ContentDeveloper",
    Role.MANAGER: MEMBERSHIP + "#Manager",
    Role.ADMINISTRATOR: INSTITUTION + "#Administrator",
    Role.TEST_TRAINEE: TEST_USER,
}
"""As the strict profile names them; the others have tables of their own."""


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
    also: tuple[Role, ...] = ()
    groups: tuple[str, ...] = ()
    nameless: bool = False
    """The LMS tells tools neither a name nor an e-mail address."""
    observes: tuple[str, ...] = ()
    """The ids of those whom an observer may look after."""

    @property
    def email(self) -> str:
        """An address that can reach nobody."""
        return f"{self.key}@practice.example"

    @property
    def roles(self) -> tuple[Role, ...]:
        """All roles; the first one is what the pages say."""
        return (self.role, *self.also)

    @property
    def instructs(self) -> bool:
        """Whether this person may add activities."""
        return self.role in (Role.INSTRUCTOR, Role.DESIGNER, Role.MANAGER)

    @property
    def gets_scores(self) -> bool:
        """Whether the gradebook has a row for this person."""
        return bool({Role.TRAINEE, Role.TEST_TRAINEE} & set(self.roles))


COURSE = Course(id="2", label="PSP-1", title="Peer Support Practicum")

PEOPLE = (
    Person("3", "ines", "Ines Ferreira", "Ines", "Ferreira", Role.INSTRUCTOR, "Instructor"),
    Person("4", "jo", "Jo Lindqvist", "Jo", "Lindqvist", Role.SUPERVISOR, "Peer supervisor"),
    Person("5", "amara", "Dr. Amara Okafor", "Amara", "Okafor", Role.SUPERVISOR, "Clinical supervisor"),
    Person("6", "sam", "Sam Rivera", "Sam", "Rivera", Role.TRAINEE, "Trainee", groups=("1",)),
    Person("7", "noor", "Noor Haddad", "Noor", "Haddad", Role.TRAINEE, "Trainee", groups=("1", "2")),
    Person("8", "tess", "Tess Whitaker", "Tess", "Whitaker", Role.TRAINEE, "Trainee", groups=("2",)),
)

ADA = Person("2", "ada", "Ada Novak", "Ada", "Novak", Role.ADMINISTRATOR, "Administrator")
OLLY = Person("9", "olly", "Olly Brandt", "Olly", "Brandt", Role.OBSERVER, "Observer of Sam", observes=("6",))
TEST_STUDENT = Person("99", "test", "Test Student", "Test", "Student", Role.TEST_TRAINEE, "Student View")

GROUPS = {"1": "Tuesday group", "2": "Thursday group"}


def crowd_person(number: int) -> Person:
    """The trainee with this number (0, 1, ...) of those who are only many."""
    family = f"{number + 1:05}"
    return Person(
        str(CROWD_BEGINS + number), f"crowd-{number}", f"Trainee {family}", "Trainee", family, Role.TRAINEE, "Trainee"
    )
