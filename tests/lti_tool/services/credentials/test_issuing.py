"""Credentials: issued about a decision because the holder wants one, never changed, followed by what is decided."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from grading.evidence import Outcome
from lti_tool.documents import badge_jwt
from lti_tool.documents.badge import hashed
from lti_tool.lti.jws import take_apart
from lti_tool.services.authoring import author
from lti_tool.services.certification import decision_release, decisions
from lti_tool.services.competencies import frameworks
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import achievements, credential_following, issuing, issuing_possible
from lti_tool.services.credentials.issuing import CredentialState, StateKind
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused
from rubrics.rubric import Alignment
from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.competencies.test_frameworks import of_many
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import on_the_way
from tests.rubrics.making import a_criterion, a_rubric

HERE = "https://attune.school.example"
ENDORSED = RENEWED.replace(
    "[[requirements]]", '[[stages]]\nkey = "forensic"\ntitle = "Forensic"\nkind = "endorsement"\n\n[[requirements]]', 1
)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def on_path(world: World) -> EnrollmentRow:
    return on_the_way(world, text=RENEWED, entered_on=world.now.date() - timedelta(days=100))


def decision(
    world: World, row: EnrollmentRow, outcome: Outcome = Outcome.CERTIFIED, days_ago: int = 0, **columns: Any
) -> DecisionRow:
    made = decided(world, row, world.now.date() - timedelta(days=days_ago), outcome, **columns)
    return world.session.get_one(DecisionRow, made)


def issue(world: World, row: EnrollmentRow, about: DecisionRow, **changes: str) -> CredentialRow:
    wish = {"name": "Sam Example", "language": "en", "public_url": HERE} | changes
    return issuing.issue(world.session, row, about, by=world.visitor("sam").person_id, now=world.now, **wish)


def state(world: World, row: CredentialRow) -> StateKind:
    world.session.refresh(row)
    return issuing.credential_state(row, world.now.date()).kind


def test_cap_d7_a_credential_says_what_was_decided_in_the_words_of_the_program(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row))
    document = issuing.document_of(made)
    subject = document["credentialSubject"]
    assert document["name"] == subject["achievement"]["name"] == "Peer support: Certification"
    assert subject["achievement"]["criteria"] == {"narrative": "- 10 hours of practice"}
    assert subject["achievement"]["achievementType"] == "Certification"
    assert subject["identifier"] == [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Sam Example", "identityType": "name"}
    ]
    assert made.valid_until == made.valid_from.replace(year=made.valid_from.year + 1)
    jws = take_apart(made.document)
    assert set(jws.header) == badge_jwt.HEADER
    assert {name: jws.claims[name] for name in ("iss", "sub", "jti")} == {
        "iss": document["issuer"]["id"], "sub": subject["id"], "jti": f"urn:uuid:{made.id}",
    }  # fmt: skip
    assert state(world, made) is StateKind.VALID


def test_cap_d7_the_same_twice_is_one_credential_and_another_wish_is_said_to_replace_it(world: World) -> None:
    row = on_path(world)
    about = decision(world, row)
    made = issue(world, row, about)
    assert issue(world, row, about).id == made.id
    assert code(lambda: issue(world, row, about, name="Samira")) == "issued_already"
    assert code(lambda: issue(world, row, about, name=" ")) == "issued_already"


def test_cap_d7_one_that_is_replaced_keeps_its_words_and_is_withdrawn(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row))
    before, sam = made.document, world.visitor("sam").person_id
    again = issuing.replace(
        world.session, made, name="Samira", language="en", by=sam, now=world.now, public_url="https://new.example"
    )
    assert (state(world, made), made.document) == (StateKind.WITHDRAWN_ON, before)
    assert (again.replaces_id, again.name, state(world, again)) == (made.id, "Samira", StateKind.VALID)
    assert again.status_index != made.status_index
    assert issuing.document_of(again)["issuer"]["id"] == f"did:web:new.example:o:{world.organization_id}"
    twice = issuing.replace(
        world.session, made, name="Sam", language="en", by=sam, now=world.now, public_url="https://new.example"
    )
    assert twice.id == again.id


@pytest.mark.parametrize("outcome", [Outcome.NOT_YET, Outcome.SUSPENDED, Outcome.REVOKED])
def test_only_some_decisions_allow_a_credential(world: World, outcome: Outcome) -> None:
    row = on_path(world)
    about = decision(world, row, outcome)
    assert code(lambda: issue(world, row, about)) == "not_possible"


def test_ux_p6_nobody_gets_a_credential_about_a_decision_before_they_can_read_it(world: World) -> None:
    row = on_path(world)
    about = world.session.get_one(DecisionRow, decided(world, row, world.now.date(), released=timedelta(hours=9)))
    assert code(lambda: issue(world, row, about)) == "not_possible"


def told(world: World, row: EnrollmentRow, outcome: Outcome, *, replaces: UUID | None = None) -> DecisionRow:
    """A decision that its person can read from now on."""
    made = decision(world, row, outcome, supersedes_id=replaces)
    decision_release.release(world.session, made.id, world.now)
    return made


def test_cap_d7_a_credential_follows_a_suspension_its_end_and_a_withdrawal_at_once(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    told(world, row, Outcome.SUSPENDED)
    assert state(world, made) is StateKind.SUSPENDED
    by = world.visitor("ines").person_id
    assert code(lambda: issuing.reinstate(world.session, made, by, world.now)) == "suspended_by_decision"
    told(world, row, Outcome.RESUMED)
    assert state(world, made) is StateKind.VALID
    told(world, row, Outcome.REVOKED)
    assert state(world, made) is StateKind.WITHDRAWN_ON
    assert made.why == credential_following.BY_DECISION
    assert code(lambda: issuing.reinstate(world.session, made, by, world.now)) == "withdrawn_for_good"


def test_cap_d7_a_credential_about_a_superseded_decision_is_withdrawn_once_the_new_one_can_be_read(
    world: World,
) -> None:
    row = on_path(world)
    about = decision(world, row, days_ago=30)
    made = issue(world, row, about)
    told(world, row, Outcome.CERTIFIED, replaces=about.id)
    assert (state(world, made), made.why) == (StateKind.WITHDRAWN_ON, credential_following.SUPERSEDED)
    assert code(lambda: issue(world, row, about)) == "not_possible"


def test_a_suspension_that_another_decision_replaced_is_over(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    suspended = told(world, row, Outcome.SUSPENDED)
    told(world, row, Outcome.NOT_YET, replaces=suspended.id)
    assert state(world, made) is StateKind.VALID


def test_a_credential_is_made_with_the_name_that_its_holder_wants_and_not_while_it_is_suspended(world: World) -> None:
    row = on_path(world)
    about = decision(world, row)
    assert code(lambda: issue(world, row, about, name="")) == "no_name"
    made = issue(world, row, about)
    issuing.suspend(world.session, made, world.visitor("ines").person_id, world.now)
    sam = world.visitor("sam").person_id
    another = partial(
        issuing.replace, world.session, made, name="Samira", language="en", by=sam, now=world.now, public_url=HERE
    )
    assert code(another) == "suspended_now"
    for _ in range(2):
        issuing.reinstate(world.session, made, world.visitor("ines").person_id, world.now)
    assert another().name == "Samira"


def test_what_was_given_back_is_suspended_for_a_day_and_withdrawn_after_it(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    told(world, row, Outcome.SURRENDERED)
    assert state(world, made) is StateKind.SUSPENDED
    assert credential_following.follow_due(world.session, world.now + timedelta(hours=23)) == 0
    assert credential_following.follow_due(world.session, world.now + timedelta(hours=25)) == 1
    assert (state(world, made), made.why) == (StateKind.WITHDRAWN_ON, credential_following.GIVEN_BACK)
    assert credential_following.follow_due(world.session, world.now + timedelta(hours=26)) == 0


def test_what_was_given_back_and_taken_again_stands(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    given = told(world, row, Outcome.SURRENDERED)
    decisions.take_back(world.session, world.visitor("sam"), given.id, world.now + timedelta(hours=1))
    assert state(world, made) is StateKind.VALID
    assert credential_following.follow_due(world.session, world.now + timedelta(hours=25)) == 0


def test_a_withdrawal_that_was_decided_for_a_later_day_is_followed_on_that_day(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    later = decision(world, row, Outcome.REVOKED, days_ago=-3, decided_at=world.now, released_at=world.now)
    decision_release.release(world.session, later.id, world.now)
    assert state(world, made) is StateKind.VALID
    assert credential_following.follow_due(world.session, world.now + timedelta(days=2)) == 0
    assert credential_following.follow_due(world.session, world.now + timedelta(days=3)) == 1
    assert state(world, made) is StateKind.WITHDRAWN_ON


def test_one_that_was_issued_before_a_decided_day_came_is_followed_on_that_day_too(world: World) -> None:
    row = on_path(world)
    about = decision(world, row, days_ago=30)
    later = decision(world, row, Outcome.REVOKED, days_ago=-3, decided_at=world.now, released_at=world.now)
    decision_release.release(world.session, later.id, world.now)
    world.now += timedelta(days=1)
    made = issue(world, row, about)
    assert credential_following.follow_due(world.session, world.now + timedelta(days=2)) == 1
    assert state(world, made) is StateKind.WITHDRAWN_ON


@pytest.mark.parametrize("outcome", [Outcome.SUSPENDED, Outcome.REVOKED])
def test_cap_d7_what_is_decided_of_an_endorsement_leaves_the_certification_as_it_is(
    world: World, outcome: Outcome
) -> None:
    row = on_the_way(world, text=ENDORSED, entered_on=world.now.date() - timedelta(days=100))
    certified = issue(world, row, decision(world, row, days_ago=30, stage="initial"))
    endorsed = decision(world, row, outcome, stage="forensic", decided_at=world.now, released_at=world.now)
    decision_release.release(world.session, endorsed.id, world.now)
    assert state(world, certified) is StateKind.VALID
    assert credential_following.follow_due(world.session, world.now + timedelta(days=1)) == 0
    assert state(world, certified) is StateKind.VALID


def later(world: World, row: EnrollmentRow, outcome: Outcome, days: int, stage: str = "initial") -> DecisionRow:
    """A decision that can be read now and holds so many days later."""
    made = decision(
        world, row, outcome, days_ago=-days, stage=stage, decided_at=world.now, released_at=world.now
    )  # fmt: skip
    decision_release.release(world.session, made.id, world.now)
    return made


def follow_on(world: World, days: int) -> int:
    return credential_following.follow_due(world.session, world.now + timedelta(days=days))


def endorsed_path(world: World) -> EnrollmentRow:
    return on_the_way(world, text=ENDORSED, entered_on=world.now.date() - timedelta(days=100))


def test_cap_d7_a_later_decision_of_an_endorsement_hides_no_suspension_whose_day_is_to_come(world: World) -> None:
    row = endorsed_path(world)
    certified = issue(world, row, decision(world, row, days_ago=30))
    later(world, row, Outcome.SUSPENDED, 10)
    later(world, row, Outcome.CERTIFIED, 2, stage="forensic")
    assert [follow_on(world, days) for days in (5, 9, 10, 10, 11)] == [0, 0, 1, 0, 0]
    assert state(world, certified) is StateKind.SUSPENDED
    world.now += timedelta(days=11)
    by = world.visitor("ines").person_id
    assert code(lambda: issuing.reinstate(world.session, certified, by, world.now)) == "suspended_by_decision"


def test_a_renewal_that_was_decided_meanwhile_hides_it_neither(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    later(world, row, Outcome.SUSPENDED, 10)
    told(world, row, Outcome.RENEWED)
    assert (follow_on(world, 9), follow_on(world, 10)) == (0, 1)
    assert state(world, made) is StateKind.SUSPENDED


def test_a_suspension_that_ends_on_a_later_day_ends_on_that_day_and_not_before(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    told(world, row, Outcome.SUSPENDED)
    later(world, row, Outcome.RESUMED, 7)
    assert state(world, made) is StateKind.SUSPENDED
    assert [follow_on(world, days) for days in (6, 7, 8)] == [0, 1, 0]
    assert state(world, made) is StateKind.VALID


def test_what_was_decided_for_an_earlier_day_does_not_lift_what_holds_from_a_later_one_on(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    later(world, row, Outcome.SUSPENDED, 10)
    later(world, row, Outcome.RESUMED, 3)
    assert [follow_on(world, days) for days in (3, 10)] == [0, 1]
    assert state(world, made) is StateKind.SUSPENDED


def test_of_two_suspensions_one_that_is_replaced_leaves_the_other(world: World) -> None:
    row = endorsed_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    told(world, row, Outcome.SUSPENDED)
    endorsed = decision(world, row, Outcome.SUSPENDED, stage="forensic", decided_at=world.now, released_at=world.now)
    decision_release.release(world.session, endorsed.id, world.now)
    told(world, row, Outcome.NOT_YET, replaces=endorsed.id)
    assert state(world, made) is StateKind.SUSPENDED


def test_cap_d7_an_endorsement_that_is_given_anew_stays_suspended_with_its_certification(world: World) -> None:
    row = endorsed_path(world)
    decision(world, row, days_ago=30)
    endorsed = issue(world, row, decision(world, row, days_ago=20, stage="forensic"))
    told(world, row, Outcome.SUSPENDED)
    assert state(world, endorsed) is StateKind.SUSPENDED
    again = decision(world, row, stage="forensic", decided_at=world.now, released_at=world.now)
    decision_release.release(world.session, again.id, world.now)
    assert state(world, endorsed) is StateKind.SUSPENDED


def test_a_withdrawal_whose_job_ran_late_is_not_hidden_by_what_was_decided_after_it(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=30))
    later(world, row, Outcome.REVOKED, 2)
    later(world, row, Outcome.CERTIFIED, 5)
    assert follow_on(world, 6) == 1
    assert state(world, made) is StateKind.WITHDRAWN_ON


def test_what_a_program_lead_withdrew_the_holder_cannot_issue_again_but_their_own_withdrawal_they_can(
    world: World,
) -> None:
    row, sam, lead = on_path(world), world.visitor("sam").person_id, world.visitor("ines").person_id
    about = decision(world, row)
    own = issue(world, row, about)
    issuing.withdraw(world.session, own, "I do not want it.", sam, world.now)
    second = issue(world, row, about)
    assert second.id != own.id
    assert code(lambda: issuing.withdraw(world.session, second, " ", lead, world.now)) == "why"
    issuing.withdraw(world.session, second, "It was for somebody else.", lead, world.now)
    assert code(lambda: issue(world, row, about)) == "withdrawn_by_program"


def test_how_one_stands_is_said_in_four_words(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row, days_ago=10))
    assert made.valid_until is not None
    last = made.valid_until
    assert issuing.credential_state(made, last) == CredentialState(StateKind.VALID, last)
    assert issuing.credential_state(made, last + timedelta(days=1)) == CredentialState(StateKind.ENDED_ON, last)


def test_an_e_mail_address_is_in_it_only_as_a_digest_that_who_knows_it_can_make_again(world: World) -> None:
    row = on_path(world)
    made = issue(world, row, decision(world, row), email="Sam@School.example")
    assert "school.example" not in json.dumps(issuing.document_of(made)["credentialSubject"]).casefold().replace(
        "attune.school.example", ""
    )
    found = issuing.document_of(made)["credentialSubject"]["identifier"][1]
    assert found["identityHash"] == hashed("sam@school.example", found["salt"])


def test_the_same_holder_cannot_be_recognized_across_credentials(world: World) -> None:
    row = on_path(world)
    first = issue(world, row, decision(world, row))
    sam = world.visitor("sam").person_id
    second = issuing.replace(world.session, first, name="Sam", language="en", by=sam, now=world.now, public_url=HERE)
    subjects = {issuing.document_of(each)["credentialSubject"]["id"] for each in (first, second)}
    assert len(subjects) == 2
    assert str(sam) not in first.document + json.dumps(issuing.document_of(first))


def test_an_extension_has_the_end_that_it_made(world: World) -> None:
    row = on_path(world)
    about = decision(world, row, days_ago=5, until=world.now.date() + timedelta(days=20))
    [found] = issuing_possible.possible(world.session, row, world.now)
    assert (found.valid_until, found.can_be_issued) == (about.until, True)
    assert date.fromisoformat(issuing.document_of(issue(world, row, about))["validUntil"][:10]) == about.until


def test_cap_d7_a_credential_names_the_competencies_that_are_asked_for_by_themselves_or_by_a_rubric(
    world: World,
) -> None:
    asks = """
[[requirements]]
key = "seen"
stage = "initial"
title = "Seen on three occasions"
at_least = 3
of = { kind = "rating", where = { competency = ["many:M0"] } }

[[requirements]]
key = "observed"
stage = "initial"
title = "One conversation"
at_least = 1
of = { kind = "observation", where = { name = ["one_conversation"] } }

[[lifecycle]]"""
    frameworks.save(world.session, world.organization_id, of_many(3), bundled=False, now=world.now)
    rubric = a_rubric(a_criterion(alignments=(Alignment("many:M1"),)))
    author.publish_rubric(world.session, world.organization_id, rubric, now=world.now)
    full = '[[stages]]\nkey = "full"\ntitle = "Full"\nafter = "initial"\n\n[[requirements]]'
    on_the_way(world, text=RENEWED.replace("[[lifecycle]]", asks, 1).replace("[[requirements]]", full, 1))
    find = partial(achievements.certified, world.session, world.organization_id, HERE, program="renewed")
    found = find(stage="full", number=1)
    assert [each.code for each in found.achievement.alignments] == ["M0", "M1"]
    assert found.achievement.alignments[0].framework == "Many"
    assert found.requirements == ("10 hours of practice", "Seen on three occasions", "One conversation")
    for nothing in ({"stage": "full", "number": 9}, {"stage": "nothing", "number": 1}):
        with pytest.raises(NotHere):
            find(**nothing)
