"""The access table read the other way round: not who sees a field, but all that somebody sees and changes.

The table says it by field, these tests by person. Whoever changes the one has to say the same in the other.
"""

import pytest

from lti_tool.access import ACCESS, OF_THE_ORGANIZATION, Capability, Field, Who, may_change, may_see

WRITES: dict[Who, set[Field]] = {
    Who.TRAINEE: {
        Field.STATUS, Field.CONSENT, Field.NOTE, Field.RESPONSE, Field.SELF_ASSESSMENT, Field.EVIDENCE,
        Field.SUPERVISION_REQUEST, Field.HAND_OVER_NOTE, Field.LEDGER, Field.STATEMENT, Field.PAUSE, Field.APPEAL,
        Field.GROWTH_PLAN,
    },
    Who.OBSERVER: {Field.STATUS, Field.DRAFT, Field.ASSESSMENT, Field.MEETING},
    Who.SUPERVISOR: {Field.MEETING, Field.SIGN_OFF, Field.HAND_OVER_NOTE},
    Who.MENTOR: {Field.COMMENT},
    Who.INSTRUCTOR: {Field.PLACEMENT, Field.ADJUSTMENT},
    Who.LMS: set(),
    Who.OWNER: {Field.JOURNAL, Field.SELF_CARE_PLAN, Field.CHECK_IN, Field.SELF_DESCRIPTION, Field.FEEDBACK},
    Who.PRESENT: {Field.SUPERVISION_SESSION},
    Who.RATER: {Field.CALIBRATION},
    Who.SIDE: {Field.SUPERVISION_AGREEMENT, Field.ENDORSEMENT},
    Who.SAFEGUARDING_LEAD: set(),
    Who.SIGNER: set(),
    Who.PROGRAM_LEAD: {Field.ATTESTATION, Field.DECISION, Field.CREDENTIAL},
    Who.PANEL: {Field.APPEAL},
    Who.SUPPORTER: {Field.GROWTH_PLAN},
    Who.AUDITOR: set(),
    Who.ANYBODY: set(),
    Who.COUNTED: set(),
}  # fmt: skip

ONLY_READS: dict[Who, set[Field]] = {
    Who.TRAINEE: {
        Field.ASSESSMENT, Field.MEETING, Field.COMMENT, Field.SIGN_OFF, Field.SCORE, Field.PLACEMENT, Field.ADJUSTMENT,
        Field.ATTESTATION, Field.STANDING, Field.DECISION, Field.CREDENTIAL,
    },
    Who.OBSERVER: {
        Field.CONSENT, Field.NOTE, Field.RESPONSE, Field.SELF_ASSESSMENT, Field.SIGN_OFF, Field.EVIDENCE,
        Field.PLACEMENT, Field.ADJUSTMENT,
    },
    Who.SUPERVISOR: {
        Field.STATUS, Field.CONSENT, Field.ASSESSMENT, Field.RESPONSE, Field.SELF_ASSESSMENT, Field.SCORE,
        Field.EVIDENCE, Field.SUPERVISION_REQUEST, Field.PLACEMENT, Field.ADJUSTMENT,
    },
    Who.MENTOR: {Field.STATUS, Field.ASSESSMENT, Field.RESPONSE},
    Who.INSTRUCTOR: {Field.STATUS, Field.SIGN_OFF, Field.SCORE, Field.SUPERVISION_REQUEST},
    Who.LMS: {Field.SCORE},
    Who.OWNER: set(),
    Who.PRESENT: set(),
    Who.RATER: set(),
    Who.SIDE: set(),
    Who.SAFEGUARDING_LEAD: {Field.HANDLED_OUTSIDE},
    Who.SIGNER: {Field.LEDGER},
    Who.PROGRAM_LEAD: {
        Field.LEDGER, Field.STATEMENT, Field.STANDING, Field.PAUSE, Field.APPEAL, Field.GROWTH_PLAN,
    },
    Who.PANEL: {Field.ASSESSMENT, Field.RESPONSE, Field.DECISION},
    Who.SUPPORTER: set(),
    Who.AUDITOR: {
        Field.ASSESSMENT, Field.RESPONSE, Field.SELF_ASSESSMENT, Field.MEETING, Field.SIGN_OFF, Field.LEDGER,
        Field.DECISION,
    },
    Who.ANYBODY: {Field.CREDENTIAL, Field.ENDORSEMENT},
    Who.COUNTED: {Field.SELF_DESCRIPTION, Field.FEEDBACK},
}  # fmt: skip


@pytest.mark.parametrize("who", Who)
def test_whoever_stands_so_writes_and_reads_this_and_nothing_else(who: Who) -> None:
    assert {field for field in Field if may_change(field, frozenset({who}))} == WRITES[who]
    assert {field for field in Field if may_see(field, frozenset({who}))} == WRITES[who] | ONLY_READS[who]


def test_every_field_is_in_the_table() -> None:
    assert set(ACCESS) == set(Field)


@pytest.mark.parametrize("field", Field)
def test_who_stands_in_several_ways_may_what_any_of_them_may_and_who_stands_in_none_may_nothing(field: Field) -> None:
    assert not may_see(field, frozenset())
    assert not may_change(field, frozenset())
    everybody = frozenset(Who)
    assert may_see(field, everybody)
    assert may_change(field, everybody) == any(field in fields for fields in WRITES.values())


def test_what_is_only_ones_own_is_seen_by_nobody_else() -> None:
    for field in (Field.JOURNAL, Field.SELF_CARE_PLAN, Field.CHECK_IN):
        assert ACCESS[field].see == ACCESS[field].change == {Who.OWNER}


def test_whoever_instructs_or_keeps_the_gradebook_reads_nobodys_words() -> None:
    words = {Field.NOTE, Field.DRAFT, Field.ASSESSMENT, Field.RESPONSE, Field.SELF_ASSESSMENT, Field.COMMENT}
    for who in (Who.INSTRUCTOR, Who.LMS, Who.COUNTED, Who.ANYBODY):
        assert not words & {field for field in Field if may_see(field, frozenset({who}))}


def test_of_the_capabilities_five_are_given_in_the_organization_and_the_rest_in_a_course() -> None:
    in_a_course = {
        Capability.TRAINEE, Capability.OBSERVER, Capability.SUPERVISOR, Capability.INSTRUCTOR, Capability.MENTOR,
    }  # fmt: skip
    assert set(Capability) - OF_THE_ORGANIZATION == in_a_course
    assert in_a_course.isdisjoint(OF_THE_ORGANIZATION)
