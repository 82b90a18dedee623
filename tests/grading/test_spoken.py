"""Words of a framework in the reader's language."""

from grading.competency import Competency, Framework, Words
from grading.spoken import competency_in, framework_in

LISTENS = Competency(
    identifier="a", statement="Listens", notes="With time.", translations=(Words("es", "Escucha", notes="Con tiempo."),)
)


def test_a_competency_is_read_in_the_first_language_that_there_is() -> None:
    assert competency_in(LISTENS, "en-US", ["fr", "es-MX", "en"]).statement == "Escucha"
    assert competency_in(LISTENS, "en-US", ["en", "es"]).notes == "With time."


def test_a_language_that_nobody_wrote_leaves_the_own_words() -> None:
    assert competency_in(LISTENS, "en-US", ["fr"]).language == "en-US"
    empty = Competency(identifier="a", statement="Listens", translations=(Words("es", " "),))
    assert competency_in(empty, "en-US", ["es"]).statement == "Listens"


def test_a_framework_has_its_title_and_description_in_other_languages() -> None:
    framework = Framework(
        identifier="f", key="ours", title="Ours", language="en-US", description="About us",
        translations=(Words("es", "Lo nuestro", notes="Sobre nosotros"),),
    )  # fmt: skip
    spoken = framework_in(framework, ["es"])
    assert (spoken.statement, spoken.notes) == ("Lo nuestro", "Sobre nosotros")
