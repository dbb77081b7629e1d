// Moments and days in the time of the market, wherever the phone thinks it is.

const ZONE = "Asia/Ho_Chi_Minh";
const OFFSET = "+07:00";
const OFFSET_MS = 7 * 3_600_000;

const days = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/**
 * The local day of a moment, as `2026-11-22`.
 * @param {string | number | Date} moment
 */
export function dayOf(moment) {
  return days.format(new Date(moment));
}

/** @param {number} [now] milliseconds; as `2026-11-22T08:31:02+07:00` */
export function moment(now = Date.now()) {
  return new Date(now + OFFSET_MS).toISOString().slice(0, 19) + OFFSET;
}

/**
 * Whether it is a day of the calendar, as `YYYY-MM-DD`.
 * @param {unknown} text
 */
export function isDay(text) {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const read = new Date(`${text}T00:00:00Z`);
  return text >= "0001" && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
}
