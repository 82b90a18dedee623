"""The short form of `make soak`: some people, each fault once, for a minute or so."""

import pytest

from tests.soak.__main__ import one
from tests.soak.disk import small_disk
from tests.soak.watch import Try, Watch

PEOPLE, MINUTES = 6, 1.5
FAULTS = ["worker killed", "LMS down", "database away", "disk full", "clocks wrong"]


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_while_things_go_wrong_people_read_a_sentence_and_nothing_is_lost(database: str) -> None:
    outcome = one(PEOPLE, MINUTES, database)
    assert outcome.problems == []
    assert [span.name for span in outcome.watch.spans] == FAULTS
    assert outcome.fields > PEOPLE


def a_try(what: str, began: float, *, sentence: bool = True) -> Try:
    return Try(what, began, began + 1, "503 Attune is away for a moment", at_lms=False, is_sentence=sentence)


def test_what_does_not_work_is_a_problem_unless_a_fault_explains_it_and_a_sentence_is_read() -> None:
    watch = Watch()
    span = watch.begins("disk full")
    span.began, span.ended, span.well_again = 100.0, 110.0, 115.0
    for began in (99.5, 105.0, 116.5):
        watch.did_not_work(a_try("sign", began))
    assert watch.problems == []
    watch.did_not_work(a_try("sign", 90.0))
    watch.did_not_work(a_try("sign", 118.0))
    watch.did_not_work(a_try("sign", 105.0, sentence=False))
    assert len(watch.problems) == 3
    assert watch.seen["disk full"].total() == 4


def test_while_the_lms_is_down_only_launches_may_not_work() -> None:
    watch = Watch()
    span = watch.begins("LMS down")
    span.began, span.ended, span.well_again = 100.0, 110.0, 115.0
    watch.did_not_work(a_try("launch", 105.0))
    assert watch.problems == []
    watch.did_not_work(a_try("sign", 105.0))
    assert len(watch.problems) == 1


def test_a_disk_that_is_full_takes_nothing_until_there_is_room(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with small_disk(tmp_path / "disk") as disk:
        if not disk.mounted:
            pytest.skip("this user may not mount")
        disk.fill(list)
        with pytest.raises(OSError, match="No space left"), (disk.folder / "file").open("wb", buffering=0) as file:
            file.write(b"some")
        disk.make_room(list)
        assert (disk.folder / "file").write_bytes(b"some") == 4
