"""Odd registrations: whatever the LMS says of itself, and whatever is put into the address."""

from typing import Any

from tests.fuzz.judging import FORM, opened, shut
from tests.fuzz.lab import OPENID, Lab, configuration
from tests.fuzz.oddities import Path, changed, encoded

REGISTER = {"openid_configuration": OPENID, "registration_token": "a-token"}


def odd_asking(lab: Lab, value: tuple[str | None, list[tuple[bytes, bytes]], list[tuple[Path, Any]]]) -> None:
    secret, parameters, made = value
    lab.http.say("/.well-known/openid-configuration", changed(configuration(), made))
    path = f"/lti/register/{secret}" if secret else lab.address()
    shut(lab.ask("GET", path, query_string=encoded(parameters).decode()))
    lab.http.restore()


def odd_agreeing(lab: Lab, value: tuple[list[tuple[bytes, bytes]], list[tuple[Path, Any]], Any, int]) -> None:
    parameters, made, answer, status = value
    lab.http.say("/.well-known/openid-configuration", changed(configuration(), made))
    if isinstance(answer, dict) and answer.get("client_id") == "client-new" and status % 2 == 0:
        answer = {**answer, "client_id": f"client-{lab.counts.total()}"}  # not known yet
    lab.http.say("/register", answer, status)
    given = lab.ask("POST", lab.address(), data=encoded(parameters), content_type=FORM)
    if given.status_code == 409:  # known already: a choice for a person, not a refusal
        assert not opened(given)
    else:
        shut(given)
    if given.status_code == 303:
        shut(lab.ask("GET", given.location))
    lab.http.restore()


def odd_update(lab: Lab, value: tuple[str, list[tuple[bytes, bytes]]]) -> None:
    method, parameters = value
    sent = encoded(parameters)
    how = {"query_string": sent.decode()} if method == "GET" else {"data": sent, "content_type": FORM}
    shut(lab.ask(method, f"{lab.address()}/update", **how))


def odd_configuration(lab: Lab, value: Any) -> None:
    """Whatever the address shows, JSON or not."""
    lab.http.say("/.well-known/openid-configuration", value)
    shut(lab.ask("GET", lab.address(), query_string=REGISTER))
    shut(lab.ask("POST", lab.address(), data=REGISTER))
    lab.http.restore()


def odd_result(lab: Lab, value: list[tuple[bytes, bytes]]) -> None:
    shut(lab.ask("GET", "/lti/registered", query_string=encoded(value).decode()))
