"""What a page says after an act: an act leads to an address with `said=code`, and the page says its sentence.

Only these sentences can appear, whatever an address asks for.
"""

from flask import request

from lti_tool.web.texts import _N, gettext

SAID = {
    "signed_out": _N("You are signed out. To come back, open Attune from your course or with your link."),
    "connected": _N("The connection is there. The first launch from a course completes it."),
    "switched_off": _N("It is switched off. Within ten seconds nobody comes in from there, and nothing is sent."),
    "switched_on": _N("It is on again. What waited is sent now."),
    "deployment_accepted": _N("Accepted. People can open Attune from there now."),
    "deployment_refused": _N("Nobody comes in from there. You can still accept it, on the page of its connection."),
    "deployment_acknowledged": _N("You know it now, and it is not shown as new any more."),
    "host_accepted": _N("Accepted. Attune sends what belongs to that LMS there now."),
    "asked": _N("Your request is on its way. You can take it back at any time before it is signed."),
    "withdrawn": _N("You took it back. Nobody else can see it now."),
    "declined": _N(
        "Thank you for saying so. Someone else can be asked now. What is kept is that you were asked, "
        "and what was agreed to beforehand; nothing that was written."
    ),
    "stopped": _N(
        "It is stopped. Nothing of it counts. What is kept is what was agreed to beforehand, and that it was "
        "stopped; nothing that was written."
    ),
    "draft_saved": _N("Saved with Attune. You can come back whenever you like."),
    "shared": _N("It is shared. You see here when there is an answer."),
    "handed_in": _N("You have handed in. Nobody reads it until all have; then you see here how it goes on."),
    "views_differ": _N("All have handed in. You see something very differently, so please meet before it is shared."),
    "goes_on": _N("It goes on without them."),
    "meeting_closed": _N("The meeting is closed, and its record can be read. Signing goes on."),
    "self_given": _N("You gave it. It stands beside what your observers saw, and never counts."),
    "self_kept": _N("It is yours alone again. You can change it, and give it until you answer."),
    "settings_kept": _N("It holds for what is asked for from now on. What is under way keeps what it began with."),
    "answered": _N("Your answer is given. It is signed together with what your observer wrote."),
    "words_added": _N("Your words are added, with today's date. They stand beside what was signed."),
    "signed": _N("You signed. What you saw on the page is what is kept."),
    "lanes_meet": _N("A meeting is asked for. Nobody signs until its record is kept."),
    "signature_taken_back": _N("Your signature is taken back. The lane is open again."),
    "to_be_corrected": _N("The earlier record no longer stands. This one takes its place, and can be corrected now."),
    "counts_no_more": _N("This record no longer counts. It stays to be read as it was signed."),
    "was_not_me": _N("It is noted that this was not you. Those who look into it are told."),
    "was_me": _N("Thank you. It is noted that it was you."),
    "none_chosen": _N("Please tick at least one that you would like to sign."),
    "leads_now": _N("You look after the rubrics of your organization now. That is recorded."),
    "granted": _N("It is given, and recorded."),
    "grant_taken_back": _N("It is taken back, and recorded. What was signed stays signed."),
    "sent_again": _N("It is sent again now. Load this page in a moment to see what the LMS answers."),
    "chosen": _N("It is chosen."),
    "taken_out": _N("It is taken out."),
    "copies_decided": _N("It is noted. You can change it while nothing is recorded in a copy."),
    "copy_undone": _N("It is open again, and you can decide anew."),
    "data_asked_for": _N("It is recorded, and Attune's operator sees it. The person can see it too."),
    "rubric_retired": _N("It is not offered any more. What was placed or rated with it goes on."),
    "rubric_brought_back": _N("It is offered again."),
    "review_asked": _N("Reviewers see it now, at the top of their rubrics."),
    "reviewed": _N("Thank you. Those who write the rubric see what you said."),
    "rubric_published": _N("It is published. Instructors can choose it from now on, and its words stay as they are."),
    "edition_used": _N("New observations use this edition. Those under way keep theirs."),
    "draft_begun": _N("Your draft is begun. Everything in it is saved as you go."),
    "step_taken_back": _N("Your last change is taken back. You can do it again as long as you change nothing else."),
    "step_done_again": _N("It is done again."),
    "step_brought_back": _N("What stood there before is back."),
    "criterion_taken_out": _N("The criterion is taken out. Undo brings it back, and so does the history."),
    "level_taken_out": _N("The level is taken out, and the others are numbered anew. Undo brings it back."),
    "language_taken_out": _N("The language is taken out. Undo brings it back, and so does the history."),
    "file_taken_away": _N("The file is taken away. What was taken in of it stays."),
    "paper_belongs": _N("The paper form belongs to this observation now. Its code opens it again."),
    "wording_saved": _N("Saved. Rubrics are looked at with these rules from now on."),
    "example_saved": _N("The example is saved. It is used once your people agreed on its ratings."),
    "example_agreed": _N("It is recorded that you agreed. The example can be used from now on."),
    "example_put_away": _N("It is put away, and not used any more from this moment."),
    "example_brought_back": _N("It is back as it was."),
    "example_carried_over": _N("This is the copy for the newest edition. What changed is asked anew."),
    "examples_brought": _N("The examples are here. Their ratings are proposals until your people agree."),
    "examples_known": _N("These examples were here already. Nothing changed."),
    "framework_begun": _N("Your framework is begun. Please add what people are to be able to do."),
    "framework_written": _N("Saved. Rubrics can name it from now on."),
    "framework_looked_at": _N("It is noted, with your name and the day."),
    "framework_removed": _N("It is not offered any more. Rubrics that name it keep what they say."),
    "framework_brought_back": _N("It is offered again."),
    "competency_taken_out": _N("It is taken out. Rubrics that name it keep what they say."),
    "conflict_noted": _N("It is noted, without a reason. Where someone else is needed now, the instructors see it."),
    "conflict_taken_back": _N("It is taken back. What ended because of it stays ended, and can be begun anew."),
    "assigned": _N("It is noted, and recorded. You can end it at any time."),
    "assignment_ended": _N("It is ended, and recorded. To undo that, assign the same person again."),
    "room_noted": _N("It is noted. Those who are assigned already stay assigned."),
    "away_noted": _N("It is noted. While you are away, those who stand in for you are told of what is new."),
    "assignments_taken_in": _N("It is taken in, and recorded. The list below is how it stands now."),
    "qualification_recorded": _N("It is recorded, with your name and the day."),
    "qualification_ended": _N("It is taken back, and recorded. What was signed under it stays signed."),
    "asked_another": _N("It is asked. The trainee reads who it would be, and agrees first."),
    "reminded": _N("They are told again that it waits for them."),
    "code_sent": _N("A code is on its way to the address at which you were invited. It works for fifteen minutes."),
    "invitation_sent": _N("The invitation is on its way. It says who sends it, and nothing of what it is about."),
    "external_ended": _N("They come in no more. What they wrote and signed stays."),
    "contact_chosen": _N("Saved. Mail follows what you chose from now on."),
    "contact_confirmed": _N("The address is yours. Mail goes there from now on."),
    "contact_code_sent": _N("A code is on its way to that address. It works for fifteen minutes."),
    "contact_safe": _N("Thank you. We ask again in half a year."),
    "contact_forgotten": _N("The address is forgotten. Attune sends you no mail."),
    "made_one": _N("It is done: both are you now, with everything from before."),
    "signed_in_person": _N("It is signed. Please hand the device back to the trainee."),
    "activity_placed": _N("The activity is ready."),
}


def said() -> str | None:
    """The sentence that this address asks for, in the reader's language."""
    sentence = SAID.get(request.args.get("said", ""))
    return gettext(sentence) if sentence else None
