"""The moodle profile: what its launches say."""

from typing import Any

import pytest

from lti_tool.practice import PracticeLms
from lti_tool.practice.names import CLAIM, DEEP_LINKING_CLAIM, ENDPOINT_CLAIM, LINE_ITEM_TYPE, REVIEW_REQUEST
from tests.lti_tool.practice.stub_tool import StubTool, call

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def test_a_launch_has_the_form_of_moodles(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    claims = moodle_tool.claims
    assert claims[CLAIM + "context"]["type"] == ["CourseSection"]
    assert claims[CLAIM + "tool_platform"]["product_family_code"] == "moodle"
    assert claims[CLAIM + "resource_link"]["description"] == ""
    assert claims[CLAIM + "ext"] == {"lms": "moodle-2", "user_username": "sam"}
    assert claims[CLAIM + "lis"] == {"person_sourcedid": "P006", "course_section_sourcedid": "PSP-1-2026"}
    assert "sesskey=" in claims[CLAIM + "launch_presentation"]["return_url"]
    assert claims["exp"] - claims["iat"] == 60
    assert not {"locale", "picture", "azp"} & set(claims)
    assert "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome" in claims
    assert "?type_id=" in claims[ENDPOINT_CLAIM]["lineitem"]


@pytest.mark.parametrize("person", ["ines", "jo", "manager"])
def test_whoever_teaches_or_manages_looks_the_same(moodle: PracticeLms, moodle_tool: StubTool, person: str) -> None:
    moodle.add_person("manager", "Mia Ger", "manager")
    moodle.visitor().open(person, "A link")
    assert moodle_tool.claims[CLAIM + "roles"] == [MEMBERSHIP + "#Instructor"]


def test_the_administrator_is_an_instructor_everywhere(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    moodle.visitor().open("ada", "A link")
    assert [role.rsplit("#")[1] for role in moodle_tool.claims[CLAIM + "roles"]] == [
        "Administrator", "Instructor", "Administrator",
    ]  # fmt: skip


def test_custom_words_are_filled_in_only_where_moodle_knows_them(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    custom = {
        "history": "$Context.id.history",
        "groups": "$Moodle.Person.userGroupIds",
        "image": "$User.image",
        "link_history": "$ResourceLink.id.history",
        "part": "it is $Context.id",
        "Camel-Case.key": "x",
        "two": "one\ntwo",
    }
    moodle.visitor().open("noor", moodle.add_activity("Words", custom=custom).id)
    assert moodle_tool.claims[CLAIM + "custom"] == {
        "history": "",
        "groups": "1,2",
        "image": "$User.image",
        "link_history": "$ResourceLink.id.history",
        "part": "it is $Context.id",
        "Camel-Case.key": "x",
        "camel_case_key": "x",
        "two": "one",
    }


def test_a_word_with_a_service_name_ends_up_in_the_service(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    moodle.visitor().open("sam", moodle.add_activity("Words", custom={"scores_url": "", "lineitem_url": ""}).id)
    assert moodle_tool.endpoint["scores"] == ""
    assert moodle_tool.endpoint["lineitem"] == ""
    assert moodle_tool.claims[CLAIM + "custom"] == {}


def column(moodle: PracticeLms, tool: StubTool, link: str) -> None:
    headers = {**tool.bearer(), "Content-Type": LINE_ITEM_TYPE}
    body = f'{{"label": "x", "scoreMaximum": 5, "resourceLinkId": "{link}"}}'
    assert call("POST", tool.endpoint["lineitems"], headers, body).status == 201


def test_a_link_with_two_columns_says_none(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    column(moodle, moodle_tool, moodle.activities()[0].id)
    moodle.visitor().open("sam", "A link")
    assert "lineitem" not in moodle_tool.endpoint


def test_a_link_with_only_the_tools_own_column_says_an_empty_text(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    link = moodle.add_activity("No column")
    column(moodle, moodle_tool, link.id)
    moodle.visitor().open("sam", link.id)
    assert moodle_tool.endpoint["lineitem"] == ""


def test_with_privacy_names_vanish_and_the_sourced_id_stays(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    moodle.set_privacy("anonymous")
    words = {"name": "$Person.name.full", "login": "$User.username"}
    moodle.visitor().open("sam", moodle.add_activity("Words", custom=words).id)
    claims = moodle_tool.claims
    assert not {"name", "given_name", "family_name", "email"} & set(claims)
    assert claims[CLAIM + "ext"] == {"lms": "moodle-2"}
    assert claims[CLAIM + "lis"]["person_sourcedid"] == "P006"
    assert claims[CLAIM + "custom"] == {"name": None, "login": "sam"}


def test_a_trainee_can_have_a_review_of_somebody_else_signed(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    item = moodle.line_items()[0]
    assert moodle.visitor().review("sam", item.id, of="noor").status == 403
    moodle.visitor().review("sam", item.id, of="noor", unchecked=True)
    claims = moodle_tool.claims
    assert claims[CLAIM + "message_type"] == REVIEW_REQUEST
    assert (claims["sub"], claims[CLAIM + "for_user"]) == ("6", {"user_id": "7"})
    moodle.visitor().review("ines", item.id)
    assert CLAIM + "for_user" not in moodle_tool.claims


def test_a_copy_tells_its_history_only_where_it_is_asked(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    moodle.add_activity("Asks", custom={"history": "$Context.id.history"})
    copy = moodle.copy_course()
    first, second = moodle.activities(copy.id)
    moodle.visitor().open("sam", first.id)
    assert moodle_tool.claims[CLAIM + "context"]["id"] == copy.id
    assert "2" not in moodle_tool.claims[CLAIM + "custom"].values()
    moodle.visitor().open("sam", second.id)
    assert moodle_tool.claims[CLAIM + "custom"] == {"history": "2"}


def test_the_way_back_shows_what_the_tool_says_or_leads_to_the_course(
    moodle: PracticeLms, moodle_tool: StubTool
) -> None:
    back, visitor = moodle_tool.claims[CLAIM + "launch_presentation"]["return_url"], moodle.visitor()
    visitor.be("sam")
    assert visitor.get(back).url == moodle.base_url + "/course"
    assert "Saved for now" in visitor.get(back + "&lti_msg=Saved+for+now").words


# Choosing

ITEM: dict[str, Any] = {"type": "ltiResourceLink", "title": "Observed practice"}


def test_choosing_comes_without_data_and_without_a_word_about_columns(
    moodle: PracticeLms, moodle_tool: StubTool
) -> None:
    moodle_tool.content_items = [ITEM | {"lineItem": {"scoreMaximum": 20, "label": "Another", "tag": "final"}}]
    visitor = moodle.visitor()
    page = visitor.choose_in_tool("ines")
    settings = moodle_tool.claims[DEEP_LINKING_CLAIM + "deep_linking_settings"]
    assert not {"data", "accept_lineitem"} & set(settings)
    assert moodle_tool.claims[CLAIM + "launch_presentation"] == {"locale": "en"}
    assert "Added: Observed practice." in visitor.submit(page).words
    item = moodle.line_items()[-1]
    assert (item.label, item.tag, item.coupled) == ("Observed practice", "final", True)


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("text", "it is not an object"),
        (ITEM | {"title": "x" * 256}, "title is longer than"),
        (ITEM | {"custom": {"a": []}}, "an array or object in custom"),
    ],
)
def test_an_item_that_cannot_be_kept_adds_nothing(
    moodle: PracticeLms, moodle_tool: StubTool, item: Any, sentence: str
) -> None:
    moodle_tool.content_items = [item]
    visitor, before = moodle.visitor(), len(moodle.activities())
    page = visitor.submit(visitor.choose_in_tool("ines"))
    assert (page.status, sentence in page.words) == (400, True)
    assert len(moodle.activities()) == before


@pytest.mark.parametrize("maximum", [0, 12.5, 200])
def test_one_item_with_another_maximum_cannot_be_saved(
    moodle: PracticeLms, moodle_tool: StubTool, maximum: float
) -> None:
    moodle_tool.content_items = [ITEM | {"lineItem": {"scoreMaximum": maximum}}]
    visitor = moodle.visitor()
    assert visitor.submit(visitor.choose_in_tool("ines")).status == 400
    moodle_tool.content_items *= 2
    assert "Added" in visitor.submit(visitor.choose_in_tool("ines")).words
    assert moodle.line_items()[-1].maximum == 0
