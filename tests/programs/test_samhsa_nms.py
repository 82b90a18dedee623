"""National Model Standards for Peer Support Certification: cases of our own. A model to compare with, no program."""

from grading.proof import Answer
from tests.programs.entries import entry
from tests.programs.reading import open_in, program, stands

EVERYTHING = "".join([
    entry("statements", "own", "2025-01-10", name="lived_experience"),
    entry("training", "course", "2025-03-01", "40 hours"),
    entry(
        "supervision", "talk", "2025-04-01", "1 hours", supervisor_was_peer_worker=True, supervisor_certified=True
    ),
])  # fmt: skip


def test_nobody_can_be_certified_under_it() -> None:
    model = program("samhsa-nms")
    assert model.comparison_only
    assert model.lifecycle.validity is None


def test_with_everything_nothing_is_left_open() -> None:
    assert open_in(stands("samhsa-nms", EVERYTHING), "initial") == {}


def test_more_training_and_practice_than_a_program_may_ask_is_no_harm() -> None:
    more = EVERYTHING.replace("40 hours", "400 hours") + entry("practice", "work", "2025-05-01", "500 hours")
    assert open_in(stands("samhsa-nms", more), "initial") == {}
    assert stands("samhsa-nms", more).of("practice").answer is Answer.MET


def test_with_less_training_the_rest_still_stands() -> None:
    less = EVERYTHING.replace("40 hours", "39 hours")
    assert open_in(stands("samhsa-nms", less), "initial") == {"training": Answer.NOT_YET}


def test_a_supervisor_who_was_never_a_peer_worker_does_not_count_and_silence_is_not_known() -> None:
    never = EVERYTHING.replace("supervisor_was_peer_worker = true", "supervisor_was_peer_worker = false")
    assert stands("samhsa-nms", never).of("supervisors").answer is Answer.NOT_YET
    silent = EVERYTHING.replace("supervisor_was_peer_worker = true, ", "")
    assert stands("samhsa-nms", silent).of("supervisors").answer is Answer.UNKNOWN
