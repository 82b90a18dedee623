"""Rows J02 and J10 to J15: the platforms' keys."""

import json
import threading
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from lti_tool.lti.errors import LaunchProblem, LaunchRejected, PlatformProblem, PlatformUnavailable
from lti_tool.lti.key_sets import KeySets
from lti_tool.safe_http import HttpAnswer, Unreachable, UnreachableProblem
from tests.conftest import Clock
from tests.lti_tool.lti.platform import KID, Wire, jwk, keys_answer, private_key

URL = "https://lms.example/jwks"
DOWN = Unreachable(UnreachableProblem.NO_ANSWER, "It did not answer.")


def key_sets(wire: Wire) -> KeySets:
    return KeySets(wire)


def unknown(keys: KeySets, clock: Clock, kid: str = "never-seen") -> LaunchProblem:
    with pytest.raises(LaunchRejected) as caught:
        keys.key(URL, kid, now=clock())
    assert caught.value.status == 401
    return caught.value.code


def test_a_key_is_asked_for_once_and_then_known(clock: Clock) -> None:
    wire = Wire(keys_answer(jwk(private_key())))
    keys = key_sets(wire)
    found = keys.key(URL, KID, now=clock())
    assert found.public_numbers() == private_key().public_key().public_numbers()
    assert keys.key(URL, KID, now=clock.advance(minutes=9)) is found
    assert wire.asked == [URL]


def test_lti_j02_unknown_ids_make_the_set_be_read_again_at_most_once_a_minute(clock: Clock) -> None:
    wire = Wire(keys_answer(jwk(private_key())))
    keys = key_sets(wire)
    for number in range(20):
        assert unknown(keys, clock, f"flood-{number}") is LaunchProblem.KID_UNKNOWN
    assert len(wire.asked) == 1
    clock.advance(seconds=60)
    unknown(keys, clock)
    unknown(keys, clock)
    assert len(wire.asked) == 2
    assert keys.key(URL, KID, now=clock())


@pytest.mark.parametrize(
    "unfit",
    [
        jwk(private_key(), use="enc"),
        jwk(private_key(), key_ops=["encrypt"]),
        jwk(private_key(), key_ops="verify"),
        jwk(private_key(), alg="RS512"),
        jwk(private_key(), d="AAAA"),
        jwk(private_key(), n="AAAA"),
        jwk(private_key(), e=None),
        {"kty": "RSA", "kid": KID},
        {"kty": "oct", "kid": KID, "k": "AAAA"},
        {"kid": KID},
        {},
    ],
    ids=["enc", "key_ops", "key_ops text", "alg", "private", "n", "no e", "bare", "oct", "no kty", "empty"],
)
def test_lti_j10_keys_that_are_not_for_signatures_are_not_used(clock: Clock, unfit: dict[str, Any]) -> None:
    keys = key_sets(Wire(keys_answer(unfit, jwk(private_key("other"), "other"))))
    assert unknown(keys, clock, KID) is LaunchProblem.KID_UNKNOWN
    assert keys.key(URL, "other", now=clock())


def test_lti_j11_short_keys_are_not_used(clock: Clock) -> None:
    short = jwk(private_key("short", 1024))
    keys = key_sets(Wire(keys_answer(short, jwk(private_key("other"), "other"))))
    assert unknown(keys, clock, KID) is LaunchProblem.KID_UNKNOWN


def test_lti_j12_of_two_keys_of_one_id_the_rsa_key_is_chosen(clock: Clock) -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    other = {**ECAlgorithm.to_jwk(curve, as_dict=True), "kid": KID, "use": "sig"}
    keys = key_sets(Wire(keys_answer(other, jwk(private_key()))))
    assert keys.key(URL, KID, now=clock()).public_numbers() == private_key().public_key().public_numbers()


def test_a_key_set_without_use_and_alg_is_taken(clock: Clock) -> None:
    plain = RSAAlgorithm.to_jwk(private_key().public_key(), as_dict=True) | {"kid": KID}
    assert key_sets(Wire(keys_answer(plain))).key(URL, KID, now=clock())


@pytest.mark.parametrize(
    "answer",
    [
        HttpAnswer(500, {}, b"oops"),
        HttpAnswer(302, {"location": "https://evil.example"}, keys_answer(jwk(private_key())).body),
        HttpAnswer(404, {}, keys_answer(jwk(private_key())).body),
        HttpAnswer(200, {}, b"<!doctype html>"),
        HttpAnswer(200, {}, b"{}"),
        HttpAnswer(200, {}, b'{"keys": null}'),
        HttpAnswer(200, {}, b'{"keys": "text"}'),
        HttpAnswer(200, {}, b'{"keys": [1, "x", null]}'),
        HttpAnswer(200, {}, b'{"keys": []}'),
        HttpAnswer(200, {}, b"[]"),
        HttpAnswer(200, {}, b"[" * 50_000),
        HttpAnswer(200, {}, b"\xff"),
    ],
    ids=lambda answer: f"{answer.status} {answer.body[:14]!r}",
)
def test_lti_j13_an_answer_that_is_no_key_set_is_the_platforms_trouble(clock: Clock, answer: HttpAnswer) -> None:
    wire = Wire(answer, keys_answer(jwk(private_key())))
    keys = key_sets(wire)
    for _ in range(3):  # not asked over and over
        with pytest.raises(PlatformUnavailable) as caught:
            keys.key(URL, KID, now=clock())
        assert (caught.value.code, caught.value.status) == (PlatformProblem.KEYS_NOT_UNDERSTOOD, 502)
    assert len(wire.asked) == 1
    assert keys.key(URL, KID, now=clock.advance(seconds=60))  # and not kept


def test_lti_j13_a_platform_that_does_not_answer_is_unavailable(clock: Clock) -> None:
    wire = Wire(DOWN, keys_answer(jwk(private_key())))
    keys = key_sets(wire)
    with pytest.raises(PlatformUnavailable) as caught:
        keys.key(URL, KID, now=clock())
    assert (caught.value.code, caught.value.status) == (PlatformProblem.KEYS_UNREACHABLE, 503)
    assert keys.key(URL, KID, now=clock.advance(seconds=61))


@pytest.mark.parametrize("trouble", [DOWN, HttpAnswer(500, {}, b""), HttpAnswer(200, {}, b"<html>")])
def test_lti_j13_known_keys_serve_on_while_the_platform_cannot_be_asked(clock: Clock, trouble: Any) -> None:
    keys = key_sets(Wire(keys_answer(jwk(private_key())), trouble))
    keys.key(URL, KID, now=clock())
    assert unknown(keys, clock) is LaunchProblem.KID_UNKNOWN
    for _ in range(6):
        assert keys.key(URL, KID, now=clock.advance(minutes=11))
    with pytest.raises(PlatformUnavailable):  # an hour after they should have been read again
        keys.key(URL, KID, now=clock.advance(minutes=11))


def test_lti_j14_a_rotated_key_is_known_at_once(clock: Clock) -> None:
    new = jwk(private_key("other"), "new")
    wire = Wire(keys_answer(jwk(private_key())), keys_answer(jwk(private_key()), new))
    keys = key_sets(wire)
    keys.key(URL, KID, now=clock())
    assert keys.key(URL, "new", now=clock.advance(seconds=1))
    assert keys.key(URL, KID, now=clock())
    assert len(wire.asked) == 2


def test_lti_j14_a_key_taken_out_of_the_set_ends_with_the_next_reading(clock: Clock) -> None:
    keys = key_sets(Wire(keys_answer(jwk(private_key())), keys_answer(jwk(private_key("other"), "new"))))
    keys.key(URL, KID, now=clock())
    keys.key(URL, "new", now=clock())
    assert unknown(keys, clock, KID) is LaunchProblem.KID_UNKNOWN


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("max-age=1800", 30),
        ("public, Max-Age=1800, must-revalidate", 30),
        ("max-age=0", 1),
        ("max-age=99999999", 360),
        ("no-store", 10),
        ("max-age=x", 10),
        ("", 10),
    ],
)
def test_lti_j15_how_long_keys_are_believed_is_the_platforms_word_within_bounds(
    clock: Clock, said: str, minutes: int
) -> None:
    wire = Wire(keys_answer(jwk(private_key()), cache_control=said))
    keys = key_sets(wire)
    keys.key(URL, KID, now=clock())
    keys.key(URL, KID, now=clock.advance(minutes=minutes, seconds=-1))
    assert len(wire.asked) == 1
    keys.key(URL, KID, now=clock.advance(seconds=1))
    assert len(wire.asked) == 2


def test_two_platforms_do_not_share_keys(clock: Clock) -> None:
    wire = Wire(keys_answer(jwk(private_key())), keys_answer(jwk(private_key("other"))))
    keys = key_sets(wire)
    mine = keys.key(URL, KID, now=clock())
    assert keys.key("https://other.example/jwks", KID, now=clock()) is not mine


class SlowWire(Wire):
    """Answers only when told to."""

    def __init__(self, *answers: HttpAnswer) -> None:
        super().__init__(*answers)
        self.asked_once, self.go_on = threading.Event(), threading.Event()

    def request(self, method: str, url: str, **more: Any) -> HttpAnswer:
        self.asked_once.set()
        assert self.go_on.wait(60)
        return super().request(method, url, **more)


def test_many_launches_at_once_ask_the_platform_once(clock: Clock) -> None:
    wire = SlowWire(keys_answer(jwk(private_key())))
    keys, found = key_sets(wire), []
    threads = [threading.Thread(target=lambda: found.append(keys.key(URL, KID, now=clock()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert wire.asked_once.wait(60)
    wire.go_on.set()
    for thread in threads:
        thread.join(60)
    assert len(found) == 8
    assert len(wire.asked) == 1


def test_while_one_launch_asks_the_others_go_on_with_what_is_known(clock: Clock) -> None:
    wire = SlowWire(keys_answer(jwk(private_key())))
    wire.go_on.set()
    keys = key_sets(wire)
    keys.key(URL, KID, now=clock())
    wire.go_on.clear()
    wire.asked_once.clear()
    clock.advance(minutes=11)
    asking = threading.Thread(target=keys.key, args=(URL, KID), kwargs={"now": clock()})
    asking.start()
    assert wire.asked_once.wait(60)
    assert keys.key(URL, KID, now=clock())  # does not wait
    wire.go_on.set()
    asking.join(60)


def test_a_set_of_endless_length_is_read_only_at_its_beginning(clock: Clock) -> None:
    body = json.dumps({"keys": [{"kid": str(n)} for n in range(200)] + [jwk(private_key())]}).encode()
    with pytest.raises(PlatformUnavailable):
        key_sets(Wire(HttpAnswer(200, {}, body))).key(URL, KID, now=clock())
