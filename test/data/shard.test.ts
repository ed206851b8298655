import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { formatNames, formats } from "../../src/data/formats.ts";
import { addNoise } from "../../src/data/noise.ts";
import { selectRun, sliceRows } from "../../src/data/select.ts";
import { mergeShards, parseShard, shardRange } from "../../src/data/shard.ts";
import { headerOf, openWriter } from "../../src/data/write.ts";
import { oscillations } from "./datasets.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-shard-"));
afterAll(() => rmSync(folder, { recursive: true }));

const runs = 7;
const provenance = { formula: "p^2/2 + q^2/2", seed: 3 };
/** What a generation makes of one trajectory, whoever computes it. */
const trajectory = (id: number): Dataset => addNoise(oscillations(1, 400, provenance, id), { sigma: 0.1, seed: 3 });

/** Writes the runs of one shard, or of all. */
async function generate(
  path: string,
  from: number,
  to: number,
  shard?: { index: number; count: number },
): Promise<void> {
  const first = trajectory(0);
  const header = { ...headerOf(first), runs: true };
  const writer = await openWriter(path, {
    ...header,
    provenance: { ...first.provenance, ...(shard && { shard }) },
  });
  for (let id = from; id < to; id++) await writer.write(trajectory(id));
  await writer.close();
}

describe.each(formatNames)("%s", (name) => {
  const extension = formats[name].extensions[0]!;

  test.each([1, 3, 7, 9])("%d shards join to the bytes of one run", async (count) => {
    const whole = join(folder, `whole-${count}${extension}`);
    await generate(whole, 0, runs);
    const parts: string[] = [];
    for (let index = 1; index <= count; index++) {
      const { from, to } = shardRange({ index, count }, runs);
      parts.push(join(folder, `part-${index}-${count}${extension}`));
      await generate(parts.at(-1)!, from, to, { index, count });
    }
    const joined = join(folder, `joined-${count}${extension}`);
    expect(await mergeShards(parts.toReversed(), joined)).toEqual({ rows: 400 * runs, runs });
    expect(readFileSync(joined).equals(readFileSync(whole))).toBe(true);
  });

  test("shards of one format join to a file of another", async () => {
    const parts = [1, 2].map((index) => join(folder, `mixed-${index}${index === 1 ? extension : ".npz"}`));
    await generate(parts[0]!, 0, 3, { index: 1, count: 2 });
    await generate(parts[1]!, 3, runs, { index: 2, count: 2 });
    const [joined, whole] = [join(folder, `mixed${extension}`), join(folder, `mixed-whole${extension}`)];
    await generate(whole, 0, runs);
    await mergeShards(parts, joined);
    expect(readFileSync(joined).equals(readFileSync(whole))).toBe(true);
  });
});

test("ranges follow one another and cover everything, as even as can be", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 1, max: 300 }), (total, count) => {
      let at = 0;
      for (let index = 1; index <= count; index++) {
        const { from, to } = shardRange({ index, count }, total);
        expect(from).toBe(at);
        expect(Math.abs(to - from - total / count)).toBeLessThan(1);
        at = to;
      }
      expect(at).toBe(total);
    }),
    { seed: 1 },
  );
});

test("k/n counts from 1", () => {
  expect(parseShard("2/4")).toEqual({ index: 2, count: 4 });
  for (const text of ["0/4", "5/4", "1", "1/0", "-1/4", "1.5/2", "a/b"]) {
    expect(() => parseShard(text)).toThrow(`\`${text}\` is not a shard`);
  }
});

describe("refused", () => {
  const part = async (name: string, index: number, count: number, change: object = {}) => {
    const path = join(folder, `bad-${name}.csv`);
    const dataset = selectRun(oscillations(3, 4, provenance), index - 1);
    const header = {
      ...headerOf(dataset),
      runs: true,
      provenance: { ...provenance, ...change, shard: { index, count } },
    };
    const writer = await openWriter(path, header);
    await writer.write(dataset);
    await writer.close();
    return path;
  };
  const joined = () => join(folder, "refused.npz");

  test("a missing shard, one that is there twice, one of another run, a whole file, none", async () => {
    const [one, two] = [await part("1", 1, 3), await part("2", 2, 3)];
    await expect(mergeShards([one, two], joined())).rejects.toThrow("is one of 3 shards, and 2 are given");
    await expect(mergeShards([one, two, two], joined())).rejects.toThrow("are both shard 2 of 3");
    const other = await part("other", 3, 3, { seed: 4 });
    await expect(mergeShards([one, two, other], joined())).rejects.toMatchObject({
      kind: "data",
      hint: "`seed` is 4 in one and 3 in the other",
    });
    await generate(join(folder, "whole.csv"), 0, 1);
    await expect(mergeShards([join(folder, "whole.csv")], joined())).rejects.toThrow("is not a shard");
    await expect(mergeShards([], joined())).rejects.toThrow("no shards are given");
    expect(readdirSync(folder).filter((name) => name.includes("refused"))).toEqual([]);
  });

  test("a run that two shards hold", async () => {
    const path = join(folder, "same.csv");
    const writer = await openWriter(path, {
      ...headerOf(oscillations(2, 4)),
      provenance: { ...provenance, shard: { index: 2, count: 2 } },
    });
    await writer.write(sliceRows(oscillations(2, 4), 0, 8));
    await writer.close();
    await expect(mergeShards([await part("first", 1, 2), path], joined())).rejects.toThrow(/run 0/);
    expect(readdirSync(folder).filter((name) => name.includes("refused"))).toEqual([]);
  });
});
