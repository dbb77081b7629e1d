// Crockford's alphabet: no I, L, O, U, so that a code can be read out and written down.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BITS = 40n;

/**
 * What people call a visit before it has a number: `7K3M-9QXD`.
 *
 * The last 40 bits of the UUID, which are random in every version, as 8 characters.
 * @param {string} uuid
 */
export function shortCode(uuid) {
  const bits = BigInt(`0x${uuid.replaceAll("-", "").slice(-10)}`);
  let code = "";
  for (let shift = BITS - 5n; shift >= 0n; shift -= 5n) {
    code += ALPHABET[Number((bits >> shift) & 31n)];
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
