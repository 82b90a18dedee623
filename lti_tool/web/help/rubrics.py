"""Help beside the pages of rubrics, frameworks, examples, scenarios and wording."""

from lti_tool.web.texts import _N

RUBRICS = {
    _N(
        "Rubrics say what is looked at when somebody is observed. Here are those of your organization. Open one "
        "to read its editions. A published edition never changes; what is new becomes the next edition."
    ): ("library/rubrics.html", "library/rubric.html"),
    _N(
        "Here you see what changed from one edition to the next. What was rated with the older one keeps its "
        "words. Instructors choose whether new observations of an activity use the newest."
    ): ("library/changes.html", "publishing/edition.html"),
    _N(
        "You write a rubric as a draft, in any order and with breaks. Only those who write and review see it. "
        "Every step is kept. Before it can be published, a person with lived experience reads all of it."
    ): (
        "builder/new.html",
        "builder/draft.html",
        "builder/criterion.html",
        "builder/history.html",
        "builder/in_the_way.html",
        "builder/put_away.html",
        "publishing/checklist.html",
    ),
    _N(
        "Here a rubric gets its words in another language, part by part. The original stands beside each part. "
        "The language is offered once every text is there."
    ): ("builder/translation.html", "builder/translation_criterion.html"),
    _N(
        "You are asked to review this because of what you have lived. Read it, and say whether it is ready. You "
        "can take your time, and you can stop. Those who write it read what you say, with your name."
    ): ("publishing/review.html", "scenarios/review.html"),
    _N(
        "The picture and the tables show which competencies and principles a rubric covers, and which it does "
        "not. To change that, open a criterion of the draft. What is published stays as it is."
    ): ("coverage/rubric.html", "frameworks/coverage.html"),
    _N(
        "Here you see a rubric as observers and trainees do on a phone. You can try everything. Nothing is saved "
        "or sent."
    ): ("previews/preview.html",),
    _N(
        "A framework lists what people are to be able to do, know or hold dear. A criterion of a rubric can name "
        "what it shows of it. Program leads bring frameworks in or write their own."
    ): (
        "frameworks/frameworks.html",
        "frameworks/framework.html",
        "frameworks/competency.html",
        "frameworks/new.html",
        "frameworks/write.html",
    ),
    _N(
        "Examples are pieces of practice to rate together; scenarios are situations to play. Please use no names "
        "and nobody's own story. Each is used only after your people have agreed to it."
    ): (
        "examples/examples.html",
        "examples/of_edition.html",
        "examples/example.html",
        "examples/edit.html",
        "examples/bring.html",
        "scenarios/scenarios.html",
        "scenarios/edit.html",
        "scenarios/bring.html",
    ),
    _N(
        "Rubrics are looked at for words that can wound. Here are the rules for that, and a place to try a "
        "sentence. You can add rules of your own; rubrics that are published stay as they are."
    ): ("wording/rules.html", "wording/own.html", "wording/bring.html"),
    _N(
        "Here you see how the criteria of a rubric were rated, or how far observers agree. Nobody is named, and "
        "small numbers are not shown. A gap is a reason to look at the words together, and says nothing about a "
        "person."
    ): ("progress/ratings.html", "agreement/of_rubric.html"),
}
