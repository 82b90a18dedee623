"""Sharing only ever widens by being asked, and nobody else sees what is not ready."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.evidence import EvidenceKind, EvidenceState, Sharing, check_may_be_required, is_wider, may_open
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
