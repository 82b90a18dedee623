"""From a draft to a published version: what is still to be done, and publishing."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring import author, drafts, reviewing, wording
from lti_tool.services.authoring.drafts import Author, Draft
from lti_tool.services.authoring.reviewing import Review
from lti_tool.store.drafts import DraftEnd, DraftRow
from lti_tool.store.frameworks import CompetencyRow, FrameworkRow
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.changes import Change, changes
from rubrics.publication import Problem, problems
from rubrics.refusal import Refused
from rubrics.rubric import Principle, Rubric
from rubrics.wording import MISSING_ANCHOR, Finding, lint


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A competency that a criterion names and that the organization's frameworks do not have."""

    place: str
    competency: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a draft stands with its reviewers."""

    reviews: tuple[Review, ...]
    """What each of them said last, latest first."""
    ready: tuple[Review, ...]
    """Those that say of exactly these words that they are ready, by people who took no part in writing them."""
    changed_since: tuple[Change, ...]
    """What was changed since the latest review, where it was of other words."""

    @property
    def of_other_words(self) -> Review | None:
        """The latest review, where the words were changed since."""
        return self.reviews[0] if self.reviews and self.changed_since else None


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is still to be done before a draft can be published, and what is worth another look."""

    draft: Draft
    digest: str
    """Of the words as they stand: publishing says which words it is of."""
    problems: tuple[Problem, ...]
    wording: tuple[Finding, ...]
    """Words that are not published."""
    standing: Standing
    uncovered: tuple[Principle, ...]
    """Principles that no criterion stands for."""
    not_known: tuple[NotKnown, ...]
    suggestions: tuple[Finding, ...]
    """Wording that may be fine."""
    newest: int | None
    """The number of the rubric's newest edition; None while none is published."""

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from being published."""
        return not self.problems and not self.wording and bool(self.standing.ready)


def checklist(session: Session, organization_id: UUID, draft_id: UUID) -> Checklist:
    """How far an open draft is from being published. Raises `NotHere`."""
    draft = drafts.draft(session, organization_id, draft_id)
    found = _findings(session, organization_id, draft.rubric)
    return Checklist(
        draft=draft,
        digest=reviewing.digest_of_words(draft.rubric),
        problems=problems(draft.rubric),
        wording=tuple(each for each in found if each.blocks),
        standing=_standing(session, draft),
        uncovered=uncovered(draft.rubric),
        not_known=_not_known(session, organization_id, draft.rubric),
        suggestions=tuple(each for each in found if not each.blocks),
        newest=session.scalars(
            select(RubricVersionRow.number)
            .where(RubricVersionRow.rubric_id == draft.rubric_id)
            .order_by(RubricVersionRow.number.desc())
            .limit(1)
        ).one_or_none(),
    )


def publish(session: Session, by: Author, draft_id: UUID, *, digest: str, now: datetime) -> UUID:
    """Freeze the draft's words as a version; the draft ends as published. Raises `Refused`, `NotHere`.

    `digest` says which words were looked at: words that were changed since are not published unseen.
    """
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    found = checklist(session, by.organization_id, draft_id)
    if digest != found.digest:
        raise Refused("changed_since", "The rubric was changed since you opened this page. Please look at it again.")
    if not found.standing.ready:
        raise Refused(
            "review_needed",
            "To continue we need a review with lived experience of exactly these words. You can ask for it here.",
        )
    if not found.ready:
        raise Refused("not_ready", "A few things are still to be done before this can be published.")
    credited = replace(found.draft.rubric, reviewed_by_lived_experience=reviewing.credit(found.standing.ready))
    version_id = author.publish_rubric(session, by.organization_id, credited, now=now, person_id=by.person_id)
    row.ended_at, row.ended_as, row.version_id = now, DraftEnd.PUBLISHED, version_id
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act="draft.publish",
        subject=f"draft:{draft_id}",
        now=now,
        version=str(version_id),
        reviews=len(found.standing.ready),
    )
    return version_id


def became(session: Session, organization_id: UUID, draft_id: UUID) -> UUID | None:
    """The version that a draft became when it was published; None for any other draft."""
    return session.scalars(
        select(DraftRow.version_id).where(DraftRow.id == draft_id, DraftRow.organization_id == organization_id)
    ).one_or_none()


def uncovered(rubric: Rubric) -> tuple[Principle, ...]:
    """The principles that no criterion stands for."""
    stood_for = frozenset[Principle]().union(*(criterion.principles for criterion in rubric.criteria))
    return tuple(principle for principle in Principle if principle not in stood_for)


def _findings(session: Session, organization_id: UUID, rubric: Rubric) -> tuple[Finding, ...]:
    """Wording to look at again; anchors that are missing are among the problems already."""
    found = lint(rubric, wording.rules(session, organization_id))
    return tuple(each for each in found if each.code != MISSING_ANCHOR)


def _standing(session: Session, draft: Draft) -> Standing:
    given = reviewing.reviews(session, draft.id)
    digest = reviewing.digest_of_words(draft.rubric)
    of_these = tuple(review for review in given if review.digest == digest)
    since: tuple[Change, ...] = ()
    if given and not of_these:
        since = changes(given[0].rubric, reviewing.words_of(draft.rubric))
    wrote = reviewing.writers(session, draft.id) if of_these else frozenset()
    ready = tuple(review for review in of_these if review.ready and review.reviewer_id not in wrote)
    return Standing(given, ready, since)


def _not_known(session: Session, organization_id: UUID, rubric: Rubric) -> tuple[NotKnown, ...]:
    named = [
        (f"criteria[{position}].alignments", alignment)
        for position, criterion in enumerate(rubric.criteria, start=1)
        for alignment in criterion.alignments
    ]
    if not named:
        return ()
    rows = session.execute(
        select(FrameworkRow.key, CompetencyRow.code, CompetencyRow.identifier)
        .join(FrameworkRow, FrameworkRow.id == CompetencyRow.framework_id)
        .where(
            FrameworkRow.organization_id == organization_id,
            FrameworkRow.removed_at.is_(None),
            FrameworkRow.key.in_({alignment.competency.partition(":")[0] for _, alignment in named}),
            CompetencyRow.deprecated_on.is_(None),
            CompetencyRow.code.in_({alignment.competency.partition(":")[2] for _, alignment in named})
            | CompetencyRow.identifier.in_({alignment.identifier for _, alignment in named if alignment.identifier}),
        )
    ).all()
    known = {f"{key}:{code}" for key, code, _ in rows} | {identifier for _, _, identifier in rows}
    return tuple(
        NotKnown(place, alignment.competency)
        for place, alignment in named
        if alignment.competency not in known and alignment.identifier not in known
    )
