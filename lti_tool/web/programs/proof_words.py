"""Rules and answers of the engine in words for the person they are about: titles in place of keys, and "you".

The one place in which technical names become words. Nothing is decided here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from grading.evidence import Item, Kind
from grading.lifecycle.status import Status
from grading.program import Confidence, Program, Requirement
from grading.proof import Answer, LeftOut, Proof
from grading.requirements.needs import Met, Need, When
from grading.requirements.walking import parts as parts_of
from grading.standing import Weighed
from grading.telling.counted import counted
from grading.telling.needs import asked, lines
from grading.telling.programs import CONFIDENCES
from grading.telling.proofs import ANSWERS, Group, Told, tell
from grading.telling.said import Said, number_text, told
from grading.telling.statuses import STATUSES
from grading.telling.words import ONE, amount
from lti_tool.services.programs.path_pages import SETTLED, is_route
from lti_tool.web.moments import day as day_text
from lti_tool.web.texts import _N, comma, gettext, plain

MOST_THINGS = 5
"""Of things that count, or do not for one reason, so many are named; the others are counted."""
MOST_PARTS = 12
ICONS: Mapping[Answer, str] = {
    Answer.MET: "check",
    Answer.NOT_YET: "circle",
    Answer.WAITING: "clock",
    Answer.NOT_APPLICABLE: "circle",
    Answer.UNKNOWN: "dots",
}
STATUS_ICONS: Mapping[Status, str] = {
    Status.NOT_STARTED: "circle",
    Status.IN_PROGRESS: "dots",
    Status.READY_FOR_DECISION: "person",
    Status.CERTIFIED: "check",
    Status.RENEWAL_OPEN: "check",
    Status.IN_GRACE: "clock",
    Status.LAPSED: "circle",
    Status.SUSPENDED: "pause",
    Status.REVOKED: "circle",
    Status.SURRENDERED: "circle",
}
TO_YOU: Mapping[str, str] = {
    "the trainee": _N("you"),
    "the supervisor": _N("your supervisor"),
    "the observer": _N("whoever observes you"),
    "the person who is supported": _N("the person you support"),
    "statement of the person": _N("statement of your own"),
    "statements of the person": _N("statements of your own"),
    "%(things)s where %(like)s": _N("%(things)s (%(like)s)"),
    "not counting where %(like)s": _N("not counting: %(like)s"),
    "where %(like)s, at most %(amount)s count": _N("of “%(like)s” at most %(amount)s count"),
    "where %(like)s, at most %(share)s of all that counts": _N("of “%(like)s” at most %(share)s of all that counts"),
    "not said: %(name)s": _N("its “%(name)s” is not said yet"),
    "more than counts of this sort": _N("there is as much of this sort as counts"),
    "%(name)s is %(values)s": _N("%(name)s: %(values)s"),
    "%(name)s is not %(values)s": _N("%(name)s: not %(values)s"),
    "%(name)s is at least %(number)s": _N("%(name)s: at least %(number)s"),
    "%(name)s is at most %(number)s": _N("%(name)s: at most %(number)s"),
    "At least %(amount)s different values of “%(name)s” in %(things)s": _N(
        "At least %(amount)s that differ in their %(name)s, of these: %(things)s"
    ),
    "What is asked as “%(requirement)s”": _N("What “%(requirement)s” asks"),
    "%(amount)s more, by %(who)s": _N("still to come from %(who)s: %(amount)s"),
    "more, by %(who)s": _N("still to come from %(who)s"),
    "One may ask for: %(what)s": _N("You can ask for: %(what)s"),
    "%(each)s, for each name of these: %(values)s": _N("%(each)s, for each of these: %(values)s"),
    "to be said by %(who)s: %(name)s": _N("Still to be said by %(who)s: %(name)s"),
}
"""Sentences of the engine that speak about somebody, or in names, as they are said to that person."""
NAMES: Mapping[str, str] = {
    "model": _N("how people were supported"),
    "setting": _N("in which setting"),
    "mode": _N("how it was observed"),
    "site": _N("where it was"),
}
"""Names that Attune fills, as its own pages ask for them."""
VALUE_ALONE = frozenset({
    "name", "category", "event", "course", "criterion", "competency", "topic", "domain", "model", "setting", "mode",
})  # fmt: skip
"""Names whose values say enough: “training (ethics)”, not “training where category is ethics”."""
KEYED = frozenset({
    "What is asked as “%(requirement)s”",
    "the day on which “%(name)s” was met first",
    "the beginning of the stage “%(name)s”",
    "the decision on the stage “%(name)s”",
    "After the stage “%(name)s”",
})  # fmt: skip
"""Sentences that name a requirement or a stage by its key."""
CRITERIA = frozenset({"%(name)s is %(values)s", "%(name)s is not %(values)s"})
_STILL = "%(amount)s more, by %(who)s"
_NAMED = "%(name)s: %(what)s"
_FOR_EACH = "%(each)s, for each %(by)s of these: %(values)s"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that was recorded, with where it can be read."""

    text: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Things:
    """Several of them, as many as a page names; `why`: why they do not count."""

    shown: tuple[Thing, ...]
    more: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """One answer with its reasons."""

    answer: Answer
    word: str
    icon: str
    of: str
    there: str
    changes: tuple[str, ...]
    counted: Things
    left_out: tuple[Things, ...]
    parts: tuple["AnswerWords", ...]
    routes: bool
    """The parts are ways of which not all are needed."""
    more_settled: int = 0
    more_open: int = 0


@dataclass(frozen=True, slots=True)
class RequirementWords:
    """One requirement."""

    key: str
    title: str
    answer: AnswerWords
    rule: tuple[tuple[int, str], ...]
    """Each line with how deep it lies."""
    note: str
    sources: tuple[str, ...]
    confidence: str
    shown_only: bool


@dataclass(frozen=True, slots=True)
class Words:
    """For one program and one person. `titles`: of entries; `noted`: where what others noted can be read."""

    program: Program
    titles: Mapping[UUID, str] = field(default_factory=dict)
    noted: str | None = None
    observations: bool = True
    """Whether the reader may open the observations that count."""

    def said(self, said: Said) -> str:
        """A sentence of the engine as it is said to the person."""
        alone = self._alone(said)
        if alone is not None:
            return alone
        if said.template == _FOR_EACH and _word_in(said.values["by"]) == "name":
            said = replace(said, template="%(each)s, for each name of these: %(values)s")
        if said.template == _STILL and _is_one(said.values["amount"]):
            said = replace(said, template="more, by %(who)s")
        template, keyed = TO_YOU.get(said.template, said.template), said.template in KEYED
        values = {name: self._value(_called(value), keyed=keyed) for name, value in said.values.items()}
        return plain(counted(template, said.values)) % values

    def requirement(self, weighed: Weighed, today: date) -> RequirementWords:
        """One requirement with its rule and its answer."""
        asks = weighed.requirement
        found = tell(weighed.proof, asks.need, asks.who, today)
        return RequirementWords(
            key=asks.key,
            title=asks.title,
            answer=self._answer(found, weighed.proof, asks.need),
            rule=tuple((deep, self.said(each)) for deep, each in lines(asked(asks.need))),
            note=asks.note,
            sources=tuple(self._sources(asks)),
            confidence=how_sure(asks),
            shown_only=asks.shown_only,
        )

    def thing(self, item: Item, counts: Decimal | None = None) -> Thing:
        """Something that was recorded; `counts`: how much of it."""
        text = gettext("%(day)s: %(what)s", day=day_text(item.on), what=self.what(item, counts))
        return Thing(text, self._address(item))

    def what(self, item: Item, counts: Decimal | None = None) -> str:
        """The same without its day."""
        return comma().join(part for part in (self._much(item, counts), self._name(item)) if part)

    # ---- answers ----

    def _answer(self, told: Told, proof: Proof, need: Need | None) -> AnswerWords:
        if isinstance(need, Met) and len(proof.parts) == 1:
            other = next((each for each in self.program.requirements if each.key == need.requirement), None)
            found = self._answer(told.parts[0], proof.parts[0], other.need if other else None)
            return replace(found, of=self._of(told.of, proof))
        needs: Sequence[Need | None] = parts_of(need) if need is not None else ()
        if len(needs) != len(proof.parts):
            needs = (None,) * len(proof.parts)
        every = [
            (_named(part, inner), of_part, inner)
            for part, of_part, inner in zip(told.parts, proof.parts, needs, strict=False)
        ]
        if isinstance(need, When) and every:
            # A condition is looked at, and not asked for.
            every[0] = (replace(every[0][0], changes=()), *every[0][1:])
        shown = every if len(every) <= MOST_PARTS else [each for each in every if each[0].answer not in SETTLED]
        shown = shown[-MOST_PARTS:]
        hidden = [each for each in every if not any(each is one for one in shown)]
        settled = sum(each[0].answer in SETTLED for each in hidden)
        return AnswerWords(
            answer=told.answer,
            word=gettext(ANSWERS[told.answer]),
            icon=ICONS[told.answer],
            of=self._of(told.of, proof),
            there=self.said(told.there) if told.there else "",
            changes=() if told.answer in SETTLED else tuple(self._change(each, proof) for each in told.changes),
            counted=self._things([(item, much) for item, much in proof.counted]),
            left_out=tuple(self._left_out(group) for group in told.left_out),
            parts=tuple(self._answer(*each) for each in shown),
            routes=is_route(need),
            more_settled=settled,
            more_open=len(hidden) - settled,
        )

    def _change(self, said: Said, proof: Proof) -> str:
        """What would bring it on; a part of a list has said its name already."""
        what = said.values.get("what")
        if said.template == _NAMED and proof.form == "value" and isinstance(what, Said):
            said = what
        return begun(self.said(said))

    def _of(self, said: Said | None, proof: Proof) -> str:
        title = self._title(proof.name, keyed=proof.form == "met")
        return title or (self.said(said) if said else "")

    def _things(self, found: Sequence[tuple[Item, Decimal | None]], why: str = "") -> Things:
        newest = sorted(found, key=lambda each: (each[0].on, each[0].id), reverse=True)
        shown = tuple(self.thing(item, much) for item, much in newest[:MOST_THINGS])
        return Things(shown, len(newest) - len(shown), why)

    def _left_out(self, group: Group) -> Things:
        pairs = [(each.item, self._does_not_count(each)) for each in group.left_out]
        return self._things(pairs, self.said(group.why))

    def _does_not_count(self, left_out: LeftOut) -> Decimal | None:
        return left_out.amount if left_out.amount is not None else left_out.item.amount

    def _much(self, item: Item, counts: Decimal | None) -> str:
        if item.amount is None or not item.unit:
            return ""
        whole = self.said(amount(item.amount, item.unit))
        if counts is None or counts == item.amount or not counts.is_finite():
            return whole
        return gettext("%(part)s of %(whole)s", part=number_text(counts), whole=whole)

    def _name(self, item: Item) -> str:
        title = self.titles.get(_id_of(item)) if item.id.startswith("ledger:") else None  # type: ignore[arg-type]
        kind = gettext(TO_YOU.get(ONE[item.kind], ONE[item.kind]))
        values = item.has.get("criterion" if item.kind is Kind.RATING else "name", frozenset())
        named = comma().join(sorted(_spaced(each) for each in values)) if isinstance(values, frozenset) else ""
        if title or not named:
            return title or kind
        return gettext("%(kind)s (%(named)s)", kind=kind, named=named)

    def _address(self, item: Item) -> str | None:
        source = item.id.partition(":")[0]
        if source == "ledger":
            return f"/ledger/{_id_of(item)}"
        if source == "attestation":
            return self.noted
        seen = item.has.get("observation")
        if self.observations and source in ("observation", "rating") and isinstance(seen, frozenset) and len(seen) == 1:
            return f"/o/{next(iter(seen))}"
        return None

    # ---- sentences ----

    def _alone(self, said: Said) -> str | None:
        """A condition whose name says nothing to people, by its values; None where both are needed."""
        name, values = said.values.get("name"), said.values.get("values")
        if said.template not in CRITERIA or not isinstance(name, Said) or not isinstance(values, Said):
            return None
        of, text = str(name.values.get("word", "")), self.said(values)
        negative = said.template == "%(name)s is not %(values)s"
        if text in (YES, NO):
            return gettext("not %(what)s", what=of) if negative is (text == YES) else of
        if of in VALUE_ALONE:
            return gettext("not %(what)s", what=text) if negative else text
        return None

    def _value(self, value: object, *, keyed: bool) -> object:
        match value:
            case Said() if keyed and "word" in value.values:
                return self._value(value.values["word"], keyed=True)
            case Said():
                return self.said(value)
            case date():
                return day_text(value)
            case Decimal():
                return self._number(value)
            case str():
                return self._title(value, keyed=keyed) or value
            case _:
                return value

    def _number(self, value: Decimal) -> str:
        rounded = round(value, 2)
        text = number_text(rounded)
        return text if rounded == value else gettext("about %(number)s", number=text)

    def _title(self, key: str, *, keyed: bool) -> str:
        """The title of a requirement or stage that is called so; "" for every other word.

        A key that is an ordinary word, such as "training", is one only where a sentence speaks of keys.
        """
        named = [(each.key, each.title) for each in self.program.requirements]
        named += [(each.key, each.title) for each in self.program.stages]
        for one, title in named:
            if key in (one, _spaced(one)) and (keyed or not one.isalpha()):
                return title
        return ""

    def _sources(self, asks: Requirement) -> Iterable[str]:
        every = self.program.sources
        return (every[number - 1] for number in asks.sources if 0 < number <= len(every))


def to_you(said: Said) -> str:
    """A sentence that speaks of no program's keys, as it is said to the person."""
    return told(_in_names(said), lambda template: plain(TO_YOU.get(template, template)))


def how_sure(requirement: Requirement) -> str:
    """How sure it is that this is asked; "" where the program speaks for itself."""
    return "" if requirement.confidence is Confidence.OURS else gettext(CONFIDENCES[requirement.confidence])


def begun(text: str) -> str:
    """A sentence of parts, as it begins a line."""
    return text[:1].upper() + text[1:]


def status_word(status: Status) -> str:
    """The one word for where somebody is."""
    return gettext(STATUSES[status])


def word_of(answer: Answer) -> tuple[str, str]:
    """An answer and its icon."""
    return gettext(ANSWERS[answer]), ICONS[answer]


def _named(told: Told, need: Need | None) -> Told:
    return told if told.of is not None or need is None else replace(told, of=asked(need).said)


def _is_one(value: object) -> bool:
    return isinstance(value, Said) and value.template == "%(number)s" and value.values.get("number") == 1


def _in_names(said: Said) -> Said:
    called = {name: _called(value) for name, value in said.values.items()}
    return replace(
        said, values={name: _in_names(each) if isinstance(each, Said) else each for name, each in called.items()}
    )


def _called(value: object) -> object:
    """A name that Attune fills, by its words; everything else as it is."""
    found = NAMES.get(str(_word_in(value)))
    return gettext(found) if found else value


def _word_in(value: object) -> object:
    return value.values.get("word") if isinstance(value, Said) else None


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _id_of(item: Item) -> UUID | None:
    try:
        return UUID(item.id.partition(":")[2])
    except ValueError:
        return None
