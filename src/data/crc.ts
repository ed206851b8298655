/** The reflected polynomial of CRC-32 as zip has it. */
const polynomial = 0xedb88320;
/** 1 and x^8 as reflected polynomials: the highest bit is the lowest power. */
const one = 0x80000000;
const byte = 0x00800000;

/**
 * The CRC-32 of two pieces one after the other, from the CRC-32 of each: appending a zero byte multiplies a CRC by x^8
 * modulo the polynomial, so `length` of them are a power of it. The method of zlib's `crc32_combine`.
 *
 * @param length of the second piece, in bytes
 */
export function combineCrc(first: number, second: number, length: number): number {
  let zeros = one;
  let power = byte;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) zeros = times(zeros, power);
    power = times(power, power);
  }
  return (times(zeros, first) ^ second) >>> 0;
}

/** The product of two reflected polynomials, modulo that of CRC-32. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) product ^= b;
    b = b & 1 ? (b >>> 1) ^ polynomial : b >>> 1;
  }
  return product >>> 0;
}
