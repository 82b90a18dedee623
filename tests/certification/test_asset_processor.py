"""Section 17: Attune processes no files of a platform, and never says that it does."""

import json
from collections.abc import Callable

import pytest

from lti_tool.lti import names
from lti_tool.lti.errors import LaunchProblem
from tests.certification.lms import LTI, Lms
from tests.certification.new_lms import AGS, PLATFORM, NewLms
from tests.lti_tool.lti.platform import put

MESSAGES = (
    "LtiAssetProcessorSettingsRequest", "LtiReportReviewRequest", "LtiEulaRequest", "LtiAssetProcessorSubmissionNotice",
)  # fmt: skip
PLACEMENTS = ("ActivityAssetProcessor", "ActivityAssetProcessorContribution")
SCOPES = tuple(
    f"https://purl.imsglobal.org/spec/lti/scope/{name}"
    for name in ("asset.readonly", "report", "eula/user", "eula/deployment")
)
NEVER = (*MESSAGES, *PLACEMENTS, *SCOPES, "ltiAssetProcessor", "AssetProcessor", "scope/eula", "scope/asset")


def never_in(text: str) -> bool:
    return not [word for word in NEVER if word.lower() in text.lower()]


@pytest.mark.parametrize("kind", MESSAGES)
def test_Z01_such_a_message_is_told_that_it_is_not_offered(lms: Lms, kind: str) -> None:
    answer = lms.launch(put(LTI + "message_type", kind), put(LTI + "for_user", {"user_id": "user-7"}))
    lms.refused(answer, LaunchProblem.MESSAGE_NOT_SUPPORTED, 400, "does not offer here")


def test_Z01_registration_asks_for_none_of_it_even_where_all_is_offered(make_new_lms: Callable[..., NewLms]) -> None:
    lms = make_new_lms()
    offered = [{"type": kind, "placements": list(PLACEMENTS)} for kind in (*MESSAGES, "LtiDeepLinkingRequest")]
    lms.say(
        scopes_supported=[AGS + "score", *SCOPES],
        **{PLATFORM: {**lms.configuration[PLATFORM], "messages_supported": offered}},
    )
    lms.registered()
    asked = lms.request()
    assert asked["scope"] == AGS + "score"
    assert never_in(json.dumps(asked))


def test_Z01_what_canvas_reads_of_us_names_none_of_it(lms: Lms) -> None:
    said = lms.browser.get(f"{lms.attune.url}/lti/canvas.json")
    assert said.status_code == 200
    assert said.json()["scopes"]
    assert never_in(said.text)


def test_Z01_no_scope_that_tokens_are_asked_for_is_one_of_these() -> None:
    scopes = [value for name, value in vars(names).items() if name.endswith("_SCOPE")]
    assert len(scopes) >= 5
    assert never_in(" ".join(scopes))
