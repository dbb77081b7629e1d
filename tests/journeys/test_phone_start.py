"""The ways into the app, and back into a visit that the camera has ended."""

from playwright.sync_api import Route, expect

from tests.inspections.evidence.pictures import picture
from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset
from tests.journeys.wcag import wrong
from tests.live import Live


def test_a_one_time_code_signs_a_phone_in_once(live: Live, new_phone: NewPhone) -> None:
    made = live.person("department").post("auth/device-links/", {"username": "inspector2"})
    address = made.json()["url"].partition("#")[2]
    phone = Handset(new_phone(), live.server.url)
    phone.go(address)
    assert wrong(phone.page) == []
    phone.page.get_by_role("button", name="Đăng nhập bằng mã").click()
    expect(phone.page.locator("#search")).to_be_visible()

    second = Handset(new_phone(), live.server.url)
    second.go(address)
    second.page.get_by_role("button", name="Đăng nhập bằng mã").click()

    expect(second.page.get_by_text("Mã đã dùng hoặc hết hạn.")).to_be_visible()
    expect(second.page.locator("#search")).to_have_count(0)
    assert phone.complaints + second.complaints == []


def test_a_photo_that_the_camera_has_cost_is_asked_for_again(
    live: Live, new_phone: NewPhone
) -> None:
    """A phone short of memory ends the browser while the camera is open."""
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("inspector")
    visit = phone.begin("dong tam")
    phone.go(f"/visit/{visit}/section/A")
    with phone.page.expect_file_chooser():
        phone.page.locator("#item-A02 .camera").click()
    phone.page.reload()

    phone.go(f"/visit/{visit}")
    expect(phone.page.get_by_text("khi đang chụp ảnh cho A02")).to_be_visible()
    assert wrong(phone.page) == []
    phone.page.get_by_text("Đến chỗ chụp lại").click()
    card = phone.page.locator("#item-A02")
    expect(card).to_be_focused()
    with phone.page.expect_file_chooser() as chooser:
        card.locator(".camera").click()
    chooser.value.set_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture("PNG", seed=3)}
    )

    expect(card.locator("figure img")).to_have_count(1)
    phone.go(f"/visit/{visit}")
    phone.expect_heading("Chợ thị trấn Đồng Tâm")
    expect(phone.page.get_by_text("khi đang chụp ảnh")).to_have_count(0)
    assert phone.complaints == []


def test_an_old_app_says_so_and_goes_on(live: Live, new_phone: NewPhone) -> None:
    context = new_phone()

    def newer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "min_client": "99.0.0"})

    context.route("**/api/v1/sync/bundle/", newer)
    phone = Handset(context, live.server.url)

    phone.sign_in("inspector")

    expect(phone.page.get_by_text("Ứng dụng trên máy đã cũ.")).to_be_visible()
    assert wrong(phone.page) == []
    phone.begin("dong tam")
    assert phone.complaints == []


def test_an_assigned_visit_begins_with_its_team_and_its_ground(
    live: Live, new_phone: NewPhone
) -> None:
    order = {"number": "19/QĐ-SCT", "date": "2026-11-02", "issuer": "Giám đốc Sở Công Thương"}
    made = live.person("department").post("assignments/", {
        "establishment": "SAMPLE-02", "checklist": "SUPERMARKET-PLASTIC", "inspector": "inspector",
        "members": ["inspector2"], "due_on": "2099-01-10", "kind": "unannounced", "grounds": order,
    })  # fmt: skip
    assert made.status == 201, made
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("inspector")

    phone.page.fill("#search", "sieu thi mau 2")
    phone.page.get_by_role("link", name="Siêu thị mẫu 2").click()

    expect(phone.page.get_by_role("radio", name="Đột xuất")).to_be_checked()
    expect(phone.page.get_by_label("Số quyết định")).to_have_value("19/QĐ-SCT")
    expect(phone.page.get_by_text("inspector2 · thành viên")).to_be_visible()
    phone.page.get_by_role("button", name="Bắt đầu kiểm tra").click()
    phone.page.wait_for_url("**/visit/*")
    phone.go(f"/visit/{phone.page.url.rpartition('/')[2]}/closing")
    expect(phone.page.get_by_text("inspector2 · thành viên")).to_be_visible()
    expect(phone.page.get_by_label("Số quyết định")).to_have_value("19/QĐ-SCT")
    assert phone.complaints == []
