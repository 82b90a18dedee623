"""Rows D13 to D19 and Moodle's traps: what goes back after an instructor chose."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from lti_tool.lti.deep_linking import Told, content_item, line_item, response_jwt
from lti_tool.lti.keys import NewKey, SigningKey, new_key
from tests.lti_tool.lti.platform import LAUNCH_URL, LTI, NOW, REGISTRATION

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


@pytest.fixture(scope="module")
def key() -> NewKey:
    return new_key()


def item(**changes: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "title": "Observed practice",
        "text": "Three observations",
        "url": LAUNCH_URL,
        "custom": {"attune_activity": "018f"},
        "icon_url": None,
        "line_item": line_item("Observed practice", "018f", review_url=LAUNCH_URL, review_label="Observations"),
    }
    return content_item(**{**wanted, **changes})


def answer(key: NewKey, **changes: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "issuer": REGISTRATION.issuer,
        "client_id": REGISTRATION.client_id,
        "deployment_id": "deployment-1",
        "data": None,
        "items": [item()],
        "key": SigningKey(key.private_pem, key.public_jwk["kid"]),
        "now": NOW,
    }
    token = response_jwt(**{**wanted, **changes})
    public = jwt.PyJWK(key.public_jwk)
    return jwt.decode(
        token,
        public.key,
        algorithms=["RS256"],
        options={"verify_signature": True, "verify_exp": False, "verify_aud": False, "verify_iat": False},
    )


def test_lti_d13_the_answer_has_the_claims_that_are_required(key: NewKey) -> None:
    said = answer(key)
    assert said["iss"] == REGISTRATION.client_id
    assert said["aud"] == REGISTRATION.issuer
    assert said[LTI + "deployment_id"] == "deployment-1"
    assert said[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert said[LTI + "version"] == "1.3.0"
    assert len(said["nonce"]) == 43
    assert said["nonce"] != answer(key)["nonce"]


def test_lti_d14_data_comes_back_unaltered_or_not_at_all(key: NewKey) -> None:
    assert answer(key, data='{"a": "ü"}\n')[DL + "data"] == '{"a": "ü"}\n'
    assert answer(key, data="")[DL + "data"] == ""
    assert DL + "data" not in answer(key)


def test_lti_d16_the_answer_is_fresh_and_short_lived(key: NewKey) -> None:
    said = answer(key)
    assert NOW - timedelta(seconds=30) <= NOW.fromtimestamp(said["iat"], NOW.tzinfo) <= NOW
    assert NOW.fromtimestamp(said["exp"], NOW.tzinfo) > NOW
    assert said["exp"] - said["iat"] <= 600


def test_lti_d17_nothing_chosen_is_an_empty_list(key: NewKey) -> None:
    said = answer(key, items=[], told=Told(message="Nothing was chosen."))
    assert said[DL + "content_items"] == []
    assert said[DL + "msg"] == "Nothing was chosen."
    assert DL + "msg" not in answer(key)


def test_lti_d19_an_item_is_a_link_with_its_column() -> None:
    assert item() == {
        "type": "ltiResourceLink",
        "title": "Observed practice",
        "text": "Three observations",
        "url": LAUNCH_URL,
        "custom": {"attune_activity": "018f"},
        "iframe": {"width": 800, "height": 700},
        "lineItem": {
            "scoreMaximum": 100,
            "label": "Observed practice",
            "resourceId": "018f",
            "tag": "attune",
            "submissionReview": {
                "reviewableStatus": ["InProgress", "Submitted", "Completed"],
                "label": "Observations",
                "url": LAUNCH_URL,
            },
        },
    }


def test_lti_d18_what_went_wrong_is_told_in_plain_text(key: NewKey) -> None:
    said = answer(key, items=[], told=Told(trouble="Something went wrong.", reference="0a1b2c3d4e"))
    assert (said[DL + "errormsg"], said[DL + "errorlog"]) == ("Something went wrong.", "0a1b2c3d4e")
    assert DL + "msg" not in said


def test_lti_d19_an_icon_is_an_address() -> None:
    assert item(icon_url="https://attune.example/icon.svg")["icon"] == {"url": "https://attune.example/icon.svg"}


def test_lti_d19_what_is_empty_is_left_out() -> None:
    bare = item(text=None, icon_url=None, line_item=None)
    assert set(bare) == {"type", "title", "url", "custom", "iframe"}


def test_moodle_d3_the_columns_maximum_is_a_whole_number_up_to_a_hundred() -> None:
    maximum = item()["lineItem"]["scoreMaximum"]
    assert isinstance(maximum, int)
    assert 1 <= maximum <= 100


def test_moodle_d4_titles_are_cut_where_moodle_takes_no_more() -> None:
    assert len(item(title="x" * 300)["title"]) == 255
    assert len(line_item("x" * 300, "018f", review_url=LAUNCH_URL, review_label="Observations")["label"]) == 255


def test_moodle_c4_custom_values_hold_no_line_end() -> None:
    assert item(custom={"a": "one\ntwo"})["custom"] == {"a": "one two"}
