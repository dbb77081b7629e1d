"""notices: what each role is told in the morning (I1, I2), and that it is sent once (I3)"""

from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.core.management.base import CommandError

from backend.accounts import lifecycle as accounts
from backend.accounts.models import Role, User
from inspections.followup import verification
from inspections.notices.digest import SHOWN, digest
from inspections.notices.mails import send_digests
from inspections.planning import assignments
from tests.inspections.followup.builders import a_finding, answer, asked
from tests.inspections.visits import Visits, person

DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False):
        yield


def user(pk: int, email: str = "") -> User:
    row = User.objects.get(pk=pk)
    if email:
        accounts.describe(row, full_name=row.full_name, title="", email=email, by=None)
    return row


def told(row: User, day: date = DAY) -> dict[str, list[str]]:
    return {section.title: section.lines for section in digest(row, day)}


def test_a_manager_is_told_what_is_due(visits: Visits) -> None:
    finding, manager = a_finding(visits), user(visits.manager.id)
    due = finding.due_on

    assert told(manager, due - timedelta(days=8)) == {}
    [(title, [line])] = told(manager, due - timedelta(days=7)).items()
    assert title == "Tồn tại đến hạn trong 7 ngày tới"
    assert line.startswith("Chợ Bộc Bố: G03 ")
    assert line.endswith(f"Hạn {due:%d/%m/%Y}.")
    assert list(told(manager, due)) == ["Tồn tại đến hạn trong 7 ngày tới"]
    assert list(told(manager, due + timedelta(days=1))) == ["Tồn tại đã quá hạn khắc phục"]
    assert told(user(person("lan", Role.MANAGER).id), due) == {}


def test_an_answer_waits_for_the_inspector_and_comes_back_refused(visits: Visits) -> None:
    finding = a_finding(visits)
    manager, inspector = user(visits.manager.id), user(visits.inspector.id)

    answer(visits, finding)
    assert told(manager) == {}
    assert list(told(inspector)) == ["Khắc phục chờ xem xét"]
    assert told(user(person("binh", Role.INSPECTOR).id)) == {}

    verification.refuse(finding.pk, reason="Ảnh mờ", by=visits.inspector)
    assert told(inspector) == {}
    assert list(told(manager)) == ["Tồn tại phải khắc phục lại"]


def test_an_inspector_is_told_of_visits(visits: Visits) -> None:
    binh = user(person("binh", Role.INSPECTOR).id)
    inspector = user(visits.inspector.id)
    asked(visits, due_on=DAY + timedelta(days=8))
    soon = asked(visits, due_on=DAY)
    assignments.change(soon, {}, [binh], by=None)
    asked(visits, due_on=DAY - timedelta(days=1))

    assert told(inspector) == {
        "Việc được giao đã quá hạn": ["Chợ Bộc Bố: theo kế hoạch, MARKET-FS. Hạn 22/11/2026."],
        "Việc được giao trong 7 ngày tới": [
            "Chợ Bộc Bố: theo kế hoạch, MARKET-FS. Hạn 23/11/2026."
        ],
    }
    assert list(told(binh)) == ["Việc được giao trong 7 ngày tới"]


def test_the_department_is_told_how_much_waits(visits: Visits) -> None:
    officer = user(person("duc.nm", Role.DEPARTMENT).id)
    assert told(officer) == {}
    finding = a_finding(visits)
    asked(visits, due_on=DAY - timedelta(days=1))

    assert told(officer) == {"Cần Sở xem xét": ["1 lượt kiểm tra quá hạn chưa thực hiện"]}
    later = told(officer, finding.due_on + timedelta(days=1))
    assert "1 tồn tại quá hạn khắc phục" in later["Cần Sở xem xét"]


def test_long_lists_are_cut_and_counted(visits: Visits) -> None:
    for _ in range(SHOWN + 3):
        asked(visits, due_on=DAY)

    [section] = digest(user(visits.inspector.id), DAY)

    assert (len(section.lines), section.more) == (SHOWN, 3)


def sent() -> int:
    return send_digests(DAY, on_failure=pytest.fail)


def letters() -> list[Any]:
    """Mails with alternatives, of which the outbox's type knows nothing."""
    return list(mail.outbox)


def test_each_gets_one_mail_a_day_of_text_and_html(visits: Visits) -> None:
    asked(visits, due_on=DAY)
    user(visits.inspector.id, "lan@example.vn")
    user(visits.manager.id, "mai@example.vn")  # has nothing to do

    assert (sent(), sent()) == (1, 0)

    [letter] = letters()
    assert letter.to == ["lan@example.vn"]
    assert letter.subject == "An toàn thực phẩm: việc ngày 23/11/2026"
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    [(page, kind)] = letter.alternatives
    assert kind == "text/html"
    for body in (str(letter.body), str(page)):
        assert "Kính gửi Người lan.ht" in body
        assert "Chợ Bộc Bố: theo kế hoạch, MARKET-FS. Hạn 23/11/2026." in body
    assert send_digests(DAY + timedelta(days=1), on_failure=pytest.fail) == 1


def test_what_people_wrote_is_no_markup(visits: Visits) -> None:
    visits.market.name_vi = "Chợ <b>& Bộc</b>"
    visits.market.save()
    asked(visits, due_on=DAY)
    user(visits.inspector.id, "lan@example.vn")

    sent()

    [letter] = letters()
    assert "Chợ <b>& Bộc</b>:" in str(letter.body)
    assert "Chợ &lt;b&gt;&amp; Bộc&lt;/b&gt;:" in str(letter.alternatives[0][0])


def test_who_is_disabled_gets_none(visits: Visits) -> None:
    asked(visits, due_on=DAY)
    accounts.disable(user(visits.inspector.id, "lan@example.vn"), by=None)

    assert sent() == 0


def test_a_mail_that_fails_is_tried_again_and_keeps_nobody_from_theirs(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    binh = user(person("binh", Role.INSPECTOR).id, "binh@example.vn")
    for inspector in (user(visits.inspector.id, "lan@example.vn"), binh):
        asked(visits, due_on=date(2026, 11, 22), inspector=inspector)
    send = EmailBackend.send_messages

    def refuse(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == ["lan@example.vn"]:
            raise ConnectionRefusedError
        return send(self, messages)

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        out = StringIO()
        with pytest.raises(CommandError, match=r"lan\.ht: ConnectionRefusedError"):
            call_command("send_digests", stdout=out)
    assert out.getvalue() == "mails sent: 1\n"
    call_command("send_digests", stdout=out)

    assert [letter.to for letter in mail.outbox] == [["binh@example.vn"], ["lan@example.vn"]]
