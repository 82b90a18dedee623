"""Choosing in the picker, as an instructor does, and reading what goes back to the platform."""

import re
from typing import Any

import jwt
from jwt.algorithms import RSAAlgorithm

from tests.certification import forms
from tests.certification.lms import Lms
from tests.certification.place import Answer, Browser, words_of
from tests.lti_tool.lti.platform import Claims

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
