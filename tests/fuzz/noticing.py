"""Odd notices: a bad one never stands in the way of a good one."""

import json
from typing import Any

from tests.fuzz.judging import shut
from tests.fuzz.lab import Lab, whole_notice
from tests.fuzz.oddities import Path, changed


def odd_notices(lab: Lab, value: tuple[Any, str]) -> None:
    """Any JSON, or any bytes, instead of a list of tokens."""
    sent, content_type = value
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    shut(lab.ask("POST", "/lti/notices", data=body, content_type=content_type))


def changed_notices(lab: Lab, value: list[list[tuple[Path, Any]]]) -> None:
    """Tokens that are signed rightly, around a notice that is not as it should be, beside one that is."""
    moment, number = int(lab.clock().timestamp()), lab.counts.total()
    whole = [whole_notice(moment, f"n-{number}-{place}") for place, _ in enumerate(value)]
    tokens = [lab.sign(changed(claims, made)) for claims, made in zip(whole, value, strict=True)]
    good = lab.sign(whole_notice(moment, f"good-{number}"))
    answer = lab.ask("POST", "/lti/notices", json={"notices": [{"jwt": token} for token in (*tokens, good)]})
    shut(answer)
    assert answer.status_code == 200
    assert answer.json["kept"] >= 1


def odd_notice_tokens(lab: Lab, value: list[Any]) -> None:
    shut(lab.ask("POST", "/lti/notices", json={"notices": value}))
