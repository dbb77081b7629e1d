// Who has signed, and who has to: rules B5 and B6 of docs/rules/submission.md.

const SELF_CHECK = "self_check";
const WITNESSES = ["witness", "commune_representative"];

/**
 * A touch alone is no signature.
 * @param {number[][]} stroke
 */
function isDrawn(stroke) {
  return stroke.some(([x, y]) => x !== stroke[0]?.[0] || y !== stroke[0]?.[1]);
}

/** B5, B6: @param {VisitDocument} document */
export function checkSignatures({ signatures, kind, refusal }) {
  /** @type {FieldError[]} */
  const errors = [];
  for (const [index, { width, height, strokes, name }] of signatures.entries()) {
    if (!name.trim()) errors.push({ pointer: `/signatures/${index}/name`, code: "missing_field" });
    for (const [number, stroke] of strokes.entries()) {
      if (stroke.some(([x, y]) => x < 0 || x > width || y < 0 || y > height)) {
        errors.push({ pointer: `/signatures/${index}/strokes/${number}`, code: "out_of_range" });
      }
    }
  }
  if (kind === SELF_CHECK) return errors;
  const drawn = signatures.filter(({ strokes }) => strokes.some(isDrawn));
  /** @type {Set<string>} */
  const signed = new Set(drawn.map(({ role }) => role));
  if (!signed.has("head")) errors.push({ pointer: "/signatures", code: "signature_required" });
  if (!refusal) {
    if (!signed.has("representative") && signed.has("head")) {
      errors.push({ pointer: "/signatures", code: "signature_required" });
    }
    return errors;
  }
  if (!refusal.reason.trim()) errors.push({ pointer: "/refusal/reason", code: "reason_required" });
  if (signed.has(refusal.role)) errors.push({ pointer: "/refusal", code: "refused_and_signed" });
  if (!WITNESSES.some((role) => signed.has(role))) {
    errors.push({ pointer: "/signatures", code: "witness_required" });
  }
  return errors;
}
