// What a checklist version asks, from its content as the bundle brings it.

const EARLY_SEVERITY = "minor"; // what an item counts as before its mandatory_from
const ALL = "all";

/**
 * @param {ChecklistContent} content
 * @returns {Checklist}
 */
export function parse(content) {
  const sections = content.sections.map((section) => ({
    code: section.code,
    title: section.title,
    scope: section.scope,
    commodity: section.commodity,
    items: section.items.map((item) => ({ ...item, section: section.code, scope: section.scope })),
  }));
  return {
    name: `${content.code}@${content.version}`,
    code: content.code,
    version: content.version,
    title: content.title,
    kinds: content.kinds,
    ruleSet: content.rule_set,
    ruleSets: content.rule_sets,
    severities: content.severities,
    commodities: content.commodities ?? {},
    measures: content.measures ?? [],
    sections,
    items: new Map(sections.flatMap((section) => section.items).map((item) => [item.code, item])),
  };
}

/**
 * The version with every item as it counts on `day`: minor throughout before `mandatory_from`.
 * @param {Checklist} checklist
 * @param {string} day
 * @returns {Checklist}
 */
export function asOf(checklist, day) {
  const { points, level } = checklist.severities[EARLY_SEVERITY];
  /** @param {Item} item */
  const counted = (item) =>
    item.mandatory_from && day < item.mandatory_from
      ? { ...item, severity: EARLY_SEVERITY, points, level }
      : item;
  const sections = checklist.sections.map((section) => ({
    ...section,
    items: section.items.map(counted),
  }));
  const items = new Map(sections.flatMap((section) => section.items.map((i) => [i.code, i])));
  return { ...checklist, sections, items };
}

/** @param {Checklist} checklist */
export function establishmentSections(checklist) {
  return checklist.sections.filter((section) => section.scope === "establishment");
}

/**
 * The common stall sections and those of the commodity; none where it is not the checklist's.
 * @param {Checklist} checklist
 * @param {string} commodity
 */
export function stallSections(checklist, commodity) {
  if (!(commodity in checklist.commodities)) return [];
  return checklist.sections.filter(
    ({ scope, commodity: sold }) => scope === "stall" && (sold === ALL || sold === commodity),
  );
}

/** @param {Checklist} checklist */
export function establishmentItems(checklist) {
  return establishmentSections(checklist).flatMap((section) => section.items);
}

/**
 * @param {Checklist} checklist
 * @param {string} commodity
 */
export function stallItems(checklist, commodity) {
  return stallSections(checklist, commodity).flatMap((section) => section.items);
}

/**
 * As seen on the day; a new stall may say it among its own facts.
 * @param {StallSheet} sheet
 */
export function commodityOf(sheet) {
  return sheet.commodity || sheet.new?.commodity || "";
}

/** @param {StallSheet} sheet */
export function stallOf(sheet) {
  return sheet.stall || sheet.new?.id || "";
}

/**
 * Whether a follow-up visit has to answer the item: an open finding there, or critical.
 * @param {Item} item as it counts on the day
 * @param {string | null} stall
 * @param {{item: string, stall: string | null}[]} findings of the visit that it follows
 */
export function mustAnswer(item, stall, findings) {
  return (
    item.severity === "critical" ||
    findings.some((found) => found.item === item.code && found.stall === stall)
  );
}
