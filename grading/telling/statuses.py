"""Status, dates and what stands open, as sentences."""

from collections.abc import Iterator, Mapping
from datetime import date

from grading.evidence import Decision, Outcome
from grading.lifecycle.dates import Due, Name
from grading.lifecycle.offers import Asking, Offer
from grading.lifecycle.status import Facts, Status
from grading.telling.said import Said, say
from rubrics.refusal import _N

STATUSES: Mapping[Status, str] = {
    Status.NOT_STARTED: _N("not started"),
    Status.IN_PROGRESS: _N("in progress"),
    Status.READY_FOR_DECISION: _N("ready for a person's decision"),
    Status.CERTIFIED: _N("certified"),
    Status.RENEWAL_OPEN: _N("certified; renewal is open"),
    Status.IN_GRACE: _N("the certificate has ended; late renewal is open"),
    Status.LAPSED: _N("lapsed"),
    Status.SUSPENDED: _N("suspended"),
    Status.REVOKED: _N("withdrawn by the program"),
    Status.SURRENDERED: _N("given up by the person"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.CERTIFIED: _N("certified"),
    Outcome.RENEWED: _N("renewed"),
    Outcome.REINSTATED: _N("reinstated"),
    Outcome.EXTENDED: _N("made longer"),
    Outcome.NOT_YET: _N("not yet"),
    Outcome.SUSPENDED: _N("suspended"),
    Outcome.RESUMED: _N("a suspension is over"),
    Outcome.REVOKED: _N("withdrawn by the program"),
    Outcome.SURRENDERED: _N("given up by the person"),
}
DATES: Mapping[Name, str] = {
    Name.STAGE_ENDS: _N("The stage ends"),
    Name.VALID_UNTIL: _N("Valid until"),
    Name.RENEWAL_OPENS: _N("Renewal opens"),
    Name.RENEWAL_CLOSES: _N("Renewal closes"),
    Name.LATE_UNTIL: _N("Late renewal until (the certificate is not valid then)"),
    Name.REINSTATEMENT_UNTIL: _N("Reinstatement until"),
    Name.APPLICATION_USABLE_UNTIL: _N("The application can be used until"),
    Name.REMINDER: _N("A reminder"),
    Name.DECISION_DUE: _N("A decision is due"),
    Name.APPEAL_UNTIL: _N("An appeal is open until"),
    Name.APPEAL_ANSWER_DUE: _N("An answer to the appeal is due"),
    Name.PROOF_KEPT_UNTIL: _N("Proof is kept until"),
}
OVER: Mapping[Name, str] = {
    Name.STAGE_ENDS: _N("The stage ended"),
    Name.VALID_UNTIL: _N("It was valid until"),
    Name.RENEWAL_OPENS: _N("Renewal opened"),
    Name.RENEWAL_CLOSES: _N("Renewal closed"),
    Name.LATE_UNTIL: _N("Late renewal was possible until"),
    Name.REINSTATEMENT_UNTIL: _N("Reinstatement was possible until"),
    Name.APPLICATION_USABLE_UNTIL: _N("The application could be used until"),
    Name.REMINDER: _N("A reminder was due"),
    Name.DECISION_DUE: _N("A decision was due"),
    Name.APPEAL_UNTIL: _N("An appeal was open until"),
    Name.APPEAL_ANSWER_DUE: _N("An answer to the appeal was due"),
    Name.PROOF_KEPT_UNTIL: _N("Proof was kept until"),
}
"""The same of a day that is over."""
OFFERS: Mapping[Asking, str] = {
    Asking.EXTENSION: _N("more time"),
    Asking.RENEWAL: _N("renewal"),
    Asking.LATE_RENEWAL: _N("late renewal"),
    Asking.REINSTATEMENT: _N("reinstatement"),
    Asking.NEW_APPLICATION: _N("a new application"),
    Asking.APPEAL: _N("an appeal"),
}


def date_told(due: Due, day: date | None = None) -> Said:
    """One date, with whether a pause moved it; as one that is over, where `day` is after it."""
    words = OVER if day is not None and due.on < day else DATES
    said = say(_N("%(what)s: %(day)s"), what=say(words[due.name]), day=due.on)
    if due.moved:
        return say(_N("%(date)s, moved by a pause; days: %(days)s"), date=said, days=due.moved)
    return said


def offer_told(offer: Offer) -> Said:
    """What may be asked for. Nothing of it comes by itself."""
    said = say(_N("One may ask for: %(what)s"), what=say(OFFERS[offer.what]))
    if offer.until:
        said = say(_N("%(offer)s, until %(day)s"), offer=said, day=offer.until)
    return say(_N("%(offer)s; to pay: %(fee)s"), offer=said, fee=offer.fee) if offer.fee else said


def facts_told(facts: Facts, titles: Mapping[str, str] | None = None) -> Iterator[Said]:
    """What goes with the status. `titles` names stages as people read them, by their keys."""
    titles = titles or {}
    if facts.paused_since:
        yield say(_N("Paused since %(day)s"), day=facts.paused_since)
    if facts.suspended_since:
        yield say(_N("Suspended since %(day)s"), day=facts.suspended_since)
    if facts.appeal_since:
        yield say(_N("An appeal is open since %(day)s"), day=facts.appeal_since)
    if facts.last_decision:
        yield say(_N("The last decision: %(decision)s"), decision=_decision(facts.last_decision, titles))
    if facts.extensions_used or facts.extensions_left:
        template = _N("Made longer so far, times: %(used)s; possible still: %(left)s")
        yield say(template, used=facts.extensions_used, left=facts.extensions_left)
    if facts.endorsements_to_come:
        yield say(_N("Endorsements that are still asked for: %(number)s"), number=facts.endorsements_to_come)
    for each in facts.set_aside:
        yield say(_N("This decision does not fit the rules, and was set aside: %(what)s"), what=_decision(each, titles))
    yield from (offer_told(each) for each in facts.offers)


def _decision(decision: Decision, titles: Mapping[str, str]) -> Said:
    said = say(_N("%(outcome)s on %(day)s"), outcome=say(OUTCOMES[decision.outcome]), day=decision.on)
    if not decision.stage:
        return said
    stage = titles.get(decision.stage, decision.stage)
    return say(_N("%(decision)s (stage “%(stage)s”)"), decision=said, stage=stage)
