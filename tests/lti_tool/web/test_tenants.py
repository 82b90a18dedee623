"""Nothing of another course, deployment, registration, organization or person can be reached from here.

The matrix is made from the application's own routes: each with each kind of foreign object in each place of its
address, asked for by each kind of person, by every method; and from the forms that its pages show, with each id in
them replaced. A route whose arguments nobody classified, or a form with an id that no house knows, stops the test.

Of all this `make test` tries a sample, always the same: each address by one kind of person, in turn, and each field of
a form once; of one's own pages each by Noor, of whose words nobody else may read, and by one other person.
`make test-all` tries all of it.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from itertools import cycle
from pathlib import Path
from uuid import UUID

import pytest
from flask import Blueprint, Flask, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lti_tool.app import create_app
from lti_tool.settings import Settings
from lti_tool.store.courses import ActivityRow
from lti_tool.web import current
from lti_tool.web.access import repeatable, signed_in
from tests.conftest import Clock
from tests.databases import SECRET, SqliteFiles
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.house_around import NOBODY_ELSES
from tests.lti_tool.web.houses import OUTSIDE, ROLES, build, leo_goes
from tests.lti_tool.web.matrix import A_UUID, OBJECTS, PLAIN, Form, Matrix, ends, forms_on, methods, text_of

pytestmark = pytest.mark.slow

KINDS = ("another course", "another deployment", "another registration", "another school on the same issuer")
MARKS = dict(zip(KINDS, ("COURSEMARK", "DEPLOYMARK", "REGISTERMARK", "SCHOOLMARK"), strict=True))
WORDS = ("Note OWNMARK", "Evidence OWNMARK", "strength OWNMARK", "growth OWNMARK", "step OWNMARK", "Response OWNMARK")
DIFFERING = ("ines", "jo", "sam", *OUTSIDE)
"""One of each standing: instructor, observer who signs, trainee, LMS administrator, operator."""
OF_ALL_COURSES = {"ola", "lea", "rea", "sage", "tess"}
"""An operator, a program lead, a reviewer, a safeguarding lead, an auditor: what they see to is the organization's."""
OF_LEADS = {
    "appeal_id", "credential_id", "decision_id", "enrollment_id", "erasure_id", "finding_id", "growth_plan_id",
    "ledger_entry_id", "member_id", "move_id",
}  # fmt: skip
"""What a program lead sees to in all courses, and nobody else."""
OF_AUDITORS = {"audit_item_id", "finding_id", "sample_id"}
"""What an auditor sees to in all courses."""
FOR_ALL_STAFF = {"/authors", "/frameworks", "/guidance", "/sites"}
"""What whoever teaches, observes or signs may read of the whole organization; the guidance is everybody's."""
NAMES_LEADS = ("/handled-outside", "/guidance")
"""How addresses end whose pages name the safeguarding leads of the organization."""
LISTS_SCENARIOS = ("/scenarios", "/scenario/choose")
"""How addresses end whose pages list what everybody of the organization may practice with."""
LISTS_SITES = "/place"
"""How an address ends whose page lists the sites of the organization, for an instructor to place somebody at one."""
HERS = tuple(f"{words} OWNMARK" for words in NOBODY_ELSES)
"""What Noor wrote for herself."""
LEADS_ON_LATER = {
    "/scope/<uuid:statement_id>/end",
    "/terms/<uuid:terms_id>/end",
    "/a/<uuid:activity_id>/assignments/file/take-in",
    "/a/<uuid:activity_id>/external/<uuid:person_id>/mail",
    "/standing-in/<uuid:observation_id>",
    "/path/<uuid:enrollment_id>/statements",
    "/a/<uuid:activity_id>/results/new",
    "/a/<uuid:activity_id>/results/note",
    "/a/<uuid:activity_id>/plans/new",
    "/decisions/<uuid:decision_id>/take-back",
    "/programs/<uuid:program_id>/draft/save",
    "/a/<uuid:activity_id>/columns/comment",
    "/exports/<uuid:export_id>/file",
    "/decisions/<uuid:decision_id>/credential",
    "/signed-in/end",
    "/links/<uuid:link_id>/lead",
}
"""Needs what no house has: a file looked at before, a file that a worker made, a mail server, somebody who is away, a
scope of practice or terms in force, a program that asks for statements, a certificate that was given back, an
instructor who leads the program, a certification without a credential, a course that came from another LMS; or more
than its address says.

Each has its own tests.
"""
LAST = {
    "/calibrations/<uuid:calibration_id>/leave",
    "/calibrations/<uuid:calibration_id>/put-away",
    "/credentials/<uuid:credential_id>/page/close",
    "/credentials/<uuid:credential_id>/for-leads/in-its-place",
    "/credentials/<uuid:credential_id>/for-leads/withdraw",
    "/endorsements/<uuid:endorsement_id>/take-back",
    "/ledger/signatures/<uuid:ledger_signature_id>/not-me",
    "/me/feedback/<uuid:feedback_id>/take-back",
}
"""Ends what it names, or what stands on it: after it the other acts on that would lead nowhere."""
SHARE = pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.full)], ids=["a sample", "all"])
"""How much of a product is tried."""
WAY_BACK = {"back", "group"}
"""Says only to which page, or part of a list, an act leads back."""
CARRY_IDS = {"activity", "choice-", "course", "grant", "group", "key", "observer", "origin", "person", "version_id"}
"""Fields that are known to carry ids: finding fewer would mean that pages were not read."""


def houses(app: Flask, session: Session, now: datetime, watching: sqlite3.Connection) -> Matrix:
    """The own house first; the others differ from it in one thing each."""
    own = build(app, session, now, organization="Own", mark="OWNMARK", deployment="1:own")
    same = {"organization": "Own", "registration_id": own.registration_id}
    another_lms = {"organization": "Own", "issuer": "https://lms.other.example", "deployment": "1:lms"}
    another_school = {"organization": "Other", "client_id": "client-2", "deployment": "1:other"}
    differing = (
        {**same, "deployment": "1:own", "context": "course-9", "suffix": "-c"},
        {**same, "deployment": "2:own", "suffix": "-d"},
        another_lms,
        another_school,
    )
    others = {kind: build(app, session, now, mark=MARKS[kind], **it) for kind, it in zip(KINDS, differing, strict=True)}
    assert others[KINDS[3]].issuer == own.issuer
    people = {who: own.browser(who) for who in (*ROLES, *OUTSIDE)}
    leo_goes(own)
    session.commit()
    return Matrix(app, own, others, people, {who: browser.token() for who, browser in people.items()}, watching)


def standing(url: str, also: Callable[[Flask], None] = lambda app: None) -> Iterator[Matrix]:
    settings = Settings(
        database_url=url, public_url="https://attune.school.example", secret_keys=(SECRET,), requests_a_minute=0
    )
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    app = create_app(settings, clock=Clock(now))
    also(app)
    app.test_client_class = Browser
    watching = sqlite3.connect(url.removeprefix("sqlite:///"))
    with closing(watching), app.extensions["attune"].sessions.writing() as session:
        yield houses(app, session, now, watching)
    app.extensions["attune"].sessions.engine.dispose()


@pytest.fixture(scope="module")
def matrix(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    """Built once: nothing that is asked of it may change it."""
    with sqlite_files.fresh(tmp_path_factory.mktemp("houses")) as url:
        yield from standing(url)


def what_shows(text: str, marks: tuple[str, ...]) -> list[str]:
    return [mark for mark in marks if mark.lower() in text.lower()]


def out_of_place(matrix: Matrix, kind: str, asked: Iterable[tuple[Rule, str, frozenset[str], str]]) -> Iterator[str]:
    """Every answer to a foreign address that is not "there is nothing here for you"."""
    for rule, address, foreign, who in asked:
        # Whoever may not use the page at all is told so before anyone looks whether the rest of the address exists.
        leads = {"activity_id", "course_id"} & rule.arguments
        expected = {404} if leads <= foreign else {403, 404}
        for method in methods(rule):
            answer = matrix.ask(who, method, address)
            shown = what_shows(text_of(answer) + str(answer.headers), (MARKS[kind],))
            if answer.status_code not in expected or shown:
                yield f"{who} {method} {rule.rule} {sorted(foreign)}: {answer.status_code} {shown}"


def asked_for(
    matrix: Matrix, kind: str, rules: Iterable[Rule], *, whole: bool
) -> Iterator[tuple[Rule, str, frozenset[str], str]]:
    """Each foreign address with who asks for it: everybody who does not see to it, or one of them after the other."""
    turn = KINDS.index(kind)
    for rule in rules:
        for address, foreign in matrix.addresses(rule, matrix.others[kind]):
            people = [who for who in DIFFERING if kind == KINDS[3] or not sees_to(who, rule, foreign)]
            turn += 1
            for who in people if whole else [people[turn % len(people)]]:
                yield rule, address, foreign, who


def sees_to(who: str, rule: Rule, foreign: frozenset[str]) -> bool:
    """Whether this person sees to it in all courses; what an address names of one sample has to be of that one."""
    if who == "tess":
        return bool(foreign) and foreign == rule.arguments & OF_AUDITORS
    return who == "lea" and bool(foreign & OF_LEADS)


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [table for table, digest in after.items() if before[table] != digest]


def test_every_argument_of_every_address_is_classified(matrix: Matrix) -> None:
    named = {argument for rule in matrix.app.url_map.iter_rules() for argument in rule.arguments}
    assert named == OBJECTS | set(PLAIN), "say in matrix.py what it names"


@SHARE
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_elsewhere_can_be_opened_or_changed(matrix: Matrix, kind: str, whole: bool) -> None:
    before = matrix.digests()
    problems = list(out_of_place(matrix, kind, asked_for(matrix, kind, matrix.rules(), whole=whole)))
    assert not problems, "\n".join(problems)
    assert not changed(before, matrix.digests())


@pytest.fixture(scope="module")
def pages_asked_for(matrix: Matrix) -> Callable[[bool], list[tuple[str, str, TestResponse]]]:
    """Pages that somebody of the own house can ask for, all of them or a sample: who, where, what came."""
    others = [who for who in (*ROLES, *OUTSIDE) if who != "noor"]

    @cache
    def asked(whole: bool) -> list[tuple[str, str, TestResponse]]:
        addresses = [
            address
            for rule in matrix.app.url_map.iter_rules()
            if "GET" in methods(rule) and rule.endpoint != "static"
            for address, _foreign in matrix.addresses(rule, None)
        ]
        return [
            (who, address, matrix.ask(who, "GET", address))
            for turn, address in enumerate(addresses)
            for who in ("noor", *(others if whole else [others[turn % len(others)]]))
        ]

    return asked


@pytest.fixture
def own_pages(
    pages_asked_for: Callable[[bool], list[tuple[str, str, TestResponse]]], whole: bool
) -> list[tuple[str, str, TestResponse]]:
    """Every page, or a sample of them."""
    return pages_asked_for(whole)


@SHARE
def test_no_page_of_ones_own_shows_anything_of_elsewhere(own_pages: list[tuple[str, str, TestResponse]]) -> None:
    problems = []
    for who, address, page in own_pages:
        assert page.status_code < 500, (who, address)
        of_all = (
            who in OF_ALL_COURSES
            or address in FOR_ALL_STAFF
            or address.endswith((*NAMES_LEADS, LISTS_SITES, *LISTS_SCENARIOS))
        )
        own_organization = () if of_all else (MARKS[KINDS[0]], MARKS[KINDS[1]], MARKS[KINDS[2]])
        text = text_of(page)
        if who == "noor":  # whom she can turn to about a program leads it for all of the organization
            text = re.sub(f"Lea ({'|'.join(MARKS[kind] for kind in KINDS[:3])})", "", text)
        shown = what_shows(text, (*own_organization, MARKS[KINDS[3]]))
        problems += [f"{who} {address}: {shown}"] if shown else []
    assert not problems, "\n".join(problems)


@pytest.fixture
def forms(own_pages: list[tuple[str, str, TestResponse]]) -> list[Form]:
    """Every form and link with ids in it, once for each person."""
    found = {}
    for who, address, page in own_pages:
        for form in forms_on(page, who, address) if page.status_code < 400 else []:
            found[who, form.method, form.action, tuple(sorted(form.ids()))] = form
    return list(found.values())


@SHARE
def test_forms_with_ids_are_found(forms: list[Form], whole: bool) -> None:
    found = {name for form in forms for name, _id in form.ids()}
    assert found >= CARRY_IDS if whole else found


def one_of_each(forms: Iterable[Form], turn: int) -> list[Form]:
    """Of forms with the same fields that send to the same place one; at another turn that of another person."""
    alike: dict[tuple[object, ...], list[Form]] = {}
    for form in forms:
        names = tuple(sorted({name for name, _id in form.ids()}))
        alike.setdefault((form.method, A_UUID.sub("", form.action), names), []).append(form)
    return [group[turn % len(group)] for group in alike.values()]


@SHARE
@pytest.mark.parametrize("kind", KINDS)
def test_an_id_of_elsewhere_in_a_form_does_nothing(matrix: Matrix, forms: list[Form], kind: str, whole: bool) -> None:
    house, before = matrix.others[kind], matrix.digests("act", "read_log")
    problems, kept = [], matrix.kept_so_far()
    same_organization = house.organization_id == matrix.own.organization_id
    # Operators, program leads and reviewers look after all of the organization.
    theirs = [form for form in forms if not (same_organization and form.who in OF_ALL_COURSES)]
    for form in theirs if whole else one_of_each(theirs, KINDS.index(kind)):
        for name, id_ in form.ids():
            if name in WAY_BACK and form.method == "POST":
                continue
            for other in ends(matrix.foreign(matrix.called(id_, f"{form.action} {name}"), house)):
                answer = form.send(matrix, {id_: other})
                found = f"{form.who} {form.method} {form.action} {name}: {answer.status_code}"
                if shown := what_shows(text_of(answer) + str(answer.headers), (MARKS[kind],)):
                    problems.append(f"{found} shows {shown}")
                if answer.status_code >= 500:
                    problems.append(found)
                if kept != (kept := matrix.kept_so_far()):
                    tables = changed(before, matrix.digests("act", "read_log"))
                    assert not tables, f"{found} changed {tables}"
    assert not problems, "\n".join(problems)


# ---- other people of the same course ----


def asked_by(
    matrix: Matrix, people: tuple[str, ...], *arguments: str, whole: bool = True
) -> Iterator[tuple[str, str, TestResponse]]:
    """Answers to these people, or to one of them after the other, for every own address with one of these arguments:
    who, what, answer."""
    turns = cycle([people] if whole else [(who,) for who in people])
    for rule in matrix.rules():
        if set(arguments) & rule.arguments:
            for address, _foreign in matrix.addresses(rule, None):
                for who in next(turns):
                    for method in methods(rule):
                        yield who, f"{who} {method} {rule.rule}", matrix.ask(who, method, address)


@SHARE
def test_an_observation_is_not_here_for_people_who_have_no_part_in_it(matrix: Matrix, whole: bool) -> None:
    """Another trainee, an observer who was not asked, a supervisor of another lane, and people of no course."""
    before = matrix.digests()
    for _who, what, answer in asked_by(matrix, ("sam", "kim", "amara", *OUTSIDE), "observation_id", whole=whole):
        assert answer.status_code == 404 or (answer.status_code == 403 and " /a/" in what), what
        assert not what_shows(text_of(answer), WORDS), what
    assert not changed(before, matrix.digests())


def test_whoever_is_not_in_the_course_any_more_finds_nothing_of_it(matrix: Matrix) -> None:
    before = matrix.digests()
    gone = ("activity_id", "course_id", "deep_link_id", "link_id", "observation_id")
    for _who, what, answer in asked_by(matrix, ("leo",), *gone):
        assert answer.status_code == 404, what
    for observed in matrix.own.objects["leos_observation_id"]:
        for path in ("", "/rate", "/share", "/who", "/stop"):
            assert matrix.ask("leo", "GET", f"/o/{observed}{path}").status_code == 404, path
        for path in ("/save", "/rate", "/share", "/stop"):
            assert matrix.ask("leo", "POST", f"/o/{observed}{path}").status_code == 404, path
    queue = matrix.ask("leo", "GET", "/waiting")
    assert queue.status_code == 200
    of_the_organization = queue.text.replace("Support OWNMARK", "")  # whom to turn to stands on every page
    assert not what_shows(of_the_organization, ("Noor", "OWNMARK"))
    assert not changed(before, matrix.digests())


def test_a_choice_for_the_lms_is_only_its_own_persons(matrix: Matrix) -> None:
    before = matrix.digests()
    for _who, what, answer in asked_by(matrix, ("jo", "amara", "sam", *OUTSIDE), "deep_link_id"):
        assert answer.status_code == 404, what
    assert not changed(before, matrix.digests())


def test_who_was_asked_about_by_the_lms_is_asked_about_by_nobody_else(matrix: Matrix) -> None:
    noor, *others = matrix.own.objects["person_id"]
    for who in (*ROLES, "ola"):
        assert matrix.ask(who, "GET", f"/privacy/{noor}").status_code == 404, who
        assert matrix.ask(who, "POST", f"/privacy/{noor}/ask").status_code == 404, who
    for person in others:
        assert matrix.ask("ada", "GET", f"/privacy/{person}").status_code == 404
    assert matrix.ask("ada", "GET", f"/privacy/{noor}").status_code == 200


@SHARE
def test_the_page_of_a_trainee_shows_no_words_to_those_who_have_no_part(matrix: Matrix, whole: bool) -> None:
    people = ("sam", "kim", "amara", "ines", *OUTSIDE)
    for who, what, answer in asked_by(matrix, people, "person_id", whole=whole):
        assert not what_shows(text_of(answer), WORDS), what
        own_say = "/conflicts/" in what  # whoever meets somebody in a course may say that they step aside
        assert who not in ("sam", "ola") or answer.status_code in (403, 404) or own_say, what


@SHARE
def test_cap_f3_what_belongs_to_one_person_alone_is_on_no_page_of_anybody_else(
    own_pages: list[tuple[str, str, TestResponse]],
) -> None:
    shown = {(who, address) for who, address, page in own_pages if what_shows(text_of(page) + str(page.headers), HERS)}
    assert not {(who, address) for who, address in shown if who != "noor"}
    assert {address.partition("?")[0] for who, address in shown} >= {"/journal", "/self-care"}


# ---- the matrix itself ----


def test_the_sample_has_each_route_and_each_kind_of_person(matrix: Matrix) -> None:
    rules = [rule for rule in matrix.rules() if rule.arguments & OBJECTS]
    asked = [each for kind in KINDS for each in asked_for(matrix, kind, rules, whole=False)]
    foreign = [rule.endpoint for kind in KINDS for rule in rules for _ in matrix.addresses(rule, matrix.others[kind])]
    assert {rule.endpoint for rule, *_rest in asked} == set(foreign)
    assert {who for *_rest, who in asked} == set(DIFFERING)


def test_cap_f3_with_what_is_their_own_people_get_on_and_read_nothing_that_is_noors_alone(
    pages_asked_for: Callable[[bool], list[tuple[str, str, TestResponse]]], sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    """Otherwise "not here" would say nothing: each address leads somewhere for somebody. No answer of any, also to
    what somebody sends, shows what one person wrote for herself.
    """
    own_pages = pages_asked_for(True)
    with sqlite_files.fresh(tmp_path) as url:
        for matrix in standing(url):
            # Pages come from elsewhere: an act may take away what they show.
            every = [rule for rule in matrix.rules() if rule.arguments & OBJECTS]
            rules = sorted(every, key=lambda rule: rule.rule in LAST)
            sent = [
                (who, address, matrix.ask(who, methods(rule)[0], address))
                for rule in rules
                if "GET" not in methods(rule)
                for address, _foreign in matrix.addresses(rule, None)
                for who in (*ROLES, *OUTSIDE)
            ]
            answers = statuses(matrix.app, own_pages, "GET") | statuses(matrix.app, sent, "POST")
    assert not [
        (rule.rule, answers[rule.endpoint])
        for rule in rules
        if not answers[rule.endpoint] & {200, 302, 303, 409, 422} and rule.rule not in LEADS_ON_LATER
    ]
    told = {
        (who, where) for who, where, page in (*own_pages, *sent) if what_shows(text_of(page) + str(page.headers), HERS)
    }
    assert not {(who, where) for who, where in told if who != "noor"}


def statuses(app: Flask, asked: list[tuple[str, str, TestResponse]], method: str) -> dict[str, set[int]]:
    """What came from each view."""
    found: dict[str, set[int]] = {}
    addresses = app.url_map.bind("attune.school.example")
    for _who, address, answer in asked:
        rule, _arguments = addresses.match(address, method, return_rule=True)
        found.setdefault(rule.endpoint, set()).add(answer.status_code)
    return found


def leaking(app: Flask) -> None:
    """Routes that look up by id and ask nobody whose it is."""
    bp = Blueprint("leaking", __name__)

    @bp.get("/leak/<uuid:activity_id>")
    @signed_in
    def shown(activity_id: UUID) -> ResponseReturnValue:
        return current.db().get_one(ActivityRow, activity_id).title

    @bp.post("/leak/<uuid:activity_id>/change")
    @signed_in
    @repeatable
    def change(activity_id: UUID) -> ResponseReturnValue:
        current.db().get_one(ActivityRow, activity_id).title = "Changed"
        return redirect("/waiting", 303)

    @bp.get("/leak/<uuid:unheard_of_id>/new")
    @signed_in
    def new(unheard_of_id: UUID) -> ResponseReturnValue:
        return str(unheard_of_id)

    app.register_blueprint(bp)


def test_a_leak_is_noticed(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    with sqlite_files.fresh(tmp_path) as url:
        for matrix in standing(url, leaking):
            leaks = [rule for rule in matrix.app.url_map.iter_rules() if rule.rule.startswith("/leak")]
            assert "unheard_of_id" in set().union(*(rule.arguments for rule in leaks)) - OBJECTS - set(PLAIN)
            before = matrix.digests()
            of_others = [rule for rule in leaks if "activity_id" in rule.arguments]
            found = list(out_of_place(matrix, KINDS[3], asked_for(matrix, KINDS[3], of_others, whole=True)))
            assert any("200 ['SCHOOLMARK']" in problem for problem in found)
            assert any("POST" in problem and "303" in problem for problem in found)
            assert changed(before, matrix.digests()) == ["activity"]
