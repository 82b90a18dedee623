"""Programs of all sorts of rules of time, and people about whom something was decided, made up by Hypothesis."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from grading.evidence import Decision, Evidence, Item, Kind, Outcome
from grading.lifecycle.rules import AfterLapse, DueProcess, Ends, Grace, Lapse, Lifecycle, RenewalWindow, Validity
from grading.periods import Pause, Period
from grading.program import Program, Stage, StageKind
from tests.grading.decided import ASKED, STAGES, event

FIRST, LAST = date(2023, 12, 1), date(2027, 6, 30)
DAYS = st.dates(FIRST, LAST)
SHORT = st.sampled_from([Period(days=30), Period(months=3), Period(months=6)])
PROVISIONAL = Stage(
    "provisional", "Provisional", lasts=Period(months=6), extensions=2, extension=Period(months=3)
)  # fmt: skip
MANY = (
    PROVISIONAL,
    replace(STAGES[0], after="provisional"),
    *STAGES[1:],
    Stage("families", "Families", StageKind.ENDORSEMENT, after="initial"),
)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Programs of all sorts of rules of time."""
    lifecycle = Lifecycle(
        validity=draw(
            st.none()
            | st.builds(
                Validity,
                st.sampled_from([Period(months=6), Period(months=12), Period(months=24)]),
                st.sampled_from(Ends),
                st.just((2, 29)),
                at_least=st.none() | st.just(Period(months=3)),
            )
        ),
        renewal=draw(st.none() | st.builds(RenewalWindow, st.none() | SHORT, st.none() | st.just(Period(days=20)))),
        grace=draw(st.none() | st.builds(Grace, SHORT)),
        lapse=draw(st.none() | st.builds(Lapse, st.sampled_from(AfterLapse), st.none() | SHORT)),
        application_usable=draw(st.none() | SHORT),
        reminders=(Period(days=60),),
        keep_proof_for=draw(st.none() | SHORT),
        due_process=DueProcess(Period(days=60), appeal_within=Period(days=30)),
    )
    pausable = draw(st.frozensets(st.sampled_from(["stage", "validity", "windows"])))
    stages = draw(st.sampled_from([STAGES, MANY]))
    return Program("p", "P", "B", "1", "UTC", stages, ASKED, lifecycle=lifecycle, pausable=pausable)


@st.composite
def people(draw: st.DrawFn) -> Evidence:
    """Decisions of every sort, some recorded later, with pauses and applications."""
    stages = st.sampled_from(["", "provisional", "initial", "renewal", "back", "families"])
    made = draw(st.lists(st.tuples(st.sampled_from(Outcome), DAYS, stages, st.integers(0, 40)), max_size=6))
    decisions = tuple(
        Decision(
            f"d{place}",
            outcome,
            on,
            stage,
            on + timedelta(days=late) if late > 20 else None,
            until=on + timedelta(days=300) if late < 5 else None,
        )
        for place, (outcome, on, stage, late) in enumerate(made)
    )
    pauses = draw(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 120)), max_size=2))
    names = st.sampled_from(["application", "appeal", "birthday"])
    events = draw(st.lists(st.tuples(names, DAYS), max_size=3, unique=True))
    return Evidence(
        "somebody",
        (*(event(name, on.isoformat()) for name, on in events), *draw(st.lists(worked(), max_size=3))),
        decisions,
        tuple(Pause(on, None if length is None else on + timedelta(days=length)) for on, length in pauses),
        date(2023, 12, 1),
    )


def worked() -> st.SearchStrategy[Item]:
    """Hours that are signed."""
    return st.builds(
        lambda place, on, kind: Item(f"h{place} {on}", kind, on, Decimal(40), "hours", stands_from=on),
        st.integers(0, 99),
        DAYS,
        st.sampled_from([Kind.TRAINING, Kind.EDUCATION]),
    )
