"""Pictures in the install guides are those that `make pictures` takes, and small enough to load on a phone."""

import re

from tests.project import ROOT, text_of

IMAGES = ROOT / "docs" / "images"
GUIDES = sorted((ROOT / "docs" / "install").glob("*.md"))
LARGEST = 200_000


def shown() -> set[str]:
    return {name for guide in GUIDES for name in re.findall(r"images/install-([\w-]+)\.png", text_of(guide))}


def taken() -> set[str]:
    """What the script takes; names with {family} stand for one of each."""
    names = re.findall(r'camera\.take\([^"]*?f?"([\w{}-]+)"', text_of(ROOT / "tests" / "pictures.py"))
    return {name.replace("{family}", family) for name in names for family in ("moodle", "canvas")}


def test_each_picture_that_is_taken_is_shown_and_the_other_way_round() -> None:
    assert shown() == taken() == {path.stem.removeprefix("install-") for path in IMAGES.glob("install-*.png")}


def test_pictures_are_small() -> None:
    assert [path.name for path in IMAGES.glob("install-*.png") if path.stat().st_size > LARGEST] == []


def test_cap_f2_the_walk_through_in_the_readme_is_small_and_stops_by_itself() -> None:
    """It plays once and does not loop: without the block that has browsers repeat it."""
    assert "](docs/images/walkthrough.gif)" in text_of(ROOT / "README.md")
    content = (IMAGES / "walkthrough.gif").read_bytes()
    assert len(content) < 2_000_000
    assert b"NETSCAPE2.0" not in content


def test_each_picture_says_in_words_what_it_shows() -> None:
    for guide in GUIDES:
        assert all(len(words) > 20 for words in re.findall(r"!\[([^\]]*)\]", text_of(guide))), guide
