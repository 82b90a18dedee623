"""Registered Behavior Technician: acceptance cases 13 and 14, and cases of our own."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from grading.editions import enrolled
from grading.evidence import Decision, Outcome
from grading.lifecycle.validity import valid_until
from grading.proof import Answer
from grading.standing import standing
from tests.programs.entries import Has, decision, entry, event
from tests.programs.observations import observation
from tests.programs.reading import evidence, open_in, program, stands

ON = date(2026, 6, 1)
SUBJECTS = {
    "introduction": 2,
    "preparing_for_service_delivery": 1,
    "data_collection_and_graphing": 3,
    "assisting_assessments": 3,
    "behavior_change_interventions": 31,
}
TASKS = [f"task_{number}" for number in range(1, 20)]
PERSON = "".join([
    entry("statements", "age", "2026-01-05", name="age_18"),
    entry("documents", "diploma", "2026-01-05", name="secondary_education"),
    entry("checks", "records", "2026-01-05", type="criminal"),
    entry("checks", "registry", "2026-01-05", type="abuse_registry"),
    entry("exams", "exam", "2026-05-20", name="rbt_exam", passed=True),
])  # fmt: skip
APPLIED = event("application", "2026-05-01")


def training(edition: str = "2026") -> str:
    days = zip(SUBJECTS.items(), range(2, 7), strict=True)
    return "".join(
        entry("training", subject, f"2026-02-{day:02}", f"{hours} hours", category=subject, edition=edition)
        for (subject, hours), day in days
    )


def assessment(modes: Collection[str], on: str = "2026-04-01", **has: Has) -> str:
    """19 tasks, by turns in these ways."""
    said: dict[str, Has] = {"name": "initial_competency_assessment", "relation": "none", **has}
    parts = [(mode, TASKS[place :: len(modes)]) for place, mode in enumerate(modes)]
    return "".join(
        observation(mode, on, dict.fromkeys(tasks, 1), **said, mode=mode) for mode, tasks in parts
    )  # fmt: skip


def signature(on: str = "2026-04-01", **has: Has) -> str:
    said: dict[str, Has] = {
        "name": "initial_competency_assessment",
        "role": "responsible_assessor",
        "credential": "BCBA",
        "training_hours": 8,
        "same_organization_as_client": True,
        **has,
    }
    return entry("signatures", "signed", on, **said)


EVERYTHING = PERSON + APPLIED + training() + assessment(["with_client", "role_play"]) + signature()


def month(*contacts: str, service: int = 80) -> str:
    """A January with service hours and contacts of supervision, after a certification."""
    certified = decision("certified", "2026-01-01", "initial")
    return certified + entry("practice", "services", "2026-01-15", f"{service} hours") + "".join(contacts)


def contact(day: int, form: str, *, hours: int = 2, observed: bool = True, size: int = 4) -> str:
    has: dict[str, Has] = {"form": form, "real_time": True, "observed": observed}
    if form == "group":
        has["group_size"] = size
    return entry("supervision", f"contact-{day}", f"2026-01-{day:02}", f"{hours} hours", **has)


SUPERVISION = {"supervision-share", "supervision-contacts", "supervision-individual", "supervision-observed"}


def open_supervision(text: str) -> dict[str, Answer]:
    found = open_in(stands("us-rbt", text, on=date(2026, 2, 1)), "renewal")
    return {key: answer for key, answer in found.items() if key in SUPERVISION}


def test_case_13_a_month_with_two_group_contacts_still_asks_for_one_alone() -> None:
    groups = month(contact(6, "group"), contact(20, "group"))
    assert open_supervision(groups) == {"supervision-individual": Answer.NOT_YET}
    found = stands("us-rbt", groups, on=date(2026, 2, 1))
    january = found.of("supervision-individual").parts[0]
    assert (january.answer, january.changes[0].amount) == (Answer.NOT_YET, 1)
    share = found.of("supervision-share").parts[0].numbers
    assert share is not None
    assert (share.need, share.sure) == (4, 4)


def test_a_month_with_one_contact_alone_has_everything() -> None:
    assert open_supervision(month(contact(6, "group"), contact(20, "individual"))) == {}


def test_a_group_of_eleven_counts_neither_as_a_contact_nor_for_the_share() -> None:
    crowd = month(contact(6, "group", size=11), contact(20, "individual"))
    assert open_supervision(crowd) == {"supervision-share": Answer.NOT_YET, "supervision-contacts": Answer.NOT_YET}


def test_two_contacts_in_one_week_are_shown_and_stand_in_nobodys_way() -> None:
    found = stands("us-rbt", month(contact(6, "group"), contact(8, "individual")), on=date(2026, 2, 1))
    assert found.of("supervision-weeks").answer is Answer.NOT_YET
    assert "supervision-weeks" not in open_in(found, "renewal")


def test_case_14_nineteen_tasks_all_in_role_play_still_ask_for_another_way() -> None:
    everything = PERSON + APPLIED + training() + assessment(["role_play"]) + signature()
    found = stands("us-rbt", everything, on=ON)
    assert open_in(found, "initial") == {"tasks-not-only-role-play": Answer.NOT_YET}
    assert found.of("tasks").answer is Answer.MET


def test_with_everything_the_stage_is_ready_for_a_decision() -> None:
    assert open_in(stands("us-rbt", EVERYTHING, on=ON), "initial") == {}


def test_tasks_without_their_way_cannot_be_known_and_one_with_help_is_shown_again() -> None:
    silent = assessment(["with_client"]).replace(', mode = "with_client"', "")
    assert stands("us-rbt", training() + APPLIED + silent, on=ON).of("tasks").answer is Answer.UNKNOWN
    helped = stands("us-rbt", training() + APPLIED + assessment(["with_client"], helped=True), on=ON)
    assert helped.of("tasks").answer is Answer.NOT_YET
    again = assessment(["with_client"], helped=True) + assessment(["interview"], on="2026-04-02")
    assert stands("us-rbt", training() + APPLIED + again, on=ON).of("tasks").answer is Answer.MET


def test_an_assessment_counts_after_the_training_and_for_ninety_days() -> None:
    def tasks(on: str) -> Answer:
        return stands("us-rbt", training() + APPLIED + assessment(["with_client"], on=on), on=ON).of("tasks").answer

    assert tasks("2026-02-05") is Answer.NOT_YET  # the training ends on the 6th
    assert tasks("2026-02-06") is Answer.MET
    late = training() + event("application", "2026-05-08") + assessment(["with_client"], on="2026-02-06")
    assert stands("us-rbt", late, on=ON).of("tasks").answer is Answer.NOT_YET


def test_an_assessor_with_a_tie_does_not_count() -> None:
    tied = training() + APPLIED + assessment(["with_client"], relation="relative")
    assert stands("us-rbt", tied, on=ON).of("tasks-independence").answer is Answer.NOT_YET
    assert stands("us-rbt", tied, on=ON).of("tasks").answer is Answer.MET


def test_an_assistant_may_assess_while_the_responsible_assessor_signs() -> None:
    assistant = EVERYTHING.replace('role = "responsible_assessor"', 'role = "assistant_assessor"')
    assert open_in(stands("us-rbt", assistant, on=ON), "initial") == {"responsible-assessor": Answer.NOT_YET}
    fewer_hours = EVERYTHING.replace("training_hours = 8", "training_hours = 7")
    assert open_in(stands("us-rbt", fewer_hours, on=ON), "initial") == {"responsible-assessor": Answer.NOT_YET}


def test_training_of_the_older_outline_is_done_again_under_the_edition_of_2026() -> None:
    older = stands("us-rbt", training("2025"), on=ON)
    assert older.of("training").answer is Answer.NOT_YET


def test_whoever_entered_under_the_older_edition_goes_on_under_the_new_one_and_trains_again() -> None:
    editions = (program("us-rbt", "2025"), program("us-rbt", "2026"))
    entered = replace(evidence(training("2025")), entered_on=date(2025, 11, 3))
    assert enrolled(editions, entered, date(2025, 12, 31)).program.edition == "2025"
    moved = enrolled(editions, entered, date(2026, 1, 1))
    assert moved.program.edition == "2026"
    assert moved.came_by is not None
    assert moved.came_by.again == ("training", "training-subjects")
    anew = replace(evidence(training("2026")), entered_on=entered.entered_on)
    assert standing(enrolled(editions, anew, ON).program, anew, ON).of("training").answer is Answer.MET


def test_whoever_is_certified_under_the_older_edition_moves_with_the_renewal_and_keeps_the_last_day() -> None:
    editions = (program("us-rbt", "2025"), program("us-rbt", "2026"))
    text = decision("certified", "2025-09-10", "initial") + decision("renewed", "2026-08-20", "renewal")
    person = replace(evidence(text, as_of=date(2026, 9, 1)), entered_on=date(2025, 5, 1))
    assert enrolled(editions, person, date(2026, 8, 19)).program.edition == "2025"
    assert enrolled(editions, person, date(2026, 9, 1)).program.edition == "2026"


def test_under_the_edition_until_2025_other_subjects_are_asked() -> None:
    subjects = entry("training", "a", "2025-03-03", "36 hours", category="ethics") + entry(
        "training", "b", "2025-03-07", "4 hours", category="supervision"
    )
    found = stands("us-rbt", subjects, on=date(2025, 4, 1), edition="2025")
    for key in ("training", "training-pace", "training-subjects"):
        assert found.of(key).answer is Answer.MET, key


def test_training_in_four_days_is_faster_than_the_program_asks_and_in_a_year_slower() -> None:
    two = entry("training", "a", "2026-02-02", "20 hours", edition="2026") + entry(
        "training", "b", "2026-02-05", "20 hours", edition="2026"
    )
    assert stands("us-rbt", two, on=ON).of("training-pace").answer is Answer.NOT_YET
    assert stands("us-rbt", two, on=ON).of("training").answer is Answer.MET
    slow = two.replace("on = 2026-02-02", "on = 2025-02-02").replace("signed = 2026-02-02", "signed = 2025-02-02")
    assert stands("us-rbt", slow, on=ON).of("training").answer is Answer.NOT_YET


def test_it_is_valid_for_twelve_months_and_since_2026_for_twenty_four() -> None:
    early = Decision("d", Outcome.CERTIFIED, date(2025, 5, 10), "initial")
    assert valid_until(program("us-rbt", "2025"), [early], evidence(""), ON) == date(2026, 5, 10)
    later = Decision("d", Outcome.CERTIFIED, date(2026, 5, 10), "initial")
    assert valid_until(program("us-rbt", "2026"), [later], evidence(""), ON) == date(2028, 5, 10)


def test_renewal_is_ready_with_twelve_units_and_the_assessment() -> None:
    done = month(contact(6, "group"), contact(20, "individual"))
    done += entry("education", "units", "2026-01-10", "12 units")
    done += observation("again", "2026-01-20", name="renewal_competency_assessment", every_task_shown=True)
    assert open_in(stands("us-rbt", done, on=date(2026, 1, 31)), "renewal") == {}
