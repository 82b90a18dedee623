"""Rubrics and assessments for tests: a small good one to change, and any that Hypothesis can think of."""

from dataclasses import replace

from hypothesis import strategies as st

from rubrics.assessment import Assessment, Rating
from rubrics.rubric import Alignment, Criterion, Level, Principle, Rubric
from rubrics.translation import CriterionWords, LevelWords, Translation

LEVELS = (
    Level(1, "Stepped in", "The observer made the pause."),
    Level(2, "With prompting", "Paused after a sign from the observer."),
    Level(3, "On their own", "Paused unaided."),
)


def a_criterion(key: str = "pauses", **changes: object) -> Criterion:
    criterion = Criterion(
        key=key,
        statement="Offers a pause when it becomes too much",
        levels=LEVELS,
        met_at=3,
        relational=True,
        principles=frozenset({Principle.SAFETY, Principle.CHOICE}),
    )
    return replace(criterion, **changes)


def a_rubric(*criteria: Criterion, **changes: object) -> Rubric:
    rubric = Rubric(
        key="one-conversation",
        title="One conversation",
        summary="For one observed conversation.",
        language="en-US",
        license="CC0-1.0",
        provenance="Written for this test.",
        criteria=criteria or (a_criterion(), a_criterion("listens", may_be_not_observed=False)),
    )
    return replace(rubric, **changes)


def in_spanish(rubric: Rubric) -> Rubric:
    """With a complete translation, in which only the title is truly Spanish and the rest says so."""
    words = Translation(
        language="es",
        title="Una conversación",
        summary="Para una conversación observada.",
        provenance="Escrito para esta prueba.",
        criteria=tuple(
            CriterionWords(
                key=criterion.key,
                statement=f"en español: {criterion.statement}",
                guide=criterion.guide and f"en español: {criterion.guide}",
                example=criterion.example and f"en español: {criterion.example}",
                watch_for=tuple(f"en español: {text}" for text in criterion.watch_for),
                levels=tuple(
                    LevelWords(
                        level.number,
                        f"en español: {level.label}",
                        f"en español: {level.anchor}",
                        level.example and f"en español: {level.example}",
                    )
                    for level in criterion.levels
                ),
            )
            for criterion in rubric.criteria
        ),
    )
    return replace(rubric, translations=(words,))


def an_assessment(**changes: object) -> Assessment:
    """One that fits `a_rubric()` and can be shared."""
    assessment = Assessment(
        strength="Stayed calm all along.",
        growth="",
        next_step="",
        ratings=(
            Rating("pauses", 3, not_observed=False, evidence="Asked whether to go on."),
            Rating("listens", 2, not_observed=False, evidence="Waited after my sign."),
        ),
    )
    return replace(assessment, **changes)


numbers = st.integers(1, 100)
levels = st.builds(Level, number=numbers, label=st.text(), anchor=st.text(), example=st.text())
alignments = st.builds(
    Alignment, competency=st.text(), identifier=st.none() | st.text(), reason=st.text(), citation=st.text()
)
level_words = st.builds(LevelWords, number=numbers, label=st.text(), anchor=st.text(), example=st.text())
criterion_words = st.builds(
    CriterionWords,
    key=st.text(),
    statement=st.text(),
    guide=st.text(),
    example=st.text(),
    watch_for=st.lists(st.text(), max_size=2).map(tuple),
    levels=st.lists(level_words, max_size=2).map(tuple),
)
translations = st.builds(
    Translation,
    language=st.text(),
    title=st.text(),
    summary=st.text(),
    provenance=st.text(),
    criteria=st.lists(criterion_words, max_size=2).map(tuple),
)
criteria = st.builds(
    Criterion,
    key=st.text(),
    statement=st.text(),
    levels=st.lists(levels, max_size=4).map(tuple),
    may_be_not_observed=st.booleans(),
    must_be_met=st.booleans(),
    met_at=numbers,
    relational=st.booleans(),
    principles=st.frozensets(st.sampled_from(Principle)),
    alignments=st.lists(alignments, max_size=2).map(tuple),
    watch_for=st.lists(st.text(), max_size=2).map(tuple),
    guide=st.text(),
    example=st.text(),
)
rubrics = st.builds(
    Rubric,
    key=st.text(),
    title=st.text(),
    summary=st.text(),
    language=st.text(),
    license=st.text(),
    provenance=st.text(),
    reviewed_by_lived_experience=st.none() | st.text(),
    contributors=st.lists(st.text(), max_size=2).map(tuple),
    pilot=st.booleans(),
    criteria=st.lists(criteria, max_size=3).map(tuple),
    translations=st.lists(translations, max_size=2).map(tuple),
)
