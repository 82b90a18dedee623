"""The words of mails: in each language, and none that says what they are about."""

import re

import pytest

from lti_tool.services.languages import languages, nearest
from lti_tool.services.notifying.mail_words import Filling, one_line, written
from lti_tool.store.mail import MailKind

FILLING = Filling(
    sender="Ines Example, School", organization="School", named=True, link="https://attune.example/messages",
    code="12345678", stop_url="https://attune.example/mail/stop/x",
)  # fmt: skip
TELLING = re.compile(
    r"""trainee|observ|supervis|instructor|peer|program|course|certif|rubric|sign(?!ing\ in|in)|result|score|level
    |recover|diagnos|mental|health|crisis|survivor|trauma|urgent|due|deadline|reminder|evidence|practi
    |aprendiz|curso|rúbrica|firma|par(es)?\b|resultado|nivel|recuperaci|diagn|salud|urgente|plazo|evidencia|práctica""",
    re.IGNORECASE | re.VERBOSE,
)
every_kind = pytest.mark.parametrize("kind", MailKind)
every_language = pytest.mark.parametrize("language", languages())


def as_written(kind: MailKind, language: str, *, named: bool) -> str:
    filling = Filling(
        FILLING.sender, FILLING.organization, named, FILLING.link, FILLING.code, FILLING.stop_url
    )  # fmt: skip
    found = written(kind, filling, language)
    return f"{found.subject}\n{found.text}"


@every_kind
@every_language
@pytest.mark.parametrize("named", [True, False])
def test_ux_m1_ux_m3_no_mail_of_any_kind_says_what_it_is_about(kind: MailKind, language: str, named: bool) -> None:
    assert TELLING.findall(as_written(kind, language, named=named)) == []


@every_kind
@every_language
def test_ux_m1_who_wants_it_so_reads_no_name_of_an_institution_or_a_person(kind: MailKind, language: str) -> None:
    said = as_written(kind, language, named=False)
    assert "School" not in said
    assert "Ines" not in said


@every_kind
@every_language
def test_usually_a_mail_says_who_sends_it(kind: MailKind, language: str) -> None:
    assert "School" in as_written(kind, language, named=True)


@every_kind
def test_ux_e2_every_kind_of_mail_is_there_in_every_language(kind: MailKind) -> None:
    texts = {as_written(kind, language, named=named) for language in languages() for named in (True, False)}
    assert len(texts) == 2 * len(languages())


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(("es-MX", "en"), "es"), ((None, "es"), "es"), (("xx", "ES"), "es"), (("xx", None), "en"), ((), "en")],
)
def test_the_nearest_language_that_there_is(wanted: tuple[str | None, ...], found: str) -> None:
    assert nearest(wanted) == found


def test_nobody_can_break_a_line_of_a_mails_head_by_their_name() -> None:
    assert one_line("Ana\r\nBcc: all@school.example") == "Ana Bcc: all@school.example"
