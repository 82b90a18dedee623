"""The browser without JavaScript reads pages as a person would use them."""

import pytest

from lti_tool.practice import Page, PracticeLms, Visitor
from lti_tool.practice.neighbors import Neighbors
from lti_tool.practice.outbound import Unreachable, fetch_json
from tests.lti_tool.practice.stub_tool import StubTool

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
  <button type="button" name="act" value="nothing">Nothing</button><input type="submit" value="Send">
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
    assert [button.label for button in form.buttons] == ["Save", "Share now", "Send"]


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
    with pytest.raises(ValueError, match="not addresses of this machine"):
        Neighbors({"lms.example": "192.0.2.1"})
    assert not Neighbors().reach("http://[::1")


def test_whom_or_what_a_page_does_not_have_is_told(lms: PracticeLms) -> None:
    visitor = lms.visitor()
    with pytest.raises(LookupError, match="nobody is called"):
        visitor.be("nobody")
    with pytest.raises(LookupError, match="no link 'Elsewhere'"):
        visitor.follow(visitor.be("ines"), "Elsewhere")
    with pytest.raises(LookupError, match="ines cannot add activities now"):
        visitor.choose_in_tool("ines")  # no tool is registered
    assert lms.score("sam") is None
    assert [course.id for course in lms.courses()] == ["2"]


def test_a_form_that_is_sent_on_arrives_whole_and_never_elsewhere(stub: StubTool) -> None:
    visitor = Visitor()
    page = visitor.post(stub.base_url + "/moved/here", [("word", "once")], seen_on=stub.base_url)
    assert page.words == "Heard once."
    with pytest.raises(Unreachable, match="not on this machine"):
        visitor.post(stub.base_url + "/moved/away", [("word", "once")], seen_on=stub.base_url)


@pytest.mark.parametrize(
    ("path", "why"), [("/nothing", "holds no JSON"), ("/login", "answered 302"), ("/missing", "answered 404")]
)
def test_what_is_no_json_on_this_machine_is_told(stub: StubTool, path: str, why: str) -> None:
    stub.platform = {"authorization_endpoint": "http://127.0.0.1/"}
    hints = "?client_id=a&login_hint=b&lti_message_hint=c"
    with pytest.raises(Unreachable, match=why):
        fetch_json(stub.base_url + path + hints, Neighbors())


def test_nothing_is_fetched_from_elsewhere_or_from_where_nobody_answers() -> None:
    for address, why in (("https://lms.example/", "not on this machine"), ("http://127.0.0.1:1/", "did not answer")):
        with pytest.raises(Unreachable, match=why):
            fetch_json(address, Neighbors())
