"""Storms: faults at random, which a seed makes the same again."""

import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from lti_tool.practice.calls import GONE_A_WHILE, PLACES, STORM_KINDS, Mischief, status_of

GONE_FOR = 12
"""How many calls about a column find nothing, once it is gone a while."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a storm does: the share of calls that each kind of mischief befalls.

    A name in `rates` and `values` is a kind, for all `places`, or a place and a kind ("token slow"). `values` are
    those of `Mischief`. Which call meets what follows from the seed, the place and the number of the call there.
    """

    seed: int
    rates: Mapping[str, float]
    places: tuple[str, ...] = ("scores", "results", "token")
    values: Mapping[str, float] = field(default_factory=dict)

    def problem(self) -> str | None:
        """What is wrong with it, if anything."""
        for name in (*self.rates, *self.values):
            place, _, kind = name.rpartition(" ")
            if place not in ("", *PLACES) or (kind not in STORM_KINDS and status_of(kind) is None):
                return f"{name} is neither a kind nor a place and a kind"
        if set(self.places) - set(PLACES):
            return f"places should be of: {', '.join(PLACES)}"
        if any(rate < 0 for rate in self.rates.values()) or any(sum(self._rates(at).values()) > 1 for at in PLACES):
            return "rates should be shares, of together at most 1 at each place"
        return None

    def _rates(self, place: str) -> dict[str, float]:
        general = self.rates if place in self.places else {}
        rates = {kind: rate for kind, rate in sorted(general.items()) if " " not in kind}
        own = {name.split(" ")[1]: rate for name, rate in sorted(self.rates.items()) if name.startswith(f"{place} ")}
        return rates | own

    def met_by(self, place: str, number: int) -> str | None:
        """The kind of mischief that befalls the call with this number, if any."""
        drawn = random.Random(f"{self.seed} {place} {number}").random()  # noqa: S311 - weather, not a secret
        for kind, rate in self._rates(place).items():
            drawn -= rate
            if drawn < 0:
                return kind
        return None

    def value(self, place: str, kind: str) -> float:
        """How strong it is there."""
        return self.values.get(f"{place} {kind}", self.values.get(kind, 0.0))


class Storm:
    """A storm that blows until it is calmed."""

    def __init__(self, forecast: Forecast) -> None:
        if problem := forecast.problem():
            raise ValueError(problem)
        self.forecast = forecast
        self.counts: Counter[str] = Counter()
        """How often each kind befell each place, as "place kind"; "place" alone counts its calls."""
        self._gone: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, place: str, about: str) -> Mischief | None:
        """What is to happen to this call, which is about a column (or about nothing)."""
        with self._lock:
            self.counts[place] += 1
            kind = "404" if self._is_gone(about) else self.forecast.met_by(place, self.counts[place])
            if kind == GONE_A_WHILE:
                self._gone[about] = GONE_FOR if about else 0
                kind = "404" if self._is_gone(about) else None
            if kind is None:
                return None
            self.counts[f"{place} {kind}"] += 1
            return Mischief(place, kind, value=self.forecast.value(place, kind))

    def _is_gone(self, about: str) -> bool:
        gone = self._gone[about] > 0
        self._gone[about] -= gone
        return gone
