"""Deep linking: only an answer that is right in every point adds an activity."""

import time
from typing import Any

import pytest

from lti_tool.practice import PracticeLms
from lti_tool.practice.keys import PlatformKey
from lti_tool.practice.names import CLAIM, DEEP_LINKING_CLAIM
from tests.lti_tool.practice.stub_tool import StubTool

ITEM = {"type": "ltiResourceLink", "title": "Observed practice"}
DATA = DEEP_LINKING_CLAIM + "data"
ITEMS = DEEP_LINKING_CLAIM + "content_items"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"iss": "stranger"}, "iss is not a client_id that this LMS gave out"),
        ({"aud": "http://127.0.0.1:1"}, "Audience doesn't match"),
        ({"exp": int(time.time()) - 1}, "exp is not later than now"),
        ({"exp": None}, 'missing the "exp" claim'),
        ({"exp": int(time.time()) + 7200}, "it lives longer than an hour"),
        ({"iat": None}, 'missing the "iat" claim'),
        ({"iat": int(time.time()) + 3000}, "iat is later than now"),
        ({"iat": "now"}, "iat is not a number"),
        ({"nbf": int(time.time()) + 3000}, "nbf is later than now"),
        ({"nonce": None}, 'missing the "nonce" claim'),
        ({"nonce": ""}, "nonce is not text"),
        ({CLAIM + "message_type": "LtiResourceLinkRequest"}, "message_type is not LtiDeepLinkingResponse."),
        ({CLAIM + "version": "1.3"}, "version is not 1.3.0."),
        ({CLAIM + "deployment_id": "77"}, "deployment_id is not "),
        ({DATA: "changed"}, "data is missing or came back changed"),
        ({DATA: None}, "data is missing or came back changed"),
        ({ITEMS: {}}, "content_items is not a list."),
    ],
)
def test_an_answer_with_a_wrong_claim_adds_nothing(
    lms: PracticeLms, tool: StubTool, changes: dict[str, Any], sentence: str
) -> None:
    tool.content_items, tool.changes = [ITEM], changes
    assert_nothing_added(lms, sentence)


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("text", "it is not an object"),
        (ITEM | {"type": "link"}, "type link was not asked for"),
        (ITEM | {"title": None}, "title is missing"),
        (ITEM | {"title": "x" * 256}, "title is missing, blank or longer than 255"),
        (ITEM | {"text": None}, "text is not text"),
        (ITEM | {"url": "https://elsewhere.example/launch"}, "url is not an address of this tool"),
        (ITEM | {"custom": {"a": 1}}, "custom holds something else than single lines of text"),
        (ITEM | {"custom": {"a": "one\ntwo"}}, "custom holds something else than single lines of text"),
        (ITEM | {"lineItem": 5}, "lineItem is not an object"),
        (ITEM | {"lineItem": {}}, "scoreMaximum is not a whole number from 1 to 100"),
        (ITEM | {"lineItem": {"scoreMaximum": 12.5}}, "scoreMaximum is not a whole number from 1 to 100"),
        (ITEM | {"lineItem": {"scoreMaximum": 10, "tag": None}}, "label, resourceId or tag is not text"),
    ],
)
def test_an_item_that_moodle_would_not_take_adds_nothing(
    lms: PracticeLms, tool: StubTool, item: Any, sentence: str
) -> None:
    tool.content_items = [ITEM, item]
    assert "Item 2" in assert_nothing_added(lms, sentence)


def assert_nothing_added(lms: PracticeLms, sentence: str) -> str:
    visitor = lms.visitor()
    page = visitor.submit(visitor.choose_in_tool("ines"))
    assert page.status == 400
    assert sentence in page.words
    assert lms.activities() == ()
    return page.words


def test_an_answer_is_good_once(lms: PracticeLms, tool: StubTool) -> None:
    tool.content_items = [ITEM]
    visitor = lms.visitor()
    page = visitor.choose_in_tool("ines")
    assert "Added" in visitor.submit(page).words
    again = visitor.submit(page)
    assert again.status == 400
    assert "used already" in again.words
    assert len(lms.activities()) == 1


def test_a_nonce_is_good_once(lms: PracticeLms, tool: StubTool) -> None:
    tool.content_items, tool.changes = [ITEM], {"nonce": f"the same {time.time()}"}
    visitor = lms.visitor()
    visitor.submit(visitor.choose_in_tool("ines"))
    assert "nonce was used before." in visitor.submit(visitor.choose_in_tool("ines")).words


def test_a_signature_by_another_key_adds_nothing(lms: PracticeLms, tool: StubTool) -> None:
    tool.content_items = [ITEM]
    visitor, own = lms.visitor(), tool.key
    stranger = PlatformKey.new()
    tool.key = PlatformKey(own.kid, stranger.private)
    page = visitor.choose_in_tool("ines")
    tool.key = own
    assert "Signature verification failed" in visitor.submit(page).words


def test_the_key_set_is_fetched_once_and_once_more_for_a_new_key(lms: PracticeLms, tool: StubTool) -> None:
    tool.content_items, before = [ITEM], tool.key_set_fetches
    visitor = lms.visitor()
    for _ in range(2):
        assert "Added" in visitor.submit(visitor.choose_in_tool("ines")).words
    assert tool.key_set_fetches == before + 1
    tool.key = PlatformKey.new()
    assert "Added" in visitor.submit(visitor.choose_in_tool("ines")).words
    assert tool.key_set_fetches == before + 2


def test_several_items_are_added_in_order_and_none_is_said(lms: PracticeLms, tool: StubTool) -> None:
    visitor = lms.visitor()
    tool.content_items = [ITEM, ITEM | {"title": "Second"}]
    assert "Added: Observed practice, Second." in visitor.submit(visitor.choose_in_tool("ines")).words
    tool.content_items = []
    assert "Nothing was chosen." in visitor.submit(visitor.choose_in_tool("ines")).words
    tool.changes = {DEEP_LINKING_CLAIM + "errormsg": "The rubric could not be found."}
    assert "The rubric could not be found." in visitor.submit(visitor.choose_in_tool("ines")).words
