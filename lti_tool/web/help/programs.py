"""Help beside the pages of program leads about programs and the people in them."""

from lti_tool.web.texts import _N

PROGRAMS = {
    _N(
        "A program says what a certification asks. Take one into use, write your own, or bring a document. A "
        "published edition never changes. Nobody is enrolled by this."
    ): ("programs/programs.html", "programs/take.html", "programs/new.html"),
    _N(
        "Here are the rules of a program in full, or what changed from one edition to the next. Whoever entered an "
        "edition stays on it until they renew or choose to move. If the program moves them, they read why."
    ): ("programs/program.html", "programs/changes.html"),
    _N(
        "You write what a certification asks, as sentences with blanks. You can try it with a made-up person. "
        "Every step is kept. Only program leads see the draft until it is published."
    ): (
        "program_builder/new.html",
        "program_builder/begin.html",
        "program_builder/draft.html",
        "program_builder/requirement.html",
        "program_builder/stage.html",
        "program_builder/about.html",
        "program_builder/toml.html",
        "program_builder/unreadable.html",
        "program_builder/history.html",
        "program_builder/put_away.html",
        "program_builder/try.html",
        "program_builder/publish.html",
    ),
    _N(
        "Here is who is enrolled in this program. You can enroll more people by name; each of them is told. "
        "Nobody is certified by enrolling."
    ): ("enrolling/people.html", "enrolling/enroll.html"),
    _N(
        "Here you see where one person stands and what waits for a decision. The person sees the same, and that "
        "you opened it. Nothing is decided before you say so."
    ): ("enrolling/person.html", "cohort/proof.html"),
    _N(
        "A new edition changes nothing for those who are on the way, unless they say yes or you give a reason. "
        "Look first at what would change for whom. Then ask them, or move them with a reason that they read."
    ): ("enrolling/moves.html", "enrolling/no_moves.html"),
    _N(
        "Here it is noted what a program asks and somebody has seen or finished, such as a training, a document "
        "or an exam. Its day is enough; no papers are kept here. Each person sees what is noted of them."
    ): (
        "attestations/noted.html",
        "attestations/note.html",
        "lms_results/results.html",
        "lms_results/new.html",
        "lms_results/note.html",
    ),
    _N(
        "Attune says what is shown so far; you decide. Write to the person in plain words, about acts. Next you "
        "see exactly what they will read, and nothing is decided before that."
    ): ("decisions/decide.html", "decisions/preview.html"),
    _N(
        "A panel needs people who had no part in the matter. Ask somebody of your organization, or invite "
        "somebody from outside with a link and a code. The trainee can wish for somebody else."
    ): ("appeals/invite.html", "appeals/invite_outside.html", "appeals/invited_outside.html"),
    _N(
        "Here you set for which reasons people may appeal, and how many days each step has. An appeal goes on "
        "under the terms with which it began. Everybody can read the terms in force."
    ): ("appeals/edit_terms.html",),
    _N(
        "Here you see who carries a credential of a program, or choose the words of its certificates. You can "
        "issue a credential anew or withdraw it, and the holder is told. Certificates that people took along stay "
        "as they are."
    ): (
        "credential_issuing/people.html",
        "credential_issuing/one.html",
        "certificates/languages.html",
        "certificates/write.html",
    ),
    _N(
        "A package for a board has hours, signatures and decisions, so that the board can check them without "
        "Attune. Read what is in it, then take it along. The person can see that it was made."
    ): ("packages/board.html",),
    _N(
        "Here you see how many people entered in some days, and how far they went together. Nobody is named, and "
        "numbers of few people are held back."
    ): ("progress/funnel.html", "packages/funder.html", "packages/funder_report.html"),
    _N(
        "The sample program shows what a running program looks like. Everybody in it is made up, and nothing of it "
        "counts. Look around as you like; on its own page you can take it away again."
    ): (
        "sample_program/program.html",
        "sample_program/cohort.html",
        "sample_program/person.html",
        "sample_program/proof.html",
    ),
}
