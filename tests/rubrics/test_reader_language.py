"""A rubric in the words of whoever reads it."""

from hypothesis import given
from hypothesis import strategies as st

from rubrics.language import for_reader
from rubrics.rubric import Rubric
from tests.rubrics.making import a_rubric, in_spanish, rubrics


def test_the_first_language_that_there_is_is_chosen() -> None:
    rubric = in_spanish(a_rubric())
    assert for_reader(rubric, ("fr", "es-MX", "en")).title == "Una conversación"
    assert for_reader(rubric, ("fr", "en-GB", "es")).title == "One conversation"


def test_without_any_of_them_it_stays_in_its_own_words() -> None:
    assert for_reader(in_spanish(a_rubric()), ("fr", "de")).language == "en-US"


@given(rubrics, st.lists(st.sampled_from(("en", "es", "fr", "pt-BR")), max_size=3))
def test_what_a_rating_refers_to_is_the_same_in_every_language(rubric: Rubric, wanted: list[str]) -> None:
    spoken = for_reader(rubric, wanted)
    assert [criterion.key for criterion in spoken.criteria] == [criterion.key for criterion in rubric.criteria]
    for there, here in zip(spoken.criteria, rubric.criteria, strict=True):
        assert [level.number for level in there.levels] == [level.number for level in here.levels]
        assert (there.met_at, there.must_be_met, there.alignments) == (here.met_at, here.must_be_met, here.alignments)
    assert for_reader(spoken, wanted) == spoken
