"""What a program says of validity, renewal and what follows, where it does not fit together."""

from collections.abc import Iterator
from datetime import date

from grading.checking.days import length, period_text
from grading.checking.findings import Finding, Severity
from grading.lifecycle.rules import AfterLapse, Ends, Lifecycle, RenewalWindow, RunsFrom, Validity
from grading.program import Program, StageKind
from rubrics.refusal import _N

_SHORT = _N(
    "It ends on a fixed day, so the first one may be much shorter than %(lasts)s, down to %(shortest)s. Where that is "
    'not meant, add valid_at_least, such as: valid_at_least = "6 months"'
)
_NO_FIXED_DAY = _N('It ends on a fixed day, and no day is named. Please add it, such as: fixed_day = "09-30"')
_FIXED_DAY_UNUSED = _N(
    'fixed_day says nothing while ends is %(ends)s. Please write ends = "fixed_day", or take fixed_day away.'
)
_AT_LEAST_UNUSED = _N(
    "valid_at_least says nothing while ends is %(ends)s: such an end comes when its time is over. Please take it away, "
    'or write ends = "fixed_day".'
)
_DRIFTS = _N(
    "Each renewal counts from the day of its decision, so the end moves with every early or late renewal. Where it is "
    'to stay, write runs_from = "expiry".'
)
_CROSSED = _N(
    "The renewal opens %(opens)s before the end and closes %(closes)s before it: it closes before it opens. Please "
    "check both."
)
_CLOSES_LATE = _N(
    "The renewal closes on %(closes)s, after the certification ended on %(ends)s, and no grace is named. Please "
    "choose: add grace, or let it close by the end."
)
_CLOSES_UNKNOWN = _N(
    "The renewal closes on %(closes)s of the year of the end. Where the end is earlier in that year, people could "
    "still renew after it; it is read so. To rule it out, write renewal_closes as a length of time before the end."
)
_NO_LAPSE = _N(
    "Nothing says what follows when the grace is over. It is read as: a person of the program decides. To say it, add "
    'after_lapse = "as_new" or "reinstate".'
)
_WITHIN_GRACE = _N(
    "One may be reinstated for %(within)s after the end, which is no longer than the grace of %(grace)s. Please make "
    "it longer, or take it away."
)
_NO_STAGE = _N(
    "After a lapse one is reinstated, and no stage says what is asked for it. Please add a stage with "
    'kind = "reinstatement", or write after_lapse = "as_new".'
)
_NO_END = _N(
    "Nothing says for how long a certification is valid, so %(entry)s is read only where a decision names its own last "
    "day. Where it is always as long, please add valid_for."
)
_ENDORSEMENTS = _N(
    "%(asked)s endorsements are asked, and there are %(count)s. Please ask for fewer, or add stages with "
    'kind = "endorsement".'
)
_NO_RENEWAL = _N(
    "It is valid for %(lasts)s, and no stage says what a renewal asks. It is read as: nothing is asked. To ask "
    'something, add a stage with kind = "renewal".'
)
_REMINDER = _N(
    "A reminder %(found)s before the end would come before the certification begins. Please make it shorter."
)


def lifecycles(program: Program) -> Iterator[Finding]:
    """Everything of the kind for one edition."""
    found = program.lifecycle
    if found.validity:
        yield from _validity(found.validity)
    if found.renewal:
        yield from _renewal(found, found.renewal)
    yield from _without_end(found)
    yield from _lapse(program, found)
    yield from _reminders(found)
    yield from _endorsements(program)
    kinds = {stage.kind for stage in program.stages}
    lasts = found.validity.lasts if found.validity else None
    if lasts and StageKind.RENEWAL not in kinds:
        yield _look("no_renewal", "valid_for", _NO_RENEWAL, lasts=period_text(lasts))


def _endorsements(program: Program) -> Iterator[Finding]:
    asked = program.endorsements_at_least
    count = sum(stage.kind is StageKind.ENDORSEMENT for stage in program.stages)
    if asked > count:
        values = {"asked": asked, "count": count}
        yield Finding("more_than_list", Severity.MEND, "endorsements_at_least", _ENDORSEMENTS, values)


def _validity(validity: Validity) -> Iterator[Finding]:
    fixed = validity.ends is Ends.FIXED_DAY
    if fixed and validity.fixed_day is None:
        yield _must("no_fixed_day", "ends", _NO_FIXED_DAY)
    if not fixed and validity.fixed_day is not None:
        yield _must("says_nothing", "fixed_day", _FIXED_DAY_UNUSED, ends=validity.ends.value)
    if not fixed and validity.at_least is not None:
        yield _must("says_nothing", "valid_at_least", _AT_LEAST_UNUSED, ends=validity.ends.value)
    if fixed and validity.lasts and validity.at_least is None:
        days = round(length(validity.lasts)) - 364
        shortest = "1 day" if days <= 1 else f"{days} days"
        yield _look("may_be_short", "fixed_day", _SHORT, lasts=period_text(validity.lasts), shortest=shortest)
    if validity.runs_from is RunsFrom.DECISION and validity.lasts:
        yield _look("drifts", "runs_from", _DRIFTS)


def _renewal(found: Lifecycle, renewal: RenewalWindow) -> Iterator[Finding]:
    opens, closes = renewal.opens, renewal.closes
    if opens and closes and length(opens) <= length(closes):
        values = {"opens": period_text(opens), "closes": period_text(closes)}
        yield _must("nothing_holds", "renewal_closes", _CROSSED, **values)
    if renewal.closes_on is None or found.grace is not None:
        return
    closing = day_text(renewal.closes_on)
    ends = found.validity.fixed_day if found.validity and found.validity.ends is Ends.FIXED_DAY else None
    if ends is None:
        yield _look("closes_after_end", "renewal_closes_on", _CLOSES_UNKNOWN, closes=closing)
    elif renewal.closes_on > ends:
        values = {"closes": closing, "ends": day_text(ends)}
        yield Finding("closes_after_end", Severity.CHOOSE, "lifecycle.renewal_closes_on", _CLOSES_LATE, values)


def _without_end(found: Lifecycle) -> Iterator[Finding]:
    if found.validity and found.validity.lasts:
        return
    said = {
        "renewal_opens": found.renewal and found.renewal.opens,
        "renewal_closes": found.renewal and found.renewal.closes,
        "renewal_closes_on": found.renewal and found.renewal.closes_on,
        "grace": found.grace,
        "reminders": found.reminders,
    }
    for name, value in said.items():
        if value:
            yield _look("says_nothing", name, _NO_END, entry=name)


def _lapse(program: Program, found: Lifecycle) -> Iterator[Finding]:
    if found.grace and not found.lapse:
        yield _look("no_lapse", "grace", _NO_LAPSE)
    if found.lapse is None or found.lapse.then is not AfterLapse.REINSTATE:
        return
    if StageKind.REINSTATEMENT not in {stage.kind for stage in program.stages}:
        yield Finding("no_reinstatement", Severity.CHOOSE, "lifecycle.after_lapse", _NO_STAGE)
    within, grace = found.lapse.within, found.grace
    if within and grace and length(within) <= length(grace.lasts):
        values = {"within": period_text(within), "grace": period_text(grace.lasts)}
        yield _must("nothing_holds", "reinstate_within", _WITHIN_GRACE, **values)


def _reminders(found: Lifecycle) -> Iterator[Finding]:
    lasts = found.validity.lasts if found.validity else None
    for number, reminder in enumerate(found.reminders, 1):
        if lasts and length(reminder) >= length(lasts):
            yield _must("nothing_holds", f"reminders[{number}]", _REMINDER, found=period_text(reminder))


def _must(code: str, name: str, sentence: str, **values: object) -> Finding:
    return Finding(code, Severity.MEND, f"lifecycle.{name}", sentence, values)


def _look(code: str, name: str, sentence: str, **values: object) -> Finding:
    return Finding(code, Severity.LOOK, f"lifecycle.{name}", sentence, values)


def day_text(day: tuple[int, int]) -> str:
    """A day of every year: 30 September."""
    return f"{day[1]} {date(2000, *day):%B}"
