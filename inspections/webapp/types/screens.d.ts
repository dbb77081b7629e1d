// What the screens of a visit pass around.

interface SeenVisit {
  document: VisitDocument;
  /** Local day of the visit. */
  day: string;
  bundle: Bundle;
  place: Establishment | null;
  title: string;
  /** As it counts on the day. */
  checklist: Checklist;
  result: Result;
}

interface Visit extends SeenVisit {
  draft: Draft;
  progress: ReturnType<typeof import("../static/app/logic/progress.js").progress>;
  errors: FieldError[];
}
