"""attune bench pages: what it fills and asks for; how fast is for the bench to say."""

from lti_tool.cli import bench_pages, bench_words
from lti_tool.cli.bench_pages import statements
from lti_tool.cli.bench_pages_filled import Size, fill
from lti_tool.cli.bench_run import Place, environment
from lti_tool.processes import free_port
from tests.lti_tool.cli.serving import in_this_process


def asked(place: Place, people: int) -> dict[str, int]:
    with place() as directory:
        settings = environment(directory, free_port("127.0.0.1"))
        filled = fill(settings, Size(people=people, entries_each=6, observations_each=3))
        return {name: number for name, _, _, number in statements(settings, filled)}


def test_pages_take_as_many_statements_for_many_people_as_for_few(place: Place) -> None:
    few, more = asked(place, 2), asked(place, 5)
    assert few == more
    assert few.keys() >= {"my path", "pause", "renewal", "queue"}
    assert max(few.values()) <= 40


def test_a_page_is_asked_for_among_few_people_and_among_more_and_what_grew_is_told(
    place: Place,
) -> None:
    found = bench_pages.measure(
        runs=1,
        requests=2,
        sizes=[Size(people=people, entries_each=2, observations_each=1, in_a_course=1) for people in (1, 2)],
        only={"my path", "queue"},
        least=2,
        serving=in_this_process,
        place=place,
    )
    assert (found["people"], found["entries"], found["observations"]) == ([1, 2], [2, 4], [1, 2])
    assert [(case["name"], case["people"], case["requests"]) for case in found["cases"]] == [
        (name, people, 2) for name in ("my path", "queue") for people in (1, 2)
    ]
    assert found["growth"] == max(found["growth_of_pages"].values())
    head, *rows, path, queue = bench_words.of_pages(found)
    assert head.split() == ["page", "people", "p50", "ms", "p95", "ms", "ratio", "statements"]
    assert [row.split()[-5] for row in rows] == ["1", "2", "1", "2"]
    assert path.startswith("my path: p95 grew ")
    assert queue.startswith("queue: p95 grew ")
