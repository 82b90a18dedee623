"""Sharing only ever widens by being asked, and nobody else sees what is not ready."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.evidence import (
    LONGEST_ADDRESS,
    LONGEST_TITLE,
    LONGEST_WORDS,
    NOT_TAKEN,
    EvidenceKind,
    EvidenceState,
    Sharing,
    address_of,
    check_may_be_required,
    is_wider,
    may_open,
    not_taken,
    note_of,
    title_of,
    words_of,
)
from rubrics.refusal import Refused

STANDS = st.booleans()


@given(st.sampled_from(Sharing), st.sampled_from(Sharing), STANDS, STANDS)
def test_ux_t4_what_is_not_wider_shows_nobody_anything_new(
    wished: Sharing, now: Sharing, supervises: bool, observes: bool
) -> None:
    if is_wider(wished, now):
        return
    after = may_open(EvidenceState.READY, wished, supervises=supervises, observes=observes)
    assert not after or may_open(EvidenceState.READY, now, supervises=supervises, observes=observes)


@given(st.sampled_from(EvidenceState), st.sampled_from(Sharing), STANDS, STANDS)
def test_nobody_else_opens_what_is_not_ready_or_not_shared(
    state: EvidenceState, sharing: Sharing, supervises: bool, observes: bool
) -> None:
    opens = may_open(state, sharing, supervises=supervises, observes=observes)
    assert not opens or (state is EvidenceState.READY and sharing is not Sharing.ONLY_ME and (supervises or observes))


@pytest.mark.parametrize("kind", EvidenceKind)
def test_cap_c12_only_a_video_needs_captions_first(kind: EvidenceKind) -> None:
    check_may_be_required(kind, captions=True)
    if kind is EvidenceKind.VIDEO:
        with pytest.raises(Refused, match="captions first"):
            check_may_be_required(kind, captions=False)
    else:
        check_may_be_required(kind, captions=False)


@pytest.mark.parametrize(
    ("keep", "typed", "code"),
    [
        (title_of, " \x00 \n", "evidence_title"),
        (title_of, "t" * (LONGEST_TITLE + 1), "evidence_title_long"),
        (words_of, "w" * (LONGEST_WORDS + 1), "evidence_words_long"),
        (note_of, " \x00 ", "evidence_note"),
        (address_of, "javascript:alert(1)", "evidence_address"),
        (address_of, "https://", "evidence_address"),
        (address_of, "https://[::1", "evidence_address"),
        (address_of, "https://school.example/a b", "evidence_address"),
        (address_of, "https://ana:secret@school.example/", "evidence_address_secret"),
        (address_of, "https://school.example/" + "a" * LONGEST_ADDRESS, "evidence_address_long"),
    ],
)
def test_what_cannot_be_kept_as_it_was_typed_is_refused_with_its_reason(
    keep: Callable[[str], object], typed: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        keep(typed)
    assert refused.value.code == code


def test_words_are_kept_without_the_space_around_them_and_no_words_are_none() -> None:
    assert title_of("  A call \n with Sam ") == "A call with Sam"
    assert words_of(" \n ") is None
    assert note_of(" Seen.\n\nTwice. ") == "Seen.\n\nTwice."
    assert address_of(" https://school.example/a?b=1#c ") == "https://school.example/a?b=1#c"


@pytest.mark.parametrize("code", NOT_TAKEN)
def test_a_file_that_is_not_taken_says_what_to_bring_instead(code: str) -> None:
    assert any(remedy in not_taken(code).sentence for remedy in ("Please", "tell your operator"))
