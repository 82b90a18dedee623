"""How credentials stand, in the words of their pages; and where else a holder can add one, if they like."""

from dataclasses import dataclass
from urllib.parse import urlencode

from lti_tool.documents.badge_checks import Step
from lti_tool.documents.sentences import Sentence
from lti_tool.services.credentials.holding import Held
from lti_tool.services.credentials.issuing import CredentialState, StateKind
from lti_tool.web.moments import day
from lti_tool.web.texts import gettext

ICONS = {
    StateKind.VALID: "check",
    StateKind.ENDED_ON: "circle",
    StateKind.SUSPENDED: "pause",
    StateKind.WITHDRAWN_ON: "circle",
}
LINKEDIN = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True, slots=True)
class Standing:
    """The one large word, and its icon."""

    word: str
    icon: str
    kind: StateKind


@dataclass(frozen=True, slots=True)
class AddTo:
    """A place where the holder can add it by a click, and what that place learns."""

    name: str
    address: str


def standing(state: CredentialState) -> Standing:
    """How it stands: valid, ended on, suspended, withdrawn on."""
    match state.kind:
        case StateKind.VALID:
            said = gettext("valid")
        case StateKind.SUSPENDED:
            said = gettext("suspended")
        case StateKind.ENDED_ON:
            said = gettext("ended on %(day)s", day=day(state.on)) if state.on else gettext("ended")
        case StateKind.WITHDRAWN_ON:
            said = gettext("withdrawn on %(day)s", day=day(state.on)) if state.on else gettext("withdrawn")
    return Standing(said, ICONS[state.kind], state.kind)


def step_said(step: Step) -> str:
    """What one step of checking came to."""
    return _in_words(step.sentence)


def _in_words(sentence: Sentence) -> str:
    """In the reader's language; a sentence may have another one in it."""
    values = {name: _in_words(each) if isinstance(each, Sentence) else each for name, each in sentence.values.items()}
    return gettext(sentence.template, **values)


def add_to(held: Held, address: str) -> tuple[AddTo, ...]:
    """Links that open nothing by themselves; they carry only what the open page at `address` shows."""
    if not address:
        return ()
    asked = {
        "startTask": "CERTIFICATION_NAME",
        "name": f"{held.program.name}: {held.stage}",
        "organizationName": held.issuer,
        "issueYear": held.issued_at.year,
        "issueMonth": held.issued_at.month,
        "certUrl": address,
    }
    if held.valid_until:
        asked |= {"expirationYear": held.valid_until.year, "expirationMonth": held.valid_until.month}
    return (AddTo("LinkedIn", f"{LINKEDIN}?{urlencode(asked)}"),)
