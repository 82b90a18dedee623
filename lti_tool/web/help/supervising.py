"""Help beside the pages of supervision, growth plans, conflicts and people from outside."""

from lti_tool.web.texts import _N

SUPERVISING = {
    _N(
        "Here trainees and those who supervise them find each other. A trainee can ask for supervision without a "
        "reason, and reads by when there is an answer. Agreements and sessions stand here, too."
    ): ("supervision/supervision.html",),
    _N(
        "A supervision agreement says how often you meet, and what each of you can expect. One of you writes it. "
        "It begins once both have signed the same words, and either of you can end it."
    ): (
        "supervision/with_whom.html",
        "supervision/write_agreement.html",
        "supervision/agreement.html",
        "supervision/first_an_agreement.html",
    ),
    _N(
        "A session is written down once, for everybody who was there. Each of them can say that it was so, or put "
        "their own words beside it. Nobody else reads it."
    ): ("supervision/record_session.html", "supervision/session.html"),
    _N(
        "A growth plan is a few small steps that two people agree on, with what helps. It begins only when the "
        "trainee says yes. Nothing of it goes to the LMS."
    ): ("growth/plans.html", "growth/plan.html", "growth/write.html"),
    _N(
        "A hand-over note tells the next supervisor what they should know, so that it need not be told again. The "
        "trainee reads it first and can change every word. The next supervisor reads it only after the trainee's "
        "yes."
    ): ("hand_over/overview.html", "hand_over/note.html"),
    _N(
        "Perhaps you and somebody else should not decide about each other, because you are close, or one works "
        "for the other. You can say so here. No reason is asked or kept. Somebody else does it then, and you can "
        "take it back."
    ): ("conflicts/conflicts.html", "conflicts/about.html", "conflicts/step_aside.html"),
    _N(
        "Say whom you invite from outside your LMS, and for which trainees. Then send a link by mail, or hand over a "
        "link and a code. You can end it at any time. What they wrote and signed stays."
    ): ("external/external.html", "external/invite.html", "external/reach.html", "external/handed.html"),
    _N(
        "Assigning says who observes or supervises which trainee, and both of them see it. You can also say for "
        "how many each person has room. A trainee whom nobody is assigned to can still ask everybody."
    ): (
        "assignments/assignments.html",
        "assignments/trainee.html",
        "assignments/group.html",
        "assignments/room.html",
    ),
    _N(
        "Requests that stand still come here, so that nobody waits in silence. Where another person is needed, there "
        "is a link to find one. The trainee reads that you see it."
    ): ("assignments/came_back.html",),
    _N(
        "You can say from when until when you are away; no reason is asked. Those who stand in for you are told "
        "of new requests and can take them on. The trainee agrees first."
    ): ("assignments/away.html", "assignments/standing_in.html"),
    _N(
        "These are your own numbers: what you have to do, over all your courses. They put nobody in an order. If it "
        "is too much, you can say so."
    ): ("oversight/own.html",),
    _N(
        "Here you see how you rate beside others who saw the same. It is for you alone. A difference does not say "
        "who is right; it can be a reason to read the words of the levels again."
    ): ("agreement/own.html",),
    _N(
        "Rating together helps observers to mean the same by the same level. Each rates the same example alone. "
        "Then you look at the ratings together and talk. No rating of a trainee is changed by it."
    ): (
        "calibration/mine.html",
        "calibration/of_course.html",
        "calibration/new.html",
        "calibration/which_rubric.html",
        "calibration/calibration.html",
        "calibration/rate.html",
        "calibration/talk.html",
    ),
}
