// Texts and decimals as the server reads them.

/** @typedef {{units: bigint, scale: number}} Decimal units times ten to the minus scale */

const MAX_DIGITS = 18;
const DECIMAL = /^-?[0-9]+(?:[.,][0-9]+)?$/;

/**
 * For searching: lower case, no accents, single spaces (`Bộc Bố` becomes `boc bo`).
 * @param {string} text
 */
export function fold(text) {
  const letters = text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/\p{Mn}/gu, "");
  return letters.toLowerCase().replaceAll("ß", "ss").trim().replace(/\s+/g, " ");
}

/** @param {string} text */
export function nfc(text) {
  return text.normalize("NFC");
}

/**
 * @param {unknown} text `3,5` and `3.5` are equal
 * @returns {Decimal | "wrong_type" | "out_of_range"}
 */
export function readDecimal(text) {
  if (typeof text !== "string" || !DECIMAL.test(text)) return "wrong_type";
  const [whole = "", part = ""] = text.split(/[.,]/);
  if ((whole + part).replace("-", "").length > MAX_DIGITS) return "out_of_range";
  return { units: BigInt(whole + part), scale: part.length };
}

/**
 * Below 0, 0 or above 0, as `left` is less than, equal to or more than `right`.
 * @param {Decimal} left
 * @param {Decimal} right
 */
export function compareDecimals(left, right) {
  const difference =
    left.units * 10n ** BigInt(right.scale) - right.units * 10n ** BigInt(left.scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/**
 * The one spelling of a decimal (`03,50` becomes `3.5`); what is none is left as it is.
 * @param {string} text
 */
export function spell(text) {
  const read = readDecimal(text.trim());
  if (typeof read === "string") return text;
  const digits = String(read.units < 0n ? -read.units : read.units).padStart(read.scale + 1, "0");
  const whole = digits.slice(0, digits.length - read.scale);
  const part = digits.slice(digits.length - read.scale).replace(/0+$/, "");
  return (read.units < 0n ? "-" : "") + whole + (part && `.${part}`);
}

/**
 * A decimal as people of that language write it.
 * @param {string} text
 * @param {"vi" | "en"} language
 */
export function show(text, language) {
  return language === "vi" ? text.replace(".", ",") : text;
}

/** @typedef {[first: number, last: number][]} Ranges of code points, rising */

/**
 * @param {string} compact as the bundle tells them: `20-7e,a0-17f,fb29`, in hex
 * @returns {Ranges}
 */
export function letters(compact) {
  return compact
    .split(",")
    .filter(Boolean)
    .map((range) => {
      const [first = "", last = first] = range.split("-");
      return [parseInt(first, 16), parseInt(last, 16)];
    });
}

/**
 * The characters that the record cannot show, each once, in order.
 * @param {string} text
 * @param {Ranges} ranges
 */
export function unsupported(text, ranges) {
  const found = [...nfc(text)].filter((char) => !within(char.codePointAt(0) ?? 0, ranges));
  return [...new Set(found)].join("");
}

/**
 * @param {number} code
 * @param {Ranges} ranges
 */
function within(code, ranges) {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle];
    if (code < first) high = middle - 1;
    else if (code > last) low = middle + 1;
    else return true;
  }
  return false;
}
