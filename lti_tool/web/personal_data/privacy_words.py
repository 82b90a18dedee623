"""Words for what is kept, why something stays, and how long."""

from collections.abc import Mapping

from lti_tool.services.personal_data.what_stands import Stands
from lti_tool.store.privacy import RetentionRule
from lti_tool.web.texts import _N

PARTS: Mapping[str, str] = {
    "who": _N("Who you are, and how you are reached"),
    "alone": _N("Yours alone: journal, plan, check-ins"),
    "practice": _N("Observed practice"),
    "supervision": _N("Supervision and growth"),
    "path": _N("Your path through programs: hours, decisions, credentials"),
    "gradebook": _N("Scores for the gradebook of your LMS"),
    "proving": _N("Who looked, and what you did"),
    "house": _N("Files that you brought"),
}
"""By part of the data map."""

STAYS: Mapping[Stands, str] = {
    Stands.CERTIFICATE: _N(
        "A certificate or a credential stands, can still be renewed, or rests. A board may ask what it is based on. "
        "Its holder can withdraw a credential on its own page."
    ),
    Stands.PROOF: _N("The program says until when what led to a certificate has to be shown."),
    Stands.APPEAL: _N("An appeal is under way."),
    Stands.PRACTICE: _N("An observation is under way. Finish it, or take it back, and this is over."),
    Stands.PATH: _N("There is an enrollment in a program. It ends with the erasing."),
    Stands.SIGNER: _N("Others rely on a signature. The name stays beside what was signed; everything else goes."),
}

RULES: Mapping[RetentionRule, tuple[str, str]] = {
    RetentionRule.SIGN_IN_LINKS: (
        _N("Links for signing in"),
        _N("Invitations by link and code, counted from the day on which they ran out."),
    ),
    RetentionRule.READINGS: (
        _N("Who opened whose record"),
        _N("Each time somebody opened a record. Those whose record it is can read it as long as it is kept."),
    ),
    RetentionRule.EXPORTS: (
        _N("That a file was asked for"),
        _N("The files themselves are kept for seven days. This is the line that says there was one."),
    ),
    RetentionRule.SCORE_ANSWERS: (
        _N("What the LMS showed"),
        _N("What a column of the LMS showed when it was last compared, counted from then. The scores stay."),
    ),
    RetentionRule.UNFINISHED: (
        _N("Words of practice that was not held"),
        _N("Of observations that were called off, declined or stopped. That there was one stays."),
    ),
    RetentionRule.OWN_WORDS: (
        _N("Journals, plans and check-ins of people who do not come any more"),
        _N("Counted from when they last came. Nobody else can read them at any time."),
    ),
    RetentionRule.RECORDS: (
        _N("All of people who do not come any more"),
        _N(
            "Name, words and files go; that something was signed stays, without a name. Nothing goes of somebody who "
            "is enrolled, has a certificate, a time in which it has to be shown, an appeal, or who signed for others."
        ),
    ),
}
"""A title and what it is about."""
