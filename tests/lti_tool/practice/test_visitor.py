"""The browser without JavaScript reads pages as a person would use them."""

import pytest

from lti_tool.practice import Page, Visitor
from lti_tool.practice.outbound import Unreachable

FORM = """
<p>One <strong>wor</strong>d</p><script>not seen</script>
<a href="/a">First <em>link</em></a>
<form id="rate" method="post" action="save?x=1">
  <input type="hidden" name="token" value="t&amp;1"><input name="empty">
  <input type="radio" name="level" value="1"><input type="radio" name="level" value="2" checked>
  <input type="checkbox" name="seen"><input type="checkbox" name="agreed" checked>
  <input name="off" value="x" disabled><input type="file" name="file">
  <select name="who"><option value="a">A</option><option value="b" selected>B</option></select>
  <select name="first"><option value="a">A</option><option value="b">B</option></select>
  <textarea name="words">as  typed</textarea>
  <button name="act" value="save">Save</button><button name="act" value="share" formaction="/share">Share now</button>
  <button type="button" name="act" value="nothing">Nothing</button>
</form>
"""


def test_a_form_sends_what_a_browser_would_send() -> None:
    form = Page(200, "http://127.0.0.1/a/b", FORM).form("rate")
    assert form.address == "http://127.0.0.1/a/save?x=1"
    assert form.fields == [
        ("token", "t&1"),
        ("empty", ""),
        ("level", "2"),
        ("agreed", "on"),
        ("who", "b"),
        ("first", "a"),
        ("words", "as  typed"),
    ]
    assert [button.label for button in form.buttons] == ["Save", "Share now"]


def test_changes_replace_add_and_leave_out() -> None:
    form = Page(200, "http://127.0.0.1/a/b", FORM).form("Share now")
    sent = form.filled({"level": "1", "who": ["a", "b"], "words": None}, form.buttons[1])
    assert ("level", "1") in sent
    assert ("level", "2") not in sent
    assert [value for name, value in sent if name == "who"] == ["a", "b"]
    assert not any(name == "words" for name, _ in sent)
    assert sent[-1] == ("act", "share")


def test_words_and_links_are_what_is_seen() -> None:
    page = Page(200, "http://127.0.0.1/a/b", FORM)
    assert page.words.startswith("One word First link")
    assert page.links[0].address == "http://127.0.0.1/a"
    assert page.form("/save") is page.forms[0]
    with pytest.raises(LookupError, match="One word"):
        page.form("elsewhere")


def test_it_stays_on_this_machine() -> None:
    with pytest.raises(Unreachable):
        Visitor().get("https://lms.example/")
