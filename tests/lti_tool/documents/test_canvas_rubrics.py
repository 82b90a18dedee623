"""Rubrics of Canvas: its ratings become levels and go back, and what is to be mended is named by line and column."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.canvas_rubrics import read, recognizes, write
from rubrics.keys import key_for
from rubrics.rubric import Criterion, Level, Rubric
from tests.lti_tool.documents.tables import problems_of, said, texts
from tests.rubrics.making import a_rubric

HEADER = "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range"
RATING = "Rating Name,Rating Description,Rating Points"
THREE = f"{HEADER},{RATING},{RATING},{RATING}\n"
ENGLISH = Options(language="en-US")


def brought(text: str) -> Brought:
    return read(text.encode(), source="my.csv", options=ENGLISH)


def carried(rubrics: tuple[Rubric, ...]) -> tuple[Rubric, ...]:
    """What the format holds of them: `LEAVES_OUT` in code."""
    keys, answer = set[str](), []
    for rubric in rubrics:
        key = key_for(rubric.title, keys, otherwise="rubric")
        keys.add(key)
        answer.append(_carried(rubric, key))
    return tuple(answer)


def _carried(rubric: Rubric, key: str) -> Rubric:
    taken, criteria = set[str](), []
    for each in rubric.criteria:
        taken.add(name := key_for(each.statement, taken, otherwise="c"))
        levels = tuple(Level(rank, level.label, level.anchor) for rank, level in enumerate(each.levels, start=1))
        criteria.append(
            Criterion(
                key=name,
                statement=each.statement,
                guide=each.guide,
                levels=levels,
                met_at=len(levels),
                principles=frozenset(),
            )
        )
    return Rubric(
        key=key, title=rubric.title, summary="", language="en-US", license="", provenance="", criteria=tuple(criteria)
    )


levels = st.lists(st.tuples(said, texts), min_size=1, max_size=5).map(
    lambda found: tuple(Level(number, label, anchor) for number, (label, anchor) in enumerate(found, start=1))
)
criteria = st.builds(
    Criterion, key=st.just("k"), statement=said, guide=texts, levels=levels, met_at=st.just(1),
    principles=st.just(frozenset()),
)  # fmt: skip
rubrics = st.builds(
    lambda title, found: a_rubric(*found, title=title), said, st.lists(criteria, min_size=1, max_size=3)
)


@given(st.lists(rubrics, max_size=3, unique_by=lambda rubric: rubric.title).map(tuple))
def test_cap_e5_rubrics_written_for_canvas_are_read_again(found: tuple[Rubric, ...]) -> None:
    assert read(write(Brought(rubrics=found)), source="my.csv", options=ENGLISH).rubrics == carried(found)


def test_what_canvas_cannot_hold_stays_behind_and_the_rest_returns() -> None:
    rubric = a_rubric()
    assert read(write(Brought(rubrics=(rubric,))), source="my.csv", options=ENGLISH).rubrics == carried((rubric,))


def test_two_rubrics_of_one_title_stay_two() -> None:
    twice = (a_rubric(), a_rubric(key="another"))
    titles = [each.title for each in read(write(Brought(rubrics=twice)), source="my.csv", options=ENGLISH).rubrics]
    assert titles == ["One conversation", "One conversation (another)"]


def test_points_become_levels_in_their_order_and_it_is_said() -> None:
    found = brought(THREE + 'Talk,Listens,Look here,false,Often,o,"1,75",Always,a,5,Never,n,0\n')
    [criterion] = found.rubrics[0].criteria
    assert criterion.levels == (Level(1, "Never", "n"), Level(2, "Often", "o"), Level(3, "Always", "a"))
    assert (criterion.met_at, criterion.guide) == (3, "Look here")
    [note] = found.notes
    assert (note.place, note.sentence) == ("line 2", "The points 0, 1.75, 5 became the levels 1 to 3, in this order.")


def test_descriptions_of_some_ratings_and_not_of_others_are_told() -> None:
    some = f"{HEADER},{RATING},Rating Name,Rating Points\n"
    (problem,) = problems_of(read, some + "Talk,Listens,,,A,a,1,B,0\n")
    assert problem == ("line 1", "Please give each rating a column “Rating Description”, or none of them.")


def test_of_equal_points_the_first_is_the_higher_level() -> None:
    [criterion] = brought(THREE + "Talk,Listens,,,A,,1,B,,1,C,,0\n").rubrics[0].criteria
    assert [level.label for level in criterion.levels] == ["C", "B", "A"]


def test_criteria_may_have_fewer_or_more_ratings_than_the_header_line() -> None:
    text = f"{HEADER},{RATING}\nTalk,Listens,,false,B,b,2,A,a,1\nTalk,Waits,,false,A,a,1\n"
    [rubric] = brought(text).rubrics
    assert [len(each.levels) for each in rubric.criteria] == [2, 1]


def test_numbered_columns_of_ratings_are_the_same() -> None:
    numbered = ",".join(f"Rating {name} {number}" for number in (1, 2) for name in ("Name", "Description", "Points"))
    [rubric] = brought(f"{HEADER},{numbered}\nTalk,Listens,,true,B,b,2,A,a,1\n").rubrics
    assert [level.label for level in rubric.criteria[0].levels] == ["A", "B"]


def test_rows_of_one_name_are_one_rubric_wherever_they_stand() -> None:
    found = brought(THREE + "Talk,One,,,B,,2,A,,1,,,\nOther,X,,,B,,2,A,,1,,,\nTalk,One,,,B,,2,A,,1,,,\n").rubrics
    assert [(each.key, [criterion.key for criterion in each.criteria]) for each in found] == [
        ("talk", ["one", "one-2"]),
        ("other", ["x"]),
    ]


def test_everything_to_mend_is_named_at_once_by_line_and_column() -> None:
    text = THREE + (
        "Talk,Listens,,false,B,b,10-8,A,a,1,,,\n"
        ",Waits,,perhaps,,b,2,A,a,,,,\n"
        "Talk,,,false,B,b,2,A,a,1,,,\n"
        "Talk,Empty,,,,,,,,,,,\n"
    )
    empty = "Nothing stands here. Please fill it in; this one is needed."
    assert problems_of(read, text) == [
        (
            "line 2, column Rating Points (1)",
            "Found “10-8”; please write one number, such as 3 or 1.75. A range is not one number.",
        ),
        ("line 3, column Rubric Name", empty),
        ("line 3, column Criteria Enable Range", "Found “perhaps”; please write yes or no."),
        ("line 3, column Rating Name (1)", "This rating needs a name."),
        ("line 3, column Rating Points (2)", "This rating needs its points."),
        ("line 4, column Criteria Name", empty),
        ("line 5", "This criterion has no ratings. Please give it at least two."),
    ]


def test_more_than_a_hundred_things_to_mend_are_counted() -> None:
    found = problems_of(read, THREE + "Talk,,,,B,,2,A,,1,,,\n" * 130)
    assert len(found) == 101
    assert found[-1] == ("further on", "There are 30 more places like these.")


def test_a_header_line_that_is_none_of_canvas_is_named() -> None:
    [(place, sentence), *_] = problems_of(read, "Rubric Title,Criteria Name\nx,y\n")
    assert place == "line 1, column 1"
    assert "“Rubric Title”" in sentence
    assert not recognizes(["Rubric Title", "Criteria Name"])
    assert recognizes(f"{HEADER},{RATING},{RATING}".split(",")) == 1


def test_a_formula_in_a_cell_is_kept_as_text() -> None:
    [rubric] = brought(THREE + "=1+1,@SUM(A1),,false,B,-b,2,A,+a,1,,,\n").rubrics
    assert (rubric.title, rubric.criteria[0].statement) == ("=1+1", "@SUM(A1)")
    assert b"=1+1,@SUM(A1)" in write(Brought(rubrics=(replace(rubric, key="k"),)))
