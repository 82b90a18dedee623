"""Every module that has routes, by package. A new one takes its place here twice: imported, and in `PAGES`."""

from lti_tool.web import brand, health
from lti_tool.web.asking import conflicts, double_observations, scenario_use, times
from lti_tool.web.audits import audit_answers, auditing
from lti_tool.web.authoring import (
    authors,
    builder,
    coverage,
    criteria,
    draft_history,
    examples,
    library,
    previews,
    publishing,
    scenarios,
    translating,
    wording,
)
from lti_tool.web.calibrating import calibration, calibration_rating, calibration_talk
from lti_tool.web.caseload import assignment_file, assignments, availability, hand_over
from lti_tool.web.certification import appeal_panels, appeal_terms, appeals, deciding, decisions, renewal
from lti_tool.web.cohorts import agreement, cohort, cohort_week, course_cohort, oversight, saved_views
from lti_tool.web.competencies import frameworks, own_frameworks
from lti_tool.web.connecting import addresses, connect, notices, operator, registration, trial
from lti_tool.web.courses import activity_settings, course, course_life, people, review
from lti_tool.web.credentials import (
    certificates,
    credential_issuing,
    endorsements,
    issuer,
    own_credentials,
    public_credentials,
)
from lti_tool.web.editions import scope, terms
from lti_tool.web.entering import (
    device,
    external,
    first_steps,
    landing,
    lti,
    merging,
    own_way_in,
    sign_in,
    signed_in,
    without_cookies,
)
from lti_tool.web.equity import fairness, feedback, funder, releases, self_description, surveys
from lti_tool.web.exchange import exports, files, packages, transcript
from lti_tool.web.hours import ledger, ledger_import, ledger_signing, ledger_writing
from lti_tool.web.linking import copies, deep_link, picker, picker_cells
from lti_tool.web.notifying import contact, message_previews, messages
from lti_tool.web.observations import (
    answering,
    came_back,
    comments,
    meetings,
    observation,
    paper,
    rating,
    records,
    replying,
    self_assessment,
)
from lti_tool.web.personal_data import privacy, privacy_keeping, privacy_own
from lti_tool.web.portfolio import evidence, evidence_bringing, evidence_content
from lti_tool.web.practicum import accommodations, placements, site_parts, sites
from lti_tool.web.programs import (
    edition_moves,
    enrolling,
    my_programs,
    path_dates,
    pauses,
    program_builder,
    program_lists,
    program_publishing,
    program_trying,
    progress,
    sample_program,
    what_if,
)
from lti_tool.web.qualifications import attestations, lms_results, qualified
from lti_tool.web.scores import cells, columns, delivery_overview, gradebook, placed_choices, placed_programs
from lti_tool.web.signing import confirming, in_person, several, sign_off, signatures, withdrawals
from lti_tool.web.supervising import agreements, growth_plans, sessions, supervision
from lti_tool.web.wellbeing import excerpts, journal, safeguarding, self_care, support_directory

PAGES = (
    brand, health,
    conflicts, double_observations, scenario_use, times,
    audit_answers, auditing,
    authors, builder, coverage, criteria, draft_history, examples, library, previews, publishing, scenarios,
    translating, wording,
    calibration, calibration_rating, calibration_talk,
    assignment_file, assignments, availability, hand_over,
    appeal_panels, appeal_terms, appeals, deciding, decisions, renewal,
    agreement, cohort, cohort_week, course_cohort, oversight, saved_views,
    frameworks, own_frameworks,
    addresses, connect, notices, operator, registration, trial,
    activity_settings, course, course_life, people, review,
    certificates, credential_issuing, endorsements, issuer, own_credentials, public_credentials,
    scope, terms,
    device, external, first_steps, landing, lti, merging, own_way_in, sign_in, signed_in, without_cookies,
    fairness, feedback, funder, releases, self_description, surveys,
    exports, files, packages, transcript,
    ledger, ledger_import, ledger_signing, ledger_writing,
    copies, deep_link, picker, picker_cells,
    contact, message_previews, messages,
    answering, came_back, comments, meetings, observation, paper, rating, records, replying, self_assessment,
    privacy, privacy_keeping, privacy_own,
    evidence, evidence_bringing, evidence_content,
    accommodations, placements, site_parts, sites,
    edition_moves, enrolling, my_programs, path_dates, pauses, program_builder, program_lists, program_publishing,
    program_trying, progress, sample_program, what_if,
    attestations, lms_results, qualified,
    cells, columns, delivery_overview, gradebook, placed_choices, placed_programs,
    confirming, in_person, several, sign_off, signatures, withdrawals,
    agreements, growth_plans, sessions, supervision,
    excerpts, journal, safeguarding, self_care, support_directory,
)  # fmt: skip
"""A line or two for each package, in the order of the imports; the order has no meaning."""
