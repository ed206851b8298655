import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, describe, expect, test } from "vitest";
import { makeDataset } from "../../src/data/dataset.ts";
import { formatNames, formatOf, formats, loadFormat } from "../../src/data/formats.ts";
import { writeNpz } from "../../src/data/npz.ts";
import { parquet } from "../../src/data/parquet.ts";
import { writeParquet } from "../../src/data/parquet-writer.ts";
import { readDataset } from "../../src/data/read.ts";
import { selectRun, sliceRows } from "../../src/data/select.ts";
import { memorySink } from "../../src/data/sink.ts";
import { headerOf, openWriter, writeDataset } from "../../src/data/write.ts";
import { anyDataset, fingerprint, oscillations } from "./datasets.ts";
import { readBack, written } from "./memory.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-data-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(formatNames)("%s", (name) => {
  test("keeps every bit, name, run and provenance", async () => {
    const format = await loadFormat(name);
    await fc.assert(
      fc.asyncProperty(anyDataset, async (dataset) => {
        const header = { ...headerOf(dataset), runs: true };
        const back = await readBack(format, await written(format, [dataset], header));
        expect(fingerprint(back)).toEqual(fingerprint(dataset));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test("writes the same bytes however rows are cut into chunks", async () => {
    const format = await loadFormat(name);
    const whole = oscillations(7, 1500, { formula: "p^2/2 + q^2/2" });
    const bytes = Buffer.from(await written(format, [whole]));
    const cuts = [0, 1, 4097, 4098, 9000, whole.rows];
    const chunks = cuts.slice(1).map((to, k) => sliceRows(whole, cuts[k]!, to));
    expect(bytes.equals(await written(format, chunks, headerOf(whole)))).toBe(true);
  });

  test("writes one trajectory without a run column", async () => {
    const path = join(folder, `one${formats[name].extensions[0]}`);
    const dataset = selectRun(oscillations(2, 5), 0);
    await writeDataset(path, dataset);
    expect(headerOf(dataset).runs).toBe(false);
    expect(fingerprint(await readDataset(path))).toEqual(fingerprint(dataset));
    expect(readFileSync(path).includes('"run"')).toBe(false);
  });

  test("streams chunks to a file, and leaves none when it gives up", async () => {
    const path = join(folder, `stream${formats[name].extensions[0]}`);
    const whole = oscillations(40, 2000);
    const writer = await openWriter(path, headerOf(whole));
    for (let k = 0; k < 40; k++) await writer.write(selectRun(whole, k));
    expect(readdirSync(folder).filter((each) => each === `stream${formats[name].extensions[0]}`)).toEqual([]);
    await writer.close();
    const back = await readDataset(path);
    expect([back.rows, back.runs.length]).toEqual([80_000, 40]);
    expect(back.states[150_001]).toBe(whole.states[150_001]);
    const second = await openWriter(join(folder, `no${formats[name].extensions[0]}`), headerOf(whole));
    await second.write(whole);
    await second.abort();
    expect(readdirSync(folder).filter((each) => /^\.|^no/.test(each))).toEqual([]);
  });
});

test("extensions name formats, and an unknown one lists them", () => {
  expect(formatOf("a/b.CSV")).toBe("csv");
  expect(() => formatOf("x.npy")).toThrow("no data format has the extension `.npy`");
  expect(() => formatOf("x")).toThrow("`x` has no extension");
});

test("a trajectory's CSV has t, coordinates, momenta and H, below comments", async () => {
  const dataset = selectRun(oscillations(1, 2, { formula: "p^2/2 + q^2/2", method: "exact" }), 0);
  const bytes = await written(await loadFormat("csv"), [makeDataset({ ...dataset, derivatives: undefined })]);
  expect(new TextDecoder().decode(bytes)).toBe(`# hnnc dataset: 1
# coordinates: ["q"]
# momenta: ["p"]
# formula: "p^2/2 + q^2/2"
# method: "exact"
t,q,p,H
0,1,-0,0.5
0.1,0.9950041652780257,-0.09983341664682815,0.5
`);
});

describe("large archives", () => {
  test("zip64 records are read back", async () => {
    const npz = await loadFormat("npz");
    const dataset = oscillations(3, 50);
    const sink = memorySink();
    const writer = await writeNpz(sink, headerOf(dataset), 1000);
    await writer.write(dataset);
    await writer.close();
    expect(Buffer.from(sink.bytes()).includes(Buffer.from("PK\x06\x06", "latin1"))).toBe(true);
    expect(fingerprint(await readBack(npz, sink.bytes()))).toEqual(fingerprint(dataset));
  });

  test("Parquet row groups have a fixed length, however rows arrive, and are joined", async () => {
    const dataset = oscillations(5, 100);
    const inChunks = async (length: number) => {
      const sink = memorySink();
      const writer = await writeParquet(sink, headerOf(dataset), 64);
      for (let from = 0; from < 500; from += length)
        await writer.write(sliceRows(dataset, from, Math.min(500, from + length)));
      await writer.close();
      return sink.bytes();
    };
    const bytes = await inChunks(500);
    expect(parquetMetadata(bytes).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
      64, 64, 64, 64, 64, 64, 64, 52,
    ]);
    expect(fingerprint(await readBack(parquet, bytes))).toEqual(fingerprint(dataset));
    for (const length of [1, 63, 64, 65, 200]) expect(Buffer.from(bytes).equals(await inChunks(length))).toBe(true);
  });
});

describe("Parquet as another implementation has it", () => {
  test("hyparquet reads ours", async () => {
    const dataset = oscillations(2, 30);
    const bytes = await written(parquet, [dataset]);
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });
    expect(rows.length).toBe(60);
    expect(rows[31]).toEqual({
      t: dataset.times![31],
      q: dataset.states[62],
      p: dataset.states[63],
      H: dataset.energies![31],
      "dq/dt": dataset.derivatives![62],
      "dp/dt": dataset.derivatives![63],
      run: 1,
    });
  });

  test("we read hyparquet-writer's snappy, dictionaries, missing values and text", async () => {
    const rows = 3000;
    const q = Array.from({ length: rows }, (_, k) => Math.sin(k));
    const p = q.map((value, k) => (k % 7 === 0 ? null : Math.round(10 * value) / 4 + 0)); // its dictionaries take -0 for 0
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: "t", data: q.map((_, k) => k), type: "INT32" },
        { name: "q", data: q, type: "DOUBLE" },
        { name: "p", data: p, type: "DOUBLE", nullable: true },
        { name: "split", data: q.map((_, k) => (k < 2000 ? "train" : "test")), type: "STRING" },
      ],
    });
    const dataset = await readBack(parquet, new Uint8Array(buffer));
    expect([dataset.coordinates, dataset.momenta]).toEqual([["q"], ["p"]]);
    expect(dataset.times![2999]).toBe(2999);
    for (let k = 0; k < rows; k++) {
      expect(dataset.states[2 * k]).toBe(q[k]);
      expect(dataset.states[2 * k + 1]).toBe(p[k] ?? Number.NaN);
    }
    expect([dataset.test![1999], dataset.test![2000]]).toEqual([0, 1]);
  });
});
