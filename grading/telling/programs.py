"""What a program says of time, decisions and money, as sentences."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from grading.lifecycle.rules import AfterLapse, DueProcess, Ends, Lifecycle, RenewalWindow, RunsFrom, Validity
from grading.program import Confidence, Move, Stage, StageKind, Transition
from grading.telling.said import Said, all_of_them, say, together, word
from grading.telling.words import amount, period
from rubrics.refusal import _N

CONFIDENCES: Mapping[Confidence, str] = {
    Confidence.STATED: _N("read in a text of the body itself"),
    Confidence.THIRD_PARTY: _N("read on another page"),
    Confidence.UNVERIFIED: _N("seen in no source that was read"),
    Confidence.OURS: _N("Attune's own reading"),
}
STAGES: Mapping[StageKind, str] = {
    StageKind.CERTIFICATION: _N("certification"),
    StageKind.RENEWAL: _N("renewal"),
    StageKind.REINSTATEMENT: _N("reinstatement"),
    StageKind.ENDORSEMENT: _N("endorsement"),
}
_ENDS: Mapping[Ends, str] = {
    Ends.ANNIVERSARY: _N("to the same day"),
    Ends.MONTH_END: _N("to the last day of the month"),
    Ends.MONTH_START: _N("to the first day of the month"),
    Ends.FIXED_DAY: _N("to %(day)s of the year"),
    Ends.BIRTHDAY: _N("to the birthday"),
}
_RUNS: Mapping[RunsFrom, str] = {
    RunsFrom.EXPIRY: _N("a new one is counted from the end of the last"),
    RunsFrom.DECISION: _N("a new one is counted from its decision"),
}
_LAPSED: Mapping[AfterLapse, str] = {
    AfterLapse.AS_NEW: _N("After that: begin as new"),
    AfterLapse.REINSTATE: _N("After that: reinstatement"),
}
_MOVES: Mapping[Move, str] = {
    Move.STAY_UNTIL_RENEWAL: _N("Whoever entered edition “%(edition)s” stays on it until the renewal"),
    Move.STAY: _N("Whoever entered edition “%(edition)s” stays on it"),
    Move.MOVE_BY: _N("Whoever entered edition “%(edition)s” finishes by %(day)s, or goes on under this one"),
}


def stage_told(stage: Stage) -> tuple[Said, ...]:
    """What is to be known of a stage beside its title."""
    found = [say(_N("Kind: %(kind)s"), kind=say(STAGES[stage.kind]))]
    if stage.after:
        found.append(say(_N("After the stage “%(name)s”"), name=stage.after))
    if stage.lasts:
        found.append(say(_N("What it leads to is valid for %(period)s"), period=period(stage.lasts)))
    if stage.extension:
        template = _N("Can be made longer by %(period)s each time; how many times: %(number)s")
        found.append(say(template, period=period(stage.extension), number=stage.extensions))
    if stage.scope:
        found.append(say(_N("What the holder may do: %(scope)s"), scope=stage.scope))
    if stage.reveals:
        found.append(say(_N("Its name may tell something private: it is shown only where the holder agreed")))
    return tuple(found)


def lifecycle_told(lifecycle: Lifecycle) -> tuple[Said, ...]:
    """Everything that it says, a sentence each; nothing of what it does not say."""
    found: list[Said] = []
    if lifecycle.validity:
        found.extend(_validity(lifecycle.validity))
    if lifecycle.renewal:
        found.extend(_renewal(lifecycle.renewal))
    if lifecycle.grace:
        found.append(say(_N("Late renewal for %(period)s after the end"), period=period(lifecycle.grace.lasts)))
        if lifecycle.grace.late_fee:
            found.append(say(_N("For late renewal: %(fee)s"), fee=lifecycle.grace.late_fee))
    if lifecycle.lapse:
        found.append(say(_LAPSED[lifecycle.lapse.then]))
        if lifecycle.lapse.within:
            template = _N("Reinstatement is open for %(period)s after the end")
            found.append(say(template, period=period(lifecycle.lapse.within)))
    found.extend(_others(lifecycle))
    return (*found, *_due_process(lifecycle.due_process), *_fees(lifecycle))


def transition_told(transition: Transition) -> tuple[Said, ...]:
    """What becomes of people who entered an earlier edition."""
    found = [
        say(_MOVES[transition.move], edition=transition.edition, day=transition.by or say(_N("a day to be named")))
    ]
    if transition.again:
        again = all_of_them([word(each) for each in transition.again])
        found.append(say(_N("To be done again under this edition: %(requirements)s"), requirements=again))
    return tuple(found)


def _validity(validity: Validity) -> Iterator[Said]:
    if validity.lasts is None:
        yield say(_N("Valid without an end"))
        return
    day = say("%(day)s", day=_of_year(validity.fixed_day or (12, 31)))
    yield say(
        _N("Valid for %(period)s, %(end)s; %(runs)s"),
        period=period(validity.lasts),
        end=say(_ENDS[validity.ends], day=day),
        runs=say(_RUNS[validity.runs_from]),
    )
    if validity.at_least:
        yield say(_N("Never valid for less than %(period)s"), period=period(validity.at_least))


def _renewal(renewal: RenewalWindow) -> Iterator[Said]:
    if renewal.opens:
        yield say(_N("Renewal opens %(period)s before the end"), period=period(renewal.opens))
    if renewal.closes:
        yield say(_N("Renewal closes %(period)s before the end"), period=period(renewal.closes))
    if renewal.closes_on:
        yield say(_N("Renewal closes on %(day)s of the year of the end"), day=_of_year(renewal.closes_on))


def _others(lifecycle: Lifecycle) -> Iterator[Said]:
    if lifecycle.application_usable:
        yield say(_N("An application stays usable for %(period)s"), period=period(lifecycle.application_usable))
    if lifecycle.reminders:
        before = all_of_them([period(each) for each in lifecycle.reminders])
        yield say(_N("Reminders before the end: %(periods)s"), periods=before)
    if lifecycle.statuses:
        yield say(_N("Other states that the body knows: %(names)s"), names=_list(lifecycle.statuses))
    if lifecycle.keep_proof_for:
        yield say(_N("Proof is kept for %(period)s"), period=period(lifecycle.keep_proof_for))
    if lifecycle.recognizes:
        yield say(_N("Recognized from elsewhere: %(names)s"), names=_list(lifecycle.recognizes))
    elif lifecycle.recognizes is not None:
        yield say(_N("Nothing from elsewhere is recognized"))


def _due_process(due: DueProcess) -> Iterator[Said]:
    if due.decide_within:
        yield say(_N("A decision comes within %(period)s"), period=period(due.decide_within))
    if due.decide_within_hours:
        within = amount(Decimal(due.decide_within_hours), "hours")
        yield say(_N("A decision comes within %(period)s"), period=within)
    if due.notice_holds:
        yield say(_N("A notice says: %(what)s"), what=_list(due.notice_holds))
    if due.appeal_within:
        yield say(_N("An appeal is open for %(period)s"), period=period(due.appeal_within))
    if due.appeal_levels:
        yield say(_N("An appeal goes to: %(levels)s"), levels=_list(due.appeal_levels))
    if due.appeal_answered_within:
        yield say(_N("An appeal is answered within %(period)s"), period=period(due.appeal_answered_within))


def _fees(lifecycle: Lifecycle) -> Iterator[Said]:
    for fee in lifecycle.fees:
        much = fee.amount or say(_N("how much was not named"))
        yield say(_N("To pay to the body: %(what)s, %(amount)s"), what=fee.what, amount=much)
        if fee.waived_from:
            yield say(_N("Nothing is to be paid: %(what)s"), what=fee.waived_from)


def _list(names: tuple[str, ...]) -> Said:
    return together([word(each) for each in names], "%(before)s, %(next)s")


def _of_year(day: tuple[int, int]) -> str:
    return date(2000, *day).strftime("%m-%d")
