"""Help beside the pages of a path: programs, hours, decisions, appeals, renewal, credentials."""

from lti_tool.web.texts import _N

PATH = {
    _N(
        "Here you see where you stand in your programs. What waits for you and what you can do next stands near "
        "the top. Open a program or a line to see why. A person decides, never Attune."
    ): ("path/programs.html", "path/one.html"),
    _N(
        "Here you can read all rules of a program before you decide anything. Some programs let you begin by "
        "yourself. For the others, please ask a program lead."
    ): ("programs/open.html", "enrolling/join.html", "placed_programs/not_enrolled.html"),
    _N(
        "If another edition of a program is out, it stands here what it would change. Where there is something to "
        "choose, it can be left open. What is recorded stays recorded in both."
    ): ("enrolling/choose.html", "enrolling/move.html", "enrolling/no_choice.html"),
    _N(
        "Make something up, such as thirty more hours, and see what it would change. Nothing of it is kept, and "
        "nobody else sees it. You can try as often as you like."
    ): ("path/what_if.html",),
    _N(
        "These pictures show how your path went on so far. The table below each picture says the same. They "
        "compare you with nobody, and nothing has to be done here."
    ): ("progress/over_time.html", "progress/competencies.html"),
    _N(
        "You can pause your path when you like, without a reason. Read here what stands still and which dates "
        "move. One button ends the pause."
    ): ("pauses/pause.html",),
    _N(
        "Your record is yours, also after a course has ended. Take it along as a file, or make a link of your own "
        "so that you can come in later. To whom you show it is up to you."
    ): ("path/transcript.html", "path/way_in.html"),
    _N(
        "Some rules ask for your own word, and for nothing else. One tap is enough; nobody asks why. Here you "
        "also see what the program noted of you."
    ): ("attestations/statements.html",),
    _N(
        "Hours and trainings are written down here. An entry is its writer's alone until they hand it to somebody to "
        "sign. Once it is signed it stays as it is; a new entry can correct it. Programs say by their rules what "
        "counts."
    ): ("ledger/entries.html", "ledger/entry.html", "ledger/kinds.html", "ledger/write.html", "ledger/series.html"),
    _N(
        "A decision is made by a person, who gives reasons. You choose when you read decisions about you. Where you "
        "can appeal, the decision says how. It can be printed or kept as a PDF."
    ): ("decisions/decision.html", "decisions/news.html"),
    _N(
        "Here you can apply for a certificate or for its renewal. What is still to come stands beside it. If you "
        "need more time, the page says what you can do. A person of the program decides."
    ): ("renewal/renewal.html",),
    _N(
        "If you see a decision or an observation differently, other people can look at it anew. Write in your own "
        "words; what is on file need not be told again. Nothing is sent before you send it, and you can take it "
        "back."
    ): ("appeals/own.html", "appeals/new.html", "appeals/draft.html"),
    _N(
        "An appeal is looked at by people who had no part in the matter. Here you see whose turn it is, until "
        "when, and what you can do. Each side sees its own part."
    ): ("appeals/appeal.html", "appeals/to_decide.html"),
    _N(
        "Here you read how appeals work and how they went, all of them together. Small numbers are not shown. You "
        "can read it at any time, and nothing begins by reading."
    ): ("appeals/terms.html", "appeals/statistics.html"),
    _N(
        "A credential is a file of yours that says what was certified. It is made only if you ask for it, and you "
        "decide to whom you give it. It never changes: you can have a new one made, or withdraw it."
    ): (
        "credentials/everything.html",
        "credentials/ask.html",
        "credentials/one.html",
        "credentials/again.html",
        "credentials/withdraw.html",
    ),
    _N(
        "You can say a few words for somebody who carries a credential. They read them first. Your words are "
        "shown only if they agree, and you can take them back."
    ): ("endorsements/say.html", "endorsements/written.html"),
}
