"""What phones read, for the API description: the bundle is built as plain values."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.models import Role
from backend.common.fields import StrictSerializer, TextField, WholeNumberField
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.serializers import ReceiptSerializer
from inspections.planning.models import Assignment
from markets.models import Establishment

# 2,000 stalls with all their answers.
MAX_PATHS = 50_000


class BundlePersonSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    full_name = serializers.CharField()
    title = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)


class BundleChecklistSerializer(serializers.Serializer[Any]):
    """A version as phones need it: without what only records and figures use."""

    name = serializers.CharField(help_text="`CODE@VERSION`")
    sha256 = serializers.CharField(help_text="Of the whole content, as `checklists/` gives it.")
    approved = serializers.BooleanField()
    content = serializers.DictField()


class BundleVisitSerializer(serializers.Serializer[Any]):
    """The last visit that stands; members that would be null are left out."""

    inspection = serializers.UUIDField()
    number = serializers.CharField(required=False)
    year = serializers.IntegerField(required=False)
    on = serializers.DateField()
    verdict = serializers.ChoiceField(Inspection.Verdict.choices, required=False)
    score = serializers.CharField(required=False)
    kind = serializers.ChoiceField(Inspection.Kind.choices)
    disputed = serializers.BooleanField(required=False, help_text="To be shown with the verdict.")


class BundleFindingSerializer(serializers.Serializer[Any]):
    """What is open; members that would be null or false are left out."""

    id = serializers.UUIDField()
    item = serializers.CharField()
    stall = serializers.UUIDField(required=False)
    severity = serializers.CharField()
    due_on = serializers.DateField()
    found_on = serializers.DateField()
    repeated = serializers.BooleanField(required=False)
    corrected_on_site = serializers.BooleanField(required=False)
    state = serializers.ChoiceField(["open", "answered", "reopened", "excepted"])
    reason = serializers.CharField(
        required=False, help_text="Why the last answer was refused or taken back."
    )
    until = serializers.DateField(
        required=False, help_text="The last day of an exception; then it is `reopened`."
    )


class BundleStallSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    trader = serializers.CharField(required=False)
    commodity = serializers.CharField(required=False)
    zone = serializers.CharField(required=False)


class BundlePlaceSerializer(serializers.Serializer[Any]):
    """Members that would be empty are left out. ``unit``: the names of today, joined."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Establishment.Kind.choices)
    address = serializers.CharField(required=False)
    unit = serializers.CharField(required=False)
    latitude = serializers.CharField(required=False)
    longitude = serializers.CharField(required=False)
    last = BundleVisitSerializer(required=False)
    findings = BundleFindingSerializer(many=True, required=False)
    facts = serializers.DictField(
        required=False, help_text="By item: papers, shares and distances as last found."
    )
    stalls = BundleStallSerializer(many=True, required=False)


class BundleAssignmentSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    establishment = serializers.CharField()
    checklist = serializers.CharField(help_text="The code: its newest version is meant.")
    due_on = serializers.DateField()
    kind = serializers.ChoiceField(Assignment.Kind.choices)
    grounds = serializers.DictField(required=False, help_text="number, date, issuer")
    follows = serializers.UUIDField(required=False)
    team = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="User names, the inspector first; absent where nobody goes along.",
    )


class BundleDraftSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    establishment = serializers.CharField(help_text="Code of the place.")


class BundleLimitsSerializer(serializers.Serializer[Any]):
    photo_bytes = serializers.IntegerField(help_text="To which a phone scales a photo.")
    evidence_bytes = serializers.IntegerField(help_text="The largest photo that is taken.")
    push_items = serializers.IntegerField()
    push_bytes = serializers.IntegerField()
    photos = serializers.IntegerField(help_text="The most of one inspection.")


class BundleKeySerializer(serializers.Serializer[Any]):
    sha256 = serializers.CharField(help_text="Of the SubjectPublicKeyInfo in DER.")
    pem = serializers.CharField()


class BundleSerializer(serializers.Serializer[Any]):
    format = serializers.IntegerField()
    etag = serializers.CharField(help_text="As in the header, without its quotes.")
    cursor = serializers.CharField(help_text="For `sync/changes/`.")
    server_time = serializers.DateTimeField()
    min_client = serializers.CharField(help_text="The oldest app that may begin new work.")
    person = BundlePersonSerializer()
    checklists = BundleChecklistSerializer(many=True)
    establishments = BundlePlaceSerializer(many=True)
    assignments = BundleAssignmentSerializer(many=True)
    drafts = BundleDraftSerializer(many=True)
    limits = BundleLimitsSerializer()
    letters = serializers.CharField(
        help_text="Code points that a record can show, as ranges: `20-7e,a0-17f`."
    )
    signing_keys = BundleKeySerializer(many=True)


class DraftPushSerializer(StrictSerializer):
    """What a phone changed of a draft; ``document`` is read as drafts are."""

    document = serializers.DictField()
    version = WholeNumberField(
        min_value=0, max_value=2**31 - 1, allow_null=True,
        help_text="The version that the phone has seen last; null: none.",
    )  # fmt: skip
    changed = serializers.ListField(
        child=TextField(max_length=100), max_length=MAX_PATHS, help_text="Paths, as `opinion`, "
        "`answers.B02`, `measures.PM01`, `stalls.<id>`, `stalls.<id>.answers.J01`.",
    )  # fmt: skip
    resolved = serializers.ListField(
        child=TextField(max_length=100), max_length=MAX_PATHS, required=False,
        help_text="Of these, or besides, where somebody chose between two values.",
    )  # fmt: skip


class PushItemSerializer(StrictSerializer):
    """``data``: of a submission the inspection document; else the body of the single route, with
    ``finding`` or ``establishment`` and ``month`` from its address.
    """

    op = serializers.CharField(
        max_length=50,
        allow_blank=True,
        help_text="`inspection.submit`, `inspection.draft`, `finding.respond`, "
        "`bag_return.declare`.",
    )
    id = serializers.CharField(
        max_length=50, allow_blank=True, help_text="A UUID that the phone made."
    )
    data = serializers.JSONField(  # type: ignore[assignment] # serializers have one by that name
        help_text="An object, as the operation takes it."
    )


class PushReportSerializer(StrictSerializer):
    queue = serializers.IntegerField(min_value=0, help_text="How many items wait on the phone.")
    sent_at = serializers.DateTimeField(help_text="By the clock of the phone.")
    app = serializers.CharField(max_length=200, allow_blank=True, help_text="Version of the app.")


class SideSerializer(serializers.Serializer[Any]):
    value = serializers.JSONField(allow_null=True, help_text="null also where it is taken away.")
    by = serializers.CharField(help_text="A user name.")
    at = serializers.DateTimeField()


class DraftConflictSerializer(serializers.Serializer[Any]):
    """Two phones changed one path to different values: `here` stands in the document."""

    path = serializers.CharField()
    here = SideSerializer()
    other = SideSerializer()


class PushSerializer(StrictSerializer):
    """For the description; ``envelope`` reads it."""

    items = serializers.ListField(child=PushItemSerializer(), max_length=20)
    report = PushReportSerializer(required=False, allow_null=True)


@extend_schema_field({"$ref": "#/components/schemas/Problem"})
class ProblemField(serializers.DictField):
    """As the single route would answer."""


class OutcomeOfItemSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    op = serializers.CharField()
    status = serializers.ChoiceField(["created", "duplicate", "conflict", "invalid", "retry"])
    receipt = ReceiptSerializer(required=False, help_text="Of a submission.")
    version = serializers.IntegerField(required=False, help_text="Of a draft.")
    document = serializers.DictField(
        required=False, help_text="Of a draft, where it is not what was sent."
    )
    conflicts = DraftConflictSerializer(
        many=True, required=False, help_text="Of a draft: all that somebody has to choose about."
    )
    problem = ProblemField(required=False, help_text="Of `conflict` and `invalid`.")
    retry_after = serializers.IntegerField(required=False, help_text="Seconds; of `retry`.")


class PushAnswerSerializer(serializers.Serializer[Any]):
    results = OutcomeOfItemSerializer(many=True, help_text="In the order of the items.")
    server_time = serializers.DateTimeField()
    bundle_etag = serializers.CharField(help_text="The present `etag` of the bundle.")


class ChangeOfRowSerializer(serializers.Serializer[Any]):
    """``data`` as the bundle has it; of an inspection as lists have it. A deletion has none."""

    type = serializers.ChoiceField(
        ["establishment", "checklist", "assignment", "finding", "inspection", "draft", "person"]
    )
    id = serializers.CharField(help_text="A code or `CODE@VERSION` where addresses name one.")
    op = serializers.ChoiceField(["upsert", "delete"])
    sequence = serializers.IntegerField(help_text="Of its last entry in the trail.")
    data = serializers.DictField(  # type: ignore[assignment] # serializers have one by that name
        required=False
    )


class ChangesSerializer(serializers.Serializer[Any]):
    changes = ChangeOfRowSerializer(many=True)
    cursor = serializers.CharField()
    more = serializers.BooleanField()
    server_time = serializers.DateTimeField()
