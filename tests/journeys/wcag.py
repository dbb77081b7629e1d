"""What a screen of the phone app does against WCAG 2.2 AA, as axe and we see it."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, expect

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST = 44
TWICE = "212.5%"  # of 16 px, where the app begins with 106.25 %

UNSTICK = "document.querySelectorAll('.bar, .status').forEach((e) => e.style.position = 'static')"
TARGETS = "a, button, input, select, textarea, summary"
SMALL_TARGETS = f"""() => [...document.querySelectorAll('{TARGETS}')]
  .filter((each) => each.checkVisibility() && each.type !== 'file')
  .map((each) => each.closest('label') ?? each)
  .map((each) => [each.getBoundingClientRect(), each.innerText || each.outerHTML])
  .filter(([box]) => box.width && (box.width < {SMALLEST} || box.height < {SMALLEST}))
  .map(([box, text]) => `${{Math.round(box.width)}}x${{Math.round(box.height)}} ${{text}}`)"""


def wrong(page: Page) -> list[str]:
    """Empty where nothing is, once the screen is there."""
    expect(page.locator("h1")).to_be_visible()
    page.evaluate(AXE)
    # What a sticky bar covers at this moment is scrolled out from under it.
    page.evaluate(UNSTICK)
    found: Any = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES
    )
    complaints = [
        f"{each['id']}: {node['html'][:120]} {node['any'][:1]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
    complaints += [f"small: {text}" for text in page.evaluate(SMALL_TARGETS)]
    for size in ("", TWICE):
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"wide at {size or 'its own size'}")
    page.evaluate("document.documentElement.style.fontSize = ''")
    return complaints
