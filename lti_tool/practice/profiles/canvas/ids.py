"""The ids that tools see at Canvas: long and opaque, and of another kind for each use."""

import hashlib

from lti_tool.practice.enrollment import person_with_id
from lti_tool.practice.people import Person
from lti_tool.practice.platform import Platform
from lti_tool.practice.profile import Ids
from lti_tool.practice.records import Activity, Course

SHARD = 10**13


def hexadecimal(lms: Platform, word: str) -> str:
    """40 digits that belong to a word at this institution."""
    return hashlib.sha1(f"{lms.state.guid}/{word}".encode(), usedforsecurity=False).hexdigest()


def account_id(lms: Platform) -> str:
    """The context id of the whole institution."""
    return hexadecimal(lms, "account")


def _uuid(lms: Platform, kind: str, number: str) -> str:
    """A UUID in whose last group the number is, so that it is found again without a list."""
    word = hexadecimal(lms, kind)
    return f"{word[:8]}-{word[8:12]}-4{word[12:15]}-a{word[15:18]}-{int(number):012x}"


def _user(lms: Platform, person: Person) -> str:
    return _uuid(lms, "user", person.id)


def _user_found(lms: Platform, user_id: str) -> Person | None:
    """By the UUID, or by the number of the account."""
    if user_id.isdecimal():
        return person_with_id(lms.state, user_id)
    try:
        person = person_with_id(lms.state, str(int(user_id.rsplit("-", 1)[-1], 16)))
    except ValueError:
        return None
    return person if person is not None and _user(lms, person) == user_id else None


def _course(lms: Platform, course: Course) -> str:
    return hexadecimal(lms, f"course {course.id}")


def _link(lms: Platform, activity: Activity) -> str:
    return _uuid(lms, "link", activity.id)


def _client(lms: Platform) -> str:
    shard = lms.authority.platforms.index(lms) + 1
    return str(shard * SHARD + int(lms.state.number()))


CANVAS_IDS = Ids(
    user=_user,
    user_found=_user_found,
    login_hint=lambda lms, person: hexadecimal(lms, f"hint {person.id}"),
    course=_course,
    link=_link,
    client=_client,
    deployment=lambda lms, number: f"{number}:{account_id(lms)}",
)
