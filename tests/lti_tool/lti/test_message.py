"""Sections 4, 5 and 7 of the conformance list: what the message says."""

from typing import Any

import pytest

from lti_tool.lti.claims import AgsEndpoint, Course, DeepLinkingSettings, Launch, ResourceLink
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.names import GROUPS_CLAIM, NOTICES_CLAIM
from tests.lti_tool.lti.platform import (
    AGS,
    ENDPOINT,
    LTI,
    OURS,
    ROSTER,
    SETTINGS,
    Change,
    Platform,
    drop,
    put,
    signed,
)

LINK, CONTEXT, ROLES, CUSTOM, TARGET = (
    LTI + name for name in ("resource_link", "context", "roles", "custom", "target_link_uri")
)
PRESENTATION, DEPLOYMENT, TYPE, VERSION = (
    LTI + name for name in ("launch_presentation", "deployment_id", "message_type", "version")
)
OPTIONAL = (CONTEXT, "name", "given_name", "family_name", "email")
TOO_LONG = "x" * 256
MENTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"
XSS = "<script>alert(1)</script>"


def launch(platform: Platform, *changes: Change) -> Launch:
    return platform.launch(*changes).launch


def refused(platform: Platform, *changes: Change) -> LaunchRejected:
    with pytest.raises(LaunchRejected) as caught:
        platform.launch(*changes)
    return caught.value


def only(**claims: Any) -> Change:
    """Nothing but what makes a token ours, and these claims."""

    def change(said: dict[str, Any]) -> None:
        kept = {name: said[name] for name in ("iss", "aud", "nonce", "iat", "exp")}
        said.clear()
        said.update(kept, **claims)

    return change


BAD = [
    *(("b01", put(VERSION, value), LaunchProblem.VERSION_WRONG) for value in ("11.3", "1.3", 1.3, "LTI-1p0", None, "")),
    ("b02", drop(VERSION), LaunchProblem.VERSION_WRONG),
    ("b03", only(name="badltilaunch"), LaunchProblem.VERSION_WRONG),
    ("b04", drop("sub", DEPLOYMENT, ROLES), LaunchProblem.DEPLOYMENT_WRONG),
    ("b04", drop("iss", "aud", "sub", DEPLOYMENT, ROLES), LaunchProblem.ISSUER_WRONG),
    ("b05", drop(TYPE), LaunchProblem.MESSAGE_TYPE_MISSING),
    ("b05", put(TYPE, None), LaunchProblem.MESSAGE_TYPE_MISSING),
    ("b06", put(TYPE, "LtiFancyRequest"), LaunchProblem.MESSAGE_NOT_SUPPORTED),
    ("b06", put(TYPE, "LtiEulaRequest"), LaunchProblem.MESSAGE_NOT_SUPPORTED),
    ("b07", drop(ROLES), LaunchProblem.ROLES_WRONG),
    ("b07", put(ROLES, None), LaunchProblem.ROLES_WRONG),
    *(("b08", put(ROLES, value), LaunchProblem.ROLES_WRONG) for value in ("Learner", 5, {}, ["Learner", 5], [None])),
    ("b09", drop(DEPLOYMENT), LaunchProblem.DEPLOYMENT_WRONG),
    *(("b09", put(DEPLOYMENT, value), LaunchProblem.DEPLOYMENT_WRONG) for value in ("", None, 1, ["1"])),
    *(
        ("b12", put(DEPLOYMENT, value), LaunchProblem.DEPLOYMENT_WRONG)
        for value in (TOO_LONG, "ümlaut", "a\0b", "a\nb")
    ),
    ("b13", drop(LINK), LaunchProblem.RESOURCE_LINK_WRONG),
    *(
        ("b13", put(LINK, value), LaunchProblem.RESOURCE_LINK_WRONG)
        for value in ({}, None, "link-1", ["link-1"], {"title": "x"}, {"id": ""}, {"id": 5}, {"id": None})
    ),
    ("b14", put(LINK, {"id": TOO_LONG}), LaunchProblem.RESOURCE_LINK_WRONG),
    ("b14", put(LINK, {"id": "a\0b"}), LaunchProblem.RESOURCE_LINK_WRONG),
    ("b14", put(LINK, {"id": "\ud800"}), LaunchProblem.RESOURCE_LINK_WRONG),
    *(
        ("b16", put("sub", value), LaunchProblem.USER_WRONG)
        for value in ("", 5, TOO_LONG, "4\x005", "a\nb", [], "\ud800")
    ),
    ("b17", drop(TARGET), LaunchProblem.TARGET_MISSING),
    *(("b17", put(TARGET, value), LaunchProblem.TARGET_MISSING) for value in ("", None, 5, "x" * 8_001)),
    ("b18", put(TARGET, f"{OURS}/another"), LaunchProblem.TARGET_CHANGED),
    ("b18", put(TARGET, "https://evil.example/steal"), LaunchProblem.TARGET_CHANGED),
    ("b18", put(TARGET, "javascript:alert(1)"), LaunchProblem.TARGET_CHANGED),
    *(
        ("b19", put(CONTEXT, value), LaunchProblem.CONTEXT_WRONG)
        for value in ("101", ["101"], 101, {}, {"title": "x"}, {"id": ""}, {"id": 5}, {"id": TOO_LONG}, {"id": "a\0b"})
    ),
]


@pytest.mark.parametrize(("row", "change", "code"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_lti_a_message_that_is_not_as_it_should_be_is_refused(
    platform: Platform, row: str, change: Change, code: LaunchProblem
) -> None:
    problem = refused(platform, change)
    assert problem.code is code
    assert problem.status in (400, 401, 403)


def test_lti_b15_without_a_user_nothing_can_be_recorded(platform: Platform) -> None:
    for change in (drop("sub"), put("sub", None)):
        problem = refused(platform, change)
        assert (problem.code, problem.status) == (LaunchProblem.USER_MISSING, 403)
        assert problem.sentence.startswith("This activity needs an identified user")


def test_lti_b18_spelling_and_fragment_of_the_target_do_not_matter(platform: Platform) -> None:
    changed = put(TARGET, "HTTPS://Attune.Example:443/lti/launch#top")
    assert launch(platform, changed).target_link_uri.endswith("#top")


def test_lti_b18_the_target_of_the_login_counts_with_its_query(platform: Platform) -> None:
    asked = platform.login(target_link_uri=f"{OURS}/lti/launch?activity=1")
    claims = platform.claims(asked["nonce"])
    with pytest.raises(LaunchRejected) as caught:
        platform.post(signed(claims), asked["state"])
    assert caught.value.code is LaunchProblem.TARGET_CHANGED
    claims[TARGET] += "?activity=1"
    assert platform.post(signed(claims), asked["state"]).launch.target_link_uri == f"{OURS}/lti/launch?activity=1"


def test_lti_b19_a_course_that_is_null_is_no_course(platform: Platform) -> None:
    assert launch(platform, put(CONTEXT, None)).context is None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (None, {}),
        ("text", {}),
        ([], {}),
        ({"a": None, "b": [], "c": {}, "d": "x"}, {"d": "x"}),
        ({"canvas_user_id": 11, "yes": True, "half": 0.5}, {"canvas_user_id": "11", "yes": "true", "half": "0.5"}),
        ({"empty": ""}, {"empty": ""}),
        ({"nul": "a\0b", "n\0": "x", "half": "\ud800x"}, {"nul": "ab", "n": "x", "half": "?x"}),
    ],
)
def test_lti_b20_custom_parameters_of_any_kind_are_survived(
    platform: Platform, sent: object, kept: dict[str, str]
) -> None:
    assert launch(platform, put(CUSTOM, sent)).custom == kept


def test_lti_b21_variables_that_were_not_resolved_count_as_absent(platform: Platform) -> None:
    sent = {"a": "$User.id", "b": "$Canvas.course.id", "c": "$5 only", "d": "$", "e": "$User.id or so", "f": "${x}"}
    assert set(launch(platform, put(CUSTOM, sent)).custom) == {"c", "d", "e", "f"}


def test_lti_b23_claims_that_nobody_knows_are_ignored(platform: Platform) -> None:
    more = put("https://x.example/claim", {"a": [1, None, "\ud800", "\0"]}), put("errors", {"errors": {}})
    assert launch(platform, *more).sub == "user-6"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://lms.example/back",
        "//lms.example",
        "https://lms.example\\@evil.example",
        "https://user:word@lms.example/",
        "data:text/html,x",
        "https://lms.example/a b",
        "",
        5,
        None,
        "https://lms.example/" + "x" * 8_000,
    ],
)
def test_lti_b24_a_way_back_that_is_not_safe_is_none(platform: Platform, address: object) -> None:
    assert launch(platform, put(PRESENTATION, {"return_url": address})).return_url is None


def test_lti_b24_a_way_back_over_https_is_kept(platform: Platform) -> None:
    address = "https://lms.example/return.php?course=2&sesskey=abc"
    assert launch(platform, put(PRESENTATION, {"return_url": address})).return_url == address


def test_lti_b26_markup_is_kept_as_text(platform: Platform) -> None:
    said = launch(platform, put("name", XSS), put(LINK, "title", XSS), put(CONTEXT, "title", XSS), put("locale", XSS))
    assert (said.name, said.locale) == (XSS, None)
    assert said.resource_link == ResourceLink("link-1", XSS)


def test_lti_v01_a_standard_launch_says_who_where_and_what(platform: Platform) -> None:
    said = launch(platform)
    assert (said.sub, said.name, said.email, said.deployment_id) == (
        "user-6",
        "Sam Rivera",
        "sam@lms.example",
        "deployment-1",
    )
    assert said.context == Course("course-2", "Peer Support Practicum", "PSP-1")
    assert said.resource_link == ResourceLink("link-1", "Observed practice")
    assert (said.ags, said.deep_linking, said.memberships_url, said.return_url, said.locale) == (None,) * 5


@pytest.mark.parametrize(
    ("sent", "kept"), [([], ()), ([""], ()), (["", "Learner"], ("Learner",)), (["a\0b", TOO_LONG], ())]
)
def test_lti_v06_no_role_is_a_role_list_too(platform: Platform, sent: list[str], kept: tuple[str, ...]) -> None:
    assert launch(platform, put(ROLES, sent)).roles == kept


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"given_name": "Sam", "family_name": "Rivera"}, "Sam Rivera"),
        ({"given_name": "Sam"}, "Sam"),
        ({"name": "  "}, None),
        ({"name": 5, "email": "sam@lms.example"}, None),
        ({"name": "a\0b"}, "ab"),
        ({"name": "\0"}, None),
        ({"name": "N" * 900}, "N" * 255),
        ({"name": "\u202eדוד 張偉 \U0001f469\u200d\U0001f393"}, "\u202eדוד 張偉 \U0001f469\u200d\U0001f393"),
        ({"name": "x\ud800"}, "x?"),
        ({}, None),
    ],
)
def test_lti_v07_names_are_taken_as_they_come_or_not_at_all(
    platform: Platform, said: dict[str, object], name: str | None
) -> None:
    changes = [drop("name", "given_name", "family_name", "email"), *(put(key, value) for key, value in said.items())]
    assert launch(platform, *changes).name == name


def test_lti_v11_nothing_optional_is_needed(platform: Platform) -> None:
    said = launch(platform, drop(*OPTIONAL), put(LINK, {"id": "link-1"}))
    assert (said.context, said.name, said.email) == (None, None, None)
    assert said.resource_link == ResourceLink("link-1", None)


def test_lti_v21_ids_are_kept_letter_by_letter(platform: Platform) -> None:
    for identifier in ("Aufgabe-Ü-✓", "aufgabe-ü-✓", " 1 ", "x" * 255):
        assert launch(platform, put(LINK, {"id": identifier})).resource_link == ResourceLink(identifier, None)


@pytest.mark.parametrize(
    ("presented", "own", "kept"),
    [
        ("de-CH", "en", "de-CH"),
        (None, "pt_BR", "pt_BR"),
        ("../etc", "fr", "fr"),
        ("xx-Unknown", None, "xx-Unknown"),
        (5, 5, None),
    ],
)
def test_lti_v23_the_language_of_the_page_comes_before_the_persons(
    platform: Platform, presented: object, own: object, kept: str | None
) -> None:
    said = launch(platform, put(PRESENTATION, {"locale": presented}), put("locale", own))
    assert said.locale == kept


@pytest.mark.parametrize(
    ("sent", "kept"), [("iframe", "iframe"), ("window", "window"), ("popup", None), (["iframe"], None)]
)
def test_lti_e03_how_it_is_shown_is_one_of_three_words(platform: Platform, sent: object, kept: str | None) -> None:
    assert launch(platform, put(PRESENTATION, {"document_target": sent})).document_target == kept


@pytest.mark.parametrize("value", [None, "x", [], 5])
def test_a_presentation_that_is_no_object_is_none(platform: Platform, value: object) -> None:
    assert launch(platform, put(PRESENTATION, value)).return_url is None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"lineitem": "https://lms.example/1", "scope": ["a"]}, AgsEndpoint("https://lms.example/1", None, ("a",))),
        (
            {"lineitem": "", "lineitems": "https://lms.example/all?x=1"},
            AgsEndpoint(None, "https://lms.example/all?x=1", ()),
        ),
        ({"lineitem": "javascript:x", "lineitems": 5, "scope": "a"}, AgsEndpoint(None, None, ())),
        ({"scope": ["a", 5, None, "b c"]}, AgsEndpoint(None, None, ("a",))),
        ({}, AgsEndpoint(None, None, ())),
        (None, None),
        ("x", None),
        ([], None),
    ],
)
def test_lti_a05_what_the_gradebook_offers_is_read_leniently(
    platform: Platform, sent: object, kept: AgsEndpoint | None
) -> None:
    assert launch(platform, put(ENDPOINT, sent)).ags == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (
            {"context_memberships_url": "https://lms.example/r", "service_versions": ["1.0", "2.0"]},
            "https://lms.example/r",
        ),
        ({"context_memberships_url": "https://lms.example/r", "service_versions": ["1.0"]}, None),
        ({"context_memberships_url": "https://lms.example/r"}, None),
        ({"context_memberships_url": 5, "service_versions": ["2.0"]}, None),
        ("x", None),
    ],
)
def test_lti_n02_the_roster_is_used_where_it_speaks_version_two(
    platform: Platform, sent: object, kept: str | None
) -> None:
    assert launch(platform, put(ROSTER, sent)).memberships_url == kept


# ---- deep linking ----

RETURN = "https://lms.example/return?data=abc.def"


def deep(**settings: Any) -> Change:
    def change(claims: dict[str, Any]) -> None:
        claims.pop(LINK)
        claims[TYPE] = "LtiDeepLinkingRequest"
        claims[SETTINGS] = {"deep_link_return_url": RETURN, "accept_types": ["ltiResourceLink"], **settings}

    return change


def test_lti_d01_a_deep_linking_request_says_what_can_be_given_back(platform: Platform) -> None:
    said = launch(platform, deep(accept_multiple=True, data="opaque", title="T", text="D", auto_create=False))
    assert said.resource_link is None
    assert said.deep_linking == DeepLinkingSettings(RETURN, ("ltiResourceLink",), True, None, "opaque", "T", "D")


def test_lti_d02_a_deep_linking_request_needs_no_roles(platform: Platform) -> None:
    assert launch(platform, deep(), drop(ROLES)).roles == ()


@pytest.mark.parametrize(
    "value", [None, "x", [], {}, {"accept_types": ["ltiResourceLink"]}, {"deep_link_return_url": RETURN}]
)
def test_lti_d03_settings_that_are_no_settings_are_refused(platform: Platform, value: object) -> None:
    assert refused(platform, deep(), put(SETTINGS, value)).code is LaunchProblem.DEEP_LINKING_WRONG


def test_lti_d03_missing_settings_are_refused(platform: Platform) -> None:
    assert refused(platform, deep(), drop(SETTINGS)).code is LaunchProblem.DEEP_LINKING_WRONG


@pytest.mark.parametrize("address", ["http://lms.example/r", "javascript:alert(1)", "", None, 5, "/return", "https:/x"])
def test_lti_d04_a_return_address_that_is_not_https_is_refused(platform: Platform, address: object) -> None:
    problem = refused(platform, deep(deep_link_return_url=address))
    assert problem.code is LaunchProblem.DEEP_LINKING_WRONG


@pytest.mark.parametrize("types", [None, "ltiResourceLink", 5, [5], {}])
def test_lti_d05_accepted_types_that_are_no_list_are_refused(platform: Platform, types: object) -> None:
    assert refused(platform, deep(accept_types=types)).code is LaunchProblem.DEEP_LINKING_WRONG


def test_lti_d06_types_without_ours_are_told_to_the_caller(platform: Platform) -> None:
    settings = launch(platform, deep(accept_types=["link", "html"])).deep_linking
    assert settings is not None
    assert settings.accept_types == ("link", "html")


def test_lti_d07_no_presentation_targets_are_fine(platform: Platform) -> None:
    assert launch(platform, deep(accept_presentation_document_targets=[])).deep_linking


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(True, True), ("true", True), ("True", True), (False, False), (None, False), ("x", False), ([], False)],
)
def test_lti_d09_whether_several_are_taken_may_come_as_text(platform: Platform, sent: object, kept: bool) -> None:
    settings = launch(platform, deep(accept_multiple=sent)).deep_linking
    assert settings is not None
    assert settings.accept_multiple is kept


@pytest.mark.parametrize(("sent", "kept"), [(True, True), (False, False), ("false", False), (None, None), (7, None)])
def test_lti_d10_whether_a_column_is_taken_may_stay_unsaid(platform: Platform, sent: object, kept: bool | None) -> None:
    settings = launch(platform, deep(accept_lineitem=sent)).deep_linking
    assert settings is not None
    assert settings.accept_line_item is kept


def test_a_resource_link_request_has_no_deep_linking_settings(platform: Platform) -> None:
    more = put(SETTINGS, {"deep_link_return_url": RETURN, "accept_types": []})
    assert launch(platform, more).deep_linking is None


def test_in_the_lab_addresses_on_loopback_may_be_plain_http(platform: Platform) -> None:
    platform.launch_url = "http://127.0.0.1:8400/lti/launch"
    back = put(PRESENTATION, {"return_url": "http://127.0.0.1:8401/course"})
    assert launch(platform, back).return_url == "http://127.0.0.1:8401/course"
    assert launch(platform, deep(deep_link_return_url="http://localhost:8401/r")).deep_linking
    assert launch(platform, put(PRESENTATION, {"return_url": "http://lms.example/course"})).return_url is None


def test_the_scopes_of_a_platform_are_kept_as_they_are(platform: Platform) -> None:
    scopes = [AGS + "scope/score", AGS + "scope/lineitem"]
    said = launch(platform, put(ENDPOINT, {"lineitems": "https://lms.example/all", "scope": scopes}))
    assert said.ags == AgsEndpoint(None, "https://lms.example/all", tuple(scopes))


def test_services_and_mentees_in_another_form_count_as_absent(platform: Platform) -> None:
    said = launch(
        platform, put(ROLES, [MENTOR]), put(GROUPS_CLAIM, "groups"), put(NOTICES_CLAIM, ["notices"]),
        put(LTI + "role_scope_mentor", "user-9"),
    )  # fmt: skip
    assert (said.groups_url, said.notices, said.mentees) == (None, None, ())
