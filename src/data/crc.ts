/** The reflected polynomial of CRC-32 as zip has it. */
const polynomial = 0xedb88320;

/**
 * The CRC-32 of two pieces one after the other, from the CRC-32 of each: appending zeros is linear over GF(2), so
 * `length` of them are a matrix power. The method of zlib's `crc32_combine`.
 *
 * @param length of the second piece, in bytes
 */
export function combineCrc(first: number, second: number, length: number): number {
  // The matrix of one zero bit, squared three times: one zero byte.
  let power = Uint32Array.from({ length: 32 }, (_, bit) => (bit === 0 ? polynomial : 1 << (bit - 1)));
  for (let k = 0; k < 3; k++) power = square(power);
  let crc = first;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = times(power, crc);
    power = square(power);
  }
  return (crc ^ second) >>> 0;
}

function times(matrix: Uint32Array, vector: number): number {
  let sum = 0;
  for (let bit = 0; vector !== 0; bit++, vector >>>= 1) if (vector & 1) sum ^= matrix[bit]!;
  return sum >>> 0;
}

function square(matrix: Uint32Array): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(matrix, (column) => times(matrix, column));
}
