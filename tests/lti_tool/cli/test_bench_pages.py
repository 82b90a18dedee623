"""attune bench pages: what it fills and asks for; how fast is for the bench to say."""

from pathlib import Path

from lti_tool.cli.bench_pages import statements
from lti_tool.cli.bench_pages_filled import Size, fill
from lti_tool.cli.bench_run import environment
from lti_tool.processes import free_port


def asked(directory: Path, people: int) -> dict[str, int]:
    directory.mkdir()
    settings = environment(directory, free_port("127.0.0.1"))
    filled = fill(settings, Size(people=people, entries_each=6, observations_each=3))
    return {name: number for name, _, _, number in statements(settings, filled)}


def test_pages_take_as_many_statements_for_many_people_as_for_few(tmp_path: Path) -> None:
    few, more = asked(tmp_path / "few", 2), asked(tmp_path / "more", 5)
    assert few == more
    assert few.keys() >= {"my path", "pause", "renewal", "queue"}
    assert max(few.values()) <= 40
