"""Shapes of records in the API description."""

from typing import Any

from rest_framework import serializers

from inspections.fieldwork.models import Inspection
from inspections.fieldwork.serializers import ReplyShownSerializer
from inspections.records.models import Addendum
from markets.models import Establishment

PUBLIC_STATUSES = ["provisional", "issued", "superseded", "voided"]


class SignerSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField()
    issuer = serializers.CharField()
    serial = serializers.CharField()


class AddendumSerializer(serializers.Serializer[Any]):
    """A signed file that belongs to a record besides its own."""

    sequence = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Addendum.Kind.choices)
    file_sha256 = serializers.CharField()
    size_bytes = serializers.IntegerField()
    signed_at = serializers.DateTimeField()


class RecordSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    year = serializers.IntegerField()
    status = serializers.ChoiceField(choices=PUBLIC_STATUSES)
    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    payload_sha256 = serializers.CharField()
    file_sha256 = serializers.CharField(allow_null=True)
    size_bytes = serializers.IntegerField(allow_null=True)
    level = serializers.CharField(allow_null=True, help_text="PAdES level, such as B-B")
    signed_at = serializers.DateTimeField(allow_null=True)
    signer = SignerSerializer(allow_null=True)
    verify_url = serializers.URLField()
    supersedes = serializers.UUIDField(allow_null=True)
    superseded_by = serializers.UUIDField(allow_null=True)
    disputed = serializers.BooleanField(help_text="No verdict is shown without this mark.")
    replies = ReplyShownSerializer(many=True)
    addenda = AddendumSerializer(many=True)


class SuccessorSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    year = serializers.IntegerField()
    verify_url = serializers.URLField()


class PublicRecordSerializer(serializers.Serializer[Any]):
    """What anyone may learn who holds the QR code; no person is named."""

    number = serializers.CharField()
    year = serializers.IntegerField()
    authority = serializers.CharField()
    establishment = serializers.CharField()
    address = serializers.CharField()
    inspected_on = serializers.DateField()
    checklist = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    score = serializers.CharField(allow_null=True)
    trial = serializers.BooleanField(help_text="bản thử: the checklist is not approved yet")
    test = serializers.BooleanField(help_text="Signed by a local TEST authority")
    status = serializers.ChoiceField(choices=PUBLIC_STATUSES)
    file_sha256 = serializers.CharField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    superseded_by = SuccessorSerializer(allow_null=True)
    disputed = serializers.BooleanField(help_text="No verdict is shown without this mark.")
    replies = ReplyShownSerializer(many=True)
    addenda = AddendumSerializer(many=True)


class FileVerdictSerializer(serializers.Serializer[Any]):
    """What can be said of an uploaded file."""

    verdict = serializers.ChoiceField(
        choices=["genuine", "altered", "not_ours", "not_signed", "unreadable"]
    )
    reason = serializers.CharField(allow_blank=True)
    file_sha256 = serializers.CharField()
    signer = SignerSerializer(allow_null=True)
    signed_at = serializers.DateTimeField(
        allow_null=True, help_text="As the signature claims; level B-B has no timestamp."
    )
    test = serializers.BooleanField()
    record = PublicRecordSerializer(
        allow_null=True,
        help_text="The record of the file, or to which it belongs, as it is today",
    )


class PublishedPlaceSerializer(serializers.Serializer[Any]):
    """A place with the last verdict that the department has published; no person is named."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Establishment.Kind.choices)
    unit = serializers.CharField(help_text="Names of today, joined.")
    inspected_on = serializers.DateField()
    checklist = serializers.CharField(help_text="`CODE@VERSION`")
    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    score = serializers.CharField(allow_null=True)
    disputed = serializers.BooleanField(help_text="No verdict is shown without this mark.")
    replies = ReplyShownSerializer(many=True)
    verify_url = serializers.URLField()
