"""Every route, every caller, own and foreign objects: who may do what.

Columns: nobody; the inspector who owns the object and a colleague; the manager of the place and
one of another place; the department. ``object`` is the scope that the API description tells.
A word after the address names another body than the usual one (see ``bodies``).
Somebody disabled or revoked is nobody, and is walked besides.
"""

from typing import NamedTuple

CALLERS = ("", "inspector", "inspector2", "manager.bocbo", "manager.phuthong", "department")
FORMER = ("disabled", "revoked")
LAST_DOOR = "sync/quarantine/"

TABLE = """
method address                                  object   nobody inspector    manager      dept
------ ---------------------------------------- -------- ------ ------------ ------------ -----
POST   auth/token/                              none     200    200  200     200  200     200
POST   auth/token/refresh/                      none     200    200  200     200  200     200
POST   auth/device-link/                        none     200    200  200     200  200     200
POST   auth/device-links/                       none     401    403  403     403  403     201
POST   auth/logout/                             none     401    204  204     204  204     204
GET    auth/me/                                 none     401    200  200     200  200     200
GET    auth/devices/                            own      401    200  200     200  200     200
POST   auth/devices/{device}/revoke/            visible  401    200  404     404  404     200
POST   auth/devices/{manager_device}/revoke/    visible  401    404  404     200  404     200

GET    establishments/                          visible  401    200  200     200  200     200
POST   establishments/                          none     401    403  403     403  403     201
POST   establishments/import/                   none     401    403  403     403  403     200
GET    establishments/{place}/                  visible  401    200  200     200  200     200
GET    establishments/{place}/scorecard/        visible  401    200  200     200  404     200
GET    establishments/{no_place}/scorecard/     visible  401    404  404     404  404     404
GET    establishments/{place}/poster.pdf        visible  401    200  200     200  404     200
GET    establishments/{no_place}/poster.pdf     visible  401    404  404     404  404     404
PATCH  establishments/{place}/                  visible  401    403  403     403  403     200
PATCH  establishments/{no_place}/               visible  401    404  404     404  404     404
GET    establishments/{place}/market-days/      visible  401    200  200     200  200     200
GET    establishments/{place}/stalls/           visible  401    200  200     200  200     200
POST   establishments/{place}/stalls/           own      401    403  403     201  403     201
POST   establishments/{no_place}/stalls/        own      401    404  404     404  404     404
POST   establishments/{place}/stalls/import/    own      401    403  403     200  403     200
GET    stalls/{stall}/                          visible  401    200  200     200  200     200
PATCH  stalls/{stall}/                          own      401    403  403     200  403     200
PATCH  stalls/{nothing}/                        own      401    404  404     404  404     404
GET    administrative-units/                    visible  401    200  200     200  200     200
POST   administrative-units/import/             none     401    403  403     403  403     200
GET    authorities/                             visible  401    200  200     200  200     200
GET    appointments/                            own      401    200  200     200  200     200

GET    checklists/                              visible  401    200  200     200  200     200
POST   checklists/import/                       none     401    403  403     403  403     201
GET    checklists/{checklist}/                  visible  401    200  200     200  200     200
GET    checklists/{new_checklist}/              visible  401    404  404     404  404     200
POST   checklists/{checklist}/publish/          visible  401    403  403     403  403     409
POST   checklists/{new_checklist}/publish/      visible  401    404  404     404  404     200
POST   checklists/{checklist}/retire/           visible  401    403  403     403  403     200
POST   checklists/{new_checklist}/retire/       visible  401    404  404     404  404     409
GET    checklists/{checklist}/diff/{checklist}/ visible  401    403  403     403  403     200
GET    checklists/{checklist}/diff/{new_checklist}/ visible 401 403  403     403  403     200

GET    inspections/                             visible  401    200  200     200  200     200
GET    inspections/{draft}/                     visible  401    200  404     404  404     200
GET    inspections/{visit}/                     visible  401    200  200     200  404     200
PUT    inspections/{new}/                       own      401    201  201     403  403     403
PUT    inspections/{draft}/                     own      401    200  404     404  404     403
PUT    inspections/{visit}/                     own      401    409  409     403  404     403
DELETE inspections/{draft}/                     own      401    204  404     404  404     403
DELETE inspections/{visit}/                     own      401    409  409     403  404     403
POST   inspections/{new}/submit/                own      401    201  201     403  403     403
POST   inspections/{new}/submit/ self_check     own      401    403  403     201  403     403
POST   inspections/{draft}/submit/              own      401    201  404     404  404     403
POST   inspections/{visit}/submit/              own      401    200  200     403  404     403
GET    inspections/{visit}/result/              visible  401    200  200     200  404     200
GET    inspections/{draft}/result/              visible  401    404  404     404  404     404
POST   inspections/{visit}/void/                visible  401    403  403     403  404     200
POST   inspections/{draft}/void/                visible  401    403  404     404  404     409
POST   inspections/{visit}/close-evidence/      visible  401    403  403     403  404     200
POST   inspections/{draft}/close-evidence/      visible  401    403  404     404  404     409
GET    inspections/{visit}/record/              visible  401    200  200     200  404     200
GET    inspections/{draft}/record/              visible  401    404  404     404  404     404
GET    inspections/{visit}/record.pdf           visible  401    409  409     409  404     409
GET    inspections/{issued}/record.pdf          visible  401    200  200     200  404     200
GET    inspections/{replied}/addenda/{first}.pdf visible 401    200  200     200  404     200
PUT    evidence/{new_photo}/                    none     401    201  201     201  201     201
GET    evidence/{photo}/                        visible  401    200  404     404  404     404
GET    evidence/{named_photo}/                  visible  401    200  200     200  404     200
HEAD   evidence/{photo}/                        visible  401    200  404     404  404     404
HEAD   evidence/{named_photo}/                  visible  401    200  200     200  404     200
GET    evidence/{photo}/thumbnail/              visible  401    200  404     404  404     404
GET    evidence/{named_photo}/thumbnail/        visible  401    200  200     200  404     200
HEAD   evidence/{new_photo}/upload/             own      401    204  204     204  204     204
PATCH  evidence/{new_photo}/upload/             own      401    201  201     201  201     201
PATCH  evidence/{new_photo}/upload/ piece       own      401    204  204     204  204     204
POST   evidence/missing/                        visible  401    200  200     200  200     200

GET    inspections/{visit}/dispute/             visible  401    200  200     200  404     200
GET    inspections/{draft}/dispute/             visible  401    404  404     404  404     404
POST   inspections/{visit}/reply/               own      401    403  403     201  404     403
POST   inspections/{draft}/reply/               own      401    404  404     404  404     404
POST   inspections/{visit}/appeal/              own      401    403  403     201  404     403
POST   inspections/{draft}/appeal/              own      401    404  404     404  404     404
POST   inspections/{issued}/publish/            visible  401    403  403     403  404     409
POST   inspections/{old}/publish/               visible  401    403  403     403  404     200
POST   inspections/{published}/withdraw/        visible  401    403  403     403  404     200
GET    appeals/                                 visible  401    200  200     200  200     200
POST   appeals/{appeal}/decide/                 visible  401    403  403     403  404     200
GET    findings/                                visible  401    200  200     200  200     200
GET    findings/{finding}/                      visible  401    200  200     200  404     200
POST   findings/accept/                         none     401    200  200     403  403     200
POST   findings/{finding}/respond/              own      401    403  403     201  404     403
POST   findings/{nothing}/respond/              own      401    404  404     404  404     404
POST   findings/{answered}/accept/              visible  401    200  200     403  404     200
POST   findings/{answered}/refuse/              visible  401    200  200     403  404     200
POST   findings/{accepted}/reopen/              visible  401    200  200     403  404     200
POST   findings/{finding}/except/               visible  401    403  403     403  404     200
GET    follow-up-proposals/                     none     401    403  403     403  403     200
GET    assignments/                             visible  401    200  200     403  403     200
POST   assignments/                             none     401    403  403     403  403     201
GET    assignments/{assignment}/                visible  401    200  404     404  404     200
PATCH  assignments/{assignment}/                visible  401    403  404     404  404     200
GET    planning/queue/                          none     401    403  403     403  403     200
POST   planning/calendar/                       own      401    201  201     403  403     403
DELETE planning/calendar/                       own      401    204  204     403  403     403
GET    planning/calendars/{calendar}.ics        public   200    200  200     200  200     200
POST   assignments/series/                      none     401    403  403     403  403     201
GET    assignments/series/{series}/             visible  401    403  403     403  403     200
POST   assignments/series/{series}/cancel/      visible  401    403  403     403  403     200
POST   assignments/{assignment}/cancel/         visible  401    403  404     404  404     200
GET    bag-returns/                             visible  401    200  200     200  200     200
GET    bag-returns/{store}/{month}/             visible  401    200  200     200  404     200
GET    bag-returns/{store}/{new_month}/         visible  401    404  404     404  404     404
POST   bag-returns/{store}/{month}/confirm/     visible  401    403  403     403  403     200
PUT    bag-returns/{store}/{month}/             own      401    403  403     200  403     200
PUT    bag-returns/{store}/{new_month}/         own      401    403  403     201  403     201
PUT    bag-returns/{no_place}/{month}/          own      401    404  404     404  404     404

GET    sync/bundle/                             visible  401    200  200     200  200     403
GET    conflicts/                               none     401    403  403     403  403     200
GET    conflicts/{conflict}/                    none     401    403  403     403  403     200
GET    sync/changes/                            visible  401    200  200     200  200     403
POST   sync/push/                               own      401    200  200     200  200     403

POST   sync/quarantine/                         none     401    202  202     202  202     403
PUT    sync/quarantine/evidence/{brought_photo}/ own     401    201  404     404  404     403
PUT    sync/quarantine/evidence/{manager_photo}/ own     401    404  404     201  404     403
GET    quarantine/                              none     401    403  403     403  403     200
GET    quarantine/{brought}/                    none     401    403  403     403  403     200
GET    quarantine/{nothing}/                    none     401    403  403     403  403     404
POST   quarantine/{brought}/accept/             none     401    403  403     403  403     200
POST   quarantine/{nothing}/accept/             none     401    403  403     403  403     404
POST   quarantine/{brought}/reject/             none     401    403  403     403  403     200
POST   quarantine/{nothing}/reject/             none     401    403  403     403  403     404

GET    summaries/plastics/                      none     401    403  403     403  403     200
GET    summaries/food-safety/                   none     401    403  403     403  403     200

GET    audit/                                   none     401    403  403     403  403     200
GET    audit/verify/                            none     401    403  403     403  403     200
GET    public/establishments/                   public   200    200  200     200  200     200
GET    public/records/{token}/                  public   200    200  200     200  200     200
POST   public/verify/                           none     200    200  200     200  200     200

GET    /api/schema/                             -        200    200  200     200  200     200
GET    /api/docs/                               -        200    200  200     200  200     200
GET    /api/docs/redoc/                         -        200    200  200     200  200     200
GET    /api/docs/redoc.js                       -        200    200  200     200  200     200
GET    /verify/{token}/                         -        200    200  200     200  200     200
GET    /app/                                    -        200    200  200     200  200     200
GET    /app/sw.js                               -        200    200  200     200  200     200
GET    /app/manifest.webmanifest                -        200    200  200     200  200     200
GET    /healthz                                 -        200    200  200     200  200     200
GET    /readyz                                  -        200    200  200     200  200     200
"""


class Row(NamedTuple):
    method: str
    route: str
    body: str
    scope: str
    expected: dict[str, int]

    @property
    def address(self) -> str:
        """From the root, with its placeholders."""
        return self.route if self.route.startswith("/") else f"/api/v1/{self.route}"

    @property
    def name(self) -> str:
        return f"{self.method} {self.route} {self.body}".strip()

    @property
    def is_open(self) -> bool:
        return self.expected[""] < 400


def _row(line: str) -> Row:
    method, route, *words = line.split()
    *named, scope = words[: -len(CALLERS)]
    statuses = [int(word) for word in words[-len(CALLERS) :]]
    expected = dict(zip(CALLERS, statuses, strict=True))
    # Both were of the department. The last door for phones still knows that.
    former = dict.fromkeys(FORMER, expected["department" if route.startswith(LAST_DOOR) else ""])
    return Row(method, route, " ".join(named), scope, {**expected, **former})


ROWS = [_row(line) for line in TABLE.splitlines()[3:] if line]
