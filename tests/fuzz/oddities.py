"""Odd values of every kind: texts, bytes, JSON, parameters, and changes to something that was whole."""

import copy
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

ODD_TEXTS = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud83d", "\u202e", "\ufeff", "ﷺ" * 50, "é" * 255, "x" * 256, "$User.id",
    "<script>alert(1)</script>", '"><svg onload=alert(1)>', "' OR 1=1 --", "../../etc/passwd", "javascript:alert(1)",
    "https://evil.example/", "%00", "%s%n%d", "{{7*7}}", "None", "null", "true", "-1", "1e999", "NaN", "x" * 9_000,
)  # fmt: skip
texts = st.one_of(st.sampled_from(ODD_TEXTS), st.text(st.characters(), max_size=30))
numbers = st.one_of(
    st.integers(-5, 5), st.sampled_from([2**31, 2**63, -(2**64), 10**400]), st.floats(), st.booleans(), st.none()
)


def _deep(depth: int) -> Any:
    value: Any = []
    for level in range(depth):
        value = {"a": value} if level % 2 else [value]
    return value


deep = st.sampled_from([10, 90, 300]).map(_deep)
json_values: st.SearchStrategy[Any] = st.one_of(
    st.recursive(
        st.one_of(texts, numbers),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
        max_leaves=6,
    ),
    deep,
)
json_objects = st.dictionaries(texts, json_values, max_size=6)


# ---- forms ----

raw_values = st.one_of(
    texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=20),
    st.sampled_from([b"x" * 70_000, b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r\nSet-Cookie: a=b"]),
)


def pairs(usual: dict[str, str]) -> st.SearchStrategy[list[tuple[bytes, bytes]]]:
    """Parameters: some as they should be, some with odd values, some twice, some that nobody knows."""
    known = [(name.encode(), value.encode()) for name, value in usual.items()]
    name = st.one_of(st.sampled_from([name for name, _ in known]), raw_values)
    odd = st.lists(st.tuples(name, raw_values), max_size=3)
    some = st.lists(st.sampled_from(known), unique=True)
    return st.one_of(st.just(known), st.tuples(some, odd).map(lambda both: both[0] + both[1]))


def encoded(parameters: list[tuple[bytes, bytes]]) -> bytes:
    """As a browser would write them into an address or a body, whatever their bytes are."""
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in parameters).encode()


bodies = st.tuples(
    st.sampled_from(
        ["multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=" + "b" * 300,
         "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7",
         "application/json", "text/plain", "", "x/\x7f", 'multipart/mixed; boundary="x']
    ),
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [b"--x\r\n", b"--x\r\n\r\n--x--", b'--x\r\nContent-Disposition: form-data; name="state"\r\n\r\nx',
             b'--x\r\nContent-Disposition: form-data; name="id_token"; filename="f"\r\n\r\nx\r\n--x--\r\n',
             b"&" * 3_000, b"=" * 3_000, b"state", b"a=b&" * 500, b"%", b"%zz=%", b"[" * 5_000, b"{}", b"x" * 2_100_000]
        ),
    ),
)  # fmt: skip


# ---- something whole, changed ----

Path = tuple[str | int, ...]
DROP = object()


def places(whole: Any, so_far: Path = ()) -> list[Path]:
    """Every place in a JSON value."""
    inner = whole.items() if isinstance(whole, dict) else enumerate(whole) if isinstance(whole, list) else ()
    found = [so_far] if so_far else []
    for step, value in inner:
        found += places(value, (*so_far, step))
    return found


def changes(whole: Any) -> st.SearchStrategy[list[tuple[Path, Any]]]:
    """What may be changed in a value like this, now and then nothing: a place, and what stands there instead."""
    what = st.one_of(st.just(DROP), json_values)
    made = st.lists(st.tuples(st.sampled_from(places(whole)), what), min_size=1, max_size=3)
    return st.one_of(st.just([]), made, made)


def changed(whole: Any, made: list[tuple[Path, Any]]) -> Any:
    """A copy with the changes made, as far as their places are still there."""
    value = copy.deepcopy(whole)
    for path, what in made:
        _change(value, path, what)
    return value


def _change(value: Any, path: Path, what: Any) -> None:
    *steps, last = path
    try:
        for step in steps:
            value = value[step]
        if what is DROP:
            del value[last]
        else:
            value[last] = what
    except (TypeError, KeyError, IndexError):
        return  # an earlier change took this place away
