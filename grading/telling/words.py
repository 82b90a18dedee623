"""The words for kinds, amounts, lengths of time and days."""

from collections.abc import Mapping
from decimal import Decimal

from grading.evidence import Kind
from grading.periods import Calendar, Period
from grading.program import Who
from grading.requirements.selection import Anchor, Named, Which
from grading.telling.counted import UNITS
from grading.telling.said import Said, all_of_them, one_of_them, say, word
from rubrics.refusal import _N

THINGS: Mapping[Kind, str] = {
    Kind.PRACTICE: _N("practice"),
    Kind.TRAINING: _N("training"),
    Kind.SUPERVISION: _N("supervision"),
    Kind.EDUCATION: _N("continuing education"),
    Kind.OBSERVATION: _N("observations"),
    Kind.RATING: _N("ratings"),
    Kind.SIGNATURE: _N("signatures"),
    Kind.EXAM: _N("exams"),
    Kind.DOCUMENT: _N("documents"),
    Kind.REFERENCE: _N("references"),
    Kind.CREDENTIAL: _N("credentials"),
    Kind.EMPLOYMENT: _N("posts"),
    Kind.MEMBERSHIP: _N("memberships"),
    Kind.STATEMENT: _N("statements of the person"),
    Kind.ATTESTATION: _N("confirmations by somebody else"),
    Kind.CHECK: _N("background checks"),
    Kind.PAYMENT: _N("payments"),
    Kind.APPROVAL: _N("agreements of the program"),
    Kind.FINDING: _N("findings"),
    Kind.EVENT: _N("events"),
}
"""Several of them, or an amount of them."""
ONE: Mapping[Kind, str] = {
    Kind.PRACTICE: _N("entry of practice"),
    Kind.TRAINING: _N("training"),
    Kind.SUPERVISION: _N("session of supervision"),
    Kind.EDUCATION: _N("entry of continuing education"),
    Kind.OBSERVATION: _N("observation"),
    Kind.RATING: _N("rating"),
    Kind.SIGNATURE: _N("signature"),
    Kind.EXAM: _N("exam"),
    Kind.DOCUMENT: _N("document"),
    Kind.REFERENCE: _N("reference"),
    Kind.CREDENTIAL: _N("credential"),
    Kind.EMPLOYMENT: _N("post"),
    Kind.MEMBERSHIP: _N("membership"),
    Kind.STATEMENT: _N("statement of the person"),
    Kind.ATTESTATION: _N("confirmation by somebody else"),
    Kind.CHECK: _N("background check"),
    Kind.PAYMENT: _N("payment"),
    Kind.APPROVAL: _N("agreement of the program"),
    Kind.FINDING: _N("finding"),
    Kind.EVENT: _N("event"),
}
SEVERAL: Mapping[Kind, str] = {
    **THINGS,
    Kind.PRACTICE: _N("entries of practice"),
    Kind.TRAINING: _N("trainings"),
    Kind.SUPERVISION: _N("sessions of supervision"),
    Kind.EDUCATION: _N("entries of continuing education"),
}
PEOPLE: Mapping[Who, str] = {
    Who.TRAINEE: _N("the trainee"),
    Who.SUPERVISOR: _N("the supervisor"),
    Who.REFEREE: _N("whoever gives a reference"),
    Who.OBSERVER: _N("the observer"),
    Who.PROGRAM: _N("a person of the program"),
    Who.PERSON_SUPPORTED: _N("the person who is supported"),
    Who.NOBODY: _N("nobody; only time changes it"),
}
EACH: Mapping[Calendar, str] = {
    Calendar.WEEK: _N("In each week"),
    Calendar.MONTH: _N("In each month"),
    Calendar.QUARTER: _N("In each quarter of a year"),
    Calendar.HALF_YEAR: _N("In each half of a year"),
    Calendar.YEAR: _N("In each calendar year"),
    Calendar.TERM: _N("In each term"),
}
AVERAGE: Mapping[Calendar, str] = {
    Calendar.WEEK: _N("On average over the weeks"),
    Calendar.MONTH: _N("On average over the months"),
    Calendar.QUARTER: _N("On average over the quarters of a year"),
    Calendar.HALF_YEAR: _N("On average over the halves of a year"),
    Calendar.YEAR: _N("On average over the calendar years"),
    Calendar.TERM: _N("On average over the terms"),
}
_PERCENT = _N("%(number)s %%")


def amount(value: Decimal, unit: str) -> Said:
    """A number with its unit, where it has one. Units that are not known are said as the program writes them."""
    if not unit:
        return say("%(number)s", number=value)
    if unit == "%":
        return say(_PERCENT, number=value)
    if unit in UNITS:
        one, several = UNITS[unit]
        return say(one if value == 1 else several, number=value)
    return say(_N("%(number)s %(unit)s"), number=value, unit=word(unit))


def share(value: Decimal) -> Said:
    """A share of one as percent."""
    return amount(value * 100, "%")


def period(length: Period) -> Said:
    """Such as 3 months, 2 years, or 1 month and 10 days."""
    parts = []
    if length.months:
        years, rest = divmod(length.months, 12)
        parts.append(amount(Decimal(length.months), "months") if rest else amount(Decimal(years), "years"))
    if length.days or not parts:
        parts.append(amount(Decimal(length.days), "days"))
    return all_of_them(parts)


def things(kinds: frozenset[Kind], words: Mapping[Kind, str]) -> Said:
    """The kinds in these words; of several, one or another."""
    return one_of_them([say(words[kind]) for kind in sorted(kinds)])


def day(anchor: Anchor) -> Said:
    """A day that a rule names."""
    found = _named(anchor)
    if anchor.earlier:
        found = say(_N("%(period)s before %(day)s"), period=period(anchor.earlier), day=found)
    if anchor.later:
        found = say(_N("%(period)s after %(day)s"), period=period(anchor.later), day=found)
    return found


def _named(anchor: Anchor) -> Said:
    name = word(anchor.name)
    match anchor.named:
        case Named.TODAY:
            return say(_N("today"))
        case Named.DAY:
            return say("%(day)s", day=anchor.day)
        case Named.EVENT:
            return say(_N("the first %(name)s"), name=name) if anchor.which is Which.FIRST else name
        case Named.ENTERED:
            return say(_N("the day of entering the program"))
        case Named.CERTIFIED if anchor.name:
            return say(_N("the decision on the stage “%(name)s”"), name=anchor.name)
        case Named.CERTIFIED:
            return say(_N("the last certification"))
        case Named.EXPIRY:
            return say(_N("the last day of validity"))
        case Named.STAGE:
            return say(_N("the beginning of the stage “%(name)s”"), name=anchor.name)
        case Named.MET:
            return say(_N("the day on which “%(name)s” was met first"), name=anchor.name)
