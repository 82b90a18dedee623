"""The kinds of rule that programs are made of, by the names that texts about certification use for them.

A kind is a word for people: it tells what a requirement is about and finds it again. The engine never asks for it;
what a requirement asks stands in its need. `docs/rule-kinds.md` shows how each kind is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A kind of rule: the group that it stands in, and what it means."""

    group: str
    meaning: str


def _of(group: str, **meanings: str) -> dict[str, RuleKind]:
    return {name: RuleKind(group, meaning) for name, meaning in meanings.items()}


KINDS: Mapping[str, RuleKind] = {
    **_of(
        "logic",
        all_of="Several things are asked, and each of them counts.",
        any_of="There are several ways, and one is enough; a way may be open for a time only.",
        k_of_n="So many of a list are enough, if need be with a least and a most from each part of it.",
        applies_if="It is asked only of people for whom something else holds.",
        sequence="One thing comes first; the next counts from then on.",
        disqualifier="There is nothing of a certain sort, or a person of the program has looked at it.",
        equivalency="Something else may stand in, as a rule after somebody agreed.",
        endorsement="A specialization beside a certification, with rules of its own and a limit to the work.",
        rule_version="Which edition of the rules goes for whom.",
        consistency_check="The rules agree with each other: parts fit into wholes, and days can be reached.",
    ),
    **_of(
        "person",
        age_band="An age at which one may begin, or between two ages, today or at the time of an experience.",
        education_min="Schooling up to a level, or what is accepted as its equal.",
        lived_experience="The person says that they share an experience; nothing is told and nothing is handed in.",
        sustained_period="Something has lasted for so long.",
        narrative="An account in writing or speech; Attune holds only that it was given.",
        residency_share="Lives or works in an area, at least for so much of the time.",
        signature="A document is signed: which one, and at which moments again.",
        third_party_attestation="Somebody in a named role confirms something.",
        references="People speak for somebody: how many, in which roles, and who may not.",
        background_check="A check of records was made, not too long ago.",
        prior_credential="Another credential is held and is in force.",
        membership="A member of a body, now or all along.",
        employment_condition="A post, with its hours, its time or its description.",
        consent_to_share="Agrees that others may see or check the status.",
    ),
    **_of(
        "amount",
        min_total="So many hours, credits or occasions of a sort.",
        min_per_category="So much of each of several sorts, within a total.",
        max_countable="Of a sort, no more than so much counts.",
        min_share="At least such a share of the whole is of a sort.",
        evidence_window="Only what lies in a time before or after a day counts.",
        recency_subset="A part of the whole is recent.",
        counts_only_after="It counts only from a day on which something else happened.",
        distinct_count="So many different people, places, weeks or observers.",
        min_span="Spread over at least so long.",
        max_span="Done within so long, and if need be not faster than that.",
        conversion="One unit is so much of another.",
        not_countable="Some sorts never count.",
        double_count="Whether one thing may count for two requirements.",
        coverage="Each of a list was touched.",
        named_units="Courses or parts with names: these, and so many of those.",
    ),
    **_of(
        "supervision",
        supervision_total="So many hours of supervision.",
        supervision_ratio="Supervision makes such a share of the practice, in each stretch of time.",
        supervision_frequency="Supervision so often in each week or month, one by one or on average.",
        supervision_mix="How supervision is made up: alone or in a group, how large, live or observed.",
        supervisor_qualification="What supervisors and assessors bring with them.",
        supervisor_oversight="Supervisors are supervised too, and answer for what they hand on.",
        independence="Who assesses or speaks for somebody has no tie to them that stands in the way.",
    ),
    **_of(
        "rating",
        observation_min="So many observations, how long, and where.",
        observation_mode="In which ways it may be observed, and how they may mix.",
        all_items_met="Every one of a list was shown.",
        critical_items_floor="Some items each reach a level, whatever the sum.",
        no_item_below="No item is at a level or below it.",
        score_aggregate="A sum, mean or share over items or over methods.",
        level_set="Each item has one of the levels that are named.",
        count_at_level="So many items have a level.",
        multi_source="Ratings from different roles, or from so many people.",
        review_points="Moments of review, each with what it asks.",
        carry_over="Items may be shown in any of several stretches, and all by a last day.",
        not_observed_policy="What an item means that nobody rated.",
        consent_to_observe="The person supported agreed before they were observed or recorded.",
        portfolio="Pieces of work, with how many and how recent.",
        sign_off_chain="Signatures in an order, by roles.",
        retry_with_feedback="First a word on it, then another time.",
    ),
    **_of(
        "exam",
        exam_pass="An exam or each of its parts, with the score that it needs.",  # noqa: S106  # no password: passing
        attempts_limit="So many attempts in a time, and what comes after.",
    ),
    **_of(
        "lifecycle",
        validity_period="How long a certification is valid, and on which day it ends.",
        provisional_stage="A first status for a limited time, how often it can be made longer, and the way up.",
        application_clock="How long an application, a course or a paper can be used.",
        renewal_window="From when until when one can renew.",
        renewal_practice="Practice or supervision that renewal asks.",
        long_cycle="Something that is asked on a longer clock than the renewal, or once.",
        grace_period="Late renewal, for a time.",
        lapse_consequence="What one does after that time.",
        status_values="Other statuses that a body knows.",
        evidence_audit="Say it now, keep the proof, show it when asked.",
    ),
    **_of(
        "due process",
        decision_deadline="By when it is decided, and what the notice says.",
        appeal="The way to have a decision looked at again, with its days.",
        reminder="Notices before a day.",
    ),
    **_of(
        "recognition and fees",
        grandparenting="An easier way, for a time, for people who already do the work.",
        reciprocity="Which credentials from elsewhere are recognized.",
        fee="Something to pay, and when it is waived.",
    ),
}
"""All of them, in the order of their groups."""
