"""Where: administrative units, authorities, places under inspection, and who acts there.

Names and borders change (districts ended and provinces merged on 1 July 2025), and codes are
reused, so everything that a record names has days of validity. ``valid_from`` null means
"since before our data"; ``valid_to`` is the last valid day, null while it lasts.
"""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from backend.common.text import fold

code_validator = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{0,39}\Z", "A-Z, 0-9 và dấu gạch nối")


# The databases disagree on where null sorts.
_SINCE_EVER_FIRST = F("valid_from").asc(nulls_first=True)


def valid_on(day: date, prefix: str = "") -> Q:
    """Rows whose days of validity include ``day``."""
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def _days_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
        violation_error_message="Ngày kết thúc trước ngày bắt đầu.",
    )


class ReportingArea(models.Model):
    """A list of communes that figures speak of, such as the former Bắc Kạn."""

    code = models.CharField("mã", max_length=40, primary_key=True, validators=[code_validator])
    name_vi = models.CharField("tên", max_length=200)
    name_en = models.CharField("tên tiếng Anh", max_length=200, blank=True)
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "địa bàn báo cáo"
        verbose_name_plural = "địa bàn báo cáo"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name_vi


class AdministrativeUnit(models.Model):
    """A province, district (until 30 June 2025) or commune. The key is (code, valid_from)."""

    class Level(models.TextChoices):
        PROVINCE = "province", "tỉnh"
        DISTRICT = "district", "huyện"
        COMMUNE = "commune", "xã"

    code = models.CharField("mã", max_length=40, validators=[code_validator])
    level = models.CharField("cấp", max_length=8, choices=Level)
    name = models.CharField("tên", max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="thuộc"
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="thay thế bởi",
    )
    reporting_area = models.ForeignKey(
        ReportingArea, models.PROTECT, null=True, blank=True, verbose_name="địa bàn báo cáo"
    )
    source_status = models.CharField("độ tin cậy", max_length=10, blank=True)
    search_text = models.CharField(max_length=300, editable=False, default="")

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"
        ordering: ClassVar = ["code", _SINCE_EVER_FIRST]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="unit_begins_once_a_day",
                violation_error_message="Đã có đơn vị mang mã này từ ngày đó.",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_from=None), name="unit_has_one_open_beginning"
            ),
            _days_in_order("unit_days_are_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Folding may lengthen a text: one character "ﬃ" becomes three.
        self.search_text = fold(f"{self.code} {self.name}")[:300]
        super().save(*args, **kwargs)


class Authority(models.Model):
    """Who inspects and issues records: valid for some days, responsible for one unit."""

    code = models.CharField("mã", max_length=40, unique=True, validators=[code_validator])
    name = models.CharField("tên", max_length=200)
    name_en = models.CharField("tên tiếng Anh", max_length=200, blank=True)
    parent_name = models.CharField("cơ quan chủ quản", max_length=200)
    symbol = models.CharField("ký hiệu", max_length=20)
    place = models.CharField("địa danh", max_length=100)
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, verbose_name="phụ trách")
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="cơ quan kế thừa"
    )
    source_status = models.CharField("độ tin cậy", max_length=10, blank=True)

    class Meta:
        verbose_name = "cơ quan"
        verbose_name_plural = "cơ quan"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [_days_in_order("authority_days_are_in_order")]

    def __str__(self) -> str:
        return self.name


class EstablishmentQuerySet(models.QuerySet["Establishment"]):
    def managed_by(self, user_id: int, *, on: date) -> Self:
        """Where ``user_id`` holds an appointment that is valid ``on`` that day."""
        held = Appointment.objects.filter(valid_on(on), person_id=user_id)
        return self.filter(pk__in=held.values("establishment"))


class Establishment(models.Model):
    """A market, supermarket or trade centre. Closed, never deleted."""

    class Kind(models.TextChoices):
        MARKET = "market", "chợ"
        SUPERMARKET = "supermarket", "siêu thị"
        TRADE_CENTRE = "trade_centre", "trung tâm thương mại"

    code = models.CharField("mã", max_length=40, unique=True, validators=[code_validator])
    kind = models.CharField("loại", max_length=12, choices=Kind)
    name_vi = models.CharField("tên", max_length=200)
    name_en = models.CharField("tên tiếng Anh", max_length=200, blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    latitude = models.DecimalField(
        "vĩ độ",
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        "kinh độ",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    model_market_year = models.PositiveSmallIntegerField("năm chợ mô hình", null=True, blank=True)
    market_day_cycle_days = models.PositiveSmallIntegerField(
        "chu kỳ phiên chợ (ngày)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
    )
    market_day_anchor = models.DateField("một ngày phiên đã biết", null=True, blank=True)
    opens_at = models.TimeField("mở cửa lúc", null=True, blank=True)
    closes_at = models.TimeField("đóng cửa lúc", null=True, blank=True)
    opened_on = models.DateField("hoạt động từ", null=True, blank=True)
    closed_on = models.DateField("ngừng hoạt động từ", null=True, blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    source_status = models.CharField("độ tin cậy", max_length=10, blank=True)
    search_text = models.CharField(max_length=500, editable=False, default="")

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ sở"
        verbose_name_plural = "cơ sở"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="establishment_opens_before_it_closes",
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(opened_on__lte=F("closed_on")),
                violation_error_message="Ngày ngừng hoạt động trước ngày bắt đầu hoạt động.",
            ),
            models.CheckConstraint(
                name="establishment_opens_before_it_closes_each_day",
                condition=Q(opens_at=None, closes_at=None) | Q(opens_at__lt=F("closes_at")),
                violation_error_message="Giờ mở cửa phải trước giờ đóng cửa, cần cả hai.",
            ),
            models.CheckConstraint(
                name="establishment_market_days_come_round",
                condition=Q(market_day_cycle_days=None) | Q(market_day_cycle_days__gte=1),
            ),
            models.CheckConstraint(
                name="establishment_lies_on_the_globe",
                condition=(Q(latitude=None) | Q(latitude__range=(-90, 90)))
                & (Q(longitude=None) | Q(longitude__range=(-180, 180))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_vi} ({self.code})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = fold(f"{self.code} {self.name_vi} {self.name_en}")[:500]
        super().save(*args, **kwargs)


class EstablishmentName(models.Model):
    """What a place was called in former days; the present name is on the place."""

    establishment = models.ForeignKey(Establishment, models.CASCADE, related_name="former_names")
    name_vi = models.CharField("tên", max_length=200)
    name_en = models.CharField("tên tiếng Anh", max_length=200, blank=True)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày")

    class Meta:
        verbose_name = "tên cũ"
        verbose_name_plural = "tên cũ"
        ordering: ClassVar = ["establishment", "valid_to"]
        constraints: ClassVar = [_days_in_order("establishment_name_days_are_in_order")]

    def __str__(self) -> str:
        return self.name_vi


class Placement(models.Model):
    """The administrative unit in which a place lay during some days."""

    establishment = models.ForeignKey(Establishment, models.CASCADE, related_name="placements")
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, verbose_name="đơn vị hành chính")
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "địa bàn của cơ sở"
        verbose_name_plural = "địa bàn của cơ sở"
        ordering: ClassVar = ["establishment", _SINCE_EVER_FIRST]
        constraints: ClassVar = [_days_in_order("placement_days_are_in_order")]

    def __str__(self) -> str:
        return str(self.unit)


class Stall(models.Model):
    """A trader's fixed place as it is now; ``StallVersion`` keeps what it was.

    Numbers may repeat (markets number by zone), and an inspector may meet a stall that the
    register does not know: it enters with the id that the phone made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="stalls", verbose_name="cơ sở"
    )
    number = models.CharField("số quầy", max_length=20)
    trader = models.CharField("người kinh doanh", max_length=150, blank=True)
    commodity = models.CharField("nhóm hàng", max_length=30)
    zone = models.CharField("khu", max_length=50, blank=True)
    opened_at = models.DateTimeField("hoạt động từ")
    retired_at = models.DateTimeField("ngừng từ", null=True, blank=True)

    class Meta:
        verbose_name = "quầy"
        verbose_name_plural = "quầy"
        ordering: ClassVar = ["establishment", "number", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="stall_opens_before_it_retires",
                condition=Q(retired_at=None) | Q(opened_at__lte=F("retired_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.trader}".strip()

    @property
    def active(self) -> bool:
        return self.retired_at is None


class StallVersionQuerySet(models.QuerySet["StallVersion"]):
    def at(self, moment: datetime) -> Self:
        """What the active stalls were at ``moment``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=moment), valid_from__lte=moment)


class StallVersion(models.Model):
    """What a stall was from ``valid_from`` until ``valid_to`` (null: is now)."""

    stall = models.ForeignKey(Stall, models.CASCADE, related_name="versions")
    number = models.CharField("số quầy", max_length=20)
    trader = models.CharField("người kinh doanh", max_length=150, blank=True)
    commodity = models.CharField("nhóm hàng", max_length=30)
    zone = models.CharField("khu", max_length=50, blank=True)
    valid_from = models.DateTimeField("từ")
    valid_to = models.DateTimeField("đến", null=True, blank=True)

    objects = StallVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "lịch sử quầy"
        verbose_name_plural = "lịch sử quầy"
        ordering: ClassVar = ["stall", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stall"], condition=Q(valid_to=None), name="stall_is_one_thing_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.trader}".strip()


class Appointment(models.Model):
    """Where a person may act, and when."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="appointments",
        verbose_name="người",
    )
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="appointments", verbose_name="cơ sở"
    )
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering: ClassVar = ["person", "valid_from"]
        constraints: ClassVar = [_days_in_order("appointment_days_are_in_order")]

    def __str__(self) -> str:
        return f"{self.person} – {self.establishment}"
