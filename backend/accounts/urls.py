from django.urls import path

from backend.accounts import public_views, views

urlpatterns = [
    path("auth/token/", public_views.SignIn.as_view(), name="auth-token"),
    path("auth/token/refresh/", public_views.RefreshTokens.as_view(), name="auth-token-refresh"),
    path("auth/device-link/", public_views.UseDeviceLink.as_view(), name="auth-device-link"),
    path("auth/device-links/", views.DeviceLinkCreate.as_view(), name="auth-device-links"),
    path("auth/logout/", views.SignOut.as_view(), name="auth-logout"),
    path("auth/me/", views.Me.as_view(), name="auth-me"),
    path("auth/devices/", views.DeviceList.as_view(), name="auth-devices"),
    path(
        "auth/devices/<uuid:device_id>/revoke/",
        views.DeviceRevoke.as_view(),
        name="auth-device-revoke",
    ),
]
