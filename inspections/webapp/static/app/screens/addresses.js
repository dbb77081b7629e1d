// Addresses of the screens of a visit, and what stands at them.

/**
 * @param {string} id of the visit
 * @param {string} [screen] `section` and `item` take where they are
 * @param {string} [section]
 * @param {string | null} [item] for `section`: the stall
 * @param {string | null} [stall]
 */
export function to(id, screen, section, item, stall) {
  const visit = `/visit/${id}`;
  if (!screen) return visit;
  if (screen === "section") return `${visit}${item ? `/stall/${item}` : ""}/section/${section}`;
  if (screen === "stall") return `${visit}/stall/${section}`;
  if (screen === "item") {
    return `${visit}${stall ? `/stall/${stall}` : ""}/section/${section}/item/${item}`;
  }
  return `${visit}/${screen}`;
}

/**
 * @param {Checklist} checklist
 * @param {string} code
 */
export function sectionOf(checklist, code) {
  const found = checklist.sections.find((section) => section.code === code);
  if (!found) throw new Error(`no section ${code}`);
  return found;
}
