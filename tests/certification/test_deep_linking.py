"""Section 7: an instructor chooses an activity, and the answer goes back signed."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm

from lti_tool.lti.errors import LaunchProblem
from lti_tool.store.courses import ActivityRow
from tests.certification import forms
from tests.certification.lms import INSTRUCTOR, LEARNER, LTI, SETTINGS, Lms
from tests.certification.marks import cert
from tests.certification.place import Answer, Browser, words_of
from tests.lti_tool.lti.platform import Claims, drop, put

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ITEMS, DATA = DL + "content_items", DL + "data"
PICKER = "Add to your course"


def followed(browser: Browser, lms: Lms, answer: Answer) -> Answer:
    """Where an answer leads; the answer itself where it leads nowhere."""
    if answer.status_code != 303:
        return answer
    return browser.request("GET", f"{lms.attune.url}{answer.headers['Location']}")


def picked(lms: Lms, answer: Answer, browser: Browser | None = None) -> Answer:
    """The form of an activity, behind the picker that was shown to someone who was let in."""
    page = lms.opened(answer, browser)
    assert PICKER in words_of(page.text)
    return (browser or lms.browser).get(f"{page.url}/practice")


def choose(lms: Lms, page: Answer, **filled: str) -> Answer:
    form = forms.form(page, "/practice")
    if "version_id" not in form.fields:  # more than one rubric: the first one
        first = re.search(r'name="version_id"[^>]*?value="([^"]+)"', page.text)
        assert first
        filled["version_id"] = first[1]
    return followed(lms.browser, lms, forms.send(lms.browser, page, form, **filled))


def left(lms: Lms, page: Answer) -> Answer:
    """Back to the platform without anything."""
    form = forms.form(page, "/leave")
    return followed(lms.browser, lms, forms.send(lms.browser, page, form))


def sent_back(lms: Lms, answer: Answer) -> Claims:
    """The claims of the answer that a page would post, verified with our published keys."""
    assert answer.status_code == 200, words_of(answer.text)
    token = forms.forms(answer)[0].fields["JWT"][0]
    header = jwt.get_unverified_header(token)
    keys = {key["kid"]: key for key in lms.browser.get(f"{lms.attune.url}/lti/keys").json()["keys"]}
    assert header["alg"] == "RS256"
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}  # the clock is the test's
    claims: Claims = jwt.decode(
        token, RSAAlgorithm.from_jwk(keys[header["kid"]]), algorithms=["RS256"], audience=lms.issuer, options=options
    )
    return claims


def items(lms: Lms, **settings: Any) -> list[dict[str, Any]]:
    """What a choice as it is preselected sends back."""
    found: list[dict[str, Any]] = sent_back(lms, choose(lms, picked(lms, lms.pick(**settings))))[ITEMS]
    return found


def test_D01_a_request_without_a_link_shows_the_picker(lms: Lms) -> None:
    assert picked(lms, lms.pick())


@pytest.mark.parametrize("change", [drop(LTI + "roles"), put(LTI + "roles", [])], ids=["absent", "empty"])
def test_D02_without_roles_it_is_read_and_told_that_adding_is_for_instructors(
    lms: Lms, change: Callable[[Claims], None]
) -> None:
    answer = followed(lms.browser, lms, lms.pick(change))
    assert answer.status_code == 403
    assert "for someone else in the course" in words_of(answer.text)


def test_D02_without_a_user_it_is_told_that_one_is_needed(lms: Lms) -> None:
    lms.refused(lms.pick(drop("sub")), LaunchProblem.USER_MISSING, 403, "needs an identified user")


@pytest.mark.parametrize("settings", ["absent", None, "text", [], 5])
def test_D03_without_settings_nothing_opens(lms: Lms, settings: object) -> None:
    change = drop(SETTINGS) if settings == "absent" else put(SETTINGS, settings)
    lms.refused(lms.pick(change), LaunchProblem.DEEP_LINKING_WRONG)


@pytest.mark.parametrize("address", [None, "", "javascript:alert(1)", "http://lms.example/return", "/return", 5])
def test_D04_without_an_address_to_return_to_nothing_opens(lms: Lms, address: Any) -> None:
    lms.refused(lms.pick(deep_link_return_url=address), LaunchProblem.DEEP_LINKING_WRONG)


@pytest.mark.parametrize("types", [None, "ltiResourceLink", 5, {}, [5]])
def test_D05_without_a_list_of_types_nothing_opens(lms: Lms, types: Any) -> None:
    lms.refused(lms.pick(accept_types=types), LaunchProblem.DEEP_LINKING_WRONG)


@pytest.mark.parametrize("types", [[], ["link", "html"], ["file"], ["ltiAssetProcessor"]])
def test_D06_a_place_that_takes_no_links_is_told_and_gets_nothing(lms: Lms, types: list[str]) -> None:
    page = lms.opened(lms.pick(accept_types=types))
    assert "does not take activities" in words_of(page.text)
    assert sent_back(lms, left(lms, page))[ITEMS] == []


@pytest.mark.parametrize("targets", [[], None, ["iframe", "window"], "iframe"])
def test_D07_any_presentation_targets_show_the_picker(lms: Lms, targets: Any) -> None:
    assert picked(lms, lms.pick(accept_presentation_document_targets=targets))


@pytest.mark.parametrize("multiple", [None, False])
def test_D08_one_item_at_most_is_sent(lms: Lms, multiple: Any) -> None:
    page = picked(lms, lms.pick(accept_multiple=multiple))
    assert "choose another" not in page.text
    assert len(sent_back(lms, choose(lms, page, more="1"))[ITEMS]) == 1


def test_D08_where_the_platform_takes_several_they_are_sent_together(lms: Lms) -> None:
    page = picked(lms, lms.pick(accept_multiple=True))
    picker = choose(lms, page, more="1", title="First")
    again = lms.browser.get(f"{picker.url.partition('?')[0]}/practice")
    sent = sent_back(lms, choose(lms, again, title="Second"))[ITEMS]
    assert [item["title"] for item in sent] == ["First", "Second"]


@pytest.mark.parametrize(("said", "sends"), [("true", True), ("false", False), ("TRUE", True), (1, True), ("x", True)])
def test_D09_yes_and_no_as_texts_are_understood(lms: Lms, said: Any, sends: bool) -> None:
    (item,) = items(lms, accept_multiple=said, accept_lineitem=said)
    assert ("lineItem" in item) is sends


@pytest.mark.parametrize(("said", "sends"), [(False, False), (True, True), (None, True)])
def test_D10_a_column_is_asked_for_unless_the_platform_takes_none(lms: Lms, said: Any, sends: bool) -> None:
    (item,) = items(lms, accept_lineitem=said)
    assert ("lineItem" in item) is sends


def test_D11_adding_is_not_for_learners(lms: Lms) -> None:
    answer = followed(lms.browser, lms, lms.pick(role=LEARNER))
    assert answer.status_code == 403
    assert "for someone else in the course" in words_of(answer.text)


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


def test_D11_an_instructor_of_the_institution_is_not_one_here(lms: Lms) -> None:
    institution = INSTRUCTOR.replace("membership", "institution/person")
    assert followed(lms.browser, lms, lms.pick(role=institution)).status_code == 403
