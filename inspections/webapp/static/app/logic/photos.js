// Photos: made small enough for a weak network, named by their content, kept until the server
// has them.

import { moment } from "./moments.js";
import { store } from "./session.js";

const MAX_BYTES = 200 * 1024;
const SIDES = [1280, 1024, 800, 640];
const QUALITIES = [0.82, 0.7, 0.58];
const JPEG = "image/jpeg";

/** The file is no picture that this browser can read. */
export class NoPicture extends Error {}

/**
 * Scales and keeps a picture. The same picture twice is one photo.
 * @param {Blob} file
 * @returns {Promise<Photo>}
 */
export async function keep(file) {
  const into = store();
  const { blob, width, height } = await scale(file);
  const photo = { sha256: await sha256(blob), blob, width, height, taken_at: moment() };
  await into.put("photos", photo);
  return photo;
}

/**
 * A photo that is small enough already, as a colleague's phone made it.
 * @param {Blob} blob
 * @returns {Promise<string>} its digest
 */
export async function keepAsIs(blob) {
  const into = store();
  const digest = await sha256(blob);
  const { width, height } = await createImageBitmap(blob);
  await into.put("photos", { sha256: digest, blob, width, height, taken_at: moment() });
  return digest;
}

/**
 * @param {string} sha256
 * @returns {Promise<Blob | null>} null where the phone does not have it (any more)
 */
export async function get(sha256) {
  return (await store().get("photos", sha256))?.blob ?? null;
}

/**
 * As a JPEG of at most 200 KB, the right way up: the browser applies the orientation, and with it
 * place and time in the picture's metadata are gone.
 * @param {Blob} file
 * @returns {Promise<{blob: Blob, width: number, height: number}>}
 */
export async function scale(file) {
  const picture = await decode(file);
  try {
    for (const side of SIDES) {
      const ratio = Math.min(1, side / Math.max(picture.width, picture.height));
      const width = Math.max(1, Math.round(picture.width * ratio));
      const height = Math.max(1, Math.round(picture.height * ratio));
      const canvas = draw(picture, width, height);
      for (const quality of QUALITIES) {
        const blob = await encode(canvas, quality);
        if (blob.size <= MAX_BYTES) return { blob, width, height };
        if (blob.size > 2 * MAX_BYTES) break; // no quality makes up for that
      }
    }
    throw new NoPicture("too many details");
  } finally {
    picture.close();
  }
}

/** @param {Blob} blob */
export async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * In base 64, for a file that holds more than photos.
 * @param {Blob} blob
 */
export async function inText(blob) {
  let text = "";
  for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}

/** @param {Blob} file */
async function decode(file) {
  try {
    return await createImageBitmap(file);
  } catch (cause) {
    throw new NoPicture("unreadable", { cause });
  }
}

/**
 * @param {ImageBitmap} picture
 * @param {number} width
 * @param {number} height
 */
function draw(picture, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  // What is transparent in a screenshot would turn black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} quality
 * @returns {Promise<Blob>}
 */
function encode(canvas, quality) {
  return new Promise((resolve, reject) => {
    const done = (/** @type {Blob | null} */ blob) =>
      blob ? resolve(blob) : reject(new NoPicture("no memory"));
    canvas.toBlob(done, JPEG, quality);
  });
}
