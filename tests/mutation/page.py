"""Writes docs/mutation.md from the record and the reasons."""

from itertools import takewhile

from tests.mutation import record
from tests.mutation.record import Run, Survivor
from tests.project import ROOT

DOCUMENT = ROOT / "docs" / "mutation.md"
LONGEST, AROUND = 200, 40

HEAD = """\
# Mutation testing of the rules

A test is worth what it notices. So the rules were changed, one small change at a time (a mutant: `<` for `<=`, one \
entry of a table gone, another member of an enumeration, one argument less, one case of a `match` gone), and their \
tests were run against each. Where a test fails, the change was noticed; where all pass, it survived, and either a \
test is missing or the change means nothing. Below is what came of it.

`make mutation` writes this file and `tests/mutation/record.json`, from what is committed; `WHICH=` takes one set of \
rules, `AGAIN=1` only what survived the last time, once tests were added for it; what was noticed then still counts, \
but of a module that was changed since all is run anew. \
It is run by hand and is no part of `make test`. The kinds of change are those of \
[mutmut](https://github.com/boxed/mutmut), without two of them (other letters in texts; `None` for what was assigned, \
which only breaks what follows), and two of our own for tables (`tests/mutation/tables.py`). mutmut by itself changes \
nothing outside of functions and in decorated classes, where most of our rules are; here that is changed, too. Tests \
are those that `tests/mutation/sets.toml` names, without database or browser and with at most 25 examples of each \
property that does not say its own number: what the rest of the suite would notice besides is not counted. The reasons \
are in `tests/mutation/survivors.toml`.

"""


def text() -> str:
    """The page."""
    runs, why = record.read(), {each: reason for reason, ids in record.reasons() for each in ids}
    sets = [(one, runs[one["name"]]) for one in record.sets() if one["name"] in runs]
    rows = [_row(one["title"], one["what"], run, why) for one, run in sets]
    parts = [_part(one["title"], one["name"], run, why) for one, run in sets]
    return HEAD + "\n".join([*TABLE, *rows, ""]) + "\n" + "\n".join(parts)


TABLE = (
    "| rules | mutants | survived at first | noticed | ran on and on | survive | explained | noticed or ran on, % |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)


def _row(title: str, what: str, run: Run, why: dict[str, str]) -> str:
    tried, left = run.modules.values(), run.survivors
    total, killed, timeout = (sum(getattr(one, name) for one in tried) for name in ("mutants", "killed", "timeout"))
    at_first = sum(one.at_first for one in tried)
    numbers = (total, at_first, killed, timeout, len(left), sum(each in why for each in left))
    share = f"{100 * (killed + timeout) / total:.1f}"
    sample = "" if run.one_of == 1 else f" (every {run.one_of}th mutant)"
    return f"| {title}: {what}{sample} | {' | '.join(f'{number:,}' for number in numbers)} | {share} |"


def _part(title: str, name: str, run: Run, why: dict[str, str]) -> str:
    tried = "every mutant" if run.one_of == 1 else f"a sample, every {run.one_of}th mutant of a module"
    told = f"`make mutation WHICH={name}` on {run.day}, of {run.commit}, Python {run.python}: {tried}."
    lines = [f"## {title}", "", told, ""]
    lines += ["| module | mutants | noticed | ran on and on | survived |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| `{path}` | {one.mutants} | {one.killed} | {one.timeout} | {len(one.survived)} |"
        for path, one in run.modules.items()
    ]
    left = [(path, each) for path, tried in run.modules.items() for each in tried.survived]
    for reason in dict.fromkeys(why.get(each.id, "") for _, each in left):
        lines += ["", f"**{reason or 'Not explained yet.'}**", ""]
        lines += [_line(path, each) for path, each in left if why.get(each.id, "") == reason]
    return "\n".join([*lines, ""])


def _line(path: str, each: Survivor) -> str:
    where = f"`{path}`" + (f", `{each.place}`" if each.place else "")
    before, after = _around(each.before, each.after)
    return f"- {each.id}, {where}: {_code(before)} → {_code(after) if after else 'gone'}"


def _around(one: str, other: str) -> tuple[str, str]:
    """Both, without most of what they have in common at their ends."""
    same = _alike(one, other)
    begin = max(same - AROUND, 0)
    tail = _alike(one[same:][::-1], other[same:][::-1])
    cut = max(tail - AROUND, 0)
    left, right = "… " if begin else "", " …" if cut else ""
    return tuple(f"{left}{text[begin : len(text) - cut]}{right}" if text else "" for text in (one, other))


def _alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _code(text: str) -> str:
    cut = text if len(text) <= LONGEST else text[:LONGEST] + " …"
    return f"`` {cut} ``" if "`" in cut else f"`{cut}`"


def write() -> None:
    """Write docs/mutation.md anew."""
    DOCUMENT.write_text(text(), encoding="utf-8")
