// What the modules of the app pass around. Shapes of the API are those of its description.

type Outcome = "pass" | "fail" | "na";
type Verdict = "pass" | "to_complete" | "fail";
type Level = "A" | "B";
type Kind = "planned" | "unannounced" | "recognition" | "follow_up" | "self_check";
type Role = "inspector" | "manager" | "department";
type Wording = { vi: string; en: string };

interface Scorecard {
  last: {
    inspection: string;
    age_days: number;
    stale: boolean;
    verdict: Verdict | null;
    level_a: Count;
    level_b: Count;
    record: { number: string; verify_url: string } | null;
  } | null;
  sections: (Count & { title: Wording; before: Count | null })[];
  trend: { on: string; score: string | null }[];
  fixes: Record<"to_complete" | "pass", {
    count: number;
    open: number;
    first: { finding: string; item: string; stall: string | null; status: string }[];
  } | null>;
  projected: { assumed: number; verdict: Verdict | null; score: string | null };
  items: Record<string, Wording>;
}

interface AnswerSpec {
  type: "pass_fail" | "number" | "ratio" | "document" | "choice";
  unit?: string;
  op?: ">=" | "<=" | ">" | "<" | "==";
  threshold?: string;
  minimum?: string;
  param?: string;
  numerator_of?: string;
  expires?: boolean;
  options?: string[];
  pass_options?: string[];
}

interface ItemContent {
  code: string;
  text: Wording;
  severity: string;
  level: Level;
  points: number;
  answer: AnswerSpec;
  photo: "always" | "on_fail" | "never";
  na_allowed: boolean;
  na_when?: Wording;
  note_vi?: string;
  refs: { text: string; status: string }[];
  mandatory_from?: string;
}

interface Item extends ItemContent {
  section: string;
  scope: "establishment" | "stall";
}

interface SectionOf<T> {
  code: string;
  title: Wording;
  scope: "establishment" | "stall";
  commodity: string;
  items: T[];
}
type Section = SectionOf<Item>;

interface RuleSet {
  code: string;
  status: string;
  source: string;
  bands: Record<string, string>;
  verdicts: Record<Verdict, Wording>;
}

interface Severity extends Wording {
  points: number;
  level: Level;
  correct_within_days: number;
}

interface Measure extends Wording {
  code: string;
  unit: string;
  kind: "input" | "derived";
  formula?: string;
}

interface ChecklistContent {
  code: string;
  version: number;
  title: Wording;
  kinds: string[];
  rule_set: string;
  rule_sets: RuleSet[];
  severities: Record<string, Severity>;
  commodities?: Record<string, string>;
  measures?: Measure[];
  sections: SectionOf<ItemContent>[];
}

interface Checklist {
  name: string;
  code: string;
  version: number;
  title: Wording;
  kinds: string[];
  ruleSet: string;
  ruleSets: RuleSet[];
  severities: Record<string, Severity>;
  commodities: Record<string, string>;
  measures: Measure[];
  sections: Section[];
  items: Map<string, Item>;
}

interface Answer {
  value?: unknown;
  not_applicable?: boolean;
  note?: string;
  photos?: string[];
  corrected_on_site?: boolean;
}
type Answers = Record<string, Answer>;

interface NewStall {
  id: string;
  number: string;
  trader?: string;
  commodity?: string | null;
  zone?: string;
}

interface StallSheet {
  stall?: string;
  new?: NewStall;
  commodity?: string | null;
  absent?: string | null;
  answers?: Answers;
}

interface Signature {
  role: "head" | "member" | "representative" | "witness" | "commune_representative";
  name: string;
  width: number;
  height: number;
  strokes: [number, number][][];
}

interface Place {
  latitude: string;
  longitude: string;
  accuracy_m?: string;
  mock?: boolean;
  at?: string;
}

interface VisitDocument {
  id: string;
  establishment: string;
  checklist: string;
  kind: Kind;
  follows: string | null;
  supersedes: string | null;
  reason: string;
  grounds: { number: string; date: string; issuer: string } | null;
  started_at: string;
  ended_at: string | null;
  location: Place | null;
  device: { id: string; sent_at: string; counter: number } | null;
  team: { role: "head" | "member"; username?: string; name?: string; title?: string }[];
  parties: { role: string; name: string; title?: string }[];
  answers: Answers;
  stalls: StallSheet[];
  measures: Record<string, string>;
  samples: { kind: string; result: string; stall?: string }[];
  opinion: string;
  requests: string;
  signatures: Signature[];
  refusal: { role: "representative"; reason: string } | null;
}

interface FieldError {
  pointer: string;
  code: string;
  /** What is wrong, in words: of the server. */
  detail?: string;
  /** Those that the record cannot show: of the phone's own check. */
  letters?: string;
}

interface Flaw {
  path: string;
  code: string;
}

interface Count {
  passed: number;
  applicable: number;
}

interface Judged {
  item: string;
  outcome: Outcome;
  level: Level;
  severity: string;
  points: number;
}

interface Criterion extends Judged {
  failures: string[];
}

interface StallResult {
  stall: string;
  verdict: Verdict | null;
  level_a: Count;
  level_b: Count;
  criteria: Judged[];
}

interface Found {
  item: string;
  stall: string | null;
  severity: string;
  corrected_on_site: boolean;
  points_lost: number;
  reference: string | null;
  photos: string[];
}

interface Result {
  verdict: Verdict | null;
  score: string | null;
  rule_set: string;
  verdict_by_rule_set: Record<string, Verdict | null>;
  level_a: Count;
  level_b: Count;
  sections: (Count & { code: string; title: Wording; points: number; points_possible: number })[];
  criteria: Criterion[];
  stalls: StallResult[];
  findings: Found[];
  /** Answers still to be given, on all sheets together. */
  unanswered: number;
}

/** Where on the document an answer stands; without a stall on the sheet of the place. */
interface At {
  item: string;
  stall?: string | null;
}

interface OpenFinding {
  id: string;
  item: string;
  stall?: string | null;
  severity: string;
  due_on: string;
  found_on: string;
  repeated?: boolean;
  corrected_on_site?: boolean;
  state?: "open" | "answered";
}

interface Stall {
  id: string;
  number: string;
  trader?: string;
  commodity?: string;
  zone?: string;
}

interface Establishment {
  code: string;
  name: string;
  kind: string;
  address?: string;
  unit?: string;
  latitude?: string | null;
  longitude?: string | null;
  market_days?: unknown;
  last?: {
    inspection: string;
    number: string | null;
    year: number | null;
    on: string;
    verdict: Verdict | null;
    score: string | null;
    kind: Kind;
    disputed?: boolean;
  } | null;
  findings?: OpenFinding[];
  facts?: Record<string, { value: unknown }>;
  stalls?: Stall[];
}

interface Assignment {
  id: string;
  establishment: string;
  checklist: string;
  due_on: string;
  kind: Kind;
  grounds?: VisitDocument["grounds"];
  follows?: string | null;
  team?: string[];
}

/** The answer of sync/bundle; members that would be empty may be left out. */
interface Bundle {
  format: number;
  etag: string;
  cursor: string;
  server_time: string;
  min_client: string;
  person: { username: string; full_name: string; title: string; role: Role };
  checklists: { name: string; sha256: string; approved?: boolean; content: ChecklistContent }[];
  establishments: Establishment[];
  assignments?: Assignment[];
  drafts?: { id: string; version: number; establishment: string }[];
  limits: {
    photo_bytes: number;
    evidence_bytes: number;
    push_items: number;
    push_bytes: number;
    photos: number;
  };
  letters: string;
  signing_keys?: { sha256: string; pem: string }[];
}

/** Of the visit that a follow-up follows: what was scored, and what was found. */
interface FirstVisit {
  answers: Answers;
  stalls: StallSheet[];
  findings: { item: string; stall: string | null }[];
}

interface Side {
  value: unknown;
  by: string;
  at: string;
}

/** Two phones gave the same answer differently; both are kept until somebody chooses. */
interface DraftConflict {
  path: string;
  here: Side;
  other: Side;
}

interface Draft {
  id: string;
  document: VisitDocument;
  assignment: string | null;
  /** Facts of the place as last found: no answers until they are confirmed. */
  suggested: Answers;
  first: FirstVisit | null;
  updated_at: string;
  /** Where the camera was opened, so that a reload can say what it was for. */
  camera: At | null;
  /** What the server refused when it was sent. */
  errors: FieldError[];
  /** Of the server's copy; null: it has none. */
  version: number | null;
  /** Paths that the server's copy does not have yet, with the count at which each was changed. */
  changed: Record<string, number>;
  count: number;
  resolved: string[];
  conflicts: DraftConflict[];
  /** The count at which the server would not take its copy; not asked again before a change. */
  refused_at: number;
}

type Op = "inspection.submit" | "finding.respond" | "bag_return.declare" | "inspection.discard";

interface Reason {
  code: string;
  title: string;
  errors: FieldError[];
  request_id: string;
  at: string;
}

interface OutboxItem {
  id: string;
  op: Op;
  /** What people call it: name of the place and the like. */
  title: string;
  data: any;
  photos: string[];
  created_at: string;
  state: "waiting" | "photos" | "rejected" | "conflict" | "photos_lost" | "handed_in";
  reason: Reason | null;
  tries: number;
  /** Milliseconds; 0: at once. */
  not_before: number;
  receipt: Receipt | null;
  /** Photos that the server lacks; null: it has to be asked. */
  missing: string[] | null;
  /** Photos that the server refused, or that are no longer on the phone. */
  lost: { sha256: string; code: string }[];
  draft: Draft | null;
}

interface Receipt {
  id: string;
  status: string;
  number: string | null;
  year: number | null;
  verdict: Verdict | null;
  score: string | null;
  missing_evidence?: string[];
  received_at: string;
  verify_url?: string | null;
  [member: string]: unknown;
}

interface Sent {
  id: string;
  op: Op;
  title: string;
  data: any;
  receipt: Receipt | null;
  sent_at: string;
  lost: OutboxItem["lost"];
  /** Of a follow-up: what carried over. */
  first?: FirstVisit | null;
}

interface Photo {
  sha256: string;
  blob: Blob;
  width: number;
  height: number;
  taken_at: string;
}
