"""A small LMS of our own, for `make demo` and for the tests: a stranger to the rest of Attune.

It speaks LTI 1.3 over HTTP with any tool on this machine: OIDC login, resource links, deep linking,
dynamic registration, assignment and grade services, names and roles. It says what was wrong with what
a tool sent. It imports nothing else of lti_tool.

It has profiles. `strict` (if nothing is said) keeps to the specifications and is as strict as the
strictest platform we measured. The others behave as an LMS was seen to behave, mistakes included.
`moodle` is Moodle 4.5: supervisors launch as instructors and are listed as learners, whatever is not
FullyGraded erases the grade, the `lineitem` claim may be an empty text, no message is answered, and a
trainee can have a review of somebody else signed (`review(..., unchecked=True)`).
`canvas` has three origins (on this machine: the port that is asked for and the two after it), launches that
are used once within five minutes, errors posted to the tool, a frame for platform storage, opaque ids,
privacy levels, a place in the course's navigation (`open_from_navigation`) and visitors without an account
(`open("", ...)`), scores that clear unless told otherwise, pages of ten columns and fifty people, a rate
limit, and notices. `canvas-older` takes no scores for the test student ("test") and does not say that a
course is concluded. Beyond the six people Canvas has "ada", "olly" and "test", Moodle has "ada".

From a shell:

    python -m lti_tool.practice --port 8401 --data DIR [--profile canvas] [--host 127.0.0.1] [--fresh]

In a test:

    from lti_tool.practice import running_practice_lms

    with running_practice_lms(tmp_path) as lms:              # profile=, port=, fresh=, clock=
        tool = lms.register_tool("http://127.0.0.1:8400/lti/register/SECRET")
        page = lms.visitor().choose_in_tool("ines")          # the tool's page for choosing an activity
        link = lms.add_activity("Observed practice")         # or a link that nobody chose
        page = lms.visitor().open("sam", link.id)            # id or title; the tool's page after the launch
        lms.misbehave("scores", "503", times=2)              # also slow, html, drop, lost-answer, rate-limit
        lms.storm(Forecast(seed=7, rates={"503": 0.1, "token slow": 0.2}, values={"slow": 3}))
        lms.calm()                                           # and what befell whom, how often
        lms.move_clock(-90)                                  # the LMS's clock is behind
        lms.accepted("sam")                                  # every score that was kept, oldest first
        lms.calls("scores")[-1].status, .note, .body         # what the tool sent, and what was said about it
        lms.score("sam").given
        lms.start_over()                                     # forget everything but the keys

`lms.base_url` is the institution, `lms.issuer` the issuer, `lms.auth_url` where people are signed in.
`visitor` is a browser without JavaScript: `open`, `submit`, `follow`, `get`. A page has `status`, `url`,
`text`, `words`, `forms`, `links`.

People are known by id ("6"), key ("sam") or name ("Sam Rivera"); see `people`. What tools call them is
`lms.user_id("sam")`; of courses and links it is `lms.context_id(course)` and `lms.link_id(activity)`.

    lms.add_person("pat", "Pat Quinn", "trainee")            # more roles may follow; see `Role`
    lms.change_roles("jo", "instructor")
    lms.remove_member("noor")                                # or status="Inactive"; take_back_member
    lms.enroll_many(20_000)                                  # "crowd-0", "crowd-1", ...

    course = lms.add_course("Second cohort")                 # its id goes into course= of most calls
    copy = lms.copy_course()                                 # new ids; lms.activities(copy.id)
    lms.duplicate_activity(link)
    lms.change_course(state="concluded")                     # or unpublished, available

    lms.register_tool(address, offer=Offer(True, updates=tool.client_id))    # renewed, where the LMS can
    lms.register_tool(address, offer=Offer(False, without_scopes=(...)))     # what an administrator takes away
    lms.add_tool(Tool(...))                                  # a registration by hand
    lms.set_privacy("anonymous")                             # public, name_only, email_only
    lms.add_deployment()                                     # one more, which the tool is not told about
    lms.visitor().open("sam", link.id, deployment=...)
    lms.visitor().review("ines", column.id, of="sam")        # a submission review from the gradebook
    lms.visitor().ask_about_data("ada", "sam", client_id)    # an administrator asks (data privacy)

    lms.deliveries()                                         # the notices that were sent, each once

    lms.teacher_grades("sam", 7.5)                           # by hand, into the newest column
    lms.change_line_item(column, closed=True)                # label=, maximum=, published=

Two institutions of one issuer, with one key set, one sign-in and one series of tokens:

    with running_practice_lms(path, profile="canvas") as a, running_practice_lms(..., shares_issuer_with=a) as b:
        b.install(tool)                                      # the registration of a, in use at b too

On sites of their own, over https (Chromium's --host-resolver-rules lead there):

    origins = Origins("https://school.test:8401", auth="https://sso.test:8402", issuer="https://issuer.test:8403")
    running_practice_lms(..., origins=origins, tls=(certificate, key), host_names={"tool.test": "127.0.0.1"})

What survives a restart (one JSON file in the directory): keys, registrations, courses, people, activities,
columns, scores. What does not: launches under way, access tokens, the call log, mischief, how the clock was put.

For tests in another process, from this machine only: POST and DELETE /_control/misbehave and /_control/storm,
POST /_control/clock, GET /_control/scores, GET and DELETE /_control/calls, POST /_control/rotate-key,
/_control/forget-tokens, /_control/register-tool, and /_control/acts/NAME for what is above with its arguments as
JSON ("who", "key", "name" and "roles" as there).
"""

from lti_tool.practice.calls import Call, Delivery, Mischief
from lti_tool.practice.handle import PracticeLms
from lti_tool.practice.launches import Offer
from lti_tool.practice.origins import Origins
from lti_tool.practice.page import Page
from lti_tool.practice.people import PEOPLE, Person, Role
from lti_tool.practice.records import Activity, Course, LineItem, Score, Tool
from lti_tool.practice.running import running_practice_lms
from lti_tool.practice.score_log import Accepted
from lti_tool.practice.serving import PortInUse
from lti_tool.practice.set_up import NotRegistered
from lti_tool.practice.state import StateProblem
from lti_tool.practice.storms import Forecast
from lti_tool.practice.visitor import LmsVisitor, Visitor

__all__ = [
    "PEOPLE",
    "Accepted",
    "Activity",
    "Call",
    "Course",
    "Delivery",
    "Forecast",
    "LineItem",
    "LmsVisitor",
    "Mischief",
    "NotRegistered",
    "Offer",
    "Origins",
    "Page",
    "Person",
    "PortInUse",
    "PracticeLms",
    "Role",
    "Score",
    "StateProblem",
    "Tool",
    "Visitor",
    "running_practice_lms",
]
