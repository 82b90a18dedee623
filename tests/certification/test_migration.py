"""Section 16: we have no LTI 1.1 past, so what speaks of one is ignored."""

from typing import Any

import pytest

from lti_tool.store.people import LmsAccountRow
from tests.certification.lms import LTI, Lms
from tests.lti_tool.lti.platform import drop, put

CLAIM = {
    "user_id": "an-old-id",
    "oauth_consumer_key": "179248902",
    "oauth_consumer_key_sign": "lWd54kFo5qU7xshAna6v8BwoBm6tmUjc6GTax6+12ps=",
    "context_id": "an-old-course",
    "resource_link_id": "an-old-link",
}


def accounts(lms: Lms, sub: str) -> int:
    here = LmsAccountRow.registration_id == lms.registration_id
    return lms.attune.count(LmsAccountRow, here, LmsAccountRow.sub == sub)


@pytest.mark.parametrize("claim", [CLAIM, {}, None, "text", [CLAIM]])
def test_M01_a_claim_of_lti_1_1_changes_nothing(lms: Lms, claim: Any) -> None:
    assert lms.enter(put(LTI + "lti1p1", claim), put(LTI + "lti11_legacy_user_id", "an-old-id"))
    assert (accounts(lms, "user-6"), accounts(lms, "an-old-id")) == (1, 0)


@pytest.mark.parametrize("change", [drop("oauth_consumer_key_sign"), put("oauth_consumer_key_sign", "wrong")])
def test_M03_its_signature_is_not_looked_at(lms: Lms, change: Any) -> None:
    claim = dict(CLAIM)
    change(claim)
    assert lms.enter(put(LTI + "lti1p1", claim))
    assert accounts(lms, "user-6") == 1
