"""Help beside the pages that are about oneself: one's own words, files, data, messages, ways in."""

from lti_tool.web.texts import _N

OWN = {
    _N(
        "Your journal is for your own words, and nobody else can open it. Write much, a little or nothing. If you "
        "would like others to read a part, you choose the words and first see what they would read."
    ): ("journal/entries.html", "journal/write.html", "journal/share.html", "journal/preview.html"),
    _N(
        "This page is for you alone. You can write how you are, and what helps you to stay well. Nothing reminds "
        "you, nothing is counted, and you can leave all of it empty."
    ): ("self_care/self_care.html", "self_care/days.html"),
    _N(
        "Your organization asks this to learn how its programs are for people. You can answer, or leave out any "
        "part. It has no effect on you."
    ): ("self_description/description.html", "surveys/mine.html", "surveys/answer.html"),
    _N(
        "Here you can say how it was for you, only if you like. What you say is shown only together with what "
        "others said. Each page says first who reads it, and when."
    ): ("feedback/mine.html", "feedback/say.html", "feedback/writers.html"),
    _N(
        "Evidence is what goes with your practice: a recording, a picture, a link or a note. It is its owner's "
        "alone until they share it. Before it is shared more widely, you see who could open it. It can be taken "
        "back at any time."
    ): ("evidence/list.html", "evidence/bring.html", "evidence/one.html", "evidence/share.html"),
    _N(
        "Your record is all observations of your own practice, from every course, and it stays yours to read. You "
        "can also see who opened it, when, and what they saw."
    ): ("records/own.html", "records/opened.html"),
    _N(
        "Here is how much Attune keeps about you. You can take a copy along, delete what is only yours, or ask "
        "for all of it to be erased. You always read first what would go and what would stay."
    ): ("privacy/own.html", "privacy/own_erase.html"),
    _N(
        "You choose whether mail may come, to which address, and when. Mail tells nothing of what it is about. "
        "You need not give an address: all that is new stands under “Messages”, too."
    ): ("contact/contact.html", "messages/preview.html"),
    _N(
        "What is new for you, or what you sent, stands here in one line each. Nothing is ever urgent. Looking at "
        "the list changes nothing."
    ): ("messages/messages.html", "messages/sent.html"),
    _N(
        "Here is every place where you are signed in. If you do not know one of them, end it here. What was saved "
        "there is kept."
    ): ("sign_in/signed_in.html",),
    _N(
        "Perhaps you came in with a link and a code before you had this account. Here both can become one, after a "
        "second look. Both accounts are told, and each can call it off until then. If it was not you who asked, "
        "please call it off."
    ): ("merging/begin.html", "merging/confirm.html"),
    _N(
        "These are the terms of your organization, in its own words. You can say yes, say not now, or take a yes "
        "back. Nothing here waits for your answer."
    ): ("terms/read.html",),
    _N(
        "This page says what peers can and cannot promise. Please read it, and say that you work by it. You are "
        "asked once for each edition."
    ): ("scope/read.html",),
    _N(
        "Choose a table and take it along as a file. A small one comes at once; a large one is made for you "
        "meanwhile. Only you see the files that you asked for, and they are kept for seven days."
    ): ("exports/exports.html", "exports/choose.html", "exports/export.html"),
    _N(
        "You bring a file, and see what each row would do and what to look at. Nothing is taken in before you "
        "press the button for it. You can mend the file and bring it again."
    ): (
        "assignments/bring.html",
        "assignments/plan.html",
        "ledger_import/bring.html",
        "ledger_import/plan.html",
        "ledger_import/done.html",
        "files/files.html",
        "files/file.html",
    ),
}
