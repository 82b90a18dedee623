"""Section 7, second half: the answer that goes back to the platform, signed."""

import re
from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest

from lti_tool.store.courses import ActivityRow
from tests.certification import forms
from tests.certification.lms import LEARNER, LTI, Lms
from tests.certification.marks import cert
from tests.certification.picking import DATA, DL, ITEMS, choose, followed, items, left, picked, sent_back
from tests.certification.place import Browser, words_of
from tests.lti_tool.lti.platform import put


def test_D12_the_answer_is_a_form_that_posts_itself_to_the_return_address(lms: Lms) -> None:
    address = f'{lms.issuer}/return?course=1&x="><script>alert(1)</script>'
    answer = choose(lms, picked(lms, lms.pick(deep_link_return_url=address)))
    (form, *_) = forms.forms(answer)
    assert (form.method, form.action, set(form.fields)) == ("POST", address, {"JWT"})
    assert "<script>alert" not in answer.text
    assert re.search(r'<form[^>]*id="post-on"', answer.text)
    policy = answer.headers["Content-Security-Policy"]
    assert f"form-action 'self' {lms.server.url}" in policy
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce
    assert re.search(rf'post_on\.js[^>]*nonce="{re.escape(nonce[1])}"', answer.text)


@cert("Required claims")
def test_D13_the_answer_has_all_that_is_required(lms: Lms) -> None:
    claims = sent_back(lms, choose(lms, picked(lms, lms.pick(put(LTI + "deployment_id", "dep-7")))))
    assert claims["iss"] == lms.client_id
    assert claims["aud"] == lms.issuer
    assert len(claims["nonce"]) >= 22
    assert claims[LTI + "deployment_id"] == "dep-7"
    assert claims[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert claims[LTI + "version"] == "1.3.0"
    assert len(claims[ITEMS]) == 1


@pytest.mark.parametrize("data", ["x", "", "ünï ✓ <b>&amp;", '{"a": [1, 2]}', "y" * 5_000])
def test_D14_data_comes_back_unaltered(lms: Lms, data: str) -> None:
    assert sent_back(lms, choose(lms, picked(lms, lms.pick(data=data))))[DATA] == data


def test_D14_data_that_was_not_sent_is_not_sent_back(lms: Lms) -> None:
    assert DATA not in sent_back(lms, choose(lms, picked(lms, lms.pick(data=None))))


def test_D15_the_answer_is_signed_with_a_published_key(lms: Lms) -> None:
    answer = choose(lms, picked(lms, lms.pick()))
    assert sent_back(lms, answer)
    token = forms.forms(answer)[0].fields["JWT"][0]
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    kids = [key["kid"] for key in lms.browser.get(f"{lms.attune.url}/lti/keys").json()["keys"]]
    assert jwt.get_unverified_header(token)["kid"] in kids


def test_D16_the_answer_is_fresh_and_good_for_ten_minutes_at_most(lms: Lms) -> None:
    claims = sent_back(lms, choose(lms, picked(lms, lms.pick())))
    moment = lms.attune.clock().timestamp()
    assert abs(claims["iat"] - moment) <= 60
    assert moment < claims["exp"] <= claims["iat"] + timedelta(minutes=10).total_seconds()


def test_D17_nothing_chosen_goes_back_with_nothing(lms: Lms) -> None:
    answer = left(lms, lms.opened(lms.pick()))
    assert "Nothing was added" in words_of(answer.text)
    claims = sent_back(lms, answer)
    assert claims[ITEMS] == []
    assert claims[DL + "msg"] == "Nothing was added."


def test_D18_what_is_missing_in_the_picker_is_said_there_and_the_way_back_stays(lms: Lms) -> None:
    page = picked(lms, lms.pick())
    again = choose(lms, page, required_observations="many", title="Kept title")
    assert again.status_code == 422
    assert "number from 1 to 50" in words_of(again.text)
    assert "Kept title" in again.text
    assert "Back to what can be added" in words_of(again.text)
    assert len(sent_back(lms, choose(lms, again, required_observations="2"))[ITEMS]) == 1


def test_D18_after_trouble_of_ours_the_platform_is_told_with_a_reference(lms: Lms) -> None:
    page = lms.opened(lms.pick())
    answer = lms.browser.get(f"{page.url}/trouble", params={"reference": "0123456789"})
    claims = sent_back(lms, answer)
    assert claims[ITEMS] == []
    assert "Nothing was added" in claims[DL + "errormsg"]
    assert claims[DL + "errorlog"] == "0123456789"


def test_D19_the_item_is_one_that_the_specification_describes(lms: Lms) -> None:
    (item,) = items(lms)
    assert item["type"] == "ltiResourceLink"
    assert item["url"] == f"{lms.attune.launch_url}?activity={item['custom']['attune_activity']}"
    assert item["title"]
    assert all(isinstance(value, str) for value in item["custom"].values())
    column = item["lineItem"]
    assert column["scoreMaximum"] > 0
    assert (column["label"], column["tag"]) == (item["title"], "attune")
    assert column["resourceId"] == item["custom"]["attune_activity"]
    assert None not in item.values()


def test_D20_the_column_names_the_way_to_a_persons_record(lms: Lms) -> None:
    (item,) = items(lms)
    review = item["lineItem"]["submissionReview"]
    assert review["reviewableStatus"]
    assert review["label"]
    assert review["url"].startswith(lms.attune.launch_url)


@pytest.mark.parametrize("kept", ["both", "custom", "address"])
def test_D21_the_link_that_was_made_opens_its_activity(lms: Lms, kept: str) -> None:
    (item,) = items(lms)
    url = lms.attune.launch_url if kept == "custom" else item["url"]
    place = (
        put(LTI + "custom", {} if kept == "address" else item["custom"]),
        put(LTI + "resource_link", "id", "made-by-the-platform"),
        put(LTI + "target_link_uri", url),
    )
    answer = lms.launch(*place, role=LEARNER, login={"target_link_uri": url})
    assert answer.headers["Location"] == f"/a/{item['custom']['attune_activity']}"
    assert lms.opened(answer)


def test_D22_an_activity_whose_link_was_never_made_shows_up_nowhere(lms: Lms) -> None:
    (item,) = items(lms)
    lms.enter(put("sub", "learner"), put(LTI + "resource_link", "id", "another-link"), role=LEARNER)
    menu = (
        put(LTI + "resource_link", "id", "course-1"),
        put("https://www.instructure.com/placement", "course_navigation"),
    )
    start = followed(lms.browser, lms, lms.launch(put("sub", "learner"), *menu, role=LEARNER))
    for page in (followed(lms.browser, lms, start), lms.browser.get(f"{lms.attune.url}/waiting")):
        assert page.status_code == 200
        assert item["custom"]["attune_activity"] not in page.text


def test_D23_the_choice_sent_twice_makes_one_activity(lms: Lms) -> None:
    page = picked(lms, lms.pick())
    chosen = [sent_back(lms, choose(lms, page))[ITEMS][0]["custom"] for _time in range(2)]
    assert chosen[0] == chosen[1]
    assert lms.attune.count(ActivityRow, ActivityRow.organization_id == lms.organization_id) == 1


def test_D23_a_choice_is_worth_nothing_to_another_person(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    page = picked(lms, lms.pick())
    other = new_browser()
    theirs = picked(lms, lms.pick(put("sub", "another"), browser=other), other)
    stolen = forms.form(theirs, "/practice")
    stolen.action = forms.form(page, "/practice").action
    answer = forms.send(other, theirs, stolen)
    assert answer.status_code == 404
    assert "JWT" not in answer.text


def test_D24_markup_in_a_title_is_sent_as_plain_text(lms: Lms) -> None:
    title = "<b>Warm & line</b>"
    (item,) = sent_back(lms, choose(lms, picked(lms, lms.pick()), title=title))[ITEMS]
    assert item["title"] == title


def test_D25_the_title_and_text_of_the_request_are_the_first_suggestion(lms: Lms) -> None:
    page = picked(lms, lms.pick(title="Week 3 practice", text="Two visits on the warm line."))
    assert forms.form(page, "/practice").fields["title"] == ["Week 3 practice"]
    (item,) = sent_back(lms, choose(lms, page))[ITEMS]
    assert (item["title"], item["text"]) == ("Week 3 practice", "Two visits on the warm line.")


def test_D26_nothing_of_our_own_is_sent(lms: Lms) -> None:
    (item,) = items(lms)
    known = {"type", "title", "url", "text", "icon", "thumbnail", "custom", "lineItem", "available", "submission",
             "iframe", "window"}  # fmt: skip
    assert set(item) <= known
    assert all(re.fullmatch(r"[a-z_]+", name) for name in item["custom"])
    column = {"scoreMaximum", "label", "resourceId", "tag", "gradesReleased"}
    review = {"https://purl.imsglobal.org/spec/lti/claim/submissionReview", "submissionReview"}
    assert set(item["lineItem"]) <= column | review
