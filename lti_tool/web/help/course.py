"""Help beside the pages of a course, for those who teach it."""

from lti_tool.web.texts import _N

COURSE = {
    _N("Here are the activities of your course that you can open. Choose one to see what comes next in it."): (
        "courses/course.html",
    ),
    _N(
        "Here you see how this activity goes for your course. Under “Today” stands what may need you. Below it is "
        "each trainee with how far they are. What was written is not shown here."
    ): ("landing/activity.html",),
    _N(
        "Choose here who observes and who signs in this course; you can choose yourself, too. It holds for all "
        "activities of the course. You can take it back at any time."
    ): ("people/people.html",),
    _N(
        "These settings say how this activity is held. You first see what would change, and for whom. Nothing "
        "changes before you save it, and each change is kept with your name."
    ): ("activity/settings.html",),
    _N(
        "A gradebook column shows one number for each trainee. Before you change what it shows, you see what each "
        "cell would be. Numbers leave Attune, and words never do."
    ): (
        "columns/columns.html",
        "columns/choice.html",
        "columns/preview.html",
        "columns/in_lms.html",
        "placed_programs/choice.html",
        "placed_programs/preview.html",
        "picker/program_cells.html",
    ),
    _N(
        "Here you see what Attune sends to the gradebook of your LMS, trainee by trainee. What needs a person "
        "stands first, with what you can do. The rest goes there by itself."
    ): ("gradebook/gradebook.html", "placed_programs/column.html"),
    _N(
        "Here you see how far one trainee is: observations, signatures, and the number for the gradebook. You see "
        "as much as your part in the course allows. Numbers come from what was signed; you enter none."
    ): ("review/trainee.html",),
    _N(
        "Here is everybody in a course or program, with how far they are. Above the list you choose whom to show. "
        "A choice can be kept under a name: it keeps nobody's name, and only you see it."
    ): ("cohort/course.html", "cohort/matrix.html", "cohort/keep_view.html", "cohort/view.html"),
    _N(
        "This list says who may need you this week, and one thing that you can do for each of them. Nothing is sent "
        "to anybody by this list."
    ): ("cohort/course_week.html", "cohort/week.html"),
    _N(
        "When a term ends, a course can go on in another one, or be kept for reading only. You see what would "
        "follow before anything is done. Taking something along ends nothing in the old course."
    ): ("course_life/term.html", "course_life/carry.html"),
    _N(
        "This course was copied from another one. Say for each activity what becomes of it here. Settings can be "
        "copied. Nobody's practice comes along: it stays in the course it belongs to."
    ): ("copies/copied.html",),
    _N(
        "Here it is arranged that somebody takes part in another way, such as with more time. It is kept what is "
        "different, and never why. The trainee is told, sees all of it, and can end it."
    ): ("accommodations/overview.html", "accommodations/of_person.html"),
    _N(
        "A placement says at which site a trainee practices. Its page has the contacts of the site and its crisis "
        "plan. What took place there counts as before once a placement ends."
    ): ("placements/placements.html", "placements/placement.html", "placements/place.html"),
    _N(
        "For a share of the observations a second person observes, too. It shows whether observers mean the same "
        "by the same level. Attune draws which ones, and the trainee is asked first."
    ): ("double_observations/plan.html",),
    _N(
        "Here you choose what to add to your course: something new, or what is here already. You can look around "
        "and go back. Nothing is added before you say so."
    ): (
        "picker/picker.html",
        "picker/practice.html",
        "picker/program.html",
        "picker/existing.html",
        "deep_link/choose_for_link.html",
    ),
}
