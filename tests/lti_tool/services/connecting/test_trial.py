"""Trying a connection: each step is well, left out with its reason, or says the next thing to do."""

import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.answers import Answer
from lti_tool.lti.claims import AgsEndpoint
from lti_tool.lti.errors import PlatformProblem
from lti_tool.lti.trial_column import LABEL, TAG
from lti_tool.safe_http import SafeHttp
from lti_tool.services.authoring import author
from lti_tool.services.connecting import platforms, trial, trial_steps
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.connecting.trial import Outcome, Result, Step, Trial
from lti_tool.services.connecting.trial_words import SENTENCES, TITLES, sentence
from lti_tool.services.courses.places import NotHere
from lti_tool.store.base import new_id
from lti_tool.store.records import AuditEntryRow
from tests.lti_tool.lti.platform import AGS, jwk, private_key
from tests.lti_tool.lti.server import Reply, StubServer, as_json
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import INSTRUCTOR, ROLE, TRAINEE, World

HTTP = SafeHttp(lab=True)
SCOPES = tuple(f"{AGS}scope/{name}" for name in ("lineitem", "result.readonly", "score"))
TEST_USER = (f"{ROLE}#Learner", "http://purl.imsglobal.org/vocab/lti/system/person#TestUser")
MEMBERS = {"members": [{"user_id": str(number), "roles": ["Learner"]} for number in range(3)]}


@pytest.fixture
def server() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


@pytest.fixture
def lms(server: StubServer, bare_world: World) -> World:
    """A course with a column in an LMS that does everything right."""
    world = bare_world
    platform = platforms.NewPlatform(
        name="LMS", family="moodle", issuer=server.url, client_id="client-7", deployment_ids=("1",),
        auth_url=f"{server.url}/auth", token_url=f"{server.url}/token", jwks_url=f"{server.url}/jwks",
    )  # fmt: skip
    world.issuer, world.client_id = server.url, "client-7"
    world.registration_id = platforms.add(world.session, world.organization_id, platform, world.now)
    column = f"{server.url}/items/9"
    server.reply("/jwks", as_json({"keys": [jwk(private_key())]}))
    server.reply("/token", as_json({"access_token": "a-token", "expires_in": 3600}))
    server.reply("/members", as_json(MEMBERS))
    server.reply("/items", as_json([]), as_json({"id": column}, 201))
    server.reply("/items/9", Reply(204))
    server.reply("/items/9/scores", Reply(200))
    server.reply("/items/9/results", as_json([{"userId": "tess", "resultScore": 1.0}]))
    services = {
        "ags": AgsEndpoint(line_item=f"{server.url}/items/1", line_items=f"{server.url}/items", scopes=SCOPES),
        "memberships_url": f"{server.url}/members",
    }
    entered = world.enter("ines", INSTRUCTOR, **services)
    assert entered.course_id is not None
    version = version_of(world.session, world.organization_id)
    choice = author.ActivityChoice(version_id=version, title="Observed practice")
    world.activity_id = author.place_activity(
        world.session, world.visitor("ines", INSTRUCTOR, **services), entered.course_id, choice, now=world.now
    )
    world.enter("sam", TRAINEE, **services)
    world.enter("tess", TEST_USER, **services)
    world.session.commit()
    return world


def operator(world: World) -> Operator:
    return Operator(world.organization_id, None)


def course_id(world: World) -> UUID:
    found = trial.courses(world.session, operator(world), world.registration_id)
    return found[0].id


def take_all(world: World, sessions: sessionmaker[Session], course: UUID | None) -> dict[Step, Result]:
    so_far = Trial(course)
    while so_far.next_step is not None:
        prepared = trial.prepare(world.session, operator(world), world.registration_id, so_far, world.now)
        world.session.commit()
        so_far = trial_steps.take_step(sessions, HTTP, prepared, so_far, world.now)
    assert trial_steps.take_step(sessions, HTTP, prepared, so_far, world.now) is so_far
    return {result.step: result for result in so_far.results}


def outcomes(results: dict[Step, Result]) -> dict[Step, tuple[Outcome, str]]:
    return {step: (result.outcome, result.code) for step, result in results.items()}


def test_where_all_is_well_each_step_says_so_and_nothing_is_left(
    lms: World, server: StubServer, sessions: sessionmaker[Session]
) -> None:
    results = take_all(lms, sessions, course_id(lms))
    assert {outcome for outcome, _code in outcomes(results).values()} == {Outcome.WELL}
    assert results[Step.ROSTER].values == {"count": 3}
    assert trial.moment_of(results[Step.LAUNCH]) == lms.now
    assert [asked.method for asked in server.asked_at("/items/9")] == ["DELETE"]
    made = server.asked_at("/items")[1].json
    assert (made["label"], made["tag"], made["gradesReleased"]) == (LABEL, TAG, False)
    assert "resourceLinkId" not in made
    assert server.asked_at("/items/9/scores")[0].json["userId"] == "tess"


def test_no_score_is_ever_written_for_a_real_person(
    lms: World, server: StubServer, sessions: sessionmaker[Session]
) -> None:
    lms.enter("tess", TRAINEE, ags=None)  # no test user any more
    lms.session.commit()
    results = take_all(lms, sessions, course_id(lms))
    assert outcomes(results)[Step.SCORE] == (Outcome.NOT_TRIED, "no_safe_person")
    assert outcomes(results)[Step.RESULT] == (Outcome.NOT_TRIED, "no_score")
    assert outcomes(results)[Step.CLEAN_UP] == (Outcome.WELL, "column_taken_away")
    assert sentence("column_taken_away") == "The gradebook is as it was."
    assert server.asked_at("/items/9/scores") == []


def test_without_a_course_only_the_connection_itself_is_tried(
    lms: World, server: StubServer, sessions: sessionmaker[Session]
) -> None:
    results = outcomes(take_all(lms, sessions, None))
    assert [results[step][0] for step in (Step.KEYS, Step.TOKEN, Step.LAUNCH)] == [Outcome.WELL] * 3
    assert {results[step][0] for step in list(Step)[3:]} == {Outcome.NOT_TRIED}
    assert server.asked_at("/members") + server.asked_at("/items") == []


def test_columns_of_former_trials_are_taken_away_and_nobody_elses(
    lms: World, server: StubServer, sessions: sessionmaker[Session]
) -> None:
    ours = {"id": f"{server.url}/items/8", "tag": TAG, "label": LABEL}
    others = [
        {"id": f"{server.url}/items/5", "tag": TAG, "label": "A column of an instructor"},
        {"id": f"{server.url}/items/6", "tag": "attune", "label": LABEL},
        {"id": "https://elsewhere.example/items/7", "tag": TAG, "label": LABEL},
    ]
    server.reply("/items", as_json([ours, *others]), as_json({"id": f"{server.url}/items/9"}, 201))
    server.reply("/items/8", Reply(204))
    take_all(lms, sessions, course_id(lms))
    assert [asked.path for asked in server.asked if asked.method == "DELETE"] == ["/items/8", "/items/9"]


def test_a_column_that_could_not_be_taken_away_is_named_with_its_course(
    lms: World, server: StubServer, sessions: sessionmaker[Session]
) -> None:
    server.reply("/items/9", Reply(401))
    result = take_all(lms, sessions, course_id(lms))[Step.CLEAN_UP]
    assert (result.outcome, result.code) == (Outcome.TO_MEND, "column_left")
    assert result.values == {"course": "Peer support practicum"}
    assert LABEL in SENTENCES["column_left"]


@pytest.mark.parametrize(
    ("path", "replies", "step", "code"),
    [
        ("/jwks", [Reply(404)], Step.KEYS, PlatformProblem.KEYS_NOT_UNDERSTOOD),
        ("/jwks", [as_json({"keys": []})], Step.KEYS, PlatformProblem.KEYS_NOT_UNDERSTOOD),
        ("/token", [as_json({"error": "invalid_client"}, 400)], Step.TOKEN, Answer.TOKEN_REFUSED),
        ("/token", [as_json({"error": "invalid_scope"}, 400)], Step.TOKEN, Answer.SCOPE_NOT_GRANTED),
        ("/token", [Reply(503)], Step.TOKEN, Answer.TOKEN_NOT_GIVEN),
        ("/members", [Reply(403)], Step.ROSTER, PlatformProblem.ROSTER_NOT_ALLOWED),
        ("/members", [Reply(503)], Step.ROSTER, PlatformProblem.ROSTER_NOT_NOW),
        ("/members", [Reply(200, b"<html>")], Step.ROSTER, PlatformProblem.ROSTER_NOT_READ),
        ("/items", [as_json([]), Reply(403)], Step.COLUMN, Answer.NOT_ALLOWED),
        ("/items", [Reply(500), Reply(500)], Step.COLUMN, Answer.PLATFORM_TROUBLED),
        ("/items", [as_json([]), as_json({"id": "https://elsewhere.example/1"})], Step.COLUMN, Answer.NOT_UNDERSTOOD),
        ("/items/9/scores", [Reply(503)], Step.SCORE, Answer.PLATFORM_TROUBLED),
        ("/items/9/results", [as_json([])], Step.RESULT, "another_score"),
        ("/items/9/results", [as_json([{"userId": "tess", "resultScore": "x"}])], Step.RESULT, "another_score"),
        ("/items/9/results", [as_json([{"userId": "sam", "resultScore": 1}])], Step.RESULT, "another_score"),
        ("/items/9/results", [Reply(404)], Step.RESULT, Answer.COLUMN_GONE),
    ],
)
def test_a_step_that_does_not_work_says_what_to_do_and_the_others_go_on(
    lms: World,
    server: StubServer,
    sessions: sessionmaker[Session],
    path: str,
    replies: list[Reply],
    step: Step,
    code: str,
) -> None:
    server.reply(path, *replies)
    results = outcomes(take_all(lms, sessions, course_id(lms)))
    assert results[step] == (Outcome.TO_MEND, code)
    assert list(results) == list(Step)


def test_a_test_user_that_the_lms_takes_no_score_for_is_nothing_to_mend(
    lms: World, server: StubServer, sessions: sessionmaker[Session]
) -> None:
    server.reply("/items/9/scores", as_json({"errors": {"message": "User not found in course"}}, 422))
    results = outcomes(take_all(lms, sessions, course_id(lms)))
    assert results[Step.SCORE] == (Outcome.NOT_TRIED, Answer.PERSON_NOT_IN_COURSE)


def test_an_lms_that_is_down_is_said_at_each_step(
    lms: World, server: StubServer, sessions: sessionmaker[Session]
) -> None:
    server.stop()
    results = outcomes(take_all(lms, sessions, course_id(lms)))
    assert results[Step.KEYS] == (Outcome.TO_MEND, PlatformProblem.KEYS_UNREACHABLE)
    assert results[Step.TOKEN] == (Outcome.TO_MEND, Answer.TOKEN_NOT_GIVEN)
    assert results[Step.ROSTER] == (Outcome.TO_MEND, PlatformProblem.ROSTER_NOT_NOW)
    assert results[Step.COLUMN] == (Outcome.TO_MEND, Answer.TOKEN_NOT_GIVEN)


def test_scopes_that_the_course_does_not_have_are_not_asked_for(
    lms: World, server: StubServer, sessions: sessionmaker[Session]
) -> None:
    prepared = trial.prepare(lms.session, operator(lms), lms.registration_id, Trial(course_id(lms)), lms.now)
    lms.session.commit()
    assert prepared.course is not None
    well = tuple(Result(step, Outcome.WELL, "column_made") for step in list(Step)[:4])
    for scopes, step, code in (
        ((), Step.COLUMN, "columns_not_offered"),
        ((SCOPES[0],), Step.SCORE, "scores_not_offered"),
    ):
        limited = replace(prepared, course=replace(prepared.course, scopes=scopes))
        column = None if step is Step.COLUMN else f"{server.url}/items/9"
        so_far = Trial(course_id(lms), well if step is Step.COLUMN else (*well, well[0]), column)
        assert trial_steps.take_step(sessions, HTTP, limited, so_far, lms.now).results[-1].code == code


def test_a_trial_is_audited_once_and_only_for_ones_own_platform(lms: World, sessions: sessionmaker[Session]) -> None:
    take_all(lms, sessions, None)
    acts = list(lms.session.scalars(select(AuditEntryRow.act)))
    assert acts.count("platform.test") == 1
    other = Operator(new_id(), None)
    with pytest.raises(NotHere):
        trial.courses(lms.session, other, lms.registration_id)
    with pytest.raises(NotHere):
        trial.prepare(lms.session, other, lms.registration_id, Trial(None), lms.now)


def test_the_course_of_another_platform_is_not_here(lms: World, bare_world: World) -> None:
    with pytest.raises(NotHere):
        trial.prepare(lms.session, operator(lms), lms.registration_id, Trial(new_id()), lms.now)


def test_everything_that_can_come_of_a_step_has_its_words() -> None:
    assert set(TITLES) == set(Step)
    assert {answer.value for answer in Answer} - set(SENTENCES) == {Answer.ACCEPTED}
    assert {problem.value for problem in PlatformProblem} - set(SENTENCES) == {PlatformProblem.ROSTER_STOPPED}
    assert json.dumps(dict(SENTENCES))
