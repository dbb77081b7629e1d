"""Forms of the office pages; what they change goes through ``lifecycle``."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError

from backend.accounts import browser, lifecycle, sign_in
from backend.accounts.errors import SignInBusy, SignInThrottled, UsernameTaken, WrongCredentials
from backend.accounts.models import User
from backend.accounts.passwords import MAX_LENGTH
from backend.common.forms import CleanTexts


class OfficeSignInForm(AdminAuthenticationForm):
    """Counts and slows down guesses exactly as the API does."""

    password = forms.CharField(
        label="Mật khẩu",
        strip=False,
        max_length=MAX_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        password = self.cleaned_data.get("password")
        if username and password:
            try:
                device = browser.identifier(self.request) if self.request else ""
                self.user_cache = sign_in.identify(username, password, device=device)
            except WrongCredentials:
                raise self.get_invalid_login_error() from None
            except (SignInThrottled, SignInBusy) as error:
                detail = f". {error.detail.vi}" if error.detail else ""
                raise ValidationError(error.title.vi + detail, code=error.code) from None
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class OfficePasswordForm(AdminPasswordChangeForm):
    """The own password; signs out every phone of the person as well."""

    def save(self, commit: bool = True) -> User:
        self.user = lifecycle.set_password(
            self.user, self.cleaned_data["new_password1"], by=self.user
        )
        return self.user


class PersonForm(SetPasswordMixin, CleanTexts, forms.ModelForm):  # type: ignore[type-arg]
    """A person with a password: needed for a new one, left empty to keep the present one."""

    password1, password2 = SetPasswordMixin.create_password_fields("Mật khẩu", "Nhập lại mật khẩu")

    class Meta:
        model = User
        fields: ClassVar = ["username", "full_name", "title", "email", "role", "is_active"]
        error_messages: ClassVar = {"username": {"unique": UsernameTaken.title.vi}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("password1", "password2"):
                self.fields[name].required = False
                self.fields[name].help_text = "Để trống nếu không đổi."

    def clean_username(self) -> str:
        """Spelled as it will be stored, so that a taken name is seen here."""
        return str(User.normalize_username(self.cleaned_data["username"]))

    def clean(self) -> dict[str, Any] | None:
        self.validate_passwords()
        if self.cleaned_data.get("password1") and not self.cleaned_data.get("password2"):
            self.add_error("password2", "Nhập lại mật khẩu mới.")
        return super().clean()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # missing in the stubs
        # Only now does the instance hold the names that a password must not resemble.
        self.validate_password_for_user(self.instance)
