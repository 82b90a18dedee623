"""From draft to published version, with a review of exactly these words in between."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from grading.scores import ColumnShows
from lti_tool.services.authoring import author, drafts, library, publishing, reviewing, rubric_lists
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.authoring.reviewing import Given
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import observe, read
from lti_tool.services.scores import deliver
from lti_tool.store.base import new_id
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.drafts import DraftEnd, DraftRow, ReviewRow
from lti_tool.store.frameworks import CompetencyRow, FrameworkRow
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.refusal import Refused
from rubrics.rubric import Alignment, Principle, Rubric
from rubrics.translation import Translation
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.rubrics.making import LEVELS, a_criterion, a_rubric

READY = Given(ready=True)


@pytest.fixture
def lea(world: World) -> Author:
    return Author(world.organization_id, world.visitor("ines").person_id)


@pytest.fixture
def rea(world: World) -> Author:
    return Author(world.organization_id, world.visitor("jo").person_id)


def begun(world: World, lea: Author, rubric: Rubric | None = None) -> UUID:
    """A draft of which a review was asked for."""
    draft_id = drafts.begin(world.session, lea, rubric or a_rubric(), world.now)
    reviewing.ask(world.session, lea, draft_id, world.now)
    return draft_id


def words(world: World, draft_id: UUID) -> str:
    """Names the words as they stand."""
    return reviewing.digest_of_words(drafts.draft(world.session, world.organization_id, draft_id).rubric)


def review(world: World, by: Author, draft_id: UUID, given: Given = READY, *, demo: bool = False) -> None:
    reviewing.review(
        world.session, by, draft_id, given, digest=words(world, draft_id), demo=demo, now=world.now
    )  # fmt: skip


def publish(world: World, by: Author, draft_id: UUID) -> UUID:
    return publishing.publish(world.session, by, draft_id, digest=words(world, draft_id), now=world.now)


def checklist(world: World, draft_id: UUID) -> publishing.Checklist:
    return publishing.checklist(world.session, world.organization_id, draft_id)


def refusal(world: World, by: Author, draft_id: UUID) -> str:
    with pytest.raises(Refused) as refused:
        publish(world, by, draft_id)
    return refused.value.code


def test_cap_a6_without_a_review_publishing_is_blocked(world: World, lea: Author) -> None:
    draft_id = begun(world, lea)
    assert refusal(world, lea, draft_id) == "review_needed"
    assert not checklist(world, draft_id).ready


def test_cap_a6_a_reviewer_who_asks_for_another_look_does_not_open_the_way(
    world: World, lea: Author, rea: Author
) -> None:
    draft_id = begun(world, lea)
    review(world, rea, draft_id, Given(ready=False, words="The second level sounds like a test."))
    assert refusal(world, lea, draft_id) == "review_needed"
    (given,) = checklist(world, draft_id).standing.reviews
    assert (given.ready, given.words) == (False, "The second level sounds like a test.")


def test_cap_a6_a_review_is_of_the_words_that_were_read_and_says_what_changed_since(
    world: World, lea: Author, rea: Author
) -> None:
    draft_id = begun(world, lea)
    review(world, rea, draft_id)
    drafts.rewrite(world.session, lea, draft_id, a_rubric(title="Other words"), world.now)
    assert refusal(world, lea, draft_id) == "review_needed"
    standing = checklist(world, draft_id).standing
    assert [change.place for change in standing.changed_since] == ["title"]
    drafts.rewrite(world.session, lea, draft_id, a_rubric(), world.now)
    assert checklist(world, draft_id).ready  # these words were reviewed


def test_a_review_that_cannot_be_kept_is_told_why(world: World, lea: Author, rea: Author) -> None:
    draft_id = begun(world, lea)
    for given, code in (
        (Given(ready=True, words="a\x00b"), "not_text"),
        (Given(ready=True, words="x" * 4001), "too_long"),
        (Given(ready=True, named="x" * 101), "name_too_long"),
    ):
        with pytest.raises(Refused) as refused:
            review(world, rea, draft_id, given)
        assert refused.value.code == code
    assert checklist(world, draft_id).standing.reviews == ()


def test_the_last_word_of_a_reviewer_counts(world: World, lea: Author, rea: Author) -> None:
    draft_id = begun(world, lea)
    review(world, rea, draft_id)
    world.now += timedelta(hours=1)
    review(world, rea, draft_id, Given(ready=False))
    assert not checklist(world, draft_id).ready


def test_publishing_freezes_a_version_ends_the_draft_and_is_recorded(world: World, lea: Author, rea: Author) -> None:
    draft_id = begun(world, lea)
    review(world, rea, draft_id)
    version_id = publish(world, lea, draft_id)
    row = world.session.get_one(DraftRow, draft_id)
    assert (row.ended_as, row.version_id) == (DraftEnd.PUBLISHED, version_id)
    assert publishing.became(world.session, world.organization_id, draft_id) == version_id
    acts = world.session.execute(select(AuditEntryRow.act, AuditEntryRow.person_id)).all()
    assert {("rubric.publish", lea.person_id), ("draft.publish", lea.person_id)} <= {tuple(row) for row in acts}
    with pytest.raises(NotHere):
        checklist(world, draft_id)


@pytest.mark.parametrize(
    ("named", "demo", "said"),
    [
        ("", False, "A reviewer with lived experience, 2026-03-02"),
        (" Rea ", False, "Rea, 2026-03-02"),
        ("", True, "Demo review: A reviewer with lived experience, 2026-03-02"),
    ],
)
def test_cap_a6_credit_is_by_name_only_where_the_reviewer_wants_that(
    world: World, lea: Author, rea: Author, named: str, demo: bool, said: str
) -> None:
    draft_id = begun(world, lea)
    review(world, rea, draft_id, Given(ready=True, named=named), demo=demo)
    version = library.version(world.session, world.organization_id, publish(world, lea, draft_id))
    assert version.rubric.reviewed_by_lived_experience == said


def test_what_is_published_differs_from_what_was_reviewed_by_the_credit_alone(
    world: World, lea: Author, rea: Author
) -> None:
    draft_id = begun(world, lea, a_rubric(reviewed_by_lived_experience="Someone, years ago"))
    review(world, rea, draft_id)
    version = library.version(world.session, world.organization_id, publish(world, lea, draft_id))
    assert reviewing.words_of(version.rubric) == a_rubric()


def test_words_that_were_changed_meanwhile_are_not_published_unseen(world: World, lea: Author, rea: Author) -> None:
    draft_id = begun(world, lea)
    seen = words(world, draft_id)
    drafts.rewrite(world.session, lea, draft_id, a_rubric(title="Other words"), world.now)
    review(world, rea, draft_id)
    with pytest.raises(Refused) as refused:
        publishing.publish(world.session, lea, draft_id, digest=seen, now=world.now)
    assert refused.value.code == "changed_since"


def test_words_that_were_changed_while_they_were_read_are_not_reviewed_unseen(
    world: World, lea: Author, rea: Author
) -> None:
    draft_id = begun(world, lea)
    seen = words(world, draft_id)
    drafts.rewrite(world.session, lea, draft_id, a_rubric(title="Other words"), world.now)
    with pytest.raises(Refused) as refused:
        reviewing.review(world.session, rea, draft_id, READY, digest=seen, demo=False, now=world.now)
    assert refused.value.code == "changed_since"


def test_a_person_does_not_review_what_they_took_part_in(world: World, lea: Author, rea: Author) -> None:
    draft_id = begun(world, lea)
    drafts.rewrite(world.session, rea, draft_id, a_rubric(title="Of two hands"), world.now)
    for by in (lea, rea):
        assert reviewing.reading(world.session, by, draft_id).took_part
        with pytest.raises(Refused) as refused:
            review(world, by, draft_id)
        assert refused.value.code == "took_part"


def test_who_writes_in_a_draft_after_reviewing_it_is_no_reviewer_of_it_any_more(
    world: World, lea: Author, rea: Author
) -> None:
    draft_id = begun(world, lea)
    review(world, rea, draft_id)
    drafts.rewrite(world.session, rea, draft_id, a_rubric(title="Words of Rea"), world.now)
    drafts.rewrite(world.session, lea, draft_id, a_rubric(), world.now)  # the very words that were reviewed
    assert refusal(world, lea, draft_id) == "review_needed"


def test_a_review_is_given_once_it_is_asked_for(world: World, lea: Author, rea: Author) -> None:
    draft_id = drafts.begin(world.session, lea, a_rubric(), world.now)
    with pytest.raises(Refused) as refused:
        review(world, rea, draft_id)
    assert refused.value.code == "not_asked"


def test_words_of_a_review_are_kept_encrypted(world: World, lea: Author, rea: Author) -> None:
    draft_id = begun(world, lea)
    review(world, rea, draft_id, Given(ready=True, words="Said in confidence"))
    (kept,) = world.session.execute(text("SELECT words FROM rubric_review")).scalars()
    assert "confidence" not in kept
    assert world.session.scalars(select(ReviewRow.words)).one() == "Said in confidence"


def test_a_draft_waits_for_each_reviewer_until_they_answer_and_again_when_asked_again(
    world: World, lea: Author, rea: Author
) -> None:
    draft_id = begun(world, lea)

    def waits(by: Author) -> bool:
        assert by.person_id is not None
        (draft,) = rubric_lists.being_written(world.session, world.organization_id, by.person_id)
        return draft.waits_for_review

    assert waits(rea)
    assert not waits(lea)  # who writes it does not review it
    review(world, rea, draft_id)
    assert not waits(rea)
    world.now += timedelta(hours=1)
    reviewing.ask(world.session, lea, draft_id, world.now)
    assert waits(rea)


def test_cap_a1_a_principle_without_a_criterion_is_named_and_does_not_block(
    world: World, lea: Author, rea: Author
) -> None:
    safe = a_criterion(principles=frozenset(Principle) - {Principle.CHOICE})
    draft_id = begun(world, lea, a_rubric(safe))
    review(world, rea, draft_id)
    found = checklist(world, draft_id)
    assert found.uncovered == (Principle.CHOICE,)
    assert found.ready


def test_cap_b1_a_level_without_an_anchor_is_not_published(world: World, lea: Author, rea: Author) -> None:
    bare = a_criterion(levels=(replace(LEVELS[0], anchor=" "), *LEVELS[1:]))
    draft_id = begun(world, lea, a_rubric(bare))
    review(world, rea, draft_id)
    assert [problem.place for problem in checklist(world, draft_id).problems] == ["criteria[1].levels[1].anchor"]
    assert refusal(world, lea, draft_id) == "not_ready"


def test_cap_a3_a_rubric_without_a_relational_criterion_is_not_published(
    world: World, lea: Author, rea: Author
) -> None:
    draft_id = begun(world, lea, a_rubric(a_criterion(relational=False)))
    review(world, rea, draft_id)
    assert refusal(world, lea, draft_id) == "not_ready"


def test_cap_a4_a_word_that_wounds_keeps_a_rubric_from_being_published(world: World, lea: Author, rea: Author) -> None:
    judging = a_criterion(levels=(replace(LEVELS[0], label="Fail"), *LEVELS[1:]))
    draft_id = begun(world, lea, a_rubric(judging))
    review(world, rea, draft_id)
    (finding,) = checklist(world, draft_id).wording
    assert (finding.place, finding.found) == ("criteria[1].levels[1].label", "Fail")
    assert refusal(world, lea, draft_id) == "not_ready"


def test_a_language_that_is_not_complete_is_not_published(world: World, lea: Author, rea: Author) -> None:
    draft_id = begun(world, lea, a_rubric(translations=(Translation(language="es", title="Una conversación"),)))
    review(world, rea, draft_id)
    places = [problem.place for problem in checklist(world, draft_id).problems]
    assert "translations[1].summary" in places
    assert refusal(world, lea, draft_id) == "not_ready"


def framework(world: World, code: str, identifier: str) -> None:
    own = {"organization_id": world.organization_id}
    row = FrameworkRow(
        id=new_id(), identifier=str(new_id()), key="ours", bundled=False, changed_at=world.now,
        document={"title": "Ours", "language": "en-US"}, **own,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    world.session.add(
        CompetencyRow(
            id=new_id(), framework_id=row.id, identifier=identifier, position=0, code=code, statement="Listens",
            observable=True, document={"identifier": identifier, "code": code, "statement": "Listens"}, **own,
        )
    )  # fmt: skip
    world.session.flush()


def test_a_competency_that_no_framework_has_is_named(world: World, lea: Author) -> None:
    framework(world, "A1", "0b0f7a52-0000-4000-8000-000000000001")
    named = (
        Alignment("ours:A1"),
        Alignment("ours:A9"),
        Alignment("theirs:A1"),
        Alignment("ours:old", identifier="0b0f7a52-0000-4000-8000-000000000001"),
    )
    draft_id = begun(world, lea, a_rubric(a_criterion(alignments=named)))
    found = checklist(world, draft_id).not_known
    assert [(one.place, one.competency) for one in found] == [
        ("criteria[1].alignments", "ours:A9"),
        ("criteria[1].alignments", "theirs:A1"),
    ]


def test_of_another_organization_nothing_is_reviewed_or_published(world: World, lea: Author) -> None:
    draft_id = begun(world, lea)
    stranger = Author(new_id(), lea.person_id)
    for act in (
        lambda: reviewing.ask(world.session, stranger, draft_id, world.now),
        lambda: reviewing.reading(world.session, stranger, draft_id),
        lambda: publishing.publish(world.session, stranger, draft_id, digest="", now=world.now),
        lambda: publishing.checklist(world.session, stranger.organization_id, draft_id),
    ):
        with pytest.raises(NotHere):
            act()


# ---- an activity and the editions of its rubric ----


def next_edition(world: World) -> library.Newer:
    """Other words of the rubric that the activity uses are published."""
    used = world.place(world.visitor("ines")).activity.rubric_version_id
    rubric = author.rubric_of(world.session, used).rubric
    first, *rest = rubric.criteria
    reworded = replace(first, statement="Said anew", levels=first.levels[:2], met_at=2)
    author.publish_rubric(
        world.session, world.organization_id, replace(rubric, criteria=(reworded, *rest)), now=world.now
    )
    newer = library.newer(world.session, used)
    assert newer is not None
    return newer


def use(world: World, number: int) -> None:
    ines = world.visitor("ines")
    author.use_edition(world.session, ines, world.place(ines), number, now=world.now)


def test_cap_e13_what_was_rated_keeps_its_words_when_an_activity_uses_a_newer_edition(world: World) -> None:
    before = world.begin()
    newer = next_edition(world)
    use(world, newer.newest)
    old = observe.form(world.session, world.visitor("jo"), before).rubric
    new = observe.form(world.session, world.visitor("jo"), world.begin()).rubric
    assert old.criteria[0].statement != "Said anew"
    assert new.criteria[0].statement == "Said anew"
    (entry,) = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "activity.use_edition"))
    assert entry.facts == {"before": newer.used, "after": newer.newest}


def test_cap_e13_what_was_signed_is_read_and_counted_as_it_was_rated(make_world: MakeWorld) -> None:
    world = make_world(shows=ColumnShows.RUBRIC_RESULT)
    signed = world.answered()
    world.sign("jo", signed)
    world.session.flush()
    use(world, next_edition(world).newest)
    shown = read.read(world.session, world.visitor("sam"), signed, world.now)
    assert shown.version.rubric.criteria[0].statement != "Said anew"
    sam = world.visitor("sam").person_id
    assert world.activity_id is not None
    deliver.desire(world.session, world.activity_id, sam, world.now)  # level 4 of 5; the new edition has only 2
    assert world.session.scalars(select(DeliveryRow.desired_score)).one() == 80


def test_only_a_newer_edition_of_the_same_rubric_that_is_offered_can_be_used(world: World) -> None:
    newer = next_edition(world)
    for number in (newer.used, newer.newest + 1, 0, -1):
        with pytest.raises(Refused):
            use(world, number)
    library.retire(world.session, Author(world.organization_id, None), newer.rubric_id, world.now)
    with pytest.raises(Refused):
        use(world, newer.newest)
    assert library.newer(world.session, world.place(world.visitor("ines")).activity.rubric_version_id) is None


def test_a_rubric_is_retired_and_brought_back_once_and_has_a_shelf_while_it_has_words(
    world: World, lea: Author
) -> None:
    version_id = version_of(world.session, world.organization_id)
    rubric_id = library.version(world.session, world.organization_id, version_id).rubric_id
    for act in (library.retire, library.bring_back):
        act(world.session, lea, rubric_id, world.now)
        act(world.session, lea, rubric_id, world.now)
    acts = list(world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act.startswith("rubric."))))
    assert (acts.count("rubric.retire"), acts.count("rubric.bring_back")) == (1, 1)
    with pytest.raises(NotHere):
        library.shelf(world.session, world.organization_id, world.organization_id, ["en"])


def test_a_retired_rubric_is_not_chosen_from_a_page_that_still_shows_it(world: World, lea: Author) -> None:
    version_id = version_of(world.session, world.organization_id)
    author.require_offered(world.session, version_id)
    rubric_id = library.version(world.session, world.organization_id, version_id).rubric_id
    library.retire(world.session, lea, rubric_id, world.now)
    with pytest.raises(Refused) as refused:
        author.require_offered(world.session, version_id)
    assert refused.value.code == "rubric_gone"


def test_only_an_instructor_chooses_the_edition(world: World) -> None:
    newer = next_edition(world)
    sam = world.visitor("sam")
    with pytest.raises(Refused):
        author.use_edition(world.session, sam, world.place(sam), newer.newest, now=world.now)


def test_the_same_content_twice_is_one_version(world: World, lea: Author, rea: Author) -> None:
    draft_id = begun(world, lea)
    review(world, rea, draft_id)
    first = publish(world, lea, draft_id)
    again = begun(world, lea)
    review(world, rea, again)
    assert publish(world, lea, again) == first
    numbers = select(RubricVersionRow.number).where(RubricVersionRow.id == first)
    assert world.session.scalars(numbers).all() == [1]
