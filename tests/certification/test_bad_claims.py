"""Section 4: correctly signed, and not as it should be."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.lti.errors import LaunchProblem
from lti_tool.store.platforms import DeploymentRow, DeploymentState
from tests.certification.lms import INSTRUCTOR, LTI, Lms
from tests.certification.marks import cert
from tests.certification.place import Attune, words_of
from tests.lti_tool.lti.platform import Claims, drop, put

MISSING = "Something that Attune needs is missing"
MARKUP = '"><script>alert(1)</script>'


@cert("Wrong LTI version")
@pytest.mark.parametrize("version", ["11.3", "1.3", 1.3, "LTI-1p0", "", None, ["1.3.0"]])
def test_B01_another_version_opens_nothing(lms: Lms, version: object) -> None:
    lms.refused(lms.launch(put(LTI + "version", version)), LaunchProblem.VERSION_WRONG, 400, MISSING)


@cert("No LTI version")
def test_B02_without_a_version_nothing_opens(lms: Lms) -> None:
    lms.refused(lms.launch(drop(LTI + "version")), LaunchProblem.VERSION_WRONG, 400, MISSING)


@cert("Invalid LTI message")
def test_B03_a_payload_that_is_no_message_opens_nothing(lms: Lms) -> None:
    answer = lms.launch(sign=lambda claims: lms.sign({"name": "badltilaunch"}))
    lms.refused(answer, LaunchProblem.NONCE_WRONG, 401)


def test_B03_times_and_addressee_alone_are_no_message(lms: Lms) -> None:
    envelope = ("iss", "aud", "nonce", "iat", "exp")
    answer = lms.launch(sign=lambda claims: lms.sign({name: claims[name] for name in envelope}))
    lms.refused(answer, LaunchProblem.VERSION_WRONG, 400, MISSING)


@cert("Missing LTI claims")
def test_B04_without_all_that_identifies_nothing_opens(lms: Lms) -> None:
    answer = lms.launch(drop("aud", "iss", "sub", LTI + "deployment_id", LTI + "roles"))
    lms.refused(answer, LaunchProblem.ISSUER_WRONG, 401)


@cert("message_type missing")
@pytest.mark.parametrize("change", [drop(LTI + "message_type"), put(LTI + "message_type", None)])
def test_B05_without_a_message_type_nothing_opens(lms: Lms, change: Callable[[Claims], None]) -> None:
    lms.refused(lms.launch(change), LaunchProblem.MESSAGE_TYPE_MISSING, 400, MISSING)


@pytest.mark.parametrize("kind", ["LtiFancyRequest", "", "ltiresourcelinkrequest", "LtiStartProctoring"])
def test_B06_a_message_that_we_do_not_offer_is_told(lms: Lms, kind: str) -> None:
    answer = lms.launch(put(LTI + "message_type", kind))
    lms.refused(answer, LaunchProblem.MESSAGE_NOT_SUPPORTED, 400, "does not offer here")


@cert("roles claim missing")
@pytest.mark.parametrize("change", [drop(LTI + "roles"), put(LTI + "roles", None)], ids=["absent", "null"])
def test_B07_without_roles_nothing_opens(lms: Lms, change: Callable[[Claims], None]) -> None:
    lms.refused(lms.launch(change), LaunchProblem.ROLES_WRONG, 400, MISSING)


@pytest.mark.parametrize("roles", [INSTRUCTOR, 5, [5], [INSTRUCTOR, None], {"0": INSTRUCTOR}, [[INSTRUCTOR]]])
def test_B08_roles_that_are_no_list_of_texts_open_nothing(lms: Lms, roles: object) -> None:
    lms.refused(lms.launch(put(LTI + "roles", roles)), LaunchProblem.ROLES_WRONG, 400, MISSING)


@cert("deployment_id missing")
@pytest.mark.parametrize("value", ["absent", "", None, 1])
def test_B09_without_a_deployment_nothing_opens(lms: Lms, value: object) -> None:
    change = drop(LTI + "deployment_id") if value == "absent" else put(LTI + "deployment_id", value)
    lms.refused(lms.launch(change), LaunchProblem.DEPLOYMENT_WRONG, 400, MISSING)


def test_B10_a_deployment_that_was_not_announced_waits_for_the_operator(make_lms: Callable[..., Lms]) -> None:
    lms = make_lms(deployment_ids=("1",))
    answer = lms.launch(put(LTI + "deployment_id", "2"))
    lms.kept["deployment"] += 1
    lms.refused(answer, LaunchProblem.DEPLOYMENT_WAITS, 403, "waits for the yes of Attune's operator")
    assert "administrator" not in answer.text
    with lms.attune.session() as session:
        query = select(DeploymentRow.deployment_id, DeploymentRow.state)
        states = dict(session.execute(query.where(DeploymentRow.registration_id == lms.registration_id)).all())
    assert states == {"1": DeploymentState.ACTIVE, "2": DeploymentState.PENDING}
    assert lms.enter()


def test_B11_the_deployment_of_another_client_opens_nothing(lms: Lms, make_lms: Callable[..., Lms]) -> None:
    other = make_lms(path=lms.path, deployment_ids=("7",))
    answer = lms.launch(put(LTI + "deployment_id", "7"))
    lms.refused(answer, LaunchProblem.DEPLOYMENT_OF_ANOTHER_CLIENT, 403, "deployment of another connection")
    assert other.enter(put(LTI + "deployment_id", "7"))


@pytest.mark.parametrize("value", ["x" * 256, "ä", "a\0b", "a\nb"])
def test_B12_a_deployment_id_out_of_bounds_opens_nothing(lms: Lms, value: str) -> None:
    lms.refused(lms.launch(put(LTI + "deployment_id", value)), LaunchProblem.DEPLOYMENT_WRONG)


@cert("resource_link missing")
@pytest.mark.parametrize(
    "link", ["absent", {}, None, "link-1", {"title": "x"}, {"id": None}, {"id": ""}, {"id": 5}, []]
)
def test_B13_without_a_resource_link_nothing_opens(lms: Lms, link: object) -> None:
    change = drop(LTI + "resource_link") if link == "absent" else put(LTI + "resource_link", link)
    lms.refused(lms.launch(change), LaunchProblem.RESOURCE_LINK_WRONG, 400, MISSING)


def test_B14_an_endless_link_id_opens_nothing(lms: Lms) -> None:
    lms.refused(lms.launch(put(LTI + "resource_link", "id", "x" * 256)), LaunchProblem.RESOURCE_LINK_WRONG)
    assert lms.enter(put(LTI + "resource_link", "id", "x" * 255))


@cert("sub missing")
@pytest.mark.parametrize("change", [drop("sub"), put("sub", None)], ids=["absent", "null"])
def test_B15_without_a_user_nothing_opens(lms: Lms, change: Callable[[Claims], None]) -> None:
    lms.refused(lms.launch(change), LaunchProblem.USER_MISSING, 403, "needs an identified user")


@pytest.mark.parametrize("sub", ["", 6, "x" * 256, ["6"], "a\0b", True])
def test_B16_a_user_id_out_of_bounds_opens_nothing(lms: Lms, sub: object) -> None:
    lms.refused(lms.launch(put("sub", sub)), LaunchProblem.USER_WRONG, 400, MISSING)


@pytest.mark.parametrize("change", [drop(LTI + "target_link_uri"), put(LTI + "target_link_uri", "")])
def test_B17_without_a_target_nothing_opens(lms: Lms, change: Callable[[Claims], None]) -> None:
    lms.refused(lms.launch(change), LaunchProblem.TARGET_MISSING, 400, MISSING)


@pytest.mark.parametrize("path", ["/lti/launch/other", "/lti/launch?x=1", "/"])
def test_B18_another_target_than_at_the_login_opens_nothing(lms: Lms, path: str) -> None:
    answer = lms.launch(put(LTI + "target_link_uri", lms.attune.url + path))
    lms.refused(answer, LaunchProblem.TARGET_CHANGED, 400, "leads to another address")


@pytest.mark.parametrize("target", ["https://evil.example/lti/launch", "javascript:alert(1)", "x"])
def test_B18_a_target_at_a_strangers_opens_nothing(lms: Lms, target: str) -> None:
    answer = lms.launch(put(LTI + "target_link_uri", target))
    lms.refused(answer, LaunchProblem.TARGET_CHANGED)
    assert "evil.example" not in answer.text


def test_B18_another_spelling_of_the_same_target_is_the_same(lms: Lms) -> None:
    assert lms.enter(put(LTI + "target_link_uri", lms.attune.launch_url.replace("http://", "HTTP://") + "#x"))


@pytest.mark.parametrize("context", ["course-1", 5, [], {}, {"title": "x"}, {"id": ""}, {"id": 5}, {"id": "x" * 256}])
def test_B19_a_course_without_an_id_opens_nothing(lms: Lms, context: object) -> None:
    lms.refused(lms.launch(put(LTI + "context", context)), LaunchProblem.CONTEXT_WRONG, 400, MISSING)


@pytest.mark.parametrize(
    "custom",
    [None, "text", [], {"a": None}, {"a": 5}, {"a": ["x"]}, {"a": {"b": {}}}, {"attune_activity": 7}, {"\0": "\0"}],
)
def test_B20_odd_custom_values_stop_nobody(lms: Lms, custom: object) -> None:
    assert lms.enter(put(LTI + "custom", custom))


@pytest.mark.parametrize("value", ["$User.id", "$ResourceLink.id.history", "$Canvas.x"])
def test_B21_an_unresolved_value_counts_as_absent(lms: Lms, value: str) -> None:
    page = lms.enter(put(LTI + "custom", {"attune_activity": value, "locale": value}))
    assert value not in page.text


def test_B22_an_empty_custom_value_is_no_value(lms: Lms) -> None:
    assert lms.enter(put(LTI + "custom", {"attune_activity": "", "a": ""}))


@pytest.mark.parametrize("value", [1, None, ["x"], {"deep": {"deeper": [{}]}}, "x" * 1000])
def test_B23_claims_that_we_do_not_know_are_ignored(lms: Lms, value: object) -> None:
    assert lms.enter(put("https://vendor.example/claim", value), put("acr", value), put(LTI + "unheard_of", value))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://lms.example/course", "data:text/html,x", "//evil.example", "/course", 5, None],
)
def test_B24_an_address_that_may_not_be_opened_is_never_a_link(lms: Lms, address: Any) -> None:
    presentation = put(LTI + "launch_presentation", {"return_url": address})
    pages = [lms.enter(presentation).text, lms.browser.get(f"{lms.attune.url}/waiting").text]
    stopped = lms.launch(presentation, put(LTI + "message_type", "LtiFancyRequest"))
    for page in (*pages, stopped.text):
        assert "Back to your course" not in page
        assert f'href="{address}' not in page


def test_B25_a_list_of_a_mentor_without_that_role_is_ignored(lms: Lms, attune: Attune) -> None:
    scope = put(LTI + "role_scope_mentor", ["user-1", "user-2", 7])
    with_list = lms.enter(put("sub", "user-8"), scope, role=INSTRUCTOR)
    assert words_of(with_list.text) == words_of(lms.enter(put("sub", "user-8"), role=INSTRUCTOR).text)


def test_B26_markup_is_shown_as_text(lms: Lms) -> None:
    def everywhere(claims: Claims) -> None:
        for name in ("name", "given_name", "family_name", "email", "locale"):
            claims[name] = MARKUP
        claims[LTI + "context"] |= {"title": MARKUP, "label": MARKUP}
        claims[LTI + "resource_link"] |= {"title": MARKUP}
        claims[LTI + "roles"] = [INSTRUCTOR, MARKUP]
        claims[LTI + "tool_platform"] = {"guid": MARKUP, "name": MARKUP}
        claims[LTI + "launch_presentation"] = {"locale": MARKUP, "document_target": MARKUP}

    page = lms.enter(everywhere, role=INSTRUCTOR)
    shown = [page.text, lms.browser.get(f"{lms.attune.url}/waiting").text]
    assert all("<script>alert" not in text for text in shown)
    assert "&lt;script&gt;alert(1)" in page.text
    assert MARKUP not in str(lms.attune.lines)
