"""Who is in which course, and as what."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from lti_tool.practice.people import CROWD_BEGINS, Person, Role, crowd_person
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Membership
from lti_tool.practice.state import State

ACTIVE, INACTIVE, DELETED = "Active", "Inactive", "Deleted"
OUTSIDE = frozenset({Role.ADMINISTRATOR})
"""Roles that are held in the institution and in no course."""


def person_with_id(state: State, person_id: str) -> Person | None:
    """The person with this id."""
    number = int(person_id) - CROWD_BEGINS if person_id.isdecimal() else -1
    return state.people.get(person_id) or (crowd_person(number) if 0 <= number < state.crowd else None)


def find_person(state: State, who: str) -> Person | None:
    """The person with this id, key or full name."""
    if found := person_with_id(state, who):
        return found
    if who.startswith("crowd-") and who[6:].isdecimal() and int(who[6:]) < state.crowd:
        return crowd_person(int(who[6:]))
    return next((person for person in state.people.values() if who in (person.key, person.name)), None)


def everybody(state: State) -> Iterator[Person]:
    """All people with an account, one after the other."""
    yield from list(state.people.values())
    yield from (crowd_person(number) for number in range(state.crowd))


def roles_in(state: State, person: Person, course_id: str) -> tuple[Role, ...]:
    """What a person is in a course; nothing for those who have left it or were never in it."""
    kept = state.memberships.get((course_id, person.id))
    if kept is not None and kept.status != ACTIVE:
        return ()
    roles = person.roles if kept is None else tuple(Role(role) for role in kept.roles)
    return tuple(role for role in roles if role not in OUTSIDE)


Member = tuple[Person, tuple[Role, ...], str]


def members(
    state: State, course_id: str, *, gone_too: bool = False, outside: frozenset[Role] = OUTSIDE, first: int = 0
) -> Iterator[Member]:
    """The people of a course with their roles and status, and at wish those who are no longer active in it.

    `first` leaves out so many of them, without looking at each where they are only many.
    """

    def found(people: Iterable[Person]) -> Iterator[Member]:
        for person in people:
            kept = state.memberships.get((course_id, person.id))
            status = kept.status if kept else ACTIVE
            roles = tuple(Role(role) for role in kept.roles) if kept else person.roles
            roles = tuple(role for role in roles if role not in outside)
            if roles and (gone_too or status == ACTIVE):
                yield person, roles, status

    named = list(found(list(state.people.values())))
    yield from named[first:]
    left_out = max(0, first - len(named))
    if any(course == course_id and int(person) >= CROWD_BEGINS for course, person in state.memberships):
        yield from islice(found(map(crowd_person, range(state.crowd))), left_out, None)
    else:
        yield from found(map(crowd_person, range(left_out, state.crowd)))


def gets_scores_in(state: State, person: Person, course_id: str) -> bool:
    """Whether the gradebook of a course has a row for this person."""
    return bool({Role.TRAINEE, Role.TEST_TRAINEE} & set(roles_in(state, person, course_id)))


def add_person(lms: Platform, key: str, name: str, roles: tuple[Role, ...], *, nameless: bool = False) -> Person:
    """Open an account, and enroll its owner in every course."""
    given, _, family = name.rpartition(" ")
    with lms.changing() as state:
        number = state.number()
        while number in state.people:
            number = state.number()
        person = Person(
            number, key, name, given or name, family, roles[0], roles[0].capitalize(), also=roles[1:], nameless=nameless
        )
        state.people = {**state.people, number: person}
        return person


def change_person(lms: Platform, person: Person) -> None:
    """Replace an account by this one with the same id."""
    with lms.changing() as state:
        state.people = {**state.people, person.id: person}


def set_membership(
    lms: Platform, person: Person, course_id: str, *, roles: tuple[Role, ...] | None = None, status: str = ACTIVE
) -> None:
    """Say what a person is in one course, and whether they still are."""
    with lms.changing() as state:
        key = (course_id, person.id)
        former = state.memberships.get(key) or Membership(course_id, person.id, person.roles)
        kept = replace(former, roles=former.roles if roles is None else roles, status=status)
        state.memberships = {**state.memberships, key: kept}


def enroll_many(lms: Platform, number: int) -> None:
    """Let there be so many more trainees in every course; each is made up when somebody asks."""
    with lms.changing() as state:
        state.crowd = number
