"""NYS Certified Peer Worker: acceptance case 10, and cases of our own."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from grading.lifecycle.status import Status
from grading.program import StageKind
from grading.proof import Answer
from tests.programs.entries import entry, event
from tests.programs.reading import open_in, program, stands

EVALUATED = "2025-11-03"


def evaluation(id_: str, on: str, levels: Mapping[str, int], **has: str) -> str:
    """One evaluation of a part: each of its items with its level."""
    ratings = "".join(
        f'[[observations.ratings]]\ncriterion = "{criterion}"\nlevel = {level}\n\n'
        for criterion, level in levels.items()
    )
    return entry("observations", id_, on, **has) + ratings


def practicum(last: int = 3) -> str:
    levels = dict.fromkeys((f"practicum-{number}" for number in range(1, 8)), 2) | {"practicum-8": last}
    return evaluation("practicum", EVALUATED, levels, part="practicum")


def core(level: int = 2) -> str:
    return evaluation("core", EVALUATED, {"core-1": 3, "core-2": 2, "core-3": level}, part="core")


def specialized(count: int, track: str = "hcv") -> str:
    levels = dict.fromkeys((f"{track}-{number}" for number in range(1, count + 1)), 3)
    return evaluation(f"of {track}", EVALUATED, {**levels, f"{track}-more": 2}, part="specialized", track=track)


def experience(track: str = "hcv") -> str:
    return entry("statements", f"{track} tick", "2025-01-02", name="shares_experience_of_track", track=track)


TRAINING = "".join(
    [
        entry("training", "readiness", "2025-01-10", "12 hours", course="peer_readiness", part="readiness"),
        entry("training", "core course", "2025-03-01", "68 hours", part="core", course="c"),
        entry("training", "own course", "2025-04-01", "22 hours", part="specialized", course="s"),
    ]
)
SIGNED = "".join(
    [
        entry("attestations", "rated", EVALUATED, name="practicum_evaluation", role="supervisor"),
        event("evaluation_talked_over", "2025-11-05"),
        entry("signatures", "by peer", "2025-11-05", name="practicum_evaluation", role="peer"),
        entry("signatures", "by supervisor", "2025-11-06", name="practicum_evaluation", role="supervisor"),
        entry("documents", "evaluation", "2025-11-10", name="practicum_evaluation"),
    ]
)
REST = "".join(
    [
        entry("practice", "work", "2025-10-31", "500 hours", practicum=True),
        entry("exams", "exam", "2025-12-01", name="peer_worker_exam", passed=True),
        entry("signatures", "code", "2025-01-02", name="code_of_ethics"),
        event("application", "2025-12-10"),
        entry("approvals", "board", "2026-01-20", name="review_board"),
    ]
)
ALL = TRAINING + SIGNED + REST + practicum() + core() + specialized(25) + experience()


def test_case_10_with_twenty_four_specialized_competencies_one_is_to_go() -> None:
    written = TRAINING + SIGNED + REST + practicum() + core(2) + specialized(24) + experience()
    found = stands("ny-aids-peer", written)
    assert found.of("practicum-items").answer is Answer.MET
    assert found.of("core-competencies").answer is Answer.MET
    assert open_in(found, "initial") == {"track": Answer.NOT_YET}
    of_track = found.of("hcv-competencies")
    assert of_track.answer is Answer.NOT_YET
    assert [each.amount for each in of_track.changes] == [Decimal(1)]


def test_with_everything_the_certification_and_its_track_are_ready_for_a_decision() -> None:
    found = stands("ny-aids-peer", ALL)
    assert open_in(found, "initial") == {}
    assert (found.status, found.facts.ready) == (Status.READY_FOR_DECISION, ("initial",))
    assert open_in(found, "hcv") == {}
    assert set(open_in(found, "hiv")) == {"hiv-experience", "hiv-competencies"}


def test_competencies_of_two_tracks_do_not_make_up_for_each_other() -> None:
    split = ALL.replace(specialized(25), specialized(13) + specialized(12, "hiv") + experience("hiv"))
    assert open_in(stands("ny-aids-peer", split), "initial") == {"track": Answer.NOT_YET}


def test_somebody_may_have_several_tracks() -> None:
    found = stands("ny-aids-peer", ALL + specialized(25, "prep") + experience("prep"))
    assert open_in(found, "hcv") == open_in(found, "prep") == {}


def test_one_item_of_the_practicum_below_satisfactory_is_not_yet_and_a_later_evaluation_shows_it() -> None:
    short = ALL.replace(practicum(), practicum(last=1))
    found = stands("ny-aids-peer", short)
    assert open_in(found, "initial") == {"practicum-items": Answer.NOT_YET}
    assert [part.name for part in found.of("practicum-items").parts if part.answer is Answer.NOT_YET] == ["practicum-8"]
    later = evaluation("later", "2025-12-20", {"practicum-8": 2}, part="practicum")
    assert open_in(stands("ny-aids-peer", short + later), "initial") == {}


def test_one_core_competency_without_progress_is_not_yet() -> None:
    short = ALL.replace(core(), core(1))
    assert open_in(stands("ny-aids-peer", short), "initial") == {"core-competencies": Answer.NOT_YET}


def test_without_an_evaluation_the_core_competencies_are_not_shown() -> None:
    bare = ALL.replace(core(), "")
    assert open_in(stands("ny-aids-peer", bare), "initial") == {"core-competencies": Answer.NOT_YET}


def test_courses_from_before_the_readiness_training_do_not_count() -> None:
    early = ALL.replace("on = 2025-03-01", "on = 2025-01-09").replace("signed = 2025-03-01", "signed = 2025-01-09")
    assert open_in(stands("ny-aids-peer", early), "initial") == {
        "training": Answer.NOT_YET,
        "training-parts": Answer.NOT_YET,
    }


def test_ninety_hours_with_too_few_of_the_core_are_not_enough() -> None:
    other = ALL.replace('"68 hours"', '"67 hours"').replace('"22 hours"', '"23 hours"')
    assert open_in(stands("ny-aids-peer", other), "initial") == {"training-parts": Answer.NOT_YET}


@pytest.mark.parametrize("first", ["2025-11-05", "2025-11-06"])
def test_whoever_signs_first_both_sign_after_they_talked_and_then_it_is_handed_in(first: str) -> None:
    written = ALL.replace(SIGNED, SIGNED.replace("on = 2025-11-06", f"on = {first}"))
    assert open_in(stands("ny-aids-peer", written), "initial") == {}


def test_a_signature_from_before_they_talked_is_not_the_one_that_is_asked() -> None:
    early = ALL.replace("on = 2025-11-06", "on = 2025-11-04")
    assert open_in(stands("ny-aids-peer", early), "initial") == {"evaluation-signed": Answer.NOT_YET}


def test_the_names_of_tracks_tell_something_so_that_the_holder_agrees_first() -> None:
    tracks = [stage for stage in program("ny-aids-peer").stages if stage.kind is StageKind.ENDORSEMENT]
    assert len(tracks) == 5
    assert all(stage.reveals and stage.scope for stage in tracks)
    assert program("ny-aids-peer").endorsements_at_least == 1
