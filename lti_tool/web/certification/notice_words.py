"""A notice in words: the same letter for the page, the preview of whoever decides, and the PDF."""

from collections.abc import Iterator, Mapping

from grading.evidence import Outcome
from grading.program import Program
from grading.telling.statuses import OUTCOMES
from grading.telling.words import ONE, SEVERAL
from lti_tool.documents.decision_pdf import Item, Letter, Section
from lti_tool.services.certification.decision_notices import Looked, Notice, Rule
from lti_tool.web.amounts import amount
from lti_tool.web.moments import day
from lti_tool.web.programs.proof_words import Words, word_of
from lti_tool.web.texts import _N, comma, language
from lti_tool.web.texts import gettext as _

TITLES: Mapping[Outcome, str] = {
    Outcome.CERTIFIED: _N("You are certified: %(what)s"),
    Outcome.RENEWED: _N("Your certificate is renewed: %(what)s"),
    Outcome.REINSTATED: _N("Your certificate holds again: %(what)s"),
    Outcome.EXTENDED: _N("You have more time: %(what)s"),
    Outcome.NOT_YET: _N("Not yet: %(what)s"),
    Outcome.SUSPENDED: _N("Your certificate is suspended from %(day)s on"),
    Outcome.RESUMED: _N("Your certificate holds again from %(day)s on"),
    Outcome.REVOKED: _N("Your certificate is withdrawn on %(day)s"),
    Outcome.SURRENDERED: _N("You gave your certificate back on %(day)s"),
}
MEANING: Mapping[Outcome, str] = {
    Outcome.CERTIFIED: _N("From %(day)s on you hold it. Nothing needs to be done for that."),
    Outcome.RENEWED: _N("It goes on. Nothing needs to be done for that."),
    Outcome.REINSTATED: _N("From %(day)s on you hold it again. What you did before is kept."),
    Outcome.EXTENDED: _N("The last day was moved. What you did so far is kept and counts."),
    Outcome.NOT_YET: _N(
        "What you did is kept and counts. Something is still to come, and it stands below. As soon as there is "
        "something new, a person decides again."
    ),
    Outcome.SUSPENDED: _N(
        "Until it is looked at again, the certificate does not hold. What you did is kept. It is looked at again on "
        "%(review)s at the latest; nothing is decided about the time after that."
    ),
    Outcome.RESUMED: _N("The suspension is over. What you did is kept and counts."),
    Outcome.REVOKED: _N(
        "From that day on the certificate does not hold. What you did is kept, and stays yours to show. Others can "
        "look at this again, if you ask for it, as stands below."
    ),
    Outcome.SURRENDERED: _N(
        "That was your own choice, and nobody else's. What you did is kept, and stays yours to show."
    ),
}


def letter(notice: Notice, program: Program) -> Letter:
    """The notice as it is read now, in the reader's language. `program` gives titles for its keys."""
    values = {
        "what": notice.stage or notice.program,
        "day": day(notice.on),
        "review": day(notice.review_on) if notice.review_on else "",
    }
    return Letter(
        title=_(TITLES[notice.outcome], **values),
        opening=(_(MEANING[notice.outcome], **values),),
        facts=tuple(_facts(notice)),
        sections=tuple(_sections(notice, Words(program))),
        language=language(),
        page=_("Page"),
    )


def outcome_word(outcome: Outcome) -> str:
    """What was decided, as one word."""
    return _(OUTCOMES[outcome])


def _facts(notice: Notice) -> Iterator[tuple[str, str]]:
    yield _("For"), notice.person
    yield _("Decision"), outcome_word(notice.outcome)
    yield _("Program"), notice.program
    if notice.stage:
        yield _("Stage"), notice.stage
    yield _("It holds from"), day(notice.on)
    if notice.until:
        yield _("It holds until"), day(notice.until)
    if notice.review_on:
        yield _("It is looked at again on"), day(notice.review_on)


def _sections(notice: Notice, words: Words) -> Iterator[Section]:
    """What is empty is left out."""
    yield from _reasons(notice)
    if notice.what_next:
        yield Section(_("What you can do now"), said=(notice.what_next,))
    if notice.rules:
        yield Section(_("Rule by rule"), items=tuple(_rule(each, words) for each in notice.rules))
    if notice.looked_at:
        sentence = _("This is how much was there on %(day)s. Nothing of what it was about.", day=day(notice.decided_on))
        items = tuple(Item(_looked(each)) for each in notice.looked_at)
        yield Section(_("What was looked at"), (sentence,), items=items)
    if notice.appeal_until:
        yield _appeal(notice)
    yield _who(notice)
    if notice.help:
        yield Section(_("Whom you can turn to"), items=tuple(_help(notice)))


def _reasons(notice: Notice) -> Iterator[Section]:
    if notice.reasons:
        own = notice.outcome is Outcome.SURRENDERED
        yield Section(_("Your own words") if own else _("The reasons"), said=(notice.reasons,))
    if notice.named:
        sentence = _("These rules are not met yet. It was decided all the same, for this reason:")
        items = tuple(Item(each) for each in notice.named)
        yield Section(_("Decision by a person, with reason"), (sentence,), (notice.all_the_same,), items=items)
    if notice.replaces_of:
        sentence = _("This takes the place of what was decided on %(day)s, because:", day=day(notice.replaces_of))
        yield Section(_("In the place of an earlier decision"), (sentence,), (notice.why_replaced,))


def _rule(rule: Rule, words: Words) -> Item:
    word, icon = word_of(rule.answer)
    notes = [words.said(rule.there)] if rule.there else []
    notes += [_("What would show it: %(what)s", what=words.said(each)) for each in rule.changes]
    return Item(rule.title, word, icon, tuple(notes))


def _looked(looked: Looked) -> str:
    kind = _((ONE if looked.number == 1 else SEVERAL)[looked.kind])
    amounts = comma().join(amount(much, unit) for much, unit in looked.amounts)
    if not amounts:
        return _("%(number)s %(what)s", number=looked.number, what=kind)
    return _("%(number)s %(what)s: %(amounts)s", number=looked.number, what=kind, amounts=amounts)


def _appeal(notice: Notice) -> Section:
    sentences = (
        _(
            "You can appeal until %(day)s, in your own words and with help, and nothing that is on file has to be told "
            "again. Later than that, a person decides whether it is still taken up.",
            day=day(notice.appeal_until),  # type: ignore[arg-type]  # the caller asked
        ),
        _("Others decide about it: nobody who decided this, observed you or signed for you."),
    )
    return Section(_("If you see it differently"), sentences)


def _who(notice: Notice) -> Section:
    facts = [(_("Decided by"), notice.decided_by), (_("Decided on"), day(notice.decided_on))]
    facts += [
        (_("By the rules of"), _("%(program)s, edition %(edition)s", program=notice.program, edition=notice.edition))
    ]
    if notice.body:
        facts += [(_("Of"), notice.body)]
    return Section(_("Who decided, and by which rules"), facts=tuple(facts))


def _help(notice: Notice) -> Iterator[Item]:
    for each in notice.help:
        yield Item(each.name, notes=tuple(text for text in (each.what_for, each.phone, each.address) if text))
