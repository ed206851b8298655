import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import type { Format } from "../../src/data/format.ts";
import { json } from "../../src/data/json.ts";
import { parquet } from "../../src/data/parquet.ts";
import { safetensors } from "../../src/data/safetensors.ts";
import { HnncError } from "../../src/errors.ts";
import { oscillations } from "./datasets.ts";
import { readBack, written } from "./memory.ts";

async function outcome(format: Format, bytes: Uint8Array): Promise<unknown> {
  const start = performance.now();
  const result = await readBack(format, bytes).catch((error: unknown) => error);
  // What the smallest files may cost, whatever they promise.
  expect(performance.now() - start).toBeLessThan(200);
  return result;
}

async function refusal(format: Format, bytes: Uint8Array): Promise<string> {
  const error = await outcome(format, bytes);
  expect(error).toBeInstanceOf(HnncError);
  expect((error as HnncError).kind).toBe("data");
  return (error as HnncError).message;
}

/** Flips bits one byte at a time; nothing but a refusal or a dataset may come out, quickly and in little memory. */
async function flipAll(format: Format, whole: Uint8Array): Promise<number> {
  const before = process.memoryUsage().rss;
  let refused = 0;
  for (let at = 0; at < whole.length; at++) {
    for (const flip of [0xff, 0x01, 0x80, 0x10]) {
      const bytes = Uint8Array.from(whole);
      bytes[at]! ^= flip;
      const result = await outcome(format, bytes);
      if (!(result instanceof Error)) continue;
      if (!(result instanceof HnncError)) throw result;
      refused++;
    }
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  return refused;
}

async function everyTruncation(format: Format, whole: Uint8Array): Promise<void> {
  for (let length = 0; length < whole.length; length++) await refusal(format, whole.subarray(0, length));
}

describe("Parquet", () => {
  const theirs = () =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "q", data: Array.from({ length: 200 }, (_, k) => k % 5), type: "DOUBLE" },
          {
            name: "p",
            data: Array.from({ length: 200 }, (_, k) => (k % 3 === 0 ? null : k)),
            type: "DOUBLE",
            nullable: true,
          },
        ],
      }),
    );

  test("every truncation of ours and of another writer's is refused", async () => {
    await everyTruncation(parquet, await written(parquet, [oscillations(2, 3)]));
    await everyTruncation(parquet, theirs());
  });

  test("every flipped byte is refused or read", async () => {
    expect(await flipAll(parquet, await written(parquet, [oscillations(2, 3)]))).toBeGreaterThan(100);
    expect(await flipAll(parquet, theirs())).toBeGreaterThan(100);
  });

  test("rows that the file cannot hold", async () => {
    const bytes = await written(parquet, [oscillations(1, 3)]);
    // The number of rows, 3, is a zigzag 6 after the field's head; 2^40 would not fit there, and 63 does.
    const huge = Uint8Array.from(bytes, (byte) => (byte === 6 ? 126 : byte));
    expect(await refusal(parquet, huge)).toMatch(/`bytes.parquet`: /);
  });
});

describe("safetensors", () => {
  const file = (header: unknown, data = new Uint8Array(32), length?: bigint) => {
    const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(length ?? BigInt(text.length));
    return new Uint8Array(Buffer.concat([size, text, data]));
  };
  const tensor = (from: number, to: number, shape: readonly number[] = [2], dtype = "F64") => ({
    dtype,
    shape,
    data_offsets: [from, to],
  });
  const good = { q: tensor(0, 16), p: tensor(16, 32) };

  test("the table's builder makes a sound file", async () => {
    expect((await readBack(safetensors, file(good))).rows).toBe(2);
  });

  test.each<readonly [name: string, bytes: Uint8Array, message: RegExp]>([
    ["a header of 2^60 bytes", file(good, new Uint8Array(32), 2n ** 60n), /promises a header/],
    ["a header past the end", file(good, new Uint8Array(0), 5000n), /promises a header/],
    ["no JSON", file("{"), /not JSON/],
    ["overlap", file({ q: tensor(0, 16), p: tensor(8, 24), r: tensor(24, 32, [1]) }), /begins at 8, where 16 was next/],
    ["a hole", file({ q: tensor(0, 8, [1]), p: tensor(16, 32) }), /begins at 16, where 8 was next/],
    ["bytes that belong to no tensor", file({ q: tensor(0, 16) }), /take 16 bytes of 32/],
    ["past the end", file({ q: tensor(0, 16), p: tensor(16, 48, [4]) }), /take 48 bytes of 32/],
    ["backwards", file({ q: tensor(16, 0) }), /its shape \[2\] takes 16/],
    ["overflow", file({ q: tensor(0, 16, [2 ** 40, 2 ** 40]) }), /shape/],
    ["a negative shape", file({ q: tensor(0, 16, [-2]) }), /no proper shape/],
    ["an unknown type", file({ q: tensor(0, 16, [2], "PICKLE") }), /type `PICKLE`/],
    ["the prototype as a type", file({ q: tensor(0, 16, [2], "__proto__") }), /type `__proto__`/],
    ["an array for a header", file([]), /not an object/],
  ])("%s", async (_, bytes, message) => {
    expect(await refusal(safetensors, bytes)).toMatch(message);
  });

  test("every truncation, every flipped byte", async () => {
    const whole = await written(safetensors, [oscillations(2, 3)]);
    await everyTruncation(safetensors, whole);
    await flipAll(safetensors, whole);
  });
});

describe("JSON", () => {
  const text = (value: string) => new TextEncoder().encode(value);

  test.each<readonly [name: string, text: string, message: RegExp]>([
    ["nothing", "", /not JSON/],
    ["a number", "7", /neither rows nor columns/],
    ["brackets without end", "[".repeat(1e6), /more than 64 brackets are open at byte 64/],
    ["a short row", '{"columns":["q","p"],"rows":[[1,2],[3]]}', /row 2 has 1 entries, and there are 2 columns/],
    ["text for a number", '{"columns":["q","p"],"rows":[[1,2],[3,"x"]]}', /entry 2 of `p` is not a number/],
    ["an object without a column", '[{"q":1,"p":2},{"q":1}]', /row 2 has no `p`/],
    ["columns of two lengths", '{"q":[1,2],"p":[1]}', /column `2 of the state` has 1 entries where 2/],
    ["no arrays", '{"q":1}', /holds no arrays/],
  ])("%s", async (_, content, message) => {
    expect(await refusal(json, text(content))).toMatch(message);
  });

  test("every truncation but the last line end, and the prototype stays as it is", async () => {
    const whole = await written(json, [oscillations(2, 3)]);
    await everyTruncation(json, whole.subarray(0, -1));
    const sly = await readBack(json, text('{"__proto__":{"polluted":1},"q":[1],"p":[2]}'));
    expect([sly.rows, "polluted" in {}]).toEqual([1, false]);
  });
});
