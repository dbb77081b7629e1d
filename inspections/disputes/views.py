"""Replies, appeals and publication over HTTP."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.current import person
from backend.common.errors import NotFound
from backend.common.views import StrictQuery, writes
from inspections.disputes import lifecycle
from inspections.disputes.filters import AppealFilter
from inspections.disputes.models import Appeal, Publication, Reply
from inspections.disputes.serializers import (
    AppealInput,
    AppealSerializer,
    DecisionInput,
    DisputeSerializer,
    PublicationSerializer,
    ReplyInput,
    ReplySerializer,
)
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.serializers import ReasonSerializer
from inspections.fieldwork.views import ALL_ROLES, reason_in, visible

OF_THE_MANAGER: dict[str, Any] = {"x-roles": ["manager"], "x-object": "own"}
OF_THE_DEPARTMENT: dict[str, Any] = {"x-roles": ["department"], "x-object": "visible"}


def _made(data: Any, created: bool) -> Response:
    return Response(data, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


class DisputeView(StrictQuery):
    @extend_schema(
        operation_id="inspections_dispute",
        summary="What was said about a verdict, and how long more may be said",
        responses=DisputeSerializer,
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        visit = visible(request, pk)
        if visit.status == Inspection.Status.DRAFT or visit.kind == Inspection.Kind.SELF_CHECK:
            raise NotFound
        replies = Reply.objects.filter(inspection=visit).select_related("by")
        published = Publication.objects.filter(inspection=visit, withdrawn_at=None)
        clocks = lifecycle.clocks(visit)
        told = {
            "disputed": visit.is_disputed,
            "reply_until": clocks.reply_until,
            "appeal_until": clocks.appeal_until,
            "replies": replies,
            "appeal": getattr(visit, "appeal", None),
            "publication": published.select_related("by").first(),
        }
        return Response(DisputeSerializer(told).data)


class ReplyView(StrictQuery):
    @extend_schema(
        operation_id="inspections_reply",
        summary="Say something to a verdict, or to one of its findings",
        description="Repeat freely: 201 the first time, 200 afterwards. The reply is shown where "
        "the verdict is, and printed as an addendum to the record.",
        request=ReplyInput,
        responses={200: ReplySerializer, 201: ReplySerializer},
        extensions=OF_THE_MANAGER
        | {
            "x-problems": {
                409: ["id_taken", "illegal_move", "time_is_over"],
                422: ["character_not_supported"],
            }
        },
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        body = ReplyInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        said, created = lifecycle.reply(
            pk,
            given["id"],
            text=given["text"],
            finding=given.get("finding"),
            by=person(request),
        )
        return _made(ReplySerializer(said).data, created)


class AppealView(StrictQuery):
    @extend_schema(
        operation_id="inspections_appeal",
        summary="Ask for another look at a verdict",
        description="Repeat freely. Until it is decided, and after it was upheld, no verdict is "
        "shown without the mark `disputed`. A visit that supersedes this one takes it over.",
        request=AppealInput,
        responses={200: AppealSerializer, 201: AppealSerializer},
        extensions=OF_THE_MANAGER
        | {
            "x-problems": {
                409: ["appealed_already", "id_taken", "illegal_move", "time_is_over"],
                422: ["character_not_supported"],
            }
        },
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        body = AppealInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        asked, created = lifecycle.appeal(pk, given["id"], text=given["text"], by=person(request))
        return _made(AppealSerializer(asked).data, created)


class PublishView(StrictQuery):
    @extend_schema(
        operation_id="inspections_publish",
        summary="Let the public see a verdict",
        description="Not before the time for reply has passed (`time_for_reply`, with `until`).",
        request=None,
        responses=PublicationSerializer,
        extensions=OF_THE_DEPARTMENT | {"x-problems": {409: ["illegal_move", "time_for_reply"]}},
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        return Response(PublicationSerializer(lifecycle.publish(pk, by=person(request))).data)


class WithdrawView(StrictQuery):
    @extend_schema(
        operation_id="inspections_withdraw",
        summary="Let the public no longer see a verdict",
        request=ReasonSerializer,
        responses=PublicationSerializer,
        extensions=OF_THE_DEPARTMENT
        | {"x-problems": {409: ["illegal_move"], 422: ["reason_required"]}},
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        reason = reason_in(request)
        withdrawn = lifecycle.withdraw(pk, reason=reason, by=person(request))
        return Response(PublicationSerializer(withdrawn).data)


class AppealListView(StrictQuery, ListAPIView[Appeal]):
    queryset = Appeal.objects.none()  # only tells the schema the model
    serializer_class = AppealSerializer
    filterset_class = AppealFilter
    orderings: ClassVar = {"at": ("at", "id"), "-at": ("-at", "-id")}

    def get_queryset(self) -> QuerySet[Appeal]:
        asking = person(self.request)
        seen = Appeal.objects.visible_to(asking.id, asking.role)
        return (
            seen.select_related("inspection__establishment", "by", "decided_by")
            .defer(
                "inspection__document", "inspection__result", "inspection__assessed",
                "inspection__receipt", "inspection__device",
            )
        )  # fmt: skip

    @extend_schema(
        operation_id="appeals_list",
        summary="List the appeals against verdicts",
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class DecideView(StrictQuery):
    @extend_schema(
        operation_id="appeals_decide",
        summary="Decide about an appeal, as an officer who was not on the visit",
        description="Upheld, the verdict keeps its mark until it is superseded or voided. Safe to "
        "repeat.",
        request=DecisionInput,
        responses=AppealSerializer,
        extensions=OF_THE_DEPARTMENT
        | {
            "x-problems": {
                409: ["illegal_move"],
                422: ["character_not_supported", "reason_required"],
            }
        },
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        body = DecisionInput(data=request.data)
        body.is_valid(raise_exception=True)
        decided = lifecycle.decide(pk, by=person(request), **body.validated_data)
        return Response(AppealSerializer(decided).data)
