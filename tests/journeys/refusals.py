"""Forms of a whole house, sent as nobody should send them: with nothing in them, or with words and no choice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, request
from playwright.sync_api import Page as Tab
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from lti_tool.web import transactions
from tests.journeys.looking import everything
from tests.lti_tool.web.matrix import Form, FormReader
from tests.lti_tool.web.whole_house import Page, WholeHouse

TAKEN = "This form was taken."
WORDS = "Words that somebody wrote."
ELSEWHERE = {"contact.stop", "device.stay", "sign_in.sign_out"}
"""Not on a page of its own, or without anything to fill in."""
_FILLS = """([path, number, words]) => {
  const forms = [...document.querySelectorAll("form")].filter((it) => it.method === "post");
  const form = forms.filter((it) => new URL(it.action).pathname === path)[number];
  if (!form) return -1;
  let written = 0;
  for (const it of form.elements) {
    if (it.type === "hidden" || it.readOnly || it.disabled) continue;
    if (it.type === "checkbox") it.checked = false;
    else if (it.matches("select") && [...it.options].some((one) => one.value === "")) it.value = "";
    else if (it.matches("textarea, input[type=text], input[type=search]")) {
      it.value = words;
      if (it.autocomplete !== "one-time-code") written += 1;
    } else if (it.matches("input:is([type=number], [type=date], [type=time], [type=email], [type=url])")) it.value = "";
  }
  const button = form.querySelector(".btn-main") ?? form.querySelector("button:not([type=button])");
  if (button?.name) {
    const { name, value } = button;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.id = "to-be-sent";
  return written;
}"""
"""As a person could: of radio buttons what is chosen stays, for nobody can take that back."""
_SEND = "() => HTMLFormElement.prototype.submit.call(document.getElementById('to-be-sent'))"
"""Past what the browser would ask for by itself, and without a script."""
_SAID = """() => {
  const main = document.getElementById("main");
  const seen = (it) => it.checkVisibility({ visibilityProperty: true });
  const told = (it) => it.outerHTML.replace(/\\s+/g, " ").slice(0, 150);
  const found = [];
  const needed = main.querySelector("[data-needed]");
  if (!needed) found.push("does not mark what is still needed");
  else if (!seen(needed)) found.push("hides what is still needed");
  const next = needed?.matches(".notice") ? needed.nextElementSibling : null;
  const room = next && seen(next) ? next.getBoundingClientRect().top - needed.getBoundingClientRect().bottom : 8;
  if (room < 8) found.push(`stands close upon what comes after it: ${told(needed)}`);
  const here = document.activeElement;
  if (needed && !here.closest("[data-needed], [aria-invalid=true]")) {
    found.push(`begins elsewhere than at what is still needed: ${told(here)}`);
  }
  for (const it of main.querySelectorAll("[aria-invalid=true]")) {
    const by = (it.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id));
    if (!by.some((one) => one?.matches(".problem") || one?.querySelector(".problem"))) {
      found.push(`marks a field and does not say why: ${told(it)}`);
    }
  }
  for (const it of main.querySelectorAll(".problem")) {
    const id = it.id || it.parentElement.id;
    if (!id || !main.querySelector(`[aria-invalid=true][aria-describedby~="${id}"]`)) {
      found.push(`says a problem of no field: ${told(it)}`);
    }
  }
  return found;
}"""
_KEPT = "(words) => [...document.querySelectorAll('main :is(textarea, input)')].filter((it) => it.value === words)"


@dataclass(frozen=True, slots=True)
class Sent:
    """One form of a page, the number of those with the same address."""

    page: Page
    endpoint: str
    form: Form
    number: int

    @property
    def where(self) -> str:
        return f"{self.endpoint} on {self.page.endpoint} ({self.page.who} {self.page.address})"


def keeps_nothing(app: Flask) -> None:
    """A form that is taken changes nothing: whoever looks at the next one finds the house as it was."""

    @app.after_request
    def take_back(answer: Response) -> Response:
        if request.method != "POST" or answer.status_code >= 400:
            return answer
        transactions.give_up()
        return app.make_response(TAKEN)


def forms(house: WholeHouse, rules: Iterable[Rule]) -> Iterator[Sent]:
    """Each form of these pages that asks for something, once with each set of fields."""
    known: set[tuple[str, frozenset[str]]] = set()
    addresses = house.app.url_map.bind(urlsplit(house.url).netloc)
    for page in house.pages(rules):
        reader = FormReader(page.who, page.address)
        reader.feed(page.html)
        so_far: list[str] = []
        for form in reader.forms:
            if form.method != "POST":
                continue
            number = so_far.count(form.action)
            so_far.append(form.action)
            try:
                endpoint, _arguments = addresses.match(form.action, method="POST")
            except HTTPException:
                continue
            shape = endpoint, frozenset(name for name, _value in form.fields)
            if endpoint not in ELSEWHERE and shape not in known:
                known.add(shape)
                yield Sent(page, endpoint, form, number)


def problems(tab: Tab, sent: Sent, words: str) -> list[str]:
    """What is wrong with the answer to this form; nothing where it was taken."""
    written = tab.evaluate(_FILLS, [sent.form.action, sent.number, words])
    if written < 0:
        return []  # only a script shows it
    with tab.expect_navigation() as going:
        tab.evaluate(_SEND)
    answer = going.value
    if answer is None or answer.status < 400:
        return []
    if answer.status not in (409, 422):
        return [f"is answered with {answer.status}"]
    tab.wait_for_load_state()
    found = tab.evaluate(_SAID) if answer.status == 422 else []
    if words and tab.evaluate(f"{_KEPT}.length", words) < written:
        found.append("does not keep all that was written")
    return [*found, *everything(tab)]
