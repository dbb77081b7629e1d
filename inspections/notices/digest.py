"""What somebody should know this morning; nothing where there is nothing to do.

Rules I1 to I3 of docs/rules/notices.md.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.accounts.models import Role, User
from inspections.checklists.lifecycle import definition_of
from inspections.disputes.models import Appeal
from inspections.fieldwork.models import Finding, InspectionMember, RefusedSubmission
from inspections.followup.queries import ANSWERED, OVERDUE, REOPENED, TO_DO, with_status
from inspections.planning.models import Assignment
from inspections.planning.proposals import to_follow_up
from inspections.sync.quarantine_models import QuarantinedItem
from markets.models import Establishment

SOON = timedelta(days=7)
# Who has more to do than this reads the lists themselves.
SHOWN = 20
WAITING = Q(status=ANSWERED)


class Section(NamedTuple):
    """``more``: how many lines there are besides."""

    title: str
    lines: list[str]
    more: int
    url: str


def digest(person: User, day: date) -> list[Section]:
    """For a manager, an inspector or an officer of the department, on a local day."""
    if person.role == Role.MANAGER:
        sections = _for_manager(person, day)
    elif person.role == Role.INSPECTOR:
        sections = _for_inspector(person, day)
    else:
        sections = _for_department(day)
    return [section for section in sections if section.lines]


def _for_manager(person: User, day: date) -> Iterator[Section]:
    places = Establishment.objects.managed_by(person.pk, on=day)
    rows = _with_texts(with_status(Finding.objects.filter(establishment__in=places), day))
    soon = Q(status__in=TO_DO, corrected_on_site=False, due_on__range=(day, day + SOON))
    reopened = Q(status=REOPENED) & ~OVERDUE & ~soon
    yield _findings("Tồn tại đã quá hạn khắc phục", rows.filter(OVERDUE))
    yield _findings("Tồn tại đến hạn trong 7 ngày tới", rows.filter(soon))
    yield _findings("Tồn tại phải khắc phục lại", rows.filter(reopened))


def _for_inspector(person: User, day: date) -> Iterator[Section]:
    asked = Assignment.objects.of(person.pk).filter(status=Assignment.Status.OPEN)
    asked = asked.select_related("establishment").order_by("due_on", "pk")
    yield _visits("Việc được giao đã quá hạn", asked.filter(due_on__lt=day))
    yield _visits("Việc được giao trong 7 ngày tới", asked.filter(due_on__range=(day, day + SOON)))
    visited = InspectionMember.objects.filter(person=person.pk).values("inspection")
    rows = _with_texts(with_status(Finding.objects.filter(inspection__in=visited), day))
    yield _findings("Khắc phục chờ xem xét", rows.filter(WAITING))


def _for_department(day: date) -> Iterator[Section]:
    late = with_status(Finding.objects.all(), day).filter(OVERDUE)
    missed = Assignment.objects.filter(status=Assignment.Status.OPEN, due_on__lt=day)
    counts = (
        ("tồn tại quá hạn khắc phục", late.count()),
        ("lượt kiểm tra quá hạn chưa thực hiện", missed.count()),
        ("lượt tái kiểm tra cần giao", to_follow_up(day).count()),
        ("đề nghị xem xét lại kết luận", Appeal.objects.filter(state=Appeal.State.LODGED).count()),
        ("bản gửi của tài khoản đã khóa chờ quyết định", _quarantined().count()),
        ("bản gửi trùng mã, khác nội dung, từ hôm qua", _since(day - timedelta(days=1)).count()),
    )
    lines = [f"{count} {what}" for what, count in counts if count]
    yield Section("Cần Sở xem xét", lines, 0, _address("/admin/"))


def _since(day: date) -> QuerySet[RefusedSubmission]:
    """Bodies under a known id. Nobody decides about them, so they are told of once."""
    midnight = timezone.make_aware(datetime.combine(day, time()))
    return RefusedSubmission.objects.filter(received_at__gte=midnight)


def _quarantined() -> QuerySet[QuarantinedItem]:
    return QuarantinedItem.objects.filter(status=QuarantinedItem.Status.WAITING)


def _with_texts(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    return rows.select_related("establishment", "stall", "inspection__checklist").order_by(
        "due_on", "pk"
    )


def _findings(title: str, rows: QuerySet[Finding]) -> Section:
    return _section(title, rows, _finding)


def _visits(title: str, rows: QuerySet[Assignment]) -> Section:
    return _section(title, rows, _visit)


def _section(title: str, rows: QuerySet[Any], told: Any) -> Section:
    shown = list(rows[: SHOWN + 1])
    more = max(0, rows.count() - SHOWN) if len(shown) > SHOWN else 0
    return Section(title, [told(row) for row in shown[:SHOWN]], more, _address("/app/"))


def _finding(row: Finding) -> str:
    text = definition_of(row.inspection.checklist).items[row.item].text.vi
    where: Iterable[str] = (
        row.establishment.name_vi,
        f"quầy {row.stall.number}" if row.stall else "",
    )
    return f"{', '.join(filter(None, where))}: {row.item} {text} Hạn {row.due_on:%d/%m/%Y}."


def _visit(row: Assignment) -> str:
    kind = row.get_kind_display()
    return f"{row.establishment.name_vi}: {kind}, {row.checklist}. Hạn {row.due_on:%d/%m/%Y}."


def _address(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
