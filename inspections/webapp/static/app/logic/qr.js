// A QR code of a short text, drawn without a network: byte mode, versions 1 to 10, level M.
// Source: ISO/IEC 18004:2015, with its section numbers.

// Per version: code words for data, blocks, correction words per block (table 9, level M).
const SIZES = [
  [16, 1, 10], [28, 1, 16], [44, 1, 26], [64, 2, 18], [86, 2, 24],
  [108, 4, 16], [124, 4, 18], [154, 4, 22], [182, 5, 22], [216, 5, 26],
];
// Rows of the centres of alignment patterns (annex E).
const ALIGNMENT = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34],
  [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
];
const LEVEL_M = 0;

/** @typedef {{modules: boolean[][], fixed: boolean[][]}} Grid */

/**
 * @param {string} text
 * @returns {boolean[][]} rows of modules, true is dark, without the quiet zone of four
 */
export function qr(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const fits = (/** @type {number[]} */ [words], /** @type {number} */ index) =>
    bytes.length + overhead(index + 1) <= words;
  const version = SIZES.findIndex(fits) + 1;
  if (!version) throw new RangeError("the text is too long for a code that phones read well");
  const words = interleave(dataWords(bytes, version), version);
  const masked = Array.from({ length: 8 }, (_, mask) => draw(words, version, mask));
  return masked.reduce((best, grid) => (penalty(grid) < penalty(best) ? grid : best));
}

/** @param {number} version mode, length and terminator, in whole words */
function overhead(version) {
  return version < 10 ? 2 : 3;
}

/**
 * 7.4: mode, length, bytes, terminator, padding.
 * @param {number[]} bytes
 * @param {number} version
 */
function dataWords(bytes, version) {
  const lengthBits = version < 10 ? 8 : 16;
  let bits = `0100${bytes.length.toString(2).padStart(lengthBits, "0")}`;
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  const capacity = SIZES[version - 1][0];
  bits += "0".repeat(Math.min(4, capacity * 8 - bits.length));
  bits += "0".repeat((8 - (bits.length % 8)) % 8);
  const words = (bits.match(/.{8}/g) ?? []).map((word) => parseInt(word, 2));
  for (let pad = 0; words.length < capacity; pad += 1) words.push(pad % 2 ? 0x11 : 0xec);
  return words;
}

/**
 * 7.6: blocks, the longer ones last, word by word, then their corrections.
 * @param {number[]} words
 * @param {number} version
 */
function interleave(words, version) {
  const [capacity, count, corrections] = SIZES[version - 1];
  const short = Math.floor(capacity / count);
  const longOnes = capacity % count;
  /** @type {number[][]} */
  const blocks = [];
  for (let index = 0, start = 0; index < count; index += 1) {
    const length = short + (index >= count - longOnes ? 1 : 0);
    blocks.push(words.slice(start, start + length));
    start += length;
  }
  const checks = blocks.map((block) => correct(block, corrections));
  const result = [];
  for (let place = 0; place <= short; place += 1) {
    for (const block of blocks) if (place < block.length) result.push(block[place]);
  }
  for (let place = 0; place < corrections; place += 1) {
    for (const check of checks) result.push(check[place]);
  }
  return result;
}

/**
 * 7.5: remainder of a division of polynomials over GF(256).
 * @param {number[]} block
 * @param {number} count
 */
function correct(block, count) {
  let generator = [1];
  for (let degree = 0, root = 1; degree < count; degree += 1, root = multiply(root, 2)) {
    const next = [...generator, 0];
    for (const [index, factor] of generator.entries()) next[index + 1] ^= multiply(factor, root);
    generator = next;
  }
  const rest = [...block, ...new Array(count).fill(0)];
  for (let index = 0; index < block.length; index += 1) {
    const lead = rest[index];
    for (const [place, factor] of generator.entries()) rest[index + place] ^= multiply(factor, lead);
  }
  return rest.slice(block.length);
}

/**
 * @param {number} left
 * @param {number} right
 */
function multiply(left, right) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
    if ((right >> bit) & 1) product ^= left;
  }
  return product & 0xff;
}

/**
 * @param {number[]} words
 * @param {number} version
 * @param {number} mask
 * @returns {boolean[][]}
 */
function draw(words, version, mask) {
  const size = version * 4 + 17;
  const empty = () => Array.from({ length: size }, () => new Array(size).fill(false));
  /** @type {Grid} */
  const grid = { modules: empty(), fixed: empty() };
  drawPatterns(grid, version);
  drawFormat(grid, mask);
  if (version >= 7) drawVersion(grid, version);
  drawWords(grid, words, mask);
  return grid.modules;
}

/**
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 * @param {boolean} isDark
 */
function fix({ modules, fixed }, x, y, isDark) {
  if (y < 0 || x < 0 || y >= modules.length || x >= modules.length) return;
  modules[y][x] = isDark;
  fixed[y][x] = true;
}

/**
 * 6.3: timing, finder and alignment patterns.
 * @param {Grid} grid
 * @param {number} version
 */
function drawPatterns(grid, version) {
  const size = grid.modules.length;
  for (let place = 0; place < size; place += 1) {
    fix(grid, 6, place, place % 2 === 0);
    fix(grid, place, 6, place % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
    square(grid, x, y, 4, (ring) => ring !== 2 && ring !== 4);
  }
  const centres = ALIGNMENT[version - 1];
  const last = centres[centres.length - 1];
  for (const x of centres) {
    for (const y of centres) {
      const isFinder = (x === 6 && (y === 6 || y === last)) || (x === last && y === 6);
      if (!isFinder) square(grid, x, y, 2, (ring) => ring !== 1);
    }
  }
}

/**
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 * @param {(ring: number) => boolean} isDark
 */
function square(grid, x, y, reach, isDark) {
  for (let down = -reach; down <= reach; down += 1) {
    for (let right = -reach; right <= reach; right += 1) {
      fix(grid, x + right, y + down, isDark(Math.max(Math.abs(right), Math.abs(down))));
    }
  }
}

/**
 * 7.9: level and mask, twice, with their own correction.
 * @param {Grid} grid
 * @param {number} mask
 */
function drawFormat(grid, mask) {
  const size = grid.modules.length;
  const value = (LEVEL_M << 3) | mask;
  const bits = ((value << 10) | remainder(value << 10, 0x537, 10)) ^ 0x5412;
  for (let place = 0; place < 15; place += 1) {
    const isDark = ((bits >> place) & 1) === 1;
    if (place < 6) fix(grid, 8, place, isDark);
    else if (place < 8) fix(grid, 8, place + 1, isDark);
    else if (place === 8) fix(grid, 7, 8, isDark);
    else fix(grid, 14 - place, 8, isDark);
    if (place < 8) fix(grid, size - 1 - place, 8, isDark);
    else fix(grid, 8, size - 15 + place, isDark);
  }
  fix(grid, 8, size - 8, true);
}

/**
 * 7.10
 * @param {Grid} grid
 * @param {number} version
 */
function drawVersion(grid, version) {
  const size = grid.modules.length;
  const bits = (version << 12) | remainder(version << 12, 0x1f25, 12);
  for (let place = 0; place < 18; place += 1) {
    const isDark = ((bits >> place) & 1) === 1;
    const [near, far] = [Math.floor(place / 3), size - 11 + (place % 3)];
    fix(grid, far, near, isDark);
    fix(grid, near, far, isDark);
  }
}

/**
 * @param {number} value
 * @param {number} divisor
 * @param {number} degree
 */
function remainder(value, divisor, degree) {
  let rest = value;
  for (let bit = 31 - Math.clz32(rest); bit >= degree; bit = 31 - Math.clz32(rest)) {
    rest ^= divisor << (bit - degree);
    if (!rest) break;
  }
  return rest;
}

/**
 * 7.7.3 and 7.8: in pairs of columns from the right, up and down by turns.
 * @param {Grid} grid
 * @param {number[]} words
 * @param {number} mask
 */
function drawWords({ modules, fixed }, words, mask) {
  const size = modules.length;
  let bit = 0;
  for (let column = size - 1, isUp = true; column > 0; column -= 2, isUp = !isUp) {
    const right = column <= 6 ? column - 1 : column;
    for (let step = 0; step < size; step += 1) {
      const y = isUp ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y][x]) continue;
        const word = words[bit >> 3] ?? 0;
        modules[y][x] = (((word >> (7 - (bit & 7))) & 1) === 1) !== MASKS[mask](x, y);
        bit += 1;
      }
    }
  }
}

/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * 7.8.3 in short: long runs of one colour and more dark than light are hard to read.
 * @param {boolean[][]} modules
 */
function penalty(modules) {
  const lines = [...modules, ...modules.map((_, x) => modules.map((row) => row[x]))];
  const texts = lines.map((line) => line.map(Number).join(""));
  const runs = texts.flatMap((text) => text.match(/0{5,}|1{5,}/g) ?? []);
  const finders = texts.flatMap((text) => text.match(/1011101(?=0000)|(?<=0000)1011101/g) ?? []);
  const dark = modules.flat().filter(Boolean).length / modules.flat().length;
  const long = runs.reduce((points, run) => points + run.length - 2, 0);
  return long + 40 * finders.length + 10 * Math.floor(Math.abs(dark * 20 - 10));
}
