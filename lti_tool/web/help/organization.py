"""Help beside the pages of what an organization looks after: people, sites, terms, support, fairness, keeping."""

from lti_tool.web.texts import _N

ORGANIZATION = {
    _N(
        "Here stands who writes rubrics, who reviews them, who looks after safeguarding, and who audits. The page "
        "says what each of them can see. Program leads name them, and can take it back at any time."
    ): ("authors/authors.html", "authors/invite.html", "authors/invited.html"),
    _N(
        "Sites are places where trainees practice. Note whom to speak with, what was agreed, and the crisis plan. "
        "Trainees who are placed there find the contacts and the plan on their own pages."
    ): ("sites/sites.html", "sites/site.html", "sites/edit.html", "sites/contact.html", "sites/agreement.html"),
    _N(
        "Here you write the scope of practice or the terms of your organization. A published edition never "
        "changes, and people are asked about it once. You see how many said yes."
    ): (
        "scope/editions.html",
        "scope/write.html",
        "scope/publish.html",
        "terms/editions.html",
        "terms/write.html",
        "terms/publish.html",
        "terms/people.html",
    ),
    _N(
        "What you write here stands under “Support” at the foot of every page, for everybody of your "
        "organization. List only people and places that agreed to it. You can also choose where “Leave this page” "
        "leads."
    ): ("support/edit.html", "support/contact.html"),
    _N(
        "Write here, for each place, what to do when harm or danger is told, and whom to call. Short sentences "
        "help, because it is read under strain. Everybody of your organization can read it."
    ): ("safeguarding/edit.html",),
    _N(
        "Here you see that somebody handles something outside of Attune. What it is about stands nowhere here: "
        "please talk with whoever raised it. You can say that you have seen it."
    ): ("safeguarding/flags.html",),
    _N(
        "A fairness report says how paths went, by groups that people chose to state. You choose what is asked. "
        "It never tells of one person, and a difference is a reason to ask, not an answer. A summary can be "
        "published and withdrawn."
    ): (
        "equity/reports.html",
        "equity/report.html",
        "releases/publish.html",
        "releases/log.html",
        "self_description/questions.html",
    ),
    _N(
        "Here people can say how it is for them, in surveys or in feedback. You read it only once enough of them "
        "said something, and never with a name. Please do not try to find out who it was."
    ): (
        "surveys/surveys.html",
        "surveys/new.html",
        "surveys/results.html",
        "feedback/everything.html",
        "feedback/block.html",
    ),
    _N(
        "These pages show what those who supervise have to do, and what is not seen or ends soon. Nobody is put "
        "in an order of merit. Where a number is high, please talk with the person first."
    ): ("oversight/supervisors.html", "oversight/sites.html", "oversight/course.html"),
    _N(
        "Here you see who asked for their data to be erased, and how long each kind is kept. You see first what "
        "would go. What is erased cannot be brought back."
    ): ("privacy/keeping.html", "privacy/erasure.html"),
    _N(
        "An auditor looks at a sample of finished records, first without names and words. A record is opened only "
        "with a reason, which the person whose record it is can read. Program leads answer what was found."
    ): (
        "auditing/audits.html",
        "auditing/draw.html",
        "auditing/sample.html",
        "auditing/record.html",
        "auditing/answers.html",
    ),
}
