"""What differs between the LMSs that the practice LMS can be: a profile is chosen once, and passed on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from lti_tool.practice.gradebook import shown_score
from lti_tool.practice.launches import Launch
from lti_tool.practice.people import Person
from lti_tool.practice.records import Activity, Course, LineItem, Score, Tool

if TYPE_CHECKING:  # a platform holds its profile, and a profile's functions are asked about a platform
    from lti_tool.practice.platform import Platform


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things are. {course}, {item}, {below}, {tool} and {deployment} are filled in."""

    configuration: str
    keys: str
    authorize: str
    token: str
    registration: str
    line_items: str
    line_item: str
    roster: str
    deep_linking: str = "/deep-linking/return"
    back: str = "/course/return"


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids that tools see, for those that this LMS uses itself."""

    user: Callable[["Platform", Person], str]
    user_found: Callable[["Platform", str], Person | None]
    login_hint: Callable[["Platform", Person], str]
    course: Callable[["Platform", Course], str]
    link: Callable[["Platform", Activity], str]
    client: Callable[["Platform"], str]
    deployment: Callable[["Platform", str], str]
    """For a number, the id of a deployment."""


@dataclass(frozen=True, slots=True)
class DeepLinking:
    """How choosing in the tool is asked for and answered."""

    settings: Callable[["Platform", Tool, Launch], dict[str, Any]]
    ticket: Callable[[Mapping[str, Any], Mapping[str, str]], object]
    """The word that belongs to the request, from the answer's claims and its address."""
    problems: Callable[[list[Any], Tool], list[str]]
    published: bool = True
    """Columns that come with a choice can take scores at once."""
    any_maximum: bool = False
    """Every maximum counts; otherwise one that is not whole or not from 1 to 100 makes a column that shows nothing."""
    titles_name_columns: bool = False
    """A column is called what its link is called, whatever label came."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of LMS."""

    name: str
    title: str
    paths: Paths
    ids: Ids
    deep_linking: DeepLinking
    scopes: tuple[str, ...]
    configuration: Callable[["Platform"], dict[str, Any]]
    login_fields: Callable[["Platform", Tool, Launch], dict[str, str]]
    claims: Callable[["Platform", Tool, Launch, Person | None, str], dict[str, Any]]
    blueprints: tuple[Blueprint, ...]
    """What the institution serves besides its pages."""
    auth_blueprints: tuple[Blueprint, ...]
    """What signing in needs; on an origin of its own where `apart`."""
    apart: bool = False
    """The issuer, the signing in and the institution are three origins."""
    people: tuple[Person, ...] = ()
    """Who is there besides the six."""
    launch_lifetime: timedelta = timedelta(minutes=10)
    hint: Callable[["Platform", str], str] = lambda _lms, ticket: ticket
    """What a login says so that a launch is found again."""
    messages: str = "resize"
    """What the course page answers a tool's messages with: "resize", "all" or "" (silence)."""
    storage_frame: str = ""
    """The name of the frame that keeps a tool's words for it, where there is one."""
    copies_keep_tags: bool = True
    copied: Callable[["Platform", Course], None] = lambda _lms, _course: None
    """What happens when a course was copied."""
    navigation: bool = False
    """The tool stands in the navigation of each course."""
    shown: Callable[[Score, LineItem], float | None] = shown_score
    """What a cell of the gradebook shows."""
    reviews: bool = True
    """A column leads to the tool's review of one person's work."""
    checks_reviewer: bool = True
    """A trainee is never sent to the review of somebody else."""
    takes_test_trainee: bool = True
    """Scores for the test student are taken."""
    says_concluded: bool = True
    """A concluded course is named as the reason, instead of not being found."""
    asks_about_data: bool = True
    """An administrator can ask a tool about the data it has of somebody."""
