import { crc32, deflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { npyHeader } from "../../src/data/npy.ts";
import { npz } from "../../src/data/npz.ts";
import { bytesSource, type Source } from "../../src/data/source.ts";
import { HnncError } from "../../src/errors.ts";
import { oscillations } from "./datasets.ts";
import { written } from "./memory.ts";

/** What a refusal may cost, whatever the file promises. */
const mostMilliseconds = 200;
const mostBytes = 50 * 2 ** 20;

interface Member {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflated?: boolean;
  /** Lies of the archive's list. */
  readonly size?: number;
  readonly compressedSize?: number;
  readonly offset?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly method?: number;
}

/** An archive as Python's zipfile lays it out, with lies where a member tells them. */
function archive(
  members: readonly Member[],
  lies: { readonly count?: number; readonly start?: number } = {},
): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const { name, content, deflated = false, flags = 0 } = member;
    const data = deflated ? deflateRawSync(content) : content;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(flags, 2);
    head.writeUInt16LE(member.method ?? (deflated ? 8 : 0), 4);
    head.writeUInt16LE(0x21, 8);
    head.writeUInt32LE(member.crc ?? crc32(content), 10);
    head.writeUInt32LE(member.compressedSize ?? data.length, 14);
    head.writeUInt32LE(member.size ?? content.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(member.offset ?? at, 10);
    locals.push(Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), data]));
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), head, tail, Buffer.from(name)]));
    at += locals.at(-1)!.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(lies.count ?? members.length, 4);
  end.writeUInt16LE(lies.count ?? members.length, 6);
  end.writeUInt32LE(Buffer.concat(central).length, 8);
  end.writeUInt32LE(lies.start ?? at, 12);
  return Buffer.concat([...locals, ...central, Buffer.from("PK\x05\x06"), end]);
}

/** An array file with a header of the test's own. */
function npy(header: string, data: Uint8Array = new Uint8Array(16), promised = header.length, version = 1): Uint8Array {
  const size = version === 1 ? 2 : 4;
  const length = Buffer.alloc(size);
  if (size === 2) length.writeUInt16LE(promised);
  else length.writeUInt32LE(promised);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from("NUMPY"),
    Buffer.from([version, 0]),
    length,
    Buffer.from(header),
    data,
  ]);
}

const header = (descr: string, shape: string) => `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
const one = (content: Uint8Array, more: Partial<Member> = {}) => archive([{ name: "x.npy", content, ...more }]);
const good = npy(header("<f8", "(2,)"));
const zeros = (megabytes: number) => new Uint8Array(megabytes * 2 ** 20);

/** Reads and expects a refusal within the budget. */
async function refusal(source: Source, limit = 2 ** 31): Promise<HnncError> {
  const memory = () => process.memoryUsage().rss;
  const before = memory();
  const start = performance.now();
  const error: unknown = await npz.read(source, { bytes: limit }).then(
    () => undefined,
    (reason) => reason,
  );
  const spent = { time: performance.now() - start, memory: memory() - before };
  expect(error).toBeInstanceOf(HnncError);
  expect(spent.time).toBeLessThan(mostMilliseconds);
  expect(spent.memory).toBeLessThan(mostBytes);
  return error as HnncError;
}

test("the table's builder makes sound archives", async () => {
  for (const deflated of [false, true]) {
    const { arrays } = await npz.read(bytesSource(one(good, { deflated })), { bytes: 1e6 });
    expect(arrays.get("x")).toEqual({ shape: [2], values: new Float64Array(2) });
  }
});

const cases: readonly (readonly [name: string, bytes: () => Uint8Array, message: RegExp])[] = [
  ["nothing", () => new Uint8Array(0), /not a zip archive/],
  ["noise", () => Uint8Array.from({ length: 5000 }, (_, k) => (k * 37) % 251), /not a zip archive/],
  ["a shape of 2^40", () => one(npy(header("<f8", "(1099511627776,)"))), /has 16 bytes, and its shape/],
  ["a shape of 2^40 by 2^40", () => one(npy(header("<f8", "(1099511627776, 1099511627776)"))), /its shape/],
  ["a shape past 2^53", () => one(npy(header("<f8", "(99999999999999999999,)"))), /shape/],
  ["a negative shape", () => one(npy(header("<f8", "(-5,)"))), /header|shape/],
  ["a shape with a hole", () => one(npy(header("<f8", "(2,,3)"))), /shape/],
  ["no shape's end", () => one(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2")), /damaged header/],
  ["Python objects", () => one(npy(header("|O", "(2,)"))), /Python objects, and unpickling them would run code/],
  [
    "named fields",
    () => one(npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }\n")),
    /named fields/,
  ],
  ["complex numbers", () => one(npy(header("<c16", "(1,)"))), /type `<c16`/],
  [
    "a header of 4 GB",
    () => one(npy(header("<f8", "(2,)"), zeros(0), 0xffffffff, 2)),
    /promises a header of 4294967295/,
  ],
  ["a header past the end", () => one(npy(header("<f8", "(2,)"), zeros(0), 5000)), /cut off in its header/],
  ["an unknown version", () => one(npy(header("<f8", "(2,)"), new Uint8Array(16), 60, 9)), /version 9/],
  ["a shape that is too small", () => one(npy(header("<f8", "(1,)"))), /has 16 bytes/],
  ["another kind of file inside", () => one(Buffer.from("not an array at all")), /not in NumPy's format/],
  ["an integer past 2^53", () => one(npy(header("<i8", "(2,)"), Buffer.alloc(16, 0x3f))), /f64 cannot hold/],
  ["a bomb of zeros", () => one(zeros(400), { deflated: true }), /promise to become/],
  [
    "a bomb that promises little",
    () => one(Buffer.concat([good, zeros(100)]), { deflated: true, size: good.length }),
    /longer than the 84 bytes/,
  ],
  [
    "a member that promises more",
    () =>
      one(npy(header("<f8", "(100,)")), {
        deflated: true,
        size: npy(header("<f8", "(100,)"), new Uint8Array(800)).length,
      }),
    /has 86 bytes and promises 870/,
  ],
  ["a member that promises 4 GB", () => one(good, { deflated: true, size: 0xfffffff0 }), /promise to become/],
  ["two sizes of a stored member", () => one(good, { size: 10 }), /has two sizes/],
  ["a member past the end", () => one(good, { size: 9000, compressedSize: 9000 }), /past the end of the archive/],
  ["a place past the end", () => one(good, { offset: 0x7fffffff }), /header of `x.npy` is damaged/],
  [
    "a false shape in a file that may grow to 100 MB",
    () => {
      const noise = Uint8Array.from({ length: 2 ** 20 }, (_, k) => Math.imul(k, 0x9e3779b1) >>> 24);
      return archive([
        { name: "noise.npy", content: npy(header("|u1", "(1048576,)"), noise) },
        { name: "x.npy", content: npy(header("<f8", "(5,)"), zeros(100)), deflated: true },
      ]);
    },
    /has 104857600 bytes, and its shape \(5\) takes 40/,
  ],
  ["a wrong checksum", () => one(good, { crc: 5 }), /checksum/],
  ["damaged deflation", () => one(Buffer.alloc(50, 0xff), { method: 8 }), /cannot be inflated/],
  ["an unknown compression", () => one(good, { method: 93 }), /method 93/],
  ["encryption", () => one(good, { flags: 1 }), /encrypted/],
  ["a name that climbs", () => archive([{ name: "../../x.npy", content: good }]), /called `..\/..\/x.npy`/],
  ["an absolute name", () => archive([{ name: "/etc/x.npy", content: good }]), /called `\/etc/],
  ["a name of another system", () => archive([{ name: "C:\\x.npy", content: good }]), /called/],
  [
    "a name twice",
    () =>
      archive([
        { name: "x.npy", content: good },
        { name: "x.npy", content: good },
      ]),
    /twice/,
  ],
  [
    "members that share bytes",
    () =>
      archive(
        [...Array(50).keys()].map(
          (k) => ({ name: `${k}.npy`, content: good, offset: k < 2 ? 0 : undefined }) as Member,
        ),
      ),
    /share bytes|damaged/,
  ],
  ["more members than are listed", () => archive([{ name: "x.npy", content: good }], { count: 500 }), /damaged/],
  ["a list past the end", () => archive([{ name: "x.npy", content: good }], { start: 0xfffffff0 }), /past its end/],
  ["zip64 that is not there", () => archive([{ name: "x.npy", content: good }], { start: 0xffffffff }), /zip64/],
];

describe("npz: refused within 200 ms and 50 MB", () => {
  // Loading what reads them is not counted.
  beforeAll(() => npz.read(bytesSource(one(good, { deflated: true })), { bytes: 1e6 }));

  test.each(cases)("%s", async (_, bytes, message) => {
    const error = await refusal(bytesSource(bytes(), "a.npz"));
    expect(error.kind).toBe("data");
    expect(error.message).toMatch(/^`a.npz`: /);
    expect(error.message).toMatch(message);
  });

  test("every truncation", async () => {
    const bytes = await written(npz, [oscillations(2, 3, { formula: "p^2/2" })]);
    const deflated = archive([
      { name: "x.npy", content: npy(header("<f8", "(4, 2)"), Buffer.alloc(64, 1)), deflated: true },
      { name: "dx.npy", content: npy(header("<f8", "(4, 2)"), Buffer.alloc(64, 2)), deflated: true },
    ]);
    for (const whole of [bytes, deflated]) {
      for (let length = 0; length < whole.length; length++) {
        expect((await refusal(bytesSource(whole.subarray(0, length)))).kind).toBe("data");
      }
    }
  });

  test("every flipped byte is refused or read, and nothing else happens", async () => {
    const whole = archive([
      { name: "x.npy", content: npy(header("<f8", "(4, 2)"), Buffer.alloc(64, 1)), deflated: true },
    ]);
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [0xff, 0x01, 0x80]) {
        const bytes = Uint8Array.from(whole);
        bytes[at]! ^= flip;
        const result: unknown = await npz.read(bytesSource(bytes), { bytes: 1e9 }).catch((error) => error);
        if (!(result instanceof Error)) continue;
        expect(result).toBeInstanceOf(HnncError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(whole.length);
  });

  test("a sound file beyond the limit is a matter of limits", async () => {
    const error = await refusal(bytesSource(one(npy(header("<f8", "(131072,)"), zeros(1)))), 1e6);
    expect(error.kind).toBe("limit");
  });

  test("headers as our writer pads them", () => {
    expect(npyHeader("<f8", [3, 2]).length % 64).toBe(0);
  });
});
