"""Builders: people and sign-ins as the tests of accounts need them."""

from threading import Barrier, Thread
from typing import Any

from django.db import connection
from rest_framework.test import APIClient

from backend.accounts import lifecycle
from backend.accounts.models import Role, User

PASSWORD = "nước-sông-Năng-trong"


def a_person(username: str = "lan.ht", role: str = Role.INSPECTOR) -> User:
    return lifecycle.create_person(
        username=username,
        full_name="Hoàng Thị Lan",
        title="Chuyên viên",
        role=role,
        password=PASSWORD,
    )


def sign_in(username: str = "lan.ht", password: str = PASSWORD, device: str | None = None) -> Any:
    body: dict[str, Any] = {"username": username, "password": password}
    if device is not None:
        body["device"] = {"id": device, "name": f"Máy {device}"}
    return post("auth/token/", body)


def refresh(token: str) -> Any:
    return post("auth/token/refresh/", {"refresh": token})


def post(route: str, body: Any = None, access: str | None = None) -> Any:
    return client(access).post(f"/api/v1/{route}", body, format="json")


def get(route: str, access: str | None = None, **query: str) -> Any:
    return client(access).get(f"/api/v1/{route}", query)


def client(access: str | None = None) -> APIClient:
    made = APIClient(raise_request_exception=False)
    if access:
        made.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return made


def at_once(count: int, call: Any) -> list[Any]:
    """What ``count`` threads get that begin ``call`` at the same moment."""
    barrier, results = Barrier(count), []

    def run() -> None:
        barrier.wait()
        try:
            results.append(call())
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
