"""What happens to people, devices and sessions: each one transaction with its audit entry.

``by`` is who does it; None is the system itself.
"""

import secrets
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts import links, refresh, sessions
from backend.accounts.errors import (
    DeviceLinkInvalid,
    NoPhoneToLink,
    NotAuthenticated,
    SessionRevoked,
    TokenExpired,
    UsernameTaken,
)
from backend.accounts.models import Device, DeviceLink, Role, Session, User
from backend.audit import trail
from backend.audit.trail import Actor


def create_person(
    *,
    username: str,
    full_name: str,
    role: str,
    password: str,
    title: str = "",
    email: str = "",
    by: Actor | None = None,
    anew: bool = False,
) -> User:
    """A new account; the one that has the name already is returned as it is.

    Raises UsernameTaken in place of that where it must be ``anew``.
    """
    username = User.normalize_username(username)
    # Asked first because hashing a password is slow; the constraint decides all the same.
    existing = User.objects.filter(username=username).first()
    if existing and not anew:
        return existing
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username, password, full_name=full_name, title=title, email=email, role=role
            )
            _record("person.created", user, by, role=role)
            return user
    except IntegrityError:
        existing = User.objects.filter(username=username).first()
        if existing is None:
            raise
        if anew:
            raise UsernameTaken from None
        return existing


def describe(user: User, *, full_name: str, title: str, email: str, by: Actor | None) -> User:
    """Change how a person is named and reached; records keep what they printed."""
    with transaction.atomic():
        user = _lock(user)
        wanted = {"full_name": full_name, "title": title, "email": email}
        changed = [name for name, value in wanted.items() if getattr(user, name) != value]
        if changed:
            for name in changed:
                setattr(user, name, wanted[name])
            user.save(update_fields=changed)
            _record("person.described", user, by, fields=changed)
        return user


def change_role(user: User, role: str, *, by: Actor | None) -> User:
    """Another role; the person signs in again. Nothing happens where it is the same."""
    with transaction.atomic():
        user = _lock(user)
        if user.role != role:
            former, user.role = user.role, role
            _save_with_new_epoch(user, "role")
            _record("person.role_changed", user, by, role=role, former=former)
        return user


def disable(user: User, *, by: Actor | None) -> User:
    """Close the account and every session of it. Repeatable."""
    with transaction.atomic():
        user = _lock(user)
        if user.is_active:
            user.is_active = False
            _save_with_new_epoch(user, "is_active")
            _record("person.disabled", user, by)
        return user


def enable(user: User, *, by: Actor | None) -> User:
    """Open the account again; former sessions stay closed. Repeatable."""
    with transaction.atomic():
        user = _lock(user)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            _record("person.enabled", user, by)
        return user


def set_password(user: User, password: str, *, by: Actor | None) -> User:
    """A new password; every session of the person ends. The door has checked its strength."""
    with transaction.atomic():
        user = _lock(user)
        user.set_password(password)
        user.save(update_fields=["password", "token_epoch"])
        transaction.on_commit(sessions.forget)
        _record("person.password_changed", user, by)
        return user


def open_session(user: User, *, device: str = "", device_name: str = "") -> tuple[Session, str]:
    """Begin a family of refresh tokens on ``device``; gives its first token.

    A device that was revoked is trusted again: its user has just given the password.
    """
    with transaction.atomic():
        session = _begin(user, device, device_name)
        token = refresh.first(session)
        _record_session("session.opened", session, user)
        return session, token


def make_device_link(user: User, *, by: Actor) -> tuple[str, DeviceLink]:
    """A code that signs one phone of ``user`` in, once. Raises NoPhoneToLink.

    The code itself is kept nowhere.
    """
    with transaction.atomic():
        user = _lock(user)
        if not user.is_active or user.role == Role.DEPARTMENT:
            raise NoPhoneToLink
        code = secrets.token_urlsafe(16)
        link = DeviceLink.objects.create(
            user=user,
            sha256=links.digest(code),
            token_epoch=user.token_epoch,
            expires_at=timezone.now() + links.LIFETIME,
        )
        _record("device_link.created", user, by, link=str(link.pk))
        return code, link


def use_device_link(code: str, *, device: str, device_name: str) -> tuple[Session, str]:
    """Begin a session on ``device`` as the code allows; gives its first refresh token.

    Of many callers at once one gets it. Raises DeviceLinkInvalid.
    """
    with transaction.atomic():
        now = timezone.now()
        link = DeviceLink.objects.select_related("user").filter(sha256=links.digest(code)).first()
        if link is None or not link.is_for_present_account:
            raise DeviceLinkInvalid
        # Columns of this one row alone: that is what PostgreSQL looks at again after a wait.
        unused = DeviceLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
        if not unused.update(used_at=now):
            raise DeviceLinkInvalid
        session = _begin(link.user, device, device_name)
        token = refresh.first(session)
        _record_session("session.opened", session, link.user, link=str(link.pk))
        return session, token


def open_office_session(user: User, *, device: str, device_name: str) -> Session:
    """Begin a session of the office pages in the browser ``device``: one without tokens."""
    with transaction.atomic():
        session = _begin(user, device, device_name)
        _record_session("session.opened", session, user, office=True)
        return session


def rotate(token: str) -> tuple[Session, str]:
    """Exchange a refresh token for its successor; see ``refresh.succeed``.

    Raises NotAuthenticated, TokenExpired or SessionRevoked. A token that was spent long ago is
    in two hands: its family ends, and that is kept although the caller is refused.
    """
    now = timezone.now()
    with transaction.atomic():
        row = refresh.find(token)
        if row is None:
            raise NotAuthenticated
        session = row.session
        if not session.is_open:
            raise SessionRevoked
        if row.expires_at <= now:
            raise TokenExpired
        successor = refresh.succeed(row, token, now)
        if successor is None:
            _end(session, "token_reused", by=None, generation=row.generation)
        elif session.device_id:
            Device.objects.filter(pk=session.device_id).update(last_seen_at=now)
    if successor is None:
        raise SessionRevoked
    return session, successor


def end_session(session_id: UUID, *, by: Actor | None) -> None:
    """Sign out. Repeatable."""
    with transaction.atomic():
        session = Session.objects.filter(pk=session_id).first()
        if session is not None:
            _end(session, "signed_out", by=by)


def revoke_device(device: Device, *, by: Actor | None) -> Device:
    """End every session of a device, say a lost phone; other devices go on. Repeatable."""
    with transaction.atomic():
        now = timezone.now()
        if Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now):
            Session.objects.filter(device=device, ended_at=None).update(
                ended_at=now, end_reason="device_revoked"
            )
            transaction.on_commit(sessions.forget)
            trail.record(
                "device.revoked",
                f"device:{device.pk}",
                actor=by,
                data={"username": device.user.username},
            )
        device.refresh_from_db()
        return device


def _lock(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _save_with_new_epoch(user: User, field: str) -> None:
    user.token_epoch += 1
    user.save(update_fields=[field, "token_epoch"])
    transaction.on_commit(sessions.forget)


def _begin(user: User, device: str, device_name: str) -> Session:
    return Session.objects.create(
        user=user,
        device=_seen(user, device, device_name) if device else None,
        token_epoch=user.token_epoch,
    )


def _seen(user: User, identifier: str, name: str) -> Device:
    now = timezone.now()
    device, _ = Device.objects.get_or_create(user=user, identifier=identifier)
    device.name, device.last_seen_at, device.revoked_at = name or device.name, now, None
    device.save(update_fields=["name", "last_seen_at", "revoked_at"])
    return device


def _end(session: Session, reason: str, *, by: Actor | None, **data: Any) -> None:
    ended = Session.objects.filter(pk=session.pk, ended_at=None).update(
        ended_at=timezone.now(), end_reason=reason
    )
    if ended:
        transaction.on_commit(sessions.forget)
        _record_session("session.ended", session, by, reason=reason, **data)


def _record(action: str, user: User, by: Actor | None, **data: Any) -> None:
    trail.record(action, f"person:{user.pk}", actor=by, data={"username": user.username, **data})


def _record_session(action: str, session: Session, by: Actor | None, **data: Any) -> None:
    device = str(session.device_id) if session.device_id else None
    trail.record(
        action,
        f"session:{session.pk}",
        actor=by,
        data={"username": session.user.username, "device": device, **data},
    )
