"""Shapes of signing in, of people and of devices."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.accounts.models import Device, User
from backend.accounts.passwords import MAX_LENGTH
from backend.common.fields import StrictSerializer, TextField


class UserSerializer(serializers.ModelSerializer[User]):
    """Where the person may act is told by the appointments, which belong to the places."""

    class Meta:
        model = User
        fields: ClassVar = ["id", "username", "full_name", "title", "role"]
        read_only_fields = fields


class DeviceSerializer(serializers.ModelSerializer[Device]):
    username = serializers.CharField(source="user.username", read_only=True)

    class Meta:
        model = Device
        fields: ClassVar = [
            "id",
            "username",
            "identifier",
            "name",
            "created_at",
            "last_seen_at",
            "revoked_at",
            "queue_length",
            "clock_skew_s",
            "app_version",
        ]
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "queue_length": {"help_text": "Items that waited on the phone at its last push."},
            "clock_skew_s": {"help_text": "Server minus phone at its last push."},
            "app_version": {"help_text": "As the phone app last told; may be empty."},
        }


class SignInDeviceSerializer(StrictSerializer):
    id = TextField(max_length=100, help_text="Made once by the client and kept, say a UUID.")
    name = TextField(max_length=100, required=False, allow_blank=True, default="")


class SignInSerializer(StrictSerializer):
    username = TextField(max_length=150)
    password = TextField(max_length=MAX_LENGTH, trim_whitespace=False, write_only=True)
    device = SignInDeviceSerializer(required=False)


class PersonNameSerializer(StrictSerializer):
    username = TextField(max_length=150)


class DeviceLinkSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True, help_text="Shown this once.")
    url = serializers.CharField(read_only=True, help_text="Opens the phone app with the code.")
    expires_at = serializers.DateTimeField(read_only=True)
    qr_svg = serializers.CharField(read_only=True, help_text="`url` as a QR code.")


class UseDeviceLinkSerializer(StrictSerializer):
    code = TextField(max_length=100)
    device = SignInDeviceSerializer()


class RefreshSerializer(StrictSerializer):
    refresh = TextField(max_length=200)


class NothingSerializer(StrictSerializer):
    """An empty body, or an empty object."""


class TokenPairSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(read_only=True)
    refresh = serializers.CharField(read_only=True)


class SignedInSerializer(TokenPairSerializer):
    user = UserSerializer(read_only=True)
