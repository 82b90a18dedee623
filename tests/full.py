"""What `make test` leaves to `make test-all`: tests with the mark `full`.

Each of them is one more of something that `make test` tries as well: the same on the other kind of database, of LMS or
of screen, the rest of a product of which a sample is tried, one more journey in a browser over pages that are tested
without one, too. `make test-all` leaves out nothing.
"""

import re
import zlib
from collections.abc import Iterable

ON_BOTH_EACH_TIME = re.compile(
    r"tests/(certification|lti_tool/store|migrations)/"
    r"|_at_once|queue|test_send|lane|turns|sync_states|audit|mailing|test_enter\.py|test_acts\.py|readiness"
    r"|twice|at_the_same_time|(in|by|out_of)_the_database|database_refuses"
)
"""Places and names of tests to which it matters which database it is: rows held and waited for, what a database itself
refuses, the chain of the audit, and what each kind does its own way."""
ONE_IN = 16
"""Of the others so many are tried on PostgreSQL by `make test`; which ones says their name, so they stay the same."""
_POSTGRES = re.compile(r"(?<=[\[-])postgres(?=[\]-])")
_LMS = re.compile(r"(?<=[\[-])(strict|moodle|canvas)(?=[\]-])")

JOURNEYS = "tests/journeys/"
TRIED_JOURNEYS = (
    # From the launch to the gradebook: a trainee and an observer on phones, a supervisor, an instructor; axe.
    "test_an_observation.py::test_an_observation_travels_from_launch_to_gradebook",
    # An observer and a trainee whose phone has no connection; what others find on the same phone.
    "test_offline.py::test_ux_p3_without_a_connection_the_words_are_on_the_device_and_come_back_after_closing",
    "test_offline.py::test_another_person_on_the_same_phone_reads_nothing_of_it",
    "test_offline.py::test_ux_p3_after_twenty_hours_any_page_takes_away_what_anybody_left",
    # A trainee and a program lead, from the first hour to an appeal.
    "test_the_path.py::test_cap_d1_cap_d4_ux_p6_ux_d3_a_path_from_the_first_hour_to_an_appeal",
    # An author.
    "test_writing_a_rubric.py::test_a_small_rubric_is_written_on_a_phone_and_a_change_taken_back",
    # An operator.
    "test_operating.py::test_a_connection_is_tested_step_by_step_without_a_press",
    # By keyboard alone; the smallest screen; without scripts.
    "test_rating_form.py::test_ux_e1_a_whole_rating_is_written_by_keyboard_alone",
    "test_rating_form.py::test_every_page_fits_its_screen_and_is_accessible",
    "test_rating_form.py::test_without_scripts_the_same_form_saves_and_shares",
    # A trainee and a supervisor by keyboard alone, and from right to left; a sample of all pages in each language.
    "test_by_keyboard_alone.py::test_ux_e1_a_trainee_reads_answers_and_a_supervisor_signs_by_keyboard_alone",
    "test_from_right_to_left.py::test_ux_e2_an_observation_is_read_answered_and_signed_in_arabic",
    "test_every_page_for_everybody.py::test_ux_e1_ux_e3_every_page_is_for_everybody",
    # Away at once.
    "test_leaving.py::test_ux_s2_ux_s3_shift_three_times_leaves_and_is_announced",
    # In the frame of an LMS: the session of a tab, without cookies, messages to the LMS.
    "test_a_session_in_a_tab.py::test_p15_no_address_ever_holds_the_tabs_secret",
    "test_without_cookies.py::test_p12_with_third_party_cookies_blocked_a_partitioned_cookie_does",
    "test_without_cookies.py::test_p01_p02_p08_p09_without_any_cookie_the_lms_s_storage_knows_the_browser",
    "test_without_cookies.py::test_p03_p04_a_hostile_frame_beside_ours_hears_nothing_and_is_not_believed",
    "test_without_cookies.py::test_p06_p14_l22_without_an_answer_a_window_of_its_own_opens_by_keyboard",
    "test_messages_to_the_lms.py::test_lti_p04_an_answer_to_another_question_is_not_believed",
    "test_messages_to_the_lms.py::test_lti_p05_an_answer_that_tells_of_a_problem_is_no_yes",
    "test_messages_to_the_lms.py::test_lti_p16_a_page_of_another_origin_is_told_nothing",
)
"""Of the journeys in a browser those that `make test` makes, each on the first screen, LMS and database that it has."""

TAKE_LONG = (
    "tests/journeys/", "tests/lti_tool/web/test_tenants.py", "tests/oracles/", "tests/packaging/", "tests/security/",
    "tests/torture/",
)  # fmt: skip
"""Where files take a minute or so: begun last, one worker would be left with them at the end."""
LEFT = {
    "tests/certification/test_probe.py::test_one_thing_that_is_not_as_it_must_be_is_the_status":
        "starts Attune twice; what a probe's answer means is tried beside it",
    "tests/lti_tool/cli/test_bench.py::"
    "test_the_server_that_is_measured_is_the_one_that_an_operator_runs":
        "starts Attune as an operator does; what is measured is tried beside it, in this process",
    "tests/lti_tool/web/test_tenants.py::"
    "test_cap_f3_with_what_is_their_own_people_get_on_and_read_nothing_that_is_noors_alone":
        "asks for every page and sends every form as everybody; a sample of the pages is tried",
    "tests/lti_tool/web/test_tenants.py::test_a_leak_is_noticed":
        "builds all houses once more, to see that the tests beside it would notice",
    "tests/oracles/test_agreement_oracles.py::test_cap_e5_independent_packages_come_to_the_same_numbers":
        "installs software of others; our numbers are compared with published ones in tests/grading/agreement",
    "tests/oracles/test_badge_oracles.py::"
    "test_cap_d7_jose_and_digital_bazaar_take_our_credentials_and_refuse_what_is_wrong":
        "installs software of others; credentials are checked by our own in tests/lti_tool/documents",
    "tests/oracles/test_badge_oracles.py::"
    "test_cap_d7_openbadgeslib_takes_our_credentials_and_refuses_what_is_wrong":
        "installs software of others, as the one before",
    "tests/packaging/test_container_files.py::test_what_the_container_file_runs_makes_an_attune_that_starts":
        "makes an installation anew; what the file says is tried beside it",
    "tests/packaging/test_processes.py::"
    "test_two_webs_and_two_workers_share_a_database_that_restarts_and_stop_when_asked":
        "four processes and a database of their own; two processes are tried beside it",
    "tests/packaging/test_wheel.py::test_the_installed_command_explains_itself":
        "makes an installation anew; what the wheel holds is tried beside it",
    "tests/packaging/test_wheel.py::test_the_installed_program_starts_the_demo":
        "as the one before; the demo that runs from a checkout is the same",
    "tests/soak/test_soak.py::test_while_things_go_wrong_people_read_a_sentence_and_nothing_is_lost":
        "two minutes of faults; what counts as a problem is tried beside it",
    "tests/torture/test_torture.py::test_lti_a22_a23_a36_after_a_storm_the_gradebook_is_as_it_should_be":
        "a minute of storm; each of its faults is tried by itself in certification and in services",
}  # fmt: skip
"""What else `make test` leaves, and why that is no loss there."""


def left_on_postgres(names: Iterable[str]) -> set[str]:
    """Of tests that run on SQLite and on PostgreSQL, those that `make test` runs on SQLite alone.

    Names are pytest's, with their parameters. What runs on PostgreSQL alone is never among them.
    """
    all_names = frozenset(names)
    return {name for name in all_names if _on_sqlite(name) in all_names and not _tried_each_time(name)}


def left_on_other_lmss(names: Iterable[str]) -> set[str]:
    """Of tests that are the same on several kinds of LMS, all but one kind; which one says the test's name."""
    alike: dict[str, list[str]] = {}
    for name in names:
        if _LMS.search(name):
            alike.setdefault(_LMS.sub("", name), []).append(name)
    tried = {group[zlib.crc32(test.encode()) % len(group)] for test, group in alike.items()}
    return {name for group in alike.values() for name in group} - tried


def left_as_a_whole(names: Iterable[str]) -> set[str]:
    """Of tests in the order of the run, those that `make test` leaves whatever their parameters.

    Of a journey that it makes it leaves all but the first.
    """
    left, tried = set(), set()
    for name in names:
        test = name.partition("[")[0]
        if test in LEFT or (test.startswith(JOURNEYS) and (test in tried or not _is_tried(test))):
            left.add(name)
        tried.add(test)
    return left


def _is_tried(journey: str) -> bool:
    return journey.removeprefix(JOURNEYS) in TRIED_JOURNEYS


def _on_sqlite(name: str) -> str | None:
    """What the same test is called on SQLite; nothing where it is not about PostgreSQL."""
    other, found = _POSTGRES.subn("sqlite", name)
    return other if found else None


def _tried_each_time(name: str) -> bool:
    return bool(ON_BOTH_EACH_TIME.search(name)) or zlib.crc32(name.encode()) % ONE_IN == 0
