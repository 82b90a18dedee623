"""What somebody takes along is enough for anybody to come to the same standing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from grading.evidence import Kind, Outcome
from grading.ledger import EntryKind
from lti_tool.cli import attune
from lti_tool.documents.standing_json import standing_json
from lti_tool.documents.transcript import EVIDENCE, PROGRAM, STANDING, archive, digest, digests, transcript_json
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import transcripts
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.conftest import MakeWorld, World

PROGRAMS = ["ca-cmpss", "icrc-pr", "us-rbt", "ny-nycps"]


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


def on_the_way(world: World, name: str = "icrc-pr") -> OnTheWay:
    on = OnTheWay(world.session, world.visitor("sam"), shipped(name), world.now)
    jo = world.visitor("jo")
    on.entry(EntryKind.PRACTICE, "498.25", ago=50, signer=jo, title="Warm line")
    on.entry(EntryKind.TRAINING, "12.5", ago=40, signer=jo, category=["advocacy"])
    on.waiting(EntryKind.PRACTICE, "2", jo)
    on.noted(Kind.STATEMENT, amount="51", unit="%", name=["lives_or_works_in_area"])
    on.noted(Kind.EVENT, name=["application"])
    on.noted(Kind.DOCUMENT, name=["secondary_education"])
    on.decided(Outcome.NOT_YET, world.visitor("ines"))
    on.paused(30, 20)
    world.sign("jo", world.answered())
    return on


def taken(world: World, on: OnTheWay) -> transcripts.Transcript:
    return transcripts.transcript(world.session, world.visitor("sam"), on.enrollment_id, world.now)


@pytest.mark.parametrize("name", PROGRAMS)
def test_cap_d1_whoever_has_the_files_comes_to_the_same_standing_byte_for_byte(
    world: World, tmp_path: Path, name: str
) -> None:
    found = taken(world, on_the_way(world, name))
    for file, text in found.files.items():
        (tmp_path / file).write_text(text)
    assert found.command
    words = found.command.removeprefix("attune ").replace('"', "").split()
    words = [str(tmp_path / word) if word in (PROGRAM, EVIDENCE) else word for word in words]
    answer = CliRunner().invoke(attune, words)
    assert answer.exit_code == 0, answer.output
    assert answer.stdout == found.files[STANDING]


def test_cap_d8_the_exported_standing_is_the_one_that_the_page_shows(world: World) -> None:
    found = taken(world, on_the_way(world))
    assert found.files[STANDING] == standing_json(found.page.standing, found.page.program)


def test_an_observation_and_its_ratings_go_along(world: World) -> None:
    evidence = json.loads(taken(world, on_the_way(world)).files[EVIDENCE])
    (observation,) = evidence["observations"]
    assert len({rating["id"] for rating in observation["ratings"]}) == len(observation["ratings"]) > 1
    assert all(rating["level"] == "4" for rating in observation["ratings"])


def test_the_same_record_is_the_same_bytes(world: World) -> None:
    on = on_the_way(world)
    first, second = taken(world, on), taken(world, on)
    assert first.files == second.files
    assert archive(dict(first.files)) == archive(dict(second.files))


def test_one_json_holds_all_of_it_with_its_digests(world: World) -> None:
    found = taken(world, on_the_way(world))
    one = json.loads(transcript_json(found.person_name, found.files, found.command, found.made_at))
    assert one["sha256"] == digests(found.files)
    assert digest(one["program"]) == one["sha256"][PROGRAM]
    assert one["evidence"] == json.loads(found.files[EVIDENCE])
    assert one["standing"] == json.loads(found.files[STANDING])


def test_a_decision_that_is_not_released_does_not_go_along(world: World) -> None:
    on = on_the_way(world)
    on.decided(Outcome.CERTIFIED, world.visitor("ines"), ago=-1, number=2)
    assert [each["outcome"] for each in json.loads(taken(world, on).files[EVIDENCE])["decisions"]] == ["not_yet"]


def test_nobody_takes_the_record_of_another_along(world: World) -> None:
    on = on_the_way(world)
    with pytest.raises(NotHere):
        transcripts.transcript(world.session, world.visitor("noor"), on.enrollment_id, world.now)


def test_who_came_from_the_edition_of_another_document_gets_the_standing_without_a_command(world: World) -> None:
    on = on_the_way(world)
    found = taken(world, on)
    text = found.files[PROGRAM].replace('key = "practice"', 'key = "other"')
    own, how = transcripts._reached(text, found.files[EVIDENCE], found.files[STANDING], "2013")
    assert (own, how) == (found.files[STANDING], "")
