"""Help beside the pages on which somebody is observed: asking, being seen, answering."""

from lti_tool.web.texts import _N

OBSERVING = {
    _N("This is your own practice in this activity. What comes next stands first, and you can see whose turn it is."): (
        "landing/my_path.html",
    ),
    _N(
        "Choose whom to ask, and how you would like to be seen. A time, a place and a note can be left open. With "
        "the button you ask them, and you agree to be observed once. You can take that back before it is signed."
    ): ("observations/ask.html",),
    _N(
        "You propose an observation, and the trainee decides whether it takes place. Choose who would observe, "
        "and a time if you have one. The trainee can say no without a reason."
    ): ("observations/propose.html",),
    _N(
        "This was proposed to you, and you decide. Read what you would agree to, then choose. No reason is asked, "
        "and a no has no effect on you."
    ): ("observations/consent.html", "double_observations/second.html"),
    _N(
        "Propose a day and a time that could suit everybody who takes part. They are asked whether it suits them. "
        "It is agreed once all of them have said yes."
    ): ("observations/time.html",),
    _N(
        "This page holds one observation, from the first request to the signatures. Below the heading it says "
        "what comes next and who does it. If something waits for you, there is a button. The other links at the "
        "end are there if you need them."
    ): ("observations/read.html",),
    _N(
        "Choose whom to ask in the place of somebody else. No reason is asked, and none is told. A time that was "
        "agreed goes along, for the new person to agree to."
    ): ("observations/someone_else.html",),
    _N(
        "Choose one person. The trainee is asked first and can say no. Only after a yes does the person you chose "
        "take part."
    ): ("assignments/ask_another.html", "double_observations/who.html"),
    _N(
        "Before the form opens, say whether the person who is supported agreed to an observer. No name is kept. "
        "If they said no, nothing is written down. If they agreed, or nobody is supported, the form comes next."
    ): ("rating/begin.html", "rating/not_now.html"),
    _N(
        "Write down what you saw and heard, in any order. Give a level where you saw something. “Not seen today” is an "
        "answer, too. You look over all of it before it is shared with the trainee."
    ): ("rating/rate.html",),
    _N(
        "Read all of it as the trainee will read it. If something is still needed, it is named here. You can go "
        "back and change it. Once it is shared, the trainee can answer in their own words."
    ): ("rating/share.html", "replying/share_again.html"),
    _N(
        "You can answer what the trainee wrote, if you like. Write about acts, not about the person. The trainee "
        "reads it at once."
    ): ("replying/reply.html",),
    _N(
        "These are your own words on what was seen. You can write much, a little or nothing: each is a full "
        "answer. Before you give it, you see what others will read."
    ): ("answering/answer.html",),
    _N(
        "You can say how you see your own practice, if you like. Leave out whatever you want: it never counts. If "
        "you give it, observers read it only after they have said what they saw."
    ): ("self_assessment/write.html",),
    _N(
        "A trainee can let the people who mentor them in this course read an observation. Mentors can write to "
        "the trainee; they do not rate or sign. The trainee can end it at any time."
    ): ("comments/mentors.html", "comments/shared.html"),
    _N(
        "Those who see something differently look at it together here. Please talk first, then write down what "
        "came of it. You can change your own view or keep it; nobody changes the view of another."
    ): ("meetings/meeting.html",),
    _N(
        "Paper forms are for places without signal. Write on the paper, and type in its code afterwards. The "
        "person who is supported is never named on it. Please destroy the paper once it is typed in."
    ): (
        "paper/find.html",
        "paper/form.html",
        "paper/choose.html",
        "paper/of_activity.html",
        "paper/of_observation.html",
    ),
    _N(
        "Scenarios are made-up situations for a role play or a case discussion. You read what one is about before "
        "you open it. You can take another one or do without, and no reason is asked."
    ): (
        "scenarios/of_activity.html",
        "scenarios/choose.html",
        "scenarios/cover.html",
        "scenarios/opened.html",
        "scenarios/scenario.html",
    ),
    _N(
        "These are the words by which practice is looked at. You can read all of them before anything is asked "
        "for. Nothing has to be done on this page."
    ): ("landing/rubric.html", "library/version.html"),
    _N(
        "Here you see by name who can read each part of this observation. The list comes from the same rule that "
        "opens the pages. Nothing has to be done on this page."
    ): ("records/who.html",),
    _N(
        "First see that people are safe, and turn to a person. What was told does not belong into Attune. You can "
        "note that something is looked after outside of it; you write nothing about it."
    ): ("safeguarding/guidance.html", "safeguarding/handled_outside.html"),
}
