"""attune programs: list, show, diff, standing and schema, from files alone."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from lti_tool.cli import attune
from lti_tool.cli import programs as cli
from lti_tool.documents.shipped_programs import shipped
from lti_tool.paths import CONFIG
from tests.project import ROOT, text_of

PROGRAM = """
id = "ours"
name = "Ours"
body = "Our board"
time_zone = "America/Chicago"
illustrative = true
summary = "A small one."
read_on = "2026-11"
sources = ["https://example.org/rules"]
notes = ["A note."]

[[editions]]
key = "2024"
from = 2024-01-01
until = 2024-12-31

[[editions]]
key = "2025"
from = 2025-01-01
again = ["training"]

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "training"
stage = "initial"
title = "Training"
sources = [1]
confidence = "stated"
note = "Any training."
at_least = "40 hours"
of = { kind = "training" }
editions = ["2024"]

[[requirements]]
key = "training"
stage = "initial"
title = "Training"
at_least = "50 hours"
of = { kind = "training" }
editions = ["2025"]

[[requirements]]
key = "weeks"
stage = "initial"
title = "Each week"
shown_only = true
each = "week"
how = "each"
since = "entered"
need = { at_least = 1, of = { kind = "practice" } }

[[lifecycle]]
valid_for = "24 months"

[due_process]
appeal_within = "60 days"
"""
EVIDENCE = """
person = "A-17"
as_of = 2026-03-01
entered = 2024-05-01

[[training]]
id = "t-1"
on = 2025-05-01
amount = "38 hours"
signed = 2025-05-02

[[training]]
id = "t-2"
on = 2026-02-10
amount = "2 hours"
"""
MORE = """
person = "A-17"
as_of = 2026-03-01

[[training]]
id = "t-3"
on = 2026-02-20
amount = "2 hours"
signed = 2026-02-21
"""
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def ours(write: Write) -> Path:
    return write("ours.toml", PROGRAM)


@pytest.fixture
def hers(write: Write) -> Path:
    return write("evidence.toml", EVIDENCE)


def run(*arguments: object) -> Result:
    # Without any environment of Attune: no database, no settings.
    environment = dict.fromkeys(("ATTUNE_DATABASE_URL", "ATTUNE_PUBLIC_URL", "ATTUNE_SECRET_KEY"))
    return CliRunner().invoke(attune, ["programs", *map(str, arguments)], env=environment)


def said(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


# ---- list ----


def test_the_programs_that_come_with_attune_are_listed_with_their_marks() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert (
        "icrc-pr  Peer Recovery (PR), IC&RC (member boards certify)\n  editions: 2013\n  illustrative" in result.output
    )
    named = {each["id"] for each in json.loads(said("list", "--json"))["programs"]}
    assert named == {path.stem for path in (CONFIG / "programs").glob("*.toml")}


def test_a_program_that_cannot_be_read_is_named_and_takes_nothing_else_down(
    tmp_path: Path, ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.toml").write_text(PROGRAM.replace("40 hours", "forty hours"), encoding="utf-8")
    monkeypatch.setattr(cli, "shipped", lambda: shipped(tmp_path))
    result = run("list")
    assert result.exit_code == 1
    assert "broken.toml: cannot be read\n  requirements[1].at_least: Found “forty hours”" in result.output
    assert "ours  Ours, Our board\n  editions: 2024, 2025" in result.output
    told = json.loads(run("list", "--json").output)["programs"]
    assert [each["file"] for each in told] == ["broken.toml", "ours.toml"]
    assert told[0]["unreadable"]


# ---- show ----


def test_a_program_is_shown_stage_by_stage_in_sentences(ours: Path) -> None:
    assert said("show", ours, "--edition", "2024").splitlines() == [
        "Ours, Our board, edition 2024",
        "(illustrative: no recognition is claimed)",
        "A small one.",
        "People enter it from 2024-01-01 until 2024-12-31",
        "Days are read in the time zone America/Chicago.",
        "",
        "Stage “Certification” (initial)",
        "  Kind: certification",
        "  - Training (training)",
        "      At least 40 hours of training",
        "      Read in a text of the body itself; source 1",
        "      Note: Any training.",
        "  - Each week (weeks)",
        "      shown only: it stands in nobody's way",
        "      In each week since the day of entering the program:",
        "        At least 1 entry of practice",
        "      Attune's own reading",
        "",
        "Time, decisions and money",
        "  Valid for 2 years, to the same day; a new one is counted from the end of the last",
        "  An appeal is open for 60 days",
        "",
        "Notes",
        "  A note.",
        "",
        "Sources",
        "  1. https://example.org/rules",
        "  read in 2026-11",
    ]


def test_the_newest_edition_says_what_becomes_of_people_of_the_one_before(ours: Path) -> None:
    found = said("show", ours)
    assert "Earlier editions\n  Whoever entered edition “2024” stays on it until the renewal" in found
    assert "To be done again under this edition: training" in found


def test_the_form_for_machines_is_the_same_however_the_document_was_written(ours: Path, write: Write) -> None:
    other = PROGRAM.replace('at_least = "50 hours"', "at_least = '50.0 hours'  # so many").replace(
        "24 months", "2 years"
    )
    assert said("show", ours, "--json") == said("show", write("other.toml", other), "--json")
    found = json.loads(said("show", ours, "--json"))
    assert found["requirements"][0]["need"]["threshold"] == "50"
    assert found["requirements"][0]["need"]["form"] == "AtLeast"
    assert found["lifecycle"]["validity"]["lasts"] == "2 years"


@pytest.mark.parametrize("path", sorted((CONFIG / "programs").glob("*.toml")), ids=lambda path: path.stem)
def test_every_program_that_ships_is_shown_in_whole_sentences(path: Path) -> None:
    found = said("show", path.stem)
    assert "%(" not in found
    assert len(found.splitlines()) > 10


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("icrc-rp", "Is it meant to be icrc-pr? A file is named by its path."),
        ("zzzzzz", "Those that come with Attune are:"),
        ("nowhere/x.toml", "It cannot be opened: No such file or directory."),
        ("icrc-pr@1999", "There is no edition “1999”. The editions are: 2013."),
    ],
)
def test_a_program_that_is_not_there_ends_with_2_and_what_helps(named: str, sentence: str) -> None:
    result = run("show", named)
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_file_that_is_no_program_ends_with_2(write: Write) -> None:
    assert run("show", write("large.toml", "#" * 2_000_001)).exit_code == 2


# ---- diff ----


def test_two_editions_are_compared_in_words(ours: Path) -> None:
    result = run("diff", f"{ours}@2024", ours)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "From ours, edition 2024, to ours, edition 2025",
        "Requirement training: changed",
        "  - At least 40 hours of training",
        "  - How sure we are: read in a text of the body itself",
        "  - Note: Any training.",
        "  + At least 50 hours of training",
        "  + How sure we are: Attune's own reading",
        "Time and decisions: added",
        "  + Whoever entered edition “2024” stays on it until the renewal",
        "Time and decisions: added",
        "  + To be done again under this edition: training",
    ]


def test_what_was_added_and_taken_away_is_said(ours: Path, write: Write) -> None:
    text = PROGRAM.replace('key = "weeks"', 'key = "months"').replace("60 days", "30 days").replace("Our board", "B")
    found = run("diff", ours, write("other.toml", text)).output
    assert "The program: changed\n  - Body: Our board\n  + Body: B\n" in found
    assert "Requirement months: added\n" in found
    assert "Requirement weeks: taken away\n" in found
    assert "Time and decisions: taken away\n  - An appeal is open for 60 days" in found


def test_the_same_ends_with_0(ours: Path) -> None:
    assert said("diff", ours, ours).endswith("Both ask and promise the same.\n")


# ---- standing ----


def test_where_somebody_stands_is_said_with_what_is_there_what_would_change_it_and_what_was_left_out(
    ours: Path, hers: Path
) -> None:
    found = said("standing", ours, hers, "--requirement", "training").splitlines()
    assert [line for line in found if not line.startswith("Time alone")] == [
        "Ours, Our board, edition 2024",
        "(illustrative: no recognition is claimed)",
        "A-17 on 2026-03-01, in the time zone America/Chicago",
        "",
        "Certification: 0 of 1 met; waiting for a person",
        "  [waiting for a person] Training (training)",
        "      38 of 40 hours; 2 more wait for a signature",
        "      What would change it: a signature by the supervisor",
        "      Left out: waits for a signature: t-2 of 2026-02-10 (2 hours)",
    ]


def test_status_and_dates_come_first(ours: Path, hers: Path, write: Write) -> None:
    assert "Status: in progress" in said("standing", ours, hers)
    certified = EVIDENCE + '[[decisions]]\noutcome = "certified"\non = 2026-02-01\nstage = "initial"\n'
    found = said("standing", ours, write("certified.toml", certified))
    assert "Status: certified (stage “Certification”)" in found
    assert "Valid until: 2028-02-01" in found
    assert "Certification: certified on 2026-02-01; what is recorded here shows 0 of " in found


def test_days_that_are_over_are_told_as_over(write: Write) -> None:
    decision = '[[decisions]]\noutcome = "certified"\non = 2023-06-10\nstage = "initial"\n'
    document = EVIDENCE.split("[[", 1)[0] + decision
    found = said("standing", "nc-cpss", write("over.toml", document))
    assert "It was valid until: 2025-06-30" in found
    assert "Late renewal was possible until: 2025-07-30" in found
    assert "reminder" not in found


def test_a_day_that_is_earlier_knows_nothing_that_came_later(ours: Path, hers: Path) -> None:
    found = said("standing", ours, hers, "--on", "2025-05-01", "--requirement", "training")
    assert "0 of 40 hours; 38 more wait for a signature" in found


def test_the_day_on_which_time_alone_may_change_an_answer_is_named(hers: Path, write: Write) -> None:
    need = 'each = "week"\nhow = "each"\nsince = "entered"\nneed = { at_least = 1, of = { kind = "practice" } }'
    program = write("held.toml", PROGRAM.replace(need, 'held_for = "1 year"\nof = { kind = "training" }'))
    found = said("standing", program, hers)
    assert "Time alone may change an answer or a number next on 2026-05-01." in found
    assert "What would change it: only time, on 2026-05-01" in found


def test_a_stage_says_after_which_it_comes_and_one_hour_is_one_hour(hers: Path, write: Write) -> None:
    found = said("standing", "icrc-pr", write("one.toml", EVIDENCE.replace('"2 hours"', '"1 hour"')))
    assert "Renewal (comes after “Certification”): 0 of 2 met; not yet" in found
    assert "(1 hour)" in found
    assert "1 hours" not in found


def test_a_word_that_the_program_does_not_list_is_named(write: Write) -> None:
    document = EVIDENCE + '[[training]]\nid = "t-9"\non = 2026-01-01\nis = { category = "advocasy", mood = "good" }\n'
    found = said("standing", "icrc-pr", write("odd.toml", document))
    assert "does not list, so that they meet nothing in it: category “advocasy” (t-9).\n" in found


def test_a_pause_in_which_nothing_stands_still_is_said(hers: Path, write: Write) -> None:
    document = EVIDENCE + "[[pauses]]\nsince = 2026-01-01\nuntil = 2026-01-31\n"
    line = "A pause is recorded; this program names nothing that stands still in one."
    assert line in said("standing", "icrc-pr", write("paused.toml", document))
    assert line not in said("standing", "icrc-pr", hers)


def test_the_answer_of_another_requirement_stands_below_its_name(hers: Path) -> None:
    found = said("standing", "ny-aids-peer", hers, "--requirement", "track")
    assert "[not yet] What is asked as “hiv-experience”\n          0 of 1\n" in found
    assert "]\n" not in found
    of_parts = said("standing", "psc-ca", hers, "--requirement", "standards")
    assert "[not yet] What is asked as “competencies”\n        its parts stand there\n" in of_parts
    assert "]\n" not in of_parts


def test_many_weeks_that_are_met_are_counted_and_not_written_out(ours: Path, write: Write) -> None:
    entry = '[[practice]]\nid = "p-{0}"\non = 2026-{1:02}-{2:02}\nsigned = 2026-03-01\n'
    days = [(1, 8), (1, 15), (1, 22), (1, 29), (2, 5), (2, 12), (2, 19), (2, 26)]
    text = EVIDENCE.replace("2024-05-01", "2025-11-01")
    text += "".join(entry.format(place, *day) for place, day in enumerate(days))
    found = said("standing", ours, write("weeks.toml", text), "--edition", "2025", "--requirement", "weeks")
    assert "and 8 more that are met or do not apply" in found


def test_of_many_weeks_that_are_open_the_latest_are_written_out_and_the_others_counted(ours: Path, hers: Path) -> None:
    found = said("standing", ours, hers, "--edition", "2025", "--requirement", "weeks")
    assert found.count("  [not yet] 20") == 6
    assert "[not yet] 2026-02-23 to 2026-03-01" in found
    assert "earlier that are still open; --json names all" in found


@pytest.mark.parametrize(
    ("changed", "edition"),
    [
        (EVIDENCE, "2024"),
        (EVIDENCE.replace("2024-05-01", "2025-05-01"), "2025"),
        (EVIDENCE.replace("entered = 2024-05-01\n", ""), "2025"),
        (EVIDENCE.replace("entered", 'edition = "2025"\nentered'), "2025"),
    ],
)
def test_the_edition_is_the_one_that_was_entered(ours: Path, write: Write, changed: str, edition: str) -> None:
    path = write("someone.toml", changed)
    assert json.loads(said("standing", ours, path, "--json"))["edition"] == edition
    assert json.loads(said("standing", ours, path, "--json", "--edition", "2024"))["edition"] == "2024"
    assert json.loads(said("standing", f"{ours}@2024", path, "--json"))["edition"] == "2024"


def test_a_day_on_which_no_edition_was_in_force_ends_with_2(ours: Path, write: Write) -> None:
    result = run("standing", ours, write("early.toml", EVIDENCE.replace("2024-05-01", "2020-01-01")))
    assert result.exit_code == 2
    assert "No edition of this program was in force on 2020-01-01." in result.output


def test_events_of_both_files_need_no_ids(ours: Path, write: Write) -> None:
    head = 'person = "A"\nas_of = 2026-03-01\n[[events]]\n'
    known = write("known.toml", head + 'name = "application"\non = 2026-01-05\n')
    more = write("more.toml", head + 'name = "testing"\non = 2026-02-05\n')
    assert run("standing", ours, known, "--what-if", more).exit_code == 0


def test_what_if_there_were_more(ours: Path, hers: Path, write: Write) -> None:
    more = write("more.toml", MORE)
    found = said("standing", ours, hers, "--what-if", more, "--requirement", "training")
    assert "[met] Training (training)\n      40 of 40 hours; 2 more wait for a signature" in found
    assert "38 of 40 hours" in said("standing", ours, hers, "--requirement", "training")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (MORE.replace("t-3", "t-1"), "“t-1” is there twice."),
        (MORE.replace("A-17", "B-2"), "This is evidence of “B-2”. Please bring more of “A-17”."),
        (MORE.replace("amount", "amont"), "training[1].amont: There is no such entry here. Is it meant to be amount?"),
    ],
)
def test_what_cannot_be_imagined_ends_with_2(ours: Path, hers: Path, write: Write, more: str, sentence: str) -> None:
    result = run("standing", ours, hers, "--what-if", write("more.toml", more))
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_newer_file_that_cannot_be_read_changes_nothing(write: Write, hers: Path) -> None:
    newer = write("icrc-pr.toml", 'id = "icrc-pr"\n[[requirements]]\n')
    result = run("standing", newer, hers)
    assert result.exit_code == 2
    assert "icrc-pr.toml: name: This is still needed." in result.output
    assert result.output.endswith("Nothing was changed: this was only looked at.\n")
    assert run("standing", "icrc-pr", hers).exit_code == 0


def test_evidence_that_cannot_be_read_ends_with_2_and_its_places(ours: Path, write: Write) -> None:
    result = run("standing", ours, write("bad.toml", EVIDENCE.replace("38 hours", "-38 hours")))
    assert result.exit_code == 2
    assert "bad.toml: training[1].amount: An amount cannot be less than zero." in result.output


def test_a_requirement_that_is_not_there_ends_with_2_and_names_those_there_are(ours: Path, hers: Path) -> None:
    result = run("standing", ours, hers, "--requirement", "x")
    assert result.exit_code == 2
    assert "The requirements are: training, weeks." in result.output


def test_a_day_that_is_none_is_told(ours: Path, hers: Path) -> None:
    result = run("standing", ours, hers, "--on", "2026-02-30")
    assert result.exit_code == 2
    assert "“2026-02-30” is no day." in result.output


def test_as_json_it_is_what_the_schema_says_and_the_same_byte_for_byte(ours: Path, hers: Path, write: Write) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(said("schema", "standing")))
    first = said("standing", ours, hers, "--json")
    head, *entries = EVIDENCE.split("\n[[training]]")
    turned = head + "".join(f"\n[[training]]{entry}\n" for entry in reversed(entries))
    assert said("standing", ours, write("turned.toml", turned), "--json") == first
    schema.validate(json.loads(first))
    assert not re.search(r": \d+\.\d", first), "a float is not exact"
    one = json.loads(said("standing", ours, hers, "--json", "--requirement", "training"))
    numbers = one["proof"]["numbers"]
    assert numbers == {"need": "40", "unit": "hours", "sure": "38", "with_waiting": "40", "possible": "40"}


def test_who_adds_what_is_missing_is_whom_the_requirement_names(hers: Path, write: Write) -> None:
    text = PROGRAM.replace('at_least = "50 hours"', 'who = "supervisor"\nat_least = "50 hours"')
    arguments = ("standing", write("who.toml", text), hers, "--edition", "2025", "--requirement", "training")
    assert "10 hours more, by the supervisor" in said(*arguments)
    assert json.loads(said(*arguments, "--json"))["proof"]["changes"][0]["who"] == "supervisor"


def test_everyone_stands_somewhere_in_every_program_that_ships(hers: Path) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(said("schema", "standing")))
    for path in (CONFIG / "programs").glob("*.toml"):
        program = json.loads(said("show", path.stem, "--json"))
        found = said("standing", path.stem, hers, "--edition", program["edition"], "--json")
        schema.validate(json.loads(found))
        assert program["name"] in said("standing", path.stem, hers, "--edition", program["edition"])


def test_requirements_that_wait_for_each_other_or_for_none_that_is_there_are_told_and_nothing_is_answered(
    write: Write, hers: Path
) -> None:
    more = '\n[[requirements]]\nkey = "a"\nstage = "initial"\ntitle = "A"\nmet = "b"\n'
    more += '\n[[requirements]]\nkey = "b"\nstage = "initial"\ntitle = "B"\nall_of = [{ met = "a" }, { met = "c" }]\n'
    result = run("standing", write("round.toml", PROGRAM.replace("\n[[lifecycle]]", f"{more}\n[[lifecycle]]")), hers)
    assert result.exit_code == 2
    assert "a: met: These wait for each other" in result.stderr
    assert "b: all_of[2].met: There is no requirement “c”" in result.stderr


# ---- schema, and the page about all this ----


@pytest.mark.parametrize("which", ["program", "evidence", "standing"])
def test_the_schemas_that_are_printed_are_those_that_are_published(which: str) -> None:
    assert said("schema", which) == text_of(ROOT / "docs" / "schema" / f"{which}-1.json")


PAGE = text_of(ROOT / "docs" / "standing.md")


def test_the_evidence_on_the_page_is_answered_as_the_page_says(write: Write) -> None:
    (document,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    found = said("standing", "icrc-pr", write("evidence.toml", document))
    (shown,) = re.findall(r"```\n(\[.*?)```", PAGE, re.DOTALL)
    assert [line for line in shown.splitlines() if line.strip() not in found] == []


def test_the_commands_on_the_page_can_be_run(write: Write) -> None:
    (document,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    evidence = write("evidence.toml", document)
    more = write("more.toml", MORE)
    commands = re.findall(r"^attune programs (.*)$", PAGE, re.MULTILINE)
    assert len(commands) >= 8
    for command in commands:
        words = command.replace("evidence.toml", str(evidence)).replace("more.toml", str(more)).split()
        assert run(*words).exit_code == (1 if words[0] == "diff" else 0), command
