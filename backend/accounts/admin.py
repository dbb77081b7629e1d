"""People and devices in the office pages."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import admin as _  # noqa: F401  # registers groups
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from backend.accounts import lifecycle, links
from backend.accounts.errors import NoPhoneToLink, UsernameTaken
from backend.accounts.forms import PersonForm
from backend.accounts.models import Device, User
from backend.common.office import OfficePage, ShownOnly

# Rights follow from the one role that a person has.
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(OfficePage):
    form = PersonForm
    change_form_template = "accounts/person.html"
    list_display = ("username", "full_name", "title", "role", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "full_name")
    fieldsets = (
        (None, {"fields": ("username", "full_name", "title", "email", "role", "is_active")}),
        (
            "Mật khẩu",
            {
                "fields": ("password1", "password2"),
                "description": "Mật khẩu mới sẽ đăng xuất người này khỏi mọi thiết bị.",
            },
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.device_link)
        link = path("<path:object_id>/device-link/", view, name="accounts_user_device_link")
        return [link, *super().get_urls()]

    def device_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asked for it, a page with a one-time code as a QR code; nothing happens by looking."""
        person = self.get_object(request, object_id)
        if person is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": "Đăng nhập điện thoại bằng mã QR",
            "opts": self.opts,
            "original": person,
            "minutes": int(links.LIFETIME.total_seconds()) // 60,
        }
        if request.method == "POST":
            try:
                code, link = lifecycle.make_device_link(person, by=request.user)
                context["link"] = links.shown(code, link.expires_at)
            except NoPhoneToLink as refusal:
                self.message_user(request, refusal.title.vi, messages.ERROR)
        return TemplateResponse(request, "accounts/device_link.html", context)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody locks themselves out; a name that records print does not change."""
        if obj is None:
            return ()
        return ("username", "role", "is_active") if obj.pk == request.user.pk else ("username",)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form has asked already; this is for who was overtaken between check and save."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except UsernameTaken as error:
            self.message_user(request, error.title.vi, messages.ERROR)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by = request.user
        password = form.cleaned_data["password1"]
        if not change:
            created = lifecycle.create_person(
                username=obj.username,
                full_name=obj.full_name,
                title=obj.title,
                email=obj.email,
                role=obj.role,
                password=password,
                by=by,
                anew=True,
            )
            obj.pk = created.pk
            if not obj.is_active:
                lifecycle.disable(created, by=by)
            return
        lifecycle.describe(obj, full_name=obj.full_name, title=obj.title, email=obj.email, by=by)
        lifecycle.change_role(obj, obj.role, by=by)
        (lifecycle.enable if obj.is_active else lifecycle.disable)(obj, by=by)
        if password:
            lifecycle.set_password(obj, password, by=by)


@admin.register(Device)
class DeviceAdmin(ShownOnly):
    list_display = (
        "name", "user", "last_seen_at", "queue_length", "clock_skew_s", "app_version",
        "revoked_at", "identifier",
    )  # fmt: skip
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("name", "identifier", "user__username", "user__full_name")
    actions = ("revoke",)

    @admin.action(description="Thu hồi (đăng xuất) các thiết bị đã chọn", permissions=["view"])
    def revoke(self, request: HttpRequest, devices: QuerySet[Device]) -> None:
        for device in devices.select_related("user"):
            lifecycle.revoke_device(device, by=request.user)
        self.message_user(request, "Đã thu hồi các thiết bị đã chọn.")
