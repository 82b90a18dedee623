"""Looking at a page on a small screen: what is cut, hidden, out of order, or not seen when it has the focus."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.aloud import unclear

PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 320, "height": 256}
"""1280 by 1024 at 400 percent (WCAG 1.4.10)."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"label-content-name-mismatch": {"enabled": True}},
    "resultTypes": ["violations"],
}
"""With the rule for 2.5.3, which axe still calls experimental."""
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
_SCRIPT = """(() => {
  const told = (it) => it.outerHTML.replace(/\\s+/g, " ").slice(0, 150);
  const seen = (it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const aside = (it) => it.closest(".visually-hidden, .visually-hidden-focusable, .skip");
  const stops = () => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])",
  )].filter((it) => seen(it) && !it.disabled);
  const rgba = (color) => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\\d.]+/g) ?? []).map(Number);
    return { light: [red, green, blue].map((one) => one / 255), alpha };
  };
  const luminance = ({ light }) => {
    const [red, green, blue] = light.map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const around = (it) => {
    for (let at = it; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color.alpha === 1) return color;
    }
    return rgba(matchMedia("(prefers-color-scheme: dark)").matches ? "0 0 0" : "255 255 255");
  };
  const stands = (color, it) => {
    const [over, under] = [rgba(color), around(it)];
    const mixed = { light: over.light.map((one, at) => one * over.alpha + under.light[at] * (1 - over.alpha)) };
    const [one, other] = [luminance(mixed), luminance(under)].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05) >= 3;
  };
  const marked = (it) => {
    const style = getComputedStyle(it);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return drawn && stands(style.outlineColor, it.parentElement);
  };
  return {
    height() {
      document.activeElement?.blur();
      scrollTo(0, 0);
      return [document.documentElement.scrollHeight];
    },
    space() {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em "
        + "!important; } p { margin-block-end: 2em !important; }");
      document.adoptedStyleSheets.push(sheet);
    },
    open() {
      for (const it of document.querySelectorAll("details")) it.open = true;
    },
    wide() {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      const over = [...document.querySelectorAll("body *")].filter((it) => {
        const box = it.getBoundingClientRect();
        return seen(it) && !aside(it) && box.width && (box.right > clientWidth + 1 || box.left < -1);
      });
      return [`is ${scrollWidth - clientWidth} px wider than the screen: ${over.slice(0, 2).map(told)}`];
    },
    cut() {
      return [...document.querySelectorAll("body *")].filter((it) => {
        if (!seen(it) || aside(it) || it.closest("svg") || !it.textContent.trim()) return false;
        const style = getComputedStyle(it);
        const hides = (way) => way === "hidden" || way === "clip";
        return (hides(style.overflowX) && it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 1)
          || (hides(style.overflowY) && it.scrollHeight > it.clientHeight + 1 && it.clientHeight > 1)
          || style.textOverflow === "ellipsis";
      }).map((it) => `cuts text: ${told(it)}`);
    },
    focus() {
      const found = [];
      for (const it of stops()) {
        if (it.tabIndex > 0) found.push(`is out of order for the keyboard: ${told(it)}`);
        it.focus();
        if (document.activeElement !== it) continue;
        if (!marked(it)) found.push(`does not show its focus: ${told(it)}`);
      }
      return found;
    },
    edges() {
      const fields = "input:not([type=hidden]), select, textarea, .btn";
      return [...document.querySelectorAll(fields)].filter((it) => {
        if (!seen(it) || aside(it) || it.disabled) return false;
        const style = getComputedStyle(it);
        const edge = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) >= 1;
        const colors = [...(edge ? [style.borderTopColor] : []), style.backgroundColor];
        const drawn = colors.filter((one) => rgba(one).alpha);
        return drawn.length && !drawn.some((one) => stands(one, it.parentElement));
      }).map((it) => `has an edge that is hard to see: ${told(it)}`);
    },
    covered() {
      const found = [];
      for (const it of stops()) {
        it.focus();
        if (document.activeElement !== it) continue;
        const box = it.getClientRects()[0];
        if (!box) continue;
        const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
        const top = document.elementFromPoint(x, y);
        const near = [it, ...(it.labels ?? [])];
        if (!top || top.contains(it) || near.some((one) => one.contains(top))) continue;
        found.push(`lies under something when it has focus: ${told(it)} under ${told(top)}`);
      }
      return found;
    },
    order() {
      const found = [];
      const inFlow = stops().filter((it) => !it.closest(".top, .skip, .main-action, .time-out, .matrix, dialog"));
      const small = (it) => it.type === "radio" || it.type === "checkbox";
      const box = (it) => ((small(it) && it.labels[0]) || it).getBoundingClientRect();
      inFlow.forEach((it, index) => {
        const before = inFlow[index - 1];
        if (before && box(it).bottom <= box(before).top - 1) {
          found.push(`comes after what stands below it: ${told(it)} after ${told(before)}`);
        }
      });
      return found;
    },
    moving() {
      return [...document.querySelectorAll("body *")].filter((it) => {
        const style = getComputedStyle(it);
        if (!seen(it)) return false;
        return style.animationName !== "none" || style.transitionDuration.split(", ").some((one) => one !== "0s");
      }).map((it) => `moves: ${told(it)}`);
    },
  };
})()"""


def ask(page: Page, *questions: str) -> list[str]:
    """What is found by these looks, each once."""
    script = f"(asked) => {{ const look = {_SCRIPT}; return asked.flatMap((each) => look[each]() ?? []); }}"
    return list(dict.fromkeys(page.evaluate(script, questions)))


def by_axe(page: Page, options: dict[str, Any] = RULES) -> list[str]:
    """What axe finds: the rule and the first places."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1][:160]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def everything(page: Page) -> list[str]:
    """All that is found on a phone: light and dark, with forced colors, at 400 percent, with text set wide (1.4.12).

    Without motion from the beginning, so that nothing is looked at on its way.
    """
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="reduce")
    found = ask(page, "open", "moving", "wide", "cut", "focus", "edges", "order", "covered")
    (height,) = ask(page, "height")
    # On a screen as high as the page nothing that sticks lies over anything else.
    page.set_viewport_size(PHONE | {"height": max(PHONE["height"], int(height))})
    found += by_axe(page) + unclear(page)
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark, {each}" for each in (*by_axe(page, CONTRAST), *ask(page, "focus", "edges"))]
    page.emulate_media(forced_colors="active")
    found += [f"with forced colors, {each}" for each in ask(page, "focus")]
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.set_viewport_size(ZOOMED)
    found += [f"at 400 percent, {each}" for each in ask(page, "wide", "cut", "covered")]
    page.set_viewport_size(PHONE)
    return found + [f"with more space, {each}" for each in ask(page, "space", "wide", "cut")]
