"""The form opens only when the person who is supported agreed, or there is no such person."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from rubrics.consent import Consent, PersonServed, may_open_form
from rubrics.observation import Mode
from rubrics.refusal import Refused

WITHOUT = [Mode.ROLE_PLAY, Mode.CASE_DISCUSSION]


@pytest.mark.parametrize("mode", Mode)
def test_the_form_opens_after_a_yes(mode: Mode) -> None:
    may_open_form(PersonServed.YES, mode)


@pytest.mark.parametrize("mode", Mode)
def test_a_no_of_the_person_served_is_respected_in_every_mode(mode: Mode) -> None:
    with pytest.raises(Refused) as refused:
        may_open_form(PersonServed.NO, mode)
    assert refused.value.code == "person_served_said_no"


@pytest.mark.parametrize("mode", WITHOUT)
def test_nobody_is_asked_where_nobody_is_supported(mode: Mode) -> None:
    may_open_form(PersonServed.NOT_APPLICABLE, mode)


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode not in WITHOUT])
def test_where_someone_is_supported_asking_cannot_be_skipped(mode: Mode) -> None:
    with pytest.raises(Refused) as refused:
        may_open_form(PersonServed.NOT_APPLICABLE, mode)
    assert refused.value.code == "person_served_not_asked"


def test_cap_c7_consent_has_no_place_for_words_about_the_person_served() -> None:
    assert {field.name for field in fields(Consent)} == {"mode", "recorded", "agreed_at", "withdrawn_at", "audience"}


def test_ux_c6_nobody_else_reads_along_unless_the_trainee_says_so() -> None:
    agreed = Consent(mode=Mode.LIVE, recorded=False, agreed_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert agreed.audience == frozenset()
