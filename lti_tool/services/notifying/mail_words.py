"""The words of every mail, in the language of who reads it. None says what it is about.

Who wants it so reads not even who sends it: somebody else may look at their screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lti_tool.services.languages import said_in
from lti_tool.store.mail import MailKind
from rubrics.refusal import _N


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind of mail; `%(sender)s` is a person and their institution, or the institution."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What is put into them."""

    sender: str
    organization: str
    named: bool
    """Whether sender and organization may be named."""
    link: str
    code: str
    stop_url: str | None = None
    """None for what somebody asked for: there is nothing to stop."""


@dataclass(frozen=True, slots=True)
class Written:
    """What its reader sees."""

    subject: str
    text: str


TEXTS: Mapping[MailKind, Words] = MappingProxyType(
    {
        MailKind.INVITATION: Words(
            _N("An invitation from %(sender)s"),
            _N(
                "You are invited by %(sender)s.\n\n"
                "This link shows what it is about. Opening it changes nothing, and you can use it as often as you "
                "need:\n%(link)s\n\n"
                "If you do not know who that is, please leave it: nothing happens without you.\n"
            ),
        ),
        MailKind.CODE: Words(
            _N("Your code"),
            _N(
                "Your code for signing in at %(organization)s:\n\n%(code)s\n\n"
                "It works for ten minutes, together with the link that you opened. If you did not ask for it, "
                "please leave it: without your link it opens nothing.\n"
            ),
        ),
        MailKind.ADDRESS: Words(
            _N("Your code"),
            _N(
                "Somebody at %(organization)s, most likely you, gave this address. The code that shows it is yours:"
                "\n\n%(code)s\n\n"
                "It works for ten minutes. If it was not you, please leave it: nothing more is sent here.\n"
            ),
        ),
        MailKind.SIGNING: Words(
            _N("Your code"),
            _N(
                "Your code for %(organization)s:\n\n%(code)s\n\n"
                "It works for ten minutes, on the page that asked for it. If you did not ask for it, please give it to "
                "nobody, and tell the people who look after Attune: somebody else may have your page open.\n"
            ),
        ),
        MailKind.FORMER: Words(
            _N("No more mail comes here"),
            _N(
                "Mail from %(organization)s does not come to this address any more: its owner changed that in Attune, "
                "most likely you. Then there is nothing to do.\n\n"
                "If it was not you, please tell the people who look after Attune.\n"
            ),
        ),
        MailKind.MERGE: Words(
            _N("Was this you?"),
            _N(
                "On a page that is open in your name somebody asked to make another account one with yours. Most "
                "likely that was you: then there is nothing to do here.\n\n"
                "Nothing changes without a second look by you. If it was not you, you can call it off "
                "here:\n%(link)s\n"
            ),
        ),
        MailKind.NEWS: Words(
            _N("You have an update"),
            _N("You have an update. It is here, whenever it suits you:\n%(link)s\n"),
        ),
        MailKind.REMINDER: Words(
            _N("You have an update"),
            _N("Something is still there for you, whenever it suits you:\n%(link)s\n"),
        ),
        MailKind.COPY: Words(
            _N("Your copy"),
            _N(
                "You have a copy of something that carries your name. You can read it here, and say if it was not "
                "you:\n%(link)s\n"
            ),
        ),
    }
)
NAMELESS: Mapping[MailKind, Words] = MappingProxyType(
    {
        MailKind.INVITATION: Words(
            _N("An invitation"),
            _N(
                "You have an invitation.\n\n"
                "This link shows who it is from and what it is about. Opening it changes nothing, and you can use it "
                "as often as you need:\n%(link)s\n"
            ),
        ),
        MailKind.CODE: Words(
            _N("Your code"),
            _N(
                "Your code for signing in:\n\n%(code)s\n\n"
                "It works for ten minutes, together with the link that you opened. If you did not ask for it, "
                "please leave it: without your link it opens nothing.\n"
            ),
        ),
        MailKind.ADDRESS: Words(
            _N("Your code"),
            _N(
                "Somebody, most likely you, gave this address. The code that shows it is yours:\n\n%(code)s\n\n"
                "It works for ten minutes. If it was not you, please leave it: nothing more is sent here.\n"
            ),
        ),
        MailKind.SIGNING: Words(
            _N("Your code"),
            _N(
                "Your code:\n\n%(code)s\n\n"
                "It works for ten minutes, on the page that asked for it. If you did not ask for it, please give it to "
                "nobody, and tell the people who look after Attune: somebody else may have your page open.\n"
            ),
        ),
        MailKind.FORMER: Words(
            _N("No more mail comes here"),
            _N(
                "Mail from Attune does not come to this address any more: its owner changed that, most likely you. "
                "Then there is nothing to do.\n\n"
                "If it was not you, please tell the people who look after Attune.\n"
            ),
        ),
    }
)
"""Instead, where nobody is named; the other kinds name nobody in any case."""
FOOT = "\n-- \n%(sender)s\n"
NAMELESS_FOOT = "\n-- \nAttune\n"
STOP = _N("No such mail any more, or how often and when: %(stop)s\n")


def written(kind: MailKind, filling: Filling, language: str) -> Written:
    """The mail as its reader sees it, in one of `languages.languages()`."""
    words = TEXTS[kind] if filling.named else NAMELESS.get(kind, TEXTS[kind])
    values = {
        "sender": filling.sender,
        "organization": filling.organization,
        "link": filling.link,
        "code": in_halves(filling.code),
    }
    text = said_in(language, words.text) % values + (FOOT if filling.named else NAMELESS_FOOT) % values
    if filling.stop_url is not None:
        text += said_in(language, STOP) % {"stop": filling.stop_url}
    return Written(one_line(said_in(language, words.subject) % values), text)


def in_halves(code: str) -> str:
    """A code as it is read most easily: 1234 5678, or 123 456."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}".strip()


def one_line(text: str) -> str:
    """The text without anything that would end a line of a mail's head."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
