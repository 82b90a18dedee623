"""What verifiers read of an issuer: public, the same for everybody, and about nobody."""

from datetime import timedelta
from uuid import UUID

import pytest

from grading.evidence import Outcome
from lti_tool.documents import bitstring
from lti_tool.lti.jws import take_apart
from lti_tool.services.credentials import issuer_keys, issuing, status_lists
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.decisions import DecisionRow
from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.path_rows import on_the_way
from tests.lti_tool.web.course import HOST, Course

URL = f"https://{HOST}"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def issued(course: Course) -> CredentialRow:
    world = course.world
    row = on_the_way(world, text=RENEWED)
    about = world.session.get_one(DecisionRow, decided(world, row, world.now.date(), Outcome.CERTIFIED))
    made = issuing.issue(
        world.session, row, about, name="Sam Example", language="en", by=row.person_id, now=world.now, public_url=URL
    )
    course.kept()
    return made


def path(course: Course, end: str) -> str:
    return f"/o/{course.world.organization_id}/{end}"


def test_the_identity_of_an_issuer_is_found_where_its_did_says_with_every_key_that_it_ever_had(course: Course) -> None:
    anybody = course.app.test_client()
    assert anybody.get(path(course, "did.json")).status_code == 404
    issued(course)
    first = anybody.get(path(course, "did.json"))
    assert first.json["id"] == f"did:web:{HOST}:o:{course.world.organization_id}"
    issuer_keys.rotate(course.world.session, course.world.organization_id, course.world.now)
    course.kept()
    found = anybody.get(path(course, "did.json")).json
    assert {one["id"] for one in first.json["verificationMethod"]} < {one["id"] for one in found["verificationMethod"]}
    assert len(found["assertionMethod"]) == 2 * len(first.json["assertionMethod"])
    assert not any("d" in one.get("publicKeyJwk", {}) for one in found["verificationMethod"])
    keys = anybody.get(path(course, "jwks.json")).json["keys"]
    assert all("d" not in key and "p" not in key for key in keys)


def test_a_page_that_caches_may_keep_is_the_same_whoever_is_signed_in_and_kept_by_language(course: Course) -> None:
    issued(course)
    answer = course.browser("sam").get(path(course, "issuer"), headers=BROWSER)
    assert answer.headers["Cache-Control"].startswith("public")
    assert {"Accept", "Accept-Language"} <= set(answer.vary)
    assert not answer.headers.getlist("Set-Cookie")
    assert "Sign out" not in answer.text
    assert "csrf" not in answer.text


def test_cap_d7_a_status_list_says_how_credentials_stand_and_nothing_of_whom(course: Course) -> None:
    row, anybody = issued(course), course.app.test_client()
    address = path(course, "status/1/revocation")

    def bit(purpose: str) -> bool:
        claims = take_apart(anybody.get(path(course, f"status/1/{purpose}")).text).claims
        return bitstring.is_set(bitstring.decoded(claims["credentialSubject"]["encodedList"]), row.status_index)

    assert (bit("revocation"), bit("suspension")) == (False, False)
    issuing.suspend(course.world.session, row, None, course.world.now)
    course.kept()
    assert (bit("revocation"), bit("suspension")) == (False, True)
    issuing.withdraw(course.world.session, row, "For a reason.", None, course.world.now)
    course.kept()
    assert bit("revocation")
    answer = anybody.get(address)
    assert answer.headers["Cache-Control"] == f"public, max-age={status_lists.MAX_AGE}"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert anybody.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert anybody.get(path(course, "status/2/revocation")).status_code == 404
    assert anybody.get(path(course, "status/1/other")).status_code == 404


def test_a_status_list_has_the_form_that_a_verifier_asks_for(course: Course) -> None:
    pytest.importorskip("pyld")
    issued(course)
    anybody, address = course.app.test_client(), path(course, "status/1/suspension")
    assert anybody.get(address).mimetype == "text/plain"
    found = anybody.get(address, headers={"Accept": "application/ld+json, application/json"})
    assert found.mimetype == "application/vc+ld+json"
    assert found.json["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"
    assert found.json["id"] == f"{URL}{address}"


def test_what_is_certified_is_a_page_for_people_and_a_document_for_machines(course: Course) -> None:
    issued(course)
    anybody, address = course.app.test_client(), path(course, "achievements/renewed/initial/1")
    found = anybody.get(address).json
    assert found["id"] == f"{URL}{address}"
    assert found["criteria"] == {"narrative": "- 10 hours of practice"}
    page = anybody.get(address, headers=BROWSER)
    assert page.mimetype == "text/html"
    assert "10 hours of practice" in page.text
    assert "Sam" not in page.text + str(found)
    issuer = anybody.get(path(course, "issuer"), headers=BROWSER)
    assert issuer_keys.did_of(URL, course.world.organization_id) in issuer.text


@pytest.mark.parametrize(
    "end", ["achievements/renewed/renewal/1", "achievements/renewed/initial/2", "achievements/x/y/1"]
)
def test_what_nobody_has_a_credential_of_is_not_here(course: Course, end: str) -> None:
    anybody = course.app.test_client()
    assert anybody.get(path(course, "achievements/renewed/initial/1")).status_code == 404
    issued(course)
    assert anybody.get(path(course, end)).status_code == 404


def test_of_another_organization_nothing_is_here(course: Course) -> None:
    issued(course)
    anybody = course.app.test_client()
    for end in ("did.json", "jwks.json", "issuer", "status/1/revocation", "achievements/renewed/initial/1"):
        assert anybody.get(f"/o/{UUID(int=5)}/{end}").status_code == 404


def test_a_list_is_signed_once_an_hour_while_nothing_changes(course: Course) -> None:
    issued(course)
    anybody, address = course.app.test_client(), path(course, "status/1/revocation")
    claims = take_apart(anybody.get(address).text).claims
    assert claims["exp"] - claims["nbf"] == timedelta(hours=24).total_seconds()
    assert anybody.get(address).text == anybody.get(address).text
