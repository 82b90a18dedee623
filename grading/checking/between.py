"""Between the editions of a program: days that nobody can enter, or two at once, and what becomes of people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise

from grading.checking.findings import Finding, Severity, closest
from grading.program import Move, Program
from rubrics.refusal import _N

_TWICE = _N("The edition “%(found)s” is there %(count)s times. Each edition needs a key of its own.")
_BACKWARDS = _N("The edition begins on %(since)s, after its last day, %(until)s. Please check both days.")
_BOTH = _N(
    "The editions “%(one)s” and “%(other)s” both take people in from %(since)s to %(until)s. Who enters then is read "
    "as entering “%(other)s”, unless their evidence names the edition. Where that is not meant, let the two days meet."
)
_GAP = _N(
    "Nobody can enter any edition from %(since)s to %(until)s, between “%(one)s” and “%(other)s”. Where that is not "
    "meant, let the two days meet."
)
_NO_DAYS = _N(
    "Nothing says since when the editions “%(one)s” and “%(other)s” go. They are read in the order of the document, "
    "the last as the newest. To have people find theirs, add from."
)
_NO_DAY = _N("People finish by a day, and no day is named. Please add it, such as: earlier_by = 2026-12-31")
_DAY_UNUSED = _N(
    'earlier_by says nothing while earlier is %(move)s. Please write earlier = "move_by", or take it away.'
)
_DAY_EARLY = _N(
    "People of the edition before have to finish by %(by)s, before this one begins on %(since)s; in between they can "
    "enter none. Please check both."
)
_AGAIN = _N("There is no requirement “%(found)s” in the edition “%(edition)s”. Please write the key of one.")
_AGAIN_MEANT = _N("There is no requirement “%(found)s” in the edition “%(edition)s”. Is it meant to be “%(meant)s”?")
_FROM = _N("There is no edition “%(found)s” that people could come from. Please check the key.")


def between(editions: Sequence[Program]) -> Iterator[Finding]:
    """What is found in several editions of one program together; `editions` share an id."""
    for key, count in Counter(each.edition for each in editions).items():
        if count > 1:
            yield _finding(Severity.MEND, "twice", "key", _TWICE, key, found=key, count=count)
    for each in editions:
        yield from _own(each, [other.edition for other in editions])
    yield from _overlaps(editions)
    yield from _gaps(editions)
    unknown = [each.edition for each in editions if each.effective_from is None]
    if len(unknown) > 1:
        yield _finding(Severity.LOOK, "no_days", "from", _NO_DAYS, *unknown[:2], one=unknown[0], other=unknown[1])


def _own(program: Program, known: Sequence[str]) -> Iterator[Finding]:
    since, until, key = program.effective_from, program.effective_until, program.edition
    if since and until and since > until:
        yield _finding(Severity.MEND, "nothing_holds", "from", _BACKWARDS, key, since=since, until=until)
    asked = {each.key for each in program.requirements}
    for each in program.transitions:
        if each.edition not in known:
            yield _finding(Severity.MEND, "unknown_edition", "earlier", _FROM, key, found=each.edition)
        if each.move is Move.MOVE_BY and each.by is None:
            yield _finding(Severity.CHOOSE, "no_day", "earlier_by", _NO_DAY, key)
        if each.move is not Move.MOVE_BY and each.by is not None:
            yield _finding(Severity.MEND, "says_nothing", "earlier_by", _DAY_UNUSED, key, move=each.move.value)
        if each.move is Move.MOVE_BY and each.by and since and (since - each.by).days > 1:
            yield _finding(Severity.CHOOSE, "nothing_holds", "earlier_by", _DAY_EARLY, key, by=each.by, since=since)
        for number, again in enumerate(each.again, 1):
            if again not in asked:
                meant = closest(again, asked)
                sentence = _AGAIN_MEANT if meant else _AGAIN
                values = {"found": again, "edition": key, "meant": meant}
                yield _finding(Severity.MEND, "unknown_requirement", f"again[{number}]", sentence, key, **values)


def _overlaps(editions: Sequence[Program]) -> Iterator[Finding]:
    for one, other in combinations(sorted((each for each in editions if each.effective_from), key=_since), 2):
        if one.effective_until is None or one.effective_until < _since(other):
            continue  # without a last day, it goes until the next one begins
        until = min(one.effective_until, other.effective_until or one.effective_until)
        if _since(other) <= until:
            values = {"one": one.edition, "other": other.edition, "since": _since(other), "until": until}
            yield _finding(Severity.LOOK, "editions_overlap", "until", _BOTH, one.edition, other.edition, **values)


def _gaps(editions: Sequence[Program]) -> Iterator[Finding]:
    known = sorted((each for each in editions if each.effective_from), key=_since)
    for one, other in pairwise(known):
        ends = max(
            (each.effective_until or date.max for each in known if _since(each) <= _since(one)), default=date.max
        )
        if (_since(other) - ends).days > 1:
            since, until = ends + timedelta(days=1), _since(other) - timedelta(days=1)
            values = {"one": one.edition, "other": other.edition, "since": since, "until": until}
            yield _finding(Severity.LOOK, "editions_gap", "until", _GAP, one.edition, other.edition, **values)


def _since(program: Program) -> date:
    return program.effective_from or date.min


def _finding(
    severity: Severity, code: str, name: str, sentence: str, edition: str, /, *others: str, **values: object
) -> Finding:
    place = f"editions.{edition}.{name}"
    return Finding(code, severity, place, sentence, values, editions=(edition, *others))
