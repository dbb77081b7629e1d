"""The office pages of the department: Django's admin behind our own sign-in and lifecycle.

Django loads this module before any model, so the forms are imported where they are used.
"""

from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.utils import unquote
from django.contrib.auth import logout
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation


class OfficeConfig(AdminConfig):
    default_site = "backend.accounts.office.Office"


class Office(AdminSite):
    """In Vietnamese whatever the browser prefers, as its forms and the records are."""

    site_title = "Kiểm tra an toàn thực phẩm"
    site_header = "Kiểm tra an toàn thực phẩm chợ và siêu thị"
    index_title = "Trang nghiệp vụ của Sở"
    site_url = None

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from backend.accounts import browser
        from backend.accounts.forms import OfficeSignInForm

        translation.activate("vi")
        if not browser.is_signed_in(request):
            logout(request)
        self.login_form = OfficeSignInForm
        response = super().login(request, extra_context)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            browser.sign_in(request, response)
        return response

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        from backend.accounts import browser

        if request.method == "POST":
            browser.sign_out(request)
        return super().logout(request, extra_context)

    def has_permission(self, request: HttpRequest) -> bool:
        from backend.accounts import browser

        return super().has_permission(request) and browser.is_signed_in(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        def in_vietnamese(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            # Pages are rendered after the view returns; the middleware puts the language back.
            translation.activate("vi")
            _refuse_nul(request, kwargs.get("object_id", ""))
            return view(request, *args, **kwargs)

        # Django reads this mark of the view itself.
        in_vietnamese.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
        return super().admin_view(in_vietnamese, cacheable)

    def get_urls(self) -> list[Any]:
        """Without the leap to the public page of any row whatever: none of ours has one."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Only for the fields of our forms that are filled in this way."""
        from backend.common.office import MAX_SEARCH

        names = ("app_label", "model_name", "field_name")
        offered = {
            (model._meta.app_label, model._meta.model_name, field)
            for model, page in self._registry.items()
            for field in page.get_autocomplete_fields(request)
        }
        if tuple(request.GET.get(name) for name in names) not in offered:
            raise PermissionDenied
        if len(request.GET.get("term", "")) > MAX_SEARCH:
            raise BadRequest
        return super().autocomplete_view(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        from django.contrib.auth.views import PasswordChangeView

        from backend.accounts.forms import OfficePasswordForm

        view = PasswordChangeView.as_view(
            form_class=OfficePasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)


def _refuse_nul(request: HttpRequest, key: str) -> None:
    """PostgreSQL could not even be asked for one. In keys of the office ``_00`` stands for it."""
    if "\0" in unquote(key):
        raise Http404
    if any("\0" in value for _, values in request.POST.lists() for value in values):
        raise BadRequest
