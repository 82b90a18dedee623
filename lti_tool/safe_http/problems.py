"""Why there is no answer, in codes for the log and sentences for people."""

from enum import StrEnum

from rubrics.refusal import _N


class UnreachableProblem(StrEnum):
    """Why there is no answer."""

    ADDRESS_NOT_UNDERSTOOD = "address_not_understood"
    NOT_HTTPS = "not_https"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    NO_SUCH_HOST = "no_such_host"
    NO_ANSWER = "no_answer"
    """nobody took the connection: nothing was sent"""
    NO_ANSWER_AFTER_SENDING = "no_answer_after_sending"
    """it was sent, at least in part, and no answer came back whole"""
    CERTIFICATE = "certificate"
    TOO_LARGE = "too_large"

    @property
    def may_have_arrived(self) -> bool:
        """Whether the other side may have done what was asked, although nobody knows."""
        return self in (UnreachableProblem.NO_ANSWER_AFTER_SENDING, UnreachableProblem.TOO_LARGE)


class Unreachable(Exception):
    """An address that was not asked, or did not answer as it should; `host` is for the log."""

    def __init__(self, code: UnreachableProblem, sentence: str, *, host: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.host = host


def address_not_understood(host: str) -> Unreachable:
    """For an address that two readers could read in two ways, or nobody in any."""
    return Unreachable(
        UnreachableProblem.ADDRESS_NOT_UNDERSTOOD,
        "This is not a web address that Attune can use. It should look like https://lms.school.example/path.",
        host=host,
    )


def not_https(host: str) -> Unreachable:
    """For plain http, which only the lab may use, and only on loopback."""
    return Unreachable(
        UnreachableProblem.NOT_HTTPS,
        "This address does not begin with https://, so what is sent there could be read on the way. "
        "Please use the https address of the LMS.",
        host=host,
    )


def address_not_allowed(host: str) -> Unreachable:
    """For a private address, an address instead of a name, or an unusual port."""
    return Unreachable(
        UnreachableProblem.ADDRESS_NOT_ALLOWED,
        "This address lies in a private network or at an unusual port, and Attune asks nothing there by itself. "
        "Attune's operator can name the LMS in ATTUNE_PRIVATE_HOSTS.",
        host=host,
    )


def no_such_host(host: str) -> Unreachable:
    """For a name that nobody resolves."""
    return Unreachable(
        UnreachableProblem.NO_SUCH_HOST,
        "There is no machine of this name. Please check the address for a typing slip; "
        "if it is right, try again in a few minutes.",
        host=host,
    )


NO_ANSWER = _N("The LMS did not answer in time. Nothing is lost: please try again in a few minutes.")


def no_answer(host: str) -> Unreachable:
    """For a machine that takes no connection: nothing was sent."""
    return Unreachable(UnreachableProblem.NO_ANSWER, NO_ANSWER, host=host)


def no_answer_after_sending(host: str) -> Unreachable:
    """For silence, a broken connection, or an answer that cannot be read: what was asked may have been done."""
    return Unreachable(UnreachableProblem.NO_ANSWER_AFTER_SENDING, NO_ANSWER, host=host)


def wrong_certificate(host: str) -> Unreachable:
    """For a TLS connection that could not be made safely."""
    return Unreachable(
        UnreachableProblem.CERTIFICATE,
        "The LMS answered, but its certificate does not show that it is the right machine. Its administrator "
        "can mend the certificate, or Attune's operator can add the authority that issued it.",
        host=host,
    )


def too_large(host: str) -> Unreachable:
    """For an answer beyond the limit."""
    return Unreachable(
        UnreachableProblem.TOO_LARGE,
        "The LMS answered with far more than was asked for. Please tell its administrator.",
        host=host,
    )
