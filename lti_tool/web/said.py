"""What a page says after an act: an act leads to an address with `said=code`, and the page says its sentence.

Only these sentences can appear, whatever an address asks for.
"""

from flask import request

from lti_tool.web.texts import _N, gettext

SAID = {
    "signed_out": _N("You are signed out. To come back, open Attune from your course or with your link."),
    "deployment_accepted": _N("Accepted. People can open Attune from there now."),
    "activity_placed": _N("The activity is ready."),
}


def said() -> str | None:
    """The sentence that this address asks for, in the reader's language."""
    sentence = SAID.get(request.args.get("said", ""))
    return gettext(sentence) if sentence else None
