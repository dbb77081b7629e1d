"""Which roles may use a verb. Which rows they see is the business of the query sets."""

from typing import Any, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from backend.accounts.current import Person
from backend.accounts.models import Role


class RolePermission(BasePermission):
    """Lets in whoever has one of ``roles``."""

    roles: ClassVar[frozenset[str]] = frozenset()

    def has_permission(self, request: Request, view: Any) -> bool:
        user: object = request.user
        return isinstance(user, Person) and user.role in self.roles


class IsInspector(RolePermission):
    roles = frozenset({Role.INSPECTOR.value})


class IsManager(RolePermission):
    roles = frozenset({Role.MANAGER.value})


class IsDepartment(RolePermission):
    roles = frozenset({Role.DEPARTMENT.value})


def role_required(*roles: str) -> type[RolePermission]:
    """A permission class for verbs that several roles share."""
    return type("RoleRequired", (RolePermission,), {"roles": frozenset(map(str, roles))})
