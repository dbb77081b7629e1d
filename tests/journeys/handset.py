"""Somebody with a phone: the app in a real browser, worked by what is written on the screen."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Route, ViewportSize, expect

from inspections.checklists.definition import Item
from tests.inspections.evidence.pictures import picture
from tests.live import PASSWORD, checklist

SCREEN: ViewportSize = {"width": 360, "height": 740}
CHOICES = {"pass": "Đạt", "fail": "Không đạt"}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MARKET = "market_food_safety"
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


class Handset:
    """One browser profile, so also one phone, on which several people may sign in."""

    def __init__(self, context: BrowserContext, url: str, *, slower: int = 1) -> None:
        """``slower``: how many times, than this machine."""
        self.context = context
        self.slower = slower
        self.url = url
        self.complaints: list[str] = []
        self.page = self.open()

    def open(self, address: str = "/") -> Page:
        """Another tab."""
        page = self.context.new_page()
        self.slow_down(self.slower, page)
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.url}/app/#{address}")
        return page

    def slow_down(self, times: int, page: Page | None = None) -> None:
        wires = self.context.new_cdp_session(page or self.page)
        wires.send("Emulation.setCPUThrottlingRate", {"rate": times})

    def go(self, address: str) -> None:
        self.page.evaluate("(to) => { location.hash = to; }", address)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def expect_heading(self, text: str) -> None:
        expect(self.page.locator("h1")).to_have_text(text)

    def sign_in(self, username: str) -> None:
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.locator("form button").click()
        expect(self.page.locator("#search")).to_be_visible(timeout=PATIENCE_MS)

    def wait_until_offline_ready(self) -> None:
        """The worker has the whole shell and answers for this page after the next reload."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        expect(self.page.locator("#search")).to_be_visible(timeout=PATIENCE_MS)

    def begin(self, place: str) -> str:
        """A visit of the place, found without accents; its id."""
        self.page.fill("#search", place)
        self.page.locator('a[href^="#/start/"]').first.click()
        self.page.locator(".bar button").click()
        self.page.wait_for_url("**/visit/*")
        return self.page.url.rpartition("/")[2]

    def left_elsewhere(self, visit: str) -> Locator:
        """The row of a visit that another phone has left on the server."""
        there = self.page.get_by_role("button", name="Bài kiểm tra trên máy khác")
        return there.filter(has_text=short_code(visit))

    def take_over(self, visit: str) -> None:
        self.left_elsewhere(visit).click()
        self.page.wait_for_url(f"**/visit/{visit}")

    def answer_what_is_missing(self, visit: str) -> list[str]:
        """As the review leads from one open answer to the next; the items that it led to."""
        answered: list[str] = []
        while True:
            self.go(f"/visit/{visit}/review")
            self.expect_heading("Xem lại")
            way = self.page.locator(".bar .main")
            if way.inner_text() == "Ký biên bản":
                return answered
            way.click()
            self.page.wait_for_url("**/item/*")
            item = checklist().items[self.page.url.rpartition("/")[2]]
            card = self.page.locator(f"#item-{item.code}")
            expect(card).to_be_visible()
            self.answer(card, item, None)
            expect(self.page.locator(f"#item-{item.code}.pass")).to_be_visible()
            answered.append(item.code)

    def answer_place(self, visit: str, form: str = MARKET, **failing: str) -> None:
        """Everything on the sheet of the place; ``failing`` items by code, with their note."""
        for section in checklist(form).sections:
            if section.scope == "establishment":
                self.go(f"/visit/{visit}/section/{section.code}")
                self.answer_items(section.items, failing)

    def answer_stall(self, visit: str, stall: str, commodity: str) -> None:
        for section in checklist().sections:
            if section.scope == "stall" and section.commodity in ("all", commodity):
                self.go(f"/visit/{visit}/stall/{stall}/section/{section.code}")
                self.answer_items(section.items, {})

    def answer_items(self, items: tuple[Item, ...], failing: dict[str, str]) -> None:
        for item in items:
            card = self.page.locator(f"#item-{item.code}")
            expect(card).to_be_visible()
            self.answer(card, item, failing.get(item.code))

    def answer(self, card: Locator, item: Item, fails: str | None) -> None:
        spec = item.answer
        if spec.type == "pass_fail":
            card.get_by_role("radio", name=CHOICES["fail" if fails else "pass"], exact=True).check()
        elif spec.type == "number":
            card.locator("input[inputmode=decimal]").fill(str(spec.threshold).replace(".", ","))
        elif spec.type == "ratio":
            for field in card.locator("input[inputmode=numeric]").all():
                field.fill("12")
        elif spec.type == "document":
            self._show_paper(card)
        elif spec.type == "choice":
            card.get_by_role("radio").nth(spec.options.index(min(spec.pass_options))).check()
        if fails:
            card.locator("textarea").fill(fails)
        if item.photo == "always" or (fails and item.photo == "on_fail"):
            self.take_photo(card, seed=sum(map(ord, item.code)))
        if spec.type != "pass_fail":
            expect(card.locator(".judged .pass")).to_be_visible()

    def take_photo(self, card: Locator, seed: int) -> None:
        file: Any = {"name": "a.png", "mimeType": "image/png", "buffer": picture("PNG", seed=seed)}
        card.locator("input[type=file]").set_input_files(file)
        expect(card.locator("figure img")).to_have_count(1)

    def sign(self, visit: str, representative: str) -> None:
        """The head draws, the representative signs with the typed name; then it is handed in."""
        self.go(f"/visit/{visit}/sign")
        self.draw(self.page.locator("canvas").first)
        field = self.page.locator("section.group").nth(1)
        field.locator("input").fill(representative)
        field.get_by_text("Ký bằng tên gõ").click()
        expect(field.get_by_text("Đã ký.")).to_be_visible()
        self.page.get_by_text("Nộp bài kiểm tra").click()
        self.expect_heading("Đã nộp")

    def refuse_submissions(self, problem: dict[str, Any]) -> None:
        """From now on every visit that is sent is answered by ``problem``."""

        def answer(route: Route) -> None:
            items = route.request.post_data_json["items"]
            results = [
                {"id": item["id"], "op": item["op"], "status": "invalid", "problem": problem}
                for item in items
            ]
            told = {"results": results, "server_time": "", "bundle_etag": ""}
            route.fulfill(json=told, headers={"X-Request-Id": "1"})

        self.context.route("**/api/v1/sync/push/", answer)

    def draw(self, canvas: Locator) -> None:
        expect(canvas).to_be_visible()
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + 20, box["y"] + 60)
        mouse.down()
        for step in range(12):
            mouse.move(box["x"] + 30 + 15 * step, box["y"] + 60 + 20 * (step % 3))
        mouse.up()
        expect(self.page.get_by_text("Đã ký.").first).to_be_visible()

    def shoot(self, folder: Path, name: str) -> None:
        self.page.screenshot(path=folder / f"{name}.png")

    def _show_paper(self, card: Locator) -> None:
        if card.get_by_text("Vẫn đúng").count():
            card.get_by_text("Vẫn đúng").click()
            return
        card.get_by_role("radio", name="Có giấy tờ").check()
        card.get_by_label("Số giấy tờ").fill("15/QĐ-UBND")
        card.get_by_label("Nơi cấp").fill("UBND xã")
        card.get_by_label("Ngày cấp").fill("2026-01-10")
        card.get_by_label("hết hạn").fill("2030-01-10")


def short_code(visit: str) -> str:
    """What people call it: its last forty bits in Crockford's letters."""
    bits = int(visit[-10:], 16)
    letters = [ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def choose(phone: Handset, visit: str, item: str, outcome: str) -> None:
    """Answers an item of the place that passes or fails, and waits until that is kept."""
    phone.go(f"/visit/{visit}/section/{item[0]}")
    phone.page.locator(f"#item-{item}").get_by_role("radio", name=outcome, exact=True).check()
    kept = "pass" if outcome == CHOICES["pass"] else "fail"
    expect(phone.page.locator(f"#item-{item}.{kept}")).to_be_visible()
