"""Packages that anybody can check offline: what is in one, what never is, and that nothing in it can be changed."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from grading.evidence import Kind, Outcome
from grading.ledger import EntryKind
from lti_tool.cli import attune
from lti_tool.documents.package import NAME, schema, sealed, sha256
from lti_tool.documents.package_check import Checked, NotAPackage, check, entry_digest, keys_in
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import packages
from lti_tool.services.hours import ledger_signing
from lti_tool.store.assignments import QualificationRow
from lti_tool.store.base import new_id
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Assurance
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.hours.test_ledger_signing import handed, signed
from tests.lti_tool.services.path_rows import an_entry, program_lead

ROOT = Path(__file__).parents[4]
URL = "https://attune.school.example"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


def on_the_way(world: World) -> OnTheWay:
    """Sam has hours, said that they have lived experience, was observed, and has a decision."""
    on = OnTheWay(world.session, world.visitor("sam"), shipped("az-prss"), world.now)
    on.entry(EntryKind.PRACTICE, "2.5", ago=50, signer=world.visitor("jo"), title="Warm line", category=["advocacy"])
    on.noted(Kind.STATEMENT, name=["lived_experience_as_described"])
    on.decided(Outcome.NOT_YET, world.visitor("ines"))
    jo = world.visitor("jo")
    for days, kind in ((400, "Supervisor"), (-1, "Too late")):
        world.session.add(
            QualificationRow(
                id=new_id(), organization_id=world.organization_id, person_id=jo.person_id, kind=kind,
                valid_from=(world.now - timedelta(days=days)).date(), recorded_by=jo.person_id,
                recorded_at=world.now - timedelta(days=days),
            )
        )  # fmt: skip
    world.sign("jo", world.answered())
    return on


def board(world: World, on: OnTheWay, *, signed: bool = True) -> bytes:
    lea = program_lead(world)
    packed = packages.for_board(world.session, lea, on.enrollment_id, world.now, public_url=URL, leads=True)
    content = {**packed.content, "files": {}}
    if not signed:
        return sealed(content)
    key = packages.key(world.session, world.organization_id, URL, world.now)
    return sealed(content, kid=key.kid, sign=key.sign)


def own(world: World, on: OnTheWay) -> bytes:
    packed = packages.of_oneself(
        world.session, world.visitor("sam"), on.enrollment_id, {"program.toml": "id = 1"}, world.now, public_url=URL
    )
    key = packages.key(world.session, world.organization_id, URL, world.now)
    return sealed({**packed.content, "files": {}}, kid=key.kid, sign=key.sign)


def keys(world: World) -> tuple[dict[str, Any], ...]:
    return (dict(packages.key(world.session, world.organization_id, URL, world.now).public),)


def run(tmp_path: Path, content: bytes, *more: str) -> tuple[int, str]:
    file = tmp_path / "package.json"
    file.write_bytes(content)
    answer = CliRunner().invoke(attune, ["audit", "verify", str(file), *more])
    return answer.exit_code, answer.output


def test_cap_d8_a_board_checks_hours_supervisors_signatures_and_digests_offline(world: World, tmp_path: Path) -> None:
    content = board(world, on_the_way(world))
    package = json.loads(content)["package"]
    assert {"by": "category", "value": "advocacy", "unit": "hours", "amount": "2.5"} in package["hours"]
    signature = next(each for each in package["signatures"] if each["of"].startswith("observation:"))
    assert signature["signer"]["name"] == "Jo Example"
    assert [each["kind"] for each in signature["qualifications"]] == ["Supervisor"]
    assert (signature["lane"], signature["meaning"]) == ("peer", "observed")
    assert signature["entry"] in {entry["number"] for entry in package["chain"]["entries"]}
    (tmp_path / "did.json").write_text(json.dumps({"verificationMethod": [{"publicKeyJwk": keys(world)[0]}]}))
    assert run(tmp_path, content)[0] == 0
    code, said = run(tmp_path, content, "--key", str(tmp_path / "did.json"))
    assert (code, "among those that you gave" in said) == (0, True), said


def test_hours_are_told_by_setting_and_way_of_working_too(world: World) -> None:
    on = on_the_way(world)
    an_entry(world, amount="4", signed_by="jo", setting=Setting.CRISIS, model=PracticeModel.GROUP)
    hours = json.loads(board(world, on))["package"]["hours"]
    assert {"by": "setting", "value": "crisis", "unit": "hours", "amount": "4"} in hours
    assert {"by": "model", "value": "group", "unit": "hours", "amount": "4"} in hours


def test_cap_e8_lived_experience_is_never_in_a_package_for_a_board(world: World) -> None:
    on = on_the_way(world)
    text = board(world, on).decode().casefold()
    for word in ("lived", "experience", "statement", "nervous", "journal", "recovery that lasts"):
        assert word not in text, word
    assert "lived_experience" not in text
    assert "experience" in own(world, on).decode().casefold(), "their own record has it: it is theirs"


def test_a_board_gets_digests_of_the_words_of_practice_and_its_holder_the_words(world: World) -> None:
    on = on_the_way(world)
    for content, words in ((board(world, on), False), (own(world, on), True)):
        package = json.loads(content)["package"]
        observed = [each for each in package["signatures"] if each["of"].startswith("observation:")]
        assert all((each["document"] is not None) is words for each in (*observed, *package["decisions"]))
        assert (b"I was nervous at first." in content) is words


def test_what_was_signed_of_the_ledger_is_in_both_word_for_word(world: World) -> None:
    on = on_the_way(world)
    entry_id = handed(world)
    signed(world, entry_id)
    kept = world.session.scalars(
        select(LedgerSignatureRow.document).where(LedgerSignatureRow.entry_id == entry_id)
    ).one()
    assert "The evening shift." in str(kept)
    for content in (board(world, on), own(world, on)):
        signatures = json.loads(content)["package"]["signatures"]
        assert [one["document"] for one in signatures if one["of"] == f"ledger_entry:{entry_id}"] == [kept]


def test_cap_d9_somebodys_own_record_is_checked_with_nothing_but_the_file(world: World, tmp_path: Path) -> None:
    code, said = run(tmp_path, own(world, on_the_way(world)))
    assert code == 0, said
    assert "It holds: of Sam Example" in said


def test_the_hours_that_were_signed_are_checked_by_what_was_shown(world: World) -> None:
    """Signed as people do it, with the salt that the audit does not have."""
    on, jo = on_the_way(world), world.visitor("jo")
    entry_id = on.waiting(EntryKind.PRACTICE, "2", jo)
    row = world.session.get_one(LedgerEntryRow, entry_id)
    row.course_id = world.place(jo).course.id
    world.session.flush()
    shown = ledger_signing.preview(world.session, jo, entry_id, world.now)
    ledger_signing.sign(world.session, jo, entry_id, digest=shown.digest, now=world.now)
    outside = json.loads(board(world, on))
    signature = next(each for each in outside["package"]["signatures"] if each["of"] == f"ledger_entry:{entry_id}")
    assert signature["entry"] is not None
    assert check(json.dumps(outside).encode()).troubles == ()
    signature["document"] = signature["document"].replace('"amount":"2"', '"amount":"20"')
    assert check(json.dumps(outside).encode()).troubles[0].what.startswith("What was shown is not what was signed")


def test_a_package_is_for_program_leads_and_for_whose_it_is(world: World) -> None:
    on = on_the_way(world)
    for who in ("noor", "jo", "ines"):
        with pytest.raises(NotHere):
            packages.for_board(
                world.session, world.visitor(who), on.enrollment_id, world.now, public_url=URL, leads=False
            )
    mine = packages.for_board(
        world.session, world.visitor("sam"), on.enrollment_id, world.now, public_url=URL, leads=False
    )
    assert mine.content["kind"] == "board"


def archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return made.getvalue()


def that_says_it_is_large() -> bytes:
    content = bytearray(archive({NAME: b"{}"}))
    at = content.index(b"PK\1\2") + 24
    content[at : at + 4] = (2**31 - 1).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (archive({"other.txt": b"x"}), "no package.json in this archive"),
        (that_says_it_is_large(), "larger than any package"),
        (b'{"package": {"format": "attune-pack', "only a part"),
        (b"", "only a part"),
        (b"\xff\xfe", "only a part"),
        (b'{"a": 1}', "no package"),
        (b"[]", "no package"),
        (b'{"package": {"format": "attune-package", "version": 0}}', "version 0"),
        (b"PK\x03\x04 half an archive", "not whole"),
    ],
)
def test_what_is_no_package_is_said_so_with_what_to_do(tmp_path: Path, content: bytes, word: str) -> None:
    code, said = run(tmp_path, content)
    assert code == 2
    assert word in said


def test_another_key_is_not_taken_for_theirs(world: World) -> None:
    content = board(world, on_the_way(world))
    other = {**keys(world)[0], "n": "AQAB"}
    assert [each.where for each in check(content, [other]).troubles] == ["jws"]


@pytest.mark.parametrize("text", ["{}", "[]", '{"keys": []}', '{"keys": ["a"]}', "{", '{"kty": "RSA", "kty": "EC"}'])
def test_a_file_without_a_key_is_told_so_and_not_taken_for_no_file(text: str) -> None:
    with pytest.raises(NotAPackage, match="he file of keys"):
        keys_in(text)


def test_keys_are_read_from_a_set_from_one_key_and_from_a_did_document(world: World) -> None:
    (key,) = keys(world)
    for text in ({"keys": [key]}, key, {"verificationMethod": [{"publicKeyJwk": key}]}):
        assert keys_in(json.dumps(text)) == (key,)


def test_one_that_is_not_signed_says_so_and_holds_no_keys_promise(world: World, tmp_path: Path) -> None:
    content = board(world, on_the_way(world), signed=False)
    code, said = run(tmp_path, content)
    assert (code, "not signed" in said) == (0, True)
    assert [each.where for each in check(content, keys(world)).troubles] == ["jws"]


def test_a_signed_one_whose_signature_was_taken_off_does_not_hold(world: World) -> None:
    outside = json.loads(board(world, on_the_way(world)))
    outside["jws"] = None
    assert [each.where for each in check(json.dumps(outside).encode()).troubles] == ["jws"]


def resealed(content: bytes, change: Callable[[dict[str, Any]], Any]) -> tuple[bytes, list[str]]:
    """As somebody would write it who knows how packages are made, and what is said of it."""
    package = json.loads(content)["package"]
    package = {
        name: part for name, part in package.items() if name not in ("format", "version", "signed_with", "parts")
    }
    change(package)
    made = sealed(package)
    return made, [f"{each.where}: {each.what}" for each in check(made).troubles]


def test_a_chain_that_was_put_together_otherwise_is_told_though_every_digest_fits(world: World) -> None:
    content = board(world, on_the_way(world))

    def follows_another(package: dict[str, Any]) -> None:
        last = package["chain"]["entries"][-1]
        entry = {**last, "number": last["number"] + 1, "previous": "0" * 64}
        digest = entry_digest(package["chain"]["organization"], entry)
        package["chain"]["entries"].append({**entry, "digest": digest})

    def again(package: dict[str, Any]) -> None:
        package["chain"]["entries"] *= 2

    def says_other_words(package: dict[str, Any]) -> None:
        signature = next(each for each in package["signatures"] if each["entry"] is not None)
        signature.update(document="words", digest=sha256(b"words"))

    def ends_otherwise(package: dict[str, Any]) -> None:
        last = package["chain"]["entries"][-1]
        package["chain"]["head"].update(number=last["number"], digest="0" * 64)

    for change, said in (
        (
            lambda package: package["chain"]["entries"].extend(package["chain"]["entries"]),
            "It does not come after the one before it.",
        ),
        (follows_another, "It does not follow the entry before it."),
        (ends_otherwise, "chain/head: The chain does not end as it says."),
        (says_other_words, "does not tell"),
    ):
        troubles = resealed(content, change)[1]
        assert any(said in each for each in troubles), (said, troubles)


def test_files_of_an_archive_that_went_or_came_are_named(world: World) -> None:
    content = board(world, on_the_way(world))
    made, troubles = resealed(content, lambda package: package.update(files={"a.txt": sha256(b"a"), "b.txt": "0" * 64}))
    assert troubles == []
    found = check(archive({NAME: made, "b.txt": b"b", "c.txt": b"c"})).troubles
    assert [(each.where, each.what.split(".")[0]) for each in found] == [
        ("a.txt", "This file is not in the archive any more"),
        ("b.txt", "This file is not as it was packed"),
        ("c.txt", "This file was not in the package"),
    ]


def test_a_number_that_is_none_and_a_signature_in_other_letters_are_tampering(world: World) -> None:
    (trouble,) = check(b'{"package": {"format": "attune-package", "version": 1, "x": NaN}}').troubles
    assert "a number that no package has" in trouble.what
    outside = json.loads(board(world, on_the_way(world)))
    outside["jws"] = outside["jws"].replace(".", "=.", 1)
    assert [each.where for each in check(json.dumps(outside).encode()).troubles] == ["jws"]


def places(found: Any, *way: Any) -> Iterator[tuple[Any, ...]]:
    """The way to every value."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield from places(value, *way, name)
    elif isinstance(found, list):
        for place, value in enumerate(found):
            yield from places(value, *way, place)
    else:
        yield way


def changed(value: Any, at: int) -> Any:
    if isinstance(value, str) and value:
        at %= len(value)
        return value[:at] + ("x" if value[at] != "x" else "y") + value[at + 1 :]
    if isinstance(value, bool):
        return not value
    return "x" if value in (None, "") else value + 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_value_is_changed_is_noticed(world: World, data: st.DataObject) -> None:
    content = world.session.info.get("package") or own(world, on_the_way(world))
    world.session.info["package"] = content
    outside = json.loads(content)
    way = data.draw(st.sampled_from(list(places(outside))))
    inside = outside
    for step in way[:-1]:
        inside = inside[step]
    inside[way[-1]] = changed(inside[way[-1]], data.draw(st.integers(0, 5000)))
    try:
        found: Checked | None = check(json.dumps(outside).encode())
    except NotAPackage:
        found = None
    assert found is None or found.troubles, way


def test_what_was_changed_is_named_by_where_it_is(world: World, tmp_path: Path) -> None:
    outside = json.loads(own(world, on_the_way(world)))
    place = next(n for n, each in enumerate(outside["package"]["signatures"]) if each["of"].startswith("observation:"))
    signature = outside["package"]["signatures"][place]
    signature["document"] = signature["document"].replace("nervous", "certain")
    code, said = run(tmp_path, json.dumps(outside).encode())
    assert code == 1
    assert said.splitlines()[1].startswith(f"  signatures/{place} (observation:")
    assert "tampered" in said


def test_the_published_schema_is_the_one_by_which_packages_are_read(world: World) -> None:
    published = (ROOT / "docs" / "schema" / "package-1.json").read_text()
    assert published == schema()
    jsonschema.validate(json.loads(board(world, on_the_way(world))), json.loads(published))


def test_signatures_carry_how_sure_it_is_who_signed(world: World) -> None:
    package = json.loads(board(world, on_the_way(world)))["package"]
    assert {each["assurance"] for each in package["signatures"]} <= {each.value for each in Assurance}
