"""Scenarios: written, reviewed by who did not write them, offered, chosen and swapped without a reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from lti_tool.documents.scenario import digest, write_scenarios
from lti_tool.services.asking import ask, scenario_offers
from lti_tool.services.asking.scenario_offers import Use
from lti_tool.services.authoring import scenario_lists, scenario_reviews, scenarios
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.authoring.scenario_lists import Wanted
from lti_tool.services.authoring.scenario_reviews import Given
from lti_tool.services.authoring.scenarios import Edit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import scenario_files
from lti_tool.services.observations import observe, practice_kinds
from lti_tool.services.observations.lines import line, who_is_reading
from lti_tool.store.messages import MessageRow
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.scenarios import ScenarioOfferRow, ScenarioRow, ScenarioState
from rubrics.consent import PersonServed
from rubrics.observation import Mode
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import Refused
from rubrics.scenario import Scenario
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.rubrics.scenarios import a_scenario


class Library:
    """Lea writes, Rea reviews."""

    def __init__(self, world: World) -> None:
        self.world, self.session, self.now = world, world.session, world.now
        self.lea = Author(world.organization_id, world.visitor("lea", TRAINEE).person_id)
        self.rea = Author(world.organization_id, world.visitor("rea", TRAINEE).person_id)

    def write(self, by: Author | None = None, **changes: Any) -> UUID:
        return scenarios.write(self.session, by or self.lea, a_scenario(**changes), self.now)

    def opened(self, scenario_id: UUID) -> scenarios.Opened:
        return scenarios.opened(self.session, self.world.organization_id, scenario_id)

    def review(self, scenario_id: UUID, by: Author | None = None, *, agrees: bool = True) -> None:
        stands = self.opened(scenario_id).digest
        scenario_reviews.review(
            self.session, by or self.rea, scenario_id, Given(agrees), of_digest=stands, stands=stands, now=self.now
        )

    def publish(self, scenario_id: UUID) -> None:
        stands = self.opened(scenario_id).digest
        scenarios.publish(self.session, self.lea, scenario_id, of_digest=stands, now=self.now)

    def offered(self, **changes: Any) -> UUID:
        scenario_id = self.write(**changes)
        self.review(scenario_id)
        self.publish(scenario_id)
        return scenario_id

    def change(self, scenario_id: UUID, **changes: Any) -> UUID:
        stands = self.opened(scenario_id)
        edit = Edit(replace(stands.scenario, **changes), stands.digest)
        return scenarios.change(self.session, self.lea, scenario_id, edit, self.now)


@pytest.fixture
def library(world: World) -> Library:
    return Library(world)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        act()
    return found.value.code


def test_cap_a6_publishing_without_a_review_with_lived_experience_is_blocked(library: Library) -> None:
    scenario_id = library.write()
    assert refused(lambda: library.publish(scenario_id)) == "scenario_review_needed"
    library.review(scenario_id, agrees=False)
    assert refused(lambda: library.publish(scenario_id)) == "scenario_review_needed"
    library.review(scenario_id)
    library.publish(scenario_id)
    assert library.opened(scenario_id).state is ScenarioState.PUBLISHED


def test_words_of_a_review_are_so_many(library: Library) -> None:
    scenario_id = library.write()
    read = library.opened(scenario_id).digest
    long = lambda: scenario_reviews.review(  # noqa: E731
        library.session, library.rea, scenario_id, Given(False, "x" * 20_000), of_digest=read, stands=read,
        now=library.now,
    )  # fmt: skip
    assert refused(long) == "too_long"


def test_cap_a6_a_review_is_of_exactly_the_words_that_were_read(library: Library) -> None:
    scenario_id = library.write()
    library.review(scenario_id)
    assert library.change(scenario_id, about="Something else.") == scenario_id
    assert refused(lambda: library.publish(scenario_id)) == "scenario_review_needed"
    read_before = digest(a_scenario())
    stands = library.opened(scenario_id).digest
    late = refused(
        lambda: scenario_reviews.review(
            library.session, library.rea, scenario_id, Given(True), of_digest=read_before, stands=stands,
            now=library.now,
        )
    )  # fmt: skip
    assert late == "scenario_changed"


def test_cap_a6_nobody_reviews_what_they_took_part_in_writing(library: Library) -> None:
    scenario_id = library.write()
    assert refused(lambda: library.review(scenario_id, library.lea)) == "scenario_took_part"
    stands = library.opened(scenario_id)
    edit = Edit(replace(stands.scenario, title="By Rea too"), stands.digest)
    scenarios.change(library.session, library.rea, scenario_id, edit, library.now)
    assert refused(lambda: library.review(scenario_id, library.rea)) == "scenario_took_part"


def test_words_that_wound_are_not_offered(library: Library) -> None:
    scenario_id = library.write(words="The peer was noncompliant.")
    library.review(scenario_id)
    assert refused(lambda: library.publish(scenario_id)) == "scenario_not_ready"


def test_a_scenario_that_was_published_and_is_changed_is_read_again_before_it_is_offered(library: Library) -> None:
    scenario_id = library.offered()
    assert library.change(scenario_id, title="Another key") == scenario_id
    assert library.opened(scenario_id).state is ScenarioState.DRAFT
    with pytest.raises(NotHere):
        scenarios.published(library.session, library.world.organization_id, scenario_id)


def test_two_who_change_it_at_once_lose_nothing(library: Library) -> None:
    scenario_id = library.write()
    stands = library.opened(scenario_id)
    library.change(scenario_id, title="First")
    edit = Edit(replace(stands.scenario, title="Second"), stands.digest)
    second = refused(lambda: scenarios.change(library.session, library.rea, scenario_id, edit, library.now))
    assert second == "scenario_changed"
    assert library.opened(scenario_id).scenario.title == "First"


def test_what_was_put_away_is_offered_no_more_and_can_be_brought_back(library: Library) -> None:
    scenario_id = library.offered()
    scenarios.put_away(library.session, library.lea, scenario_id, library.now)
    assert titles(library) == []
    scenarios.bring_back(library.session, library.lea, scenario_id, library.now)
    assert titles(library) == ["The key on the table"]


def test_doing_the_same_twice_is_doing_it_once(library: Library) -> None:
    scenario_id = library.write()
    library.review(scenario_id)
    read = library.opened(scenario_id).digest
    other = lambda: scenarios.publish(  # noqa: E731
        library.session, library.lea, scenario_id, of_digest="another", now=library.now
    )
    assert refused(other) == "scenario_changed"
    for act in (
        lambda: scenarios.publish(library.session, library.lea, scenario_id, of_digest=read, now=library.now),
        lambda: scenarios.put_away(library.session, library.lea, scenario_id, library.now),
        lambda: scenarios.bring_back(library.session, library.lea, scenario_id, library.now),
    ):
        act()
        act()
    acts = list(library.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act.startswith("scenario."))))
    assert [acts.count(f"scenario.{each}") for each in ("publish", "put_away", "bring_back")] == [1, 1, 1]


def titles(library: Library, **wanted: Any) -> list[str]:
    asked = Wanted(**wanted)
    found = scenario_lists.listed(library.session, library.world.organization_id, asked, 0, 40)
    assert scenario_lists.count(library.session, library.world.organization_id, asked) == len(found)
    return [one.scenario.title for one in found]


def test_cap_b9_scenarios_are_found_by_tag_model_setting_language_and_words(library: Library) -> None:
    library.offered(title="A", tags=("race", "première fois"), models=(PracticeModel.GROUP,), language="es-MX")
    library.offered(title="B", tags=("raceway",), settings=(Setting.CRISIS,), about="100% sure_of it")
    assert titles(library) == ["A", "B"]
    assert titles(library, tag="race") == ["A"]
    assert titles(library, tag="première fois") == ["A"]
    assert titles(library, model=PracticeModel.GROUP) == ["A"]
    assert titles(library, setting=Setting.CRISIS) == ["B"]
    assert titles(library, language="es") == ["A"]
    assert titles(library, language="en-GB") == ["B"]
    assert titles(library, words="100% SURE") == ["B"]
    assert titles(library, words="sure-of") == []
    assert titles(library, tag="race", model=PracticeModel.YOUTH) == []
    offered = frozenset({ScenarioState.PUBLISHED})
    organization_id = library.world.organization_id
    assert scenario_lists.tags(library.session, organization_id, offered) == ("première fois", "race", "raceway")
    assert scenario_lists.languages(library.session, organization_id, offered) == ("en", "es")


def test_cap_e12_what_is_taken_along_is_brought_once_and_comes_as_a_draft(library: Library) -> None:
    library.offered(title="Ours")
    session, organization_id = library.session, library.world.organization_id
    taken = scenario_files.take_along(session, organization_id).content.decode()
    assert scenario_files.bring(session, library.lea, taken, library.now) == 0
    new = write_scenarios([a_scenario(title="Theirs", license="CC0-1.0", credits="Their council")])
    assert scenario_files.bring(session, library.lea, new + new.partition("\n\n")[0], library.now) in (0, 1)
    found = scenario_lists.listed(
        session, organization_id, Wanted(states=frozenset({ScenarioState.DRAFT}), words="Theirs"), 0, 9
    )
    assert [one.scenario for one in found] == [a_scenario(title="Theirs", license="CC0-1.0", credits="Their council")]


class Practice:
    """Sam's observation with Jo, and three scenarios as good as one another, and one alone."""

    def __init__(self, library: Library, mode: Mode = Mode.ROLE_PLAY) -> None:
        self.library, self.world, self.session, self.now = library, library.world, library.session, library.now
        self.group = [library.offered(title=f"Of the group {number}") for number in range(3)]
        self.alone = library.offered(title="Alone", group="")
        self.sam, self.jo = self.world.visitor("sam"), self.world.visitor("jo")
        self.observation_id = self.world.ask(mode)

    def choose(self, scenario_id: UUID, who: str = "sam") -> None:
        visitor = self.world.visitor(who)
        scenario_offers.choose(self.session, visitor, self.observation_id, scenario_id, self.now)

    def swap(self, who: str = "sam") -> UUID:
        scenario_offers.swap(self.session, self.world.visitor(who), self.observation_id, self.now)
        found = self.use("sam")
        assert found is not None
        assert found.scenario_id is not None
        return found.scenario_id

    def use(self, who: str) -> Use | None:
        visitor = self.world.visitor(who)
        seen = line(self.session, self.world.organization_id, self.observation_id)
        return scenario_offers.use_of(self.session, seen, who_is_reading(self.session, visitor, seen))


@pytest.fixture
def practice(library: Library) -> Practice:
    return Practice(library)


def test_cap_b10_another_scenario_is_offered_as_often_as_there_are_others_and_none_twice_before(
    practice: Practice,
) -> None:
    practice.choose(practice.group[0])
    seen = [practice.group[0], practice.swap(), practice.swap()]
    assert sorted(seen) == sorted(practice.group)
    assert practice.swap() == seen[0]  # nothing else is left


def test_cap_b10_no_reason_can_be_given_and_none_is_kept(practice: Practice) -> None:
    columns = {column.name for column in inspect(ScenarioOfferRow).columns}
    assert columns == {
        "id", "organization_id", "observation_id", "scenario_id", "offered_at", "opened_at", "swapped_at",
    }  # fmt: skip
    practice.choose(practice.group[0])
    practice.swap()
    entry = practice.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "scenario.swap")).one()
    assert entry.facts == {}


def test_cap_b10_ux_c2_a_swap_and_doing_without_change_nothing_that_is_required(practice: Practice) -> None:
    before = line(practice.session, practice.world.organization_id, practice.observation_id)
    practice.choose(practice.group[0])
    practice.swap()
    scenario_offers.do_without(practice.session, practice.sam, practice.observation_id, practice.now)
    assert line(practice.session, practice.world.organization_id, practice.observation_id) == before


def test_cap_b10_one_that_is_alone_says_so_and_the_trainee_can_do_without(practice: Practice) -> None:
    practice.choose(practice.alone)
    found = practice.use("sam")
    assert found is not None
    assert (found.may_swap, found.others) == (True, 0)
    assert refused(practice.swap) == "no_other_scenario"
    scenario_offers.do_without(practice.session, practice.sam, practice.observation_id, practice.now)
    without = practice.use("sam")
    assert without is not None
    assert (without.scenario, without.may_choose) == (None, True)
    assert refused(practice.swap) == "no_scenario"
    scenario_offers.do_without(practice.session, practice.sam, practice.observation_id, practice.now)


def test_others_are_of_the_same_language_and_offered_now(practice: Practice) -> None:
    practice.library.offered(title="Otra", language="es")
    scenarios.put_away(practice.session, practice.library.lea, practice.group[1], practice.now)
    practice.choose(practice.group[0])
    found = practice.use("sam")
    assert found is not None
    assert found.others == 1
    assert practice.swap() == practice.group[2]


def test_an_observer_sees_the_current_one_only_and_cannot_swap_it(practice: Practice) -> None:
    practice.choose(practice.group[0], "jo")
    instead = practice.swap()
    seen = practice.use("jo")
    assert seen is not None
    assert (seen.scenario_id, seen.may_swap, seen.others) == (instead, False, 0)
    with pytest.raises(NotHere):
        practice.swap("jo")
    with pytest.raises(NotHere):
        scenario_offers.do_without(practice.session, practice.jo, practice.observation_id, practice.now)
    assert practice.use("ines") is None


def test_whoever_is_to_play_it_is_told_that_an_observer_chose_one(practice: Practice) -> None:
    practice.choose(practice.group[0], "jo")
    told = practice.session.scalars(
        select(MessageRow.person_id).where(
            MessageRow.path == f"/o/{practice.observation_id}", MessageRow.sender_id == practice.jo.person_id
        )
    ).all()
    assert practice.sam.person_id in told


def test_of_two_who_choose_at_once_one_is_asked_to_look_again(practice: Practice) -> None:
    practice.choose(practice.group[0])
    practice.choose(practice.group[0], "jo")
    assert refused(lambda: practice.choose(practice.group[1], "jo")) == "scenario_chosen"


def test_it_stays_once_the_form_is_handed_in(practice: Practice) -> None:
    practice.choose(practice.group[0])
    handed_in(practice)
    assert refused(practice.swap) == "scenario_used"
    seen = practice.use("sam")
    assert seen is not None
    assert (seen.scenario_id, seen.may_swap, seen.may_choose) == (practice.group[0], False, False)


def handed_in(practice: Practice) -> None:
    observe.person_served(
        practice.session, practice.jo, practice.observation_id, PersonServed.NOT_APPLICABLE, practice.now
    )
    rubric = observe.form(practice.session, practice.jo, practice.observation_id).rubric
    ratings = {
        criterion.key: observe.RatingChange(level=4, not_observed=False, evidence="Waited, then asked.")
        for criterion in rubric.criteria
    }
    change = observe.Change(strength="Let the silence be.", ratings=ratings)
    observe.save(practice.session, practice.jo, practice.observation_id, change, practice.now)
    observe.share(practice.session, practice.jo, practice.observation_id, practice.now)


def test_cap_a6_whoever_wrote_what_is_used_wrote_most_of_what_stands_in_its_place(practice: Practice) -> None:
    library = practice.library
    kim = Author(library.world.organization_id, library.world.visitor("kim", TRAINEE).person_id)
    scenario_id = library.write(by=kim)
    library.review(scenario_id)
    library.publish(scenario_id)
    practice.choose(scenario_id)
    changed = library.change(scenario_id, title="The key in the door")
    assert changed != scenario_id
    assert refused(lambda: library.review(changed, by=kim)) == refused(lambda: library.review(changed, by=library.lea))


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.REMOTE])
def test_where_people_are_supported_nothing_is_made_up(library: Library, mode: Mode) -> None:
    practice = Practice(library, mode)
    assert practice.use("sam") is None
    with pytest.raises(NotHere):
        practice.choose(practice.group[0])


def test_a_draft_cannot_be_chosen_and_nobody_else_chooses(practice: Practice) -> None:
    with pytest.raises(NotHere):
        practice.choose(practice.library.write(title="A draft"))
    for who in ("noor", "ines", "amara"):
        with pytest.raises(NotHere):
            practice.choose(practice.group[0], who)


def test_an_observation_keeps_the_words_that_it_used(practice: Practice) -> None:
    practice.choose(practice.group[0])
    new = practice.library.change(practice.group[0], about="Told otherwise.")
    assert new != practice.group[0]
    seen = practice.use("sam")
    assert seen is not None
    assert seen.scenario is not None
    assert seen.scenario.about == a_scenario().about
    assert practice.library.opened(practice.group[0]).state is ScenarioState.PUT_AWAY
    changed = practice.library.opened(new)
    assert (changed.state, changed.scenario.group) == (ScenarioState.DRAFT, a_scenario().group)


def test_what_its_trainee_opened_is_noted_once_and_what_others_open_is_not(practice: Practice) -> None:
    practice.choose(practice.group[0])
    scenario_offers.read(practice.session, practice.jo, practice.observation_id, practice.now)
    offer = practice.session.scalars(select(ScenarioOfferRow)).one()
    assert offer.opened_at is None
    scenario_offers.read(practice.session, practice.sam, practice.observation_id, practice.now)
    assert offer.opened_at == practice.now
    scenario_offers.read(practice.session, practice.sam, practice.observation_id, practice.now + timedelta(minutes=5))
    assert offer.opened_at == practice.now
    with pytest.raises(NotHere):
        scenario_offers.read(practice.session, practice.world.visitor("noor"), practice.observation_id, practice.now)


def test_of_what_was_taken_back_no_scenario_is_shown(practice: Practice) -> None:
    practice.choose(practice.group[0])
    ask.withdraw(practice.session, practice.sam, practice.observation_id, practice.now)
    assert practice.use("sam") is None


def test_cap_b11_cap_b12_way_of_working_and_setting_are_said_of_an_observation(practice: Practice) -> None:
    said: practice_kinds.Said = {"model": PracticeModel.GROUP, "setting": Setting.REENTRY}
    practice_kinds.say(practice.session, practice.sam, practice.observation_id, said, practice.now)
    found = practice_kinds.kind_of(practice.session, practice.observation_id)
    assert found == practice_kinds.Kind(PracticeModel.GROUP, Setting.REENTRY, None)


def test_cap_e9_an_observer_says_that_an_interpreter_was_present_and_can_leave_it_unsaid(practice: Practice) -> None:
    for said in (True, False, None):
        practice_kinds.say(practice.session, practice.jo, practice.observation_id, {"interpreter": said}, practice.now)
        assert practice_kinds.kind_of(practice.session, practice.observation_id).interpreter is said


def test_what_kind_it_was_is_said_by_its_two_sides_while_the_form_is_open(practice: Practice) -> None:
    for who in ("noor", "ines", "amara"):
        with pytest.raises(NotHere):
            practice_kinds.say(
                practice.session, practice.world.visitor(who), practice.observation_id, {"interpreter": True},
                practice.now,
            )  # fmt: skip
    handed_in(practice)
    late = refused(
        lambda: practice_kinds.say(
            practice.session, practice.jo, practice.observation_id, {"interpreter": True}, practice.now
        )
    )
    assert late == "form_closed"
    practice_kinds.say(practice.session, practice.jo, practice.observation_id, {"interpreter": None}, practice.now)


def test_a_scenario_of_another_organization_is_not_here(library: Library, session: Session) -> None:
    scenario_id = library.write()
    elsewhere = Author(UUID(int=7), library.lea.person_id)
    with pytest.raises(NotHere):
        scenarios.opened(session, elsewhere.organization_id, scenario_id)
    with pytest.raises(NotHere):
        scenarios.put_away(session, elsewhere, scenario_id, library.now)


def test_what_is_kept_is_all_of_it(library: Library) -> None:
    whole = a_scenario(models=tuple(PracticeModel), settings=tuple(Setting))
    assert library.opened(scenarios.write(library.session, library.lea, whole, library.now)).scenario == whole
    bare = Scenario(title="Bare", language="en")
    assert library.opened(scenarios.write(library.session, library.lea, bare, library.now)).scenario == bare
    assert library.session.scalars(select(ScenarioRow.roles).where(ScenarioRow.title == "Bare")).one() is None
