"""Why a sign-in, a token or a session is refused."""

import math

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class NotAuthenticated(DomainError):
    """No token, or none that this server gave out."""

    code = "not_authenticated"
    kind = Kind.UNAUTHENTICATED
    title = Bilingual(vi="Chưa đăng nhập", en="Not signed in")


class WrongCredentials(NotAuthenticated):
    """No such account, another password, or a disabled account: which one is not told."""

    title = Bilingual(vi="Tên đăng nhập hoặc mật khẩu không đúng", en="Wrong user name or password")


class TokenExpired(NotAuthenticated):
    """Once valid, now too old: refresh it, or sign in again."""

    code = "token_expired"
    title = Bilingual(vi="Phiên truy cập đã hết hạn", en="The token has expired")


class SessionRevoked(NotAuthenticated):
    """Signed out, device revoked, password or role changed, account disabled, or token reused."""

    code = "session_revoked"
    title = Bilingual(vi="Phiên đăng nhập đã kết thúc", en="The session has ended")


class DeviceLinkInvalid(NotAuthenticated):
    """No such code, one that was used or has run out, or an account that has changed since."""

    code = "device_link_invalid"
    title = Bilingual(
        vi="Mã đăng nhập không đúng, đã dùng hoặc đã hết hạn",
        en="The sign-in code is wrong, used or expired",
    )


class NoPhoneToLink(DomainError):
    """Codes are for the phones of inspectors and managers whose account is open."""

    code = "no_phone_to_link"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        vi="Không có kiểm tra viên hoặc người quản lý đang hoạt động với tên này",
        en="No active inspector or manager has this name",
    )


class SignInThrottled(DomainError):
    """Too many failed sign-ins; the right password has to wait as well."""

    code = "throttled"
    kind = Kind.THROTTLED
    title = Bilingual(vi="Đăng nhập sai quá nhiều lần", en="Too many failed sign-ins")

    def __init__(self, wait_s: float) -> None:
        seconds = max(1, math.ceil(wait_s))
        detail = Bilingual(
            vi=f"Hãy thử lại sau {seconds} giây.", en=f"Try again in {seconds} seconds."
        )
        super().__init__(detail, headers={"Retry-After": str(seconds)})


class UsernameTaken(DomainError):
    """Names of accounts are never given twice: records and the trail name people by them."""

    code = "username_taken"
    kind = Kind.CONFLICT
    title = Bilingual(vi="Tên đăng nhập này đã có người dùng", en="This user name is taken")


class SignInBusy(DomainError):
    """More people are signing in than this server may hash passwords for at once."""

    code = "unavailable"
    kind = Kind.UNAVAILABLE
    title = Bilingual(vi="Máy chủ đang bận, hãy thử lại", en="Temporarily unavailable; try again")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})
