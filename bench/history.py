"""A past: many visits to many places over years, written straight into PostgreSQL.

Real visits are submitted first; the database then makes the others of them, with ids, days and
repeats of their own. The same seed gives the same rows.

What nobody has asked for yet is left out to be quick: documents, payloads, signed files, receipts
and the audit trail of these visits. Their results have no stalls.
"""

import hashlib
import random
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import psycopg

from inspections.demo.document import document
from inspections.demo.phone import Phone
from tests import live

SEED = 20261122
TEMPLATES = 24
EVERY_DAYS = 7

# As ``_named`` makes it.
_NAMED = """
CREATE FUNCTION pg_temp.named(name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
SELECT overlay(overlay(md5(name) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid $$
"""

_TEMPLATES = """
CREATE TEMPORARY TABLE template AS
SELECT row_number() OVER (ORDER BY visit.id) - 1 AS number, visit.id, slim
FROM inspections_inspection visit, LATERAL jsonb_populate_record(visit, jsonb_build_object(
    'status', 'issued', 'document', '{}'::jsonb, 'receipt', '{}', 'assessed', NULL,
    'result', visit.result - '{stalls,explanation,findings}'::text[])) slim
WHERE visit.id = ANY(%(ids)s)
"""

_PLACES = """
INSERT INTO markets_establishment
SELECT made.* FROM markets_establishment market, generate_series(1, %(places)s) AS number,
LATERAL jsonb_populate_record(market, jsonb_build_object(
    'id', 1000000 + number, 'code', 'CHO-' || number, 'name_vi', 'Chợ số ' || number)) made
WHERE market.code = %(market)s;
"""

_PLACEMENTS = """
INSERT INTO markets_placement
SELECT made.* FROM markets_placement placement
JOIN markets_establishment market ON market.id = placement.establishment_id,
generate_series(1, %(places)s) AS number,
LATERAL jsonb_populate_record(placement, jsonb_build_object(
    'id', 1000000 + number, 'establishment_id', 1000000 + number)) made
WHERE market.code = %(market)s AND placement.valid_to IS NULL;
"""

_STALLS = """
INSERT INTO markets_stall
SELECT made.* FROM markets_stall stall
JOIN markets_establishment market ON market.id = stall.establishment_id,
generate_series(1, %(places)s) AS place,
LATERAL jsonb_populate_record(stall, jsonb_build_object(
    'id', pg_temp.named(place || '/' || stall.number), 'establishment_id', 1000000 + place)) made
WHERE market.code = %(market)s AND stall.retired_at IS NULL;
INSERT INTO markets_stallversion
SELECT made.* FROM (
    SELECT version, stall.number, place,
        1000000 + row_number() OVER (ORDER BY place, stall.number) AS id
    FROM markets_stallversion version
    JOIN markets_stall stall ON stall.id = version.stall_id
    JOIN markets_establishment market ON market.id = stall.establishment_id,
    generate_series(1, %(places)s) AS place
    WHERE market.code = %(market)s AND stall.retired_at IS NULL
) AS found, LATERAL jsonb_populate_record(found.version, jsonb_build_object(
    'id', found.id, 'stall_id', pg_temp.named(found.place || '/' || found.number))) made;
"""

# Visit n is the one before the last but n / places of place n %% places.
_PLAN = """
CREATE TEMPORARY TABLE plan AS
SELECT n, pg_temp.named(%(seed)s || '/' || n) AS id, 1000001 + n %% %(places)s AS place,
    %(until)s - n / %(places)s * make_interval(days => %(every)s)
        - n %% %(places)s * interval '7 minutes' AS started_at,
    ('x' || left(md5(%(seed)s || '?' || n), 7))::bit(28)::int %% %(templates)s AS template
FROM generate_series(0, %(visits)s - 1) AS n;
ANALYZE plan
"""

_VISITS = """
INSERT INTO inspections_inspection
SELECT made.* FROM plan JOIN template ON template.number = plan.template,
LATERAL jsonb_populate_record(template.slim, jsonb_build_object(
    'id', plan.id, 'establishment_id', plan.place,
    'started_at', plan.started_at, 'ended_at', plan.started_at + interval '2 hours',
    'created_at', plan.started_at + interval '6 hours',
    'updated_at', plan.started_at + interval '6 hours',
    'received_at', plan.started_at + interval '6 hours')) made
"""

_RECORDS = """
INSERT INTO inspections_record
SELECT made.* FROM (
    SELECT plan.id, template.id AS visit, plan.n,
        extract(year FROM plan.started_at) AS year, row_number() OVER (
            PARTITION BY extract(year FROM plan.started_at) ORDER BY plan.started_at, plan.n
        ) AS sequence
    FROM plan JOIN template ON template.number = plan.template
) AS numbered JOIN inspections_record record ON record.inspection_id = numbered.visit,
LATERAL jsonb_populate_record(record, jsonb_build_object(
    'id', numbered.id, 'inspection_id', numbered.id, 'year', numbered.year,
    'sequence', 1000000 + numbered.sequence, 'token', 'past' || numbered.n, 'payload', '{}',
    'number', numbered.sequence || '/BB-SCT', 'issue_note', '{}'::jsonb,
    'file_sha256', repeat('0', 64), 'size_bytes', 1, 'signed_at', now())) made
"""

# A finding is a repeat of the one before at the same item and stall, within 12 months.
_FINDINGS = """
INSERT INTO inspections_finding
SELECT made.* FROM (
    SELECT finding, plan.*, pg_temp.named(plan.n || '/' || finding.id) AS own,
        CASE WHEN stall.id IS NOT NULL
             THEN pg_temp.named((plan.place - 1000000) || '/' || stall.number) END AS stall,
        lag(pg_temp.named(plan.n || '/' || finding.id)) OVER same AS before,
        lag(plan.started_at) OVER same AS before_at
    FROM plan JOIN template ON template.number = plan.template
    JOIN inspections_finding finding ON finding.inspection_id = template.id
    LEFT JOIN markets_stall stall ON stall.id = finding.stall_id
    WINDOW same AS (PARTITION BY plan.place, finding.item, stall.number ORDER BY plan.started_at)
) AS found, LATERAL jsonb_populate_record(found.finding, jsonb_build_object(
    'id', found.own, 'inspection_id', found.id, 'establishment_id', found.place,
    'stall_id', found.stall, 'found_on', found.started_at::date,
    'due_on', found.started_at::date + ((found.finding).due_on - (found.finding).found_on),
    'repeat_of_id', CASE WHEN found.before_at > found.started_at - interval '12 months'
                         THEN found.before END)) made
"""


def write(
    url: str, inspector: Phone, *, visits: int, places: int, until: date, seed: int = SEED
) -> list[str]:
    """The codes of ``places`` new markets, each visited once a week up to the day ``until``.

    ``visits`` in all. ``inspector`` submits what they are made of.
    """
    ids = [_submit(inspector, number, seed) for number in range(TEMPLATES)]
    at = datetime.combine(until, time(2), tzinfo=UTC)
    values: dict[str, Any] = {
        "ids": ids, "market": live.MARKET, "places": places, "visits": visits, "until": at,
        "every": EVERY_DAYS, "seed": str(seed), "templates": TEMPLATES,
    }  # fmt: skip
    with psycopg.connect(url) as connection:
        cursor = psycopg.ClientCursor(connection)
        for statement in (
            _NAMED, _TEMPLATES, _PLACES, _PLACEMENTS, _STALLS, _PLAN, _VISITS, _RECORDS, _FINDINGS,
        ):  # fmt: skip
            cursor.execute(statement, values)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return [f"CHO-{number}" for number in range(1, places + 1)]


def a_visit(code: str, number: int, seed: int = SEED, **changes: Any) -> dict[str, Any]:
    """A visit of three stalls with a few failures; ``number`` decides which."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 (the same each time)
    checklist = live.checklist()
    stalls = [{"id": _stall(code, stall), "commodity": live.STALLS[stall]} for stall in live.STALLS]
    at_place = [item.code for item in checklist.establishment_items]
    at_stall = [item.code for item in checklist.stall_items(stalls[0]["commodity"])]
    given: dict[str, Any] = {
        "establishment": code,
        "inspector": "inspector",
        "stalls": stalls,
        "fails": chance.sample(at_place, chance.randint(0, 6)),
        "stall_fails": {stalls[0]["id"]: chance.sample(at_stall, chance.randint(0, 2))},
        "photo": lambda _: "0" * 64,  # never arrives, so nothing is drawn
        **changes,
    }
    return document(str(_named(f"{seed}/{code}/{number}")), checklist, **given)


def _stall(code: str, number: str) -> str:
    if code == live.MARKET:
        return live.stall(number)
    return str(_named(f"{code.removeprefix('CHO-')}/{number}"))


def _named(name: str) -> UUID:
    """An id of version 4 that is the same for the same name."""
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return UUID(f"{digest[:12]}4{digest[13:16]}8{digest[17:]}")


def _submit(inspector: Phone, number: int, seed: int) -> UUID:
    answer = inspector.submit(a_visit(live.MARKET, number, seed))
    if answer.status != 201:
        raise SystemExit(f"a visit was refused: {answer}")
    return _named(f"{seed}/{live.MARKET}/{number}")
