"""Who you are: people with one role, the devices they use, their sessions and tokens."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from backend.audit import trail
from backend.common.validators import validate_printable


class Role(models.TextChoices):
    """What a person does; where, is the business of an appointment."""

    INSPECTOR = "inspector", "Kiểm tra viên"
    MANAGER = "manager", "Người quản lý cơ sở"
    DEPARTMENT = "department", "Cán bộ Sở"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """What ``manage.py createsuperuser`` calls: the first officer of the department."""
        with transaction.atomic():
            user = self.create_user(username, password, role=Role.DEPARTMENT, **fields)
            data = {"username": user.username, "role": user.role}
            trail.record("person.created", f"person:{user.pk}", actor=None, data=data)
            return user


class User(AbstractBaseUser):
    """A person. Never deleted, only disabled: records and the audit trail name them."""

    # A submission names its team by user names, so these must be printable too.
    username = models.CharField(
        "tên đăng nhập",
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator(), validate_printable],
    )
    full_name = models.CharField("họ và tên", max_length=150, validators=[validate_printable])
    title = models.CharField("chức vụ", max_length=150, blank=True, validators=[validate_printable])
    email = models.EmailField("thư điện tử", blank=True)
    role = models.CharField("vai trò", max_length=12, choices=Role)
    is_active = models.BooleanField("đang hoạt động", default=True)
    # Raised by a new password, a new role or disabling: tokens of an earlier epoch are dead.
    token_epoch = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField("ngày tạo", default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering: ClassVar = ["username"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="user_has_one_known_role", condition=Q(role__in=Role.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.username})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password raises the epoch whatever door it came through, such as
        ``manage.py changepassword``; a present one that is only hashed anew does not.
        """
        if getattr(self, "_password", None) is not None and not self._state.adding:
            self.token_epoch += 1
        super().save(*args, **kwargs)

    @property
    def is_staff(self) -> bool:
        """May enter the office pages (Django's admin asks for this name)."""
        return self.role == Role.DEPARTMENT

    def get_session_auth_hash(self) -> str:
        """What ends a session of the office pages when it changes: password and epoch."""
        return f"{super().get_session_auth_hash()}:{self.token_epoch}"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The office pages are the department's; what is read-only there, the pages decide."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class Device(models.Model):
    """A phone or PC as one person uses it; a shared phone is one device per person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="devices", verbose_name="người dùng"
    )
    identifier = models.CharField("mã thiết bị", max_length=100)
    name = models.CharField("tên thiết bị", max_length=100, blank=True)
    created_at = models.DateTimeField("đăng nhập lần đầu", default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField("lần cuối", default=timezone.now, editable=False)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True, editable=False)
    # As the phone app told with its last push; a client that tells nothing leaves them empty.
    queue_length = models.PositiveIntegerField("việc chờ gửi", null=True, editable=False)
    # Server minus phone; BigInteger because a phone may believe to be in any year.
    clock_skew_s = models.BigIntegerField("lệch giờ (giây)", null=True, editable=False)
    app_version = models.CharField("phiên bản ứng dụng", max_length=50, blank=True, editable=False)

    class Meta:
        verbose_name = "thiết bị"
        verbose_name_plural = "thiết bị"
        ordering: ClassVar = ["-last_seen_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "identifier"], name="device_is_registered_once_per_person"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.identifier


class Session(models.Model):
    """One sign-in: the family of refresh tokens that descend from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sessions")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="sessions")
    token_epoch = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]

    @property
    def is_open(self) -> bool:
        """False once it was ended, or its person's password, role or account has changed."""
        return (
            self.ended_at is None
            and self.user.is_active
            and self.token_epoch == self.user.token_epoch
        )


class RefreshToken(models.Model):
    """One generation of a session; only the digest of the token is kept."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="tokens")
    generation = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            # The insert of the successor decides who wins among parallel refreshes.
            models.UniqueConstraint(
                fields=["session", "generation"], name="generation_is_unique_in_session"
            )
        ]


class DeviceLink(models.Model):
    """A one-time sign-in that the department has given out; only the digest of its code is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    # A code that was made for a former password or role opens nothing.
    token_epoch = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @property
    def is_for_present_account(self) -> bool:
        """Whether the person is still who the code was made for."""
        return self.user.is_active and self.token_epoch == self.user.token_epoch


class SignInThrottle(models.Model):
    """Failed sign-ins of one account from one known device, or from all unknown ones together."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
