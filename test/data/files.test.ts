import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { combineCrc } from "../../src/data/crc.ts";
import { formatNames, formats } from "../../src/data/formats.ts";
import { readDataset } from "../../src/data/read.ts";
import { memorySink } from "../../src/data/sink.ts";
import { Spill } from "../../src/data/spill.ts";
import { headerOf, openWriter, writeDataset } from "../../src/data/write.ts";
import { oscillations } from "./datasets.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const dataset = oscillations(2, 3);

describe("writing", () => {
  test("a missing folder, a folder in the way, a read-only file: kind io, and the old file stays", async () => {
    await expect(writeDataset(at("none/x.csv"), dataset)).rejects.toMatchObject({ kind: "io", code: "cannot-write" });
    await expect(writeDataset(`${folder}`, dataset, { format: "csv" })).rejects.toThrow("it is a directory");
    writeFileSync(at("kept.npz"), "old");
    chmodSync(at("kept.npz"), 0o444);
    await expect(writeDataset(at("kept.npz"), dataset)).rejects.toThrow("permission is denied");
    expect(readFileSync(at("kept.npz"), "utf8")).toBe("old");
  });

  test.skipIf(process.platform !== "linux").each(formatNames)("a full disk, %s: kind io", async (format) => {
    await expect(writeDataset("/dev/full", dataset, { format })).rejects.toMatchObject({
      kind: "io",
      message: "cannot write `/dev/full`: the disk is full",
    });
  });

  test("a failure on the way leaves the old file and nothing else", async () => {
    writeFileSync(at("old.parquet"), "old");
    const writer = await openWriter(at("old.parquet"), headerOf(dataset));
    await writer.write(dataset);
    const other = { ...dataset, energies: undefined };
    await expect(writer.write(other)).rejects.toMatchObject({ kind: "data", code: "columns-differ" });
    expect(readFileSync(at("old.parquet"), "utf8")).toBe("old");
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("rows that do not fit the header are refused", async () => {
    const one = await openWriter(at("one.npz"), { ...headerOf(oscillations(1, 3)), runs: false });
    await expect(one.write(oscillations(2, 3))).rejects.toThrow("no column for a second run");
    const two = await openWriter(at("two.npz"), headerOf(dataset));
    await two.write(dataset);
    await expect(two.write(oscillations(1, 3))).rejects.toThrow("run 0 was left and comes again");
    const plain = await openWriter(at("three.npz"), { ...headerOf(dataset), times: false });
    await expect(plain.write(dataset)).rejects.toThrow("rows with the columns `q p t H derivatives` do not fit");
    expect(readdirSync(folder).filter((name) => /^\.|^(one|two|three)/.test(name))).toEqual([]);
  });

  test("two writers of one file do not mix: the last to finish has its way", async () => {
    const [a, b] = [oscillations(1, 3), oscillations(1, 5)];
    const [first, second] = [
      await openWriter(at("both.npz"), headerOf(a)),
      await openWriter(at("both.npz"), headerOf(b)),
    ];
    await first.write(a);
    await second.write(b);
    await second.close();
    await first.close();
    expect((await readDataset(at("both.npz"))).rows).toBe(3);
  });

  test("a symbolic link is followed", async () => {
    await writeDataset(at("target.csv"), dataset);
    symlinkSync("target.csv", at("link.csv"));
    await writeDataset(at("link.csv"), oscillations(1, 9));
    expect((await readDataset(at("target.csv"))).rows).toBe(9);
  });
});

describe("reading", () => {
  test("no such file, a folder: kind io", async () => {
    await expect(readDataset(at("absent.csv"))).rejects.toMatchObject({
      kind: "io",
      message: `cannot read \`${at("absent.csv")}\`: there is no such file or directory`,
    });
    await expect(readDataset(folder, { format: "npz" })).rejects.toThrow("it is a directory");
  });

  test.each(formatNames)("more numbers than allowed, %s: kind limit", async (name) => {
    const path = at(`large${formats[name].extensions[0]}`);
    await writeDataset(path, oscillations(2, 3000));
    await expect(readDataset(path, { mostBytes: 1e5 })).rejects.toMatchObject({ kind: "limit", code: "too-large" });
    expect((await readDataset(path, { mostBytes: 1e6 })).rows).toBe(6000);
  });
});

describe("scratch files", () => {
  test("hold what does not fit memory, in order, without a name", async () => {
    const spill = new Spill(at(".scratch"));
    const chunk = (k: number) => new Uint8Array(3_000_000).fill(k);
    let crc = 0;
    for (let k = 0; k < 5; k++) {
      await spill.append(chunk(k));
      crc = crc32(chunk(k), crc);
    }
    expect([spill.size, spill.crc()]).toEqual([15_000_000, crc]);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
    const sink = memorySink();
    await spill.copyTo(sink);
    const bytes = sink.bytes();
    expect([bytes.length, crc32(bytes), bytes[2_999_999], bytes[3_000_000]]).toEqual([15_000_000, crc, 0, 1]);
    await spill.dispose();
  });

  test.each([
    [0, 0],
    [1, 1],
    [100, 7],
    [3, 100_000],
  ])("checksums of %d and %d bytes combine", (a, b) => {
    const bytes = Uint8Array.from({ length: a + b }, (_, k) => k * 31);
    expect(combineCrc(crc32(bytes.subarray(0, a)), crc32(bytes.subarray(a)), b)).toBe(crc32(bytes));
  });
});

test("the registry loads no format", () => {
  const text = readFileSync(new URL("../../src/data/formats.ts", import.meta.url), "utf8");
  const imported = [...text.matchAll(/^import (type )?.* from "(.*)"/gm)].filter(([, type]) => type === undefined);
  expect(imported.map(([, , name]) => name)).toEqual(["node:path", "../errors.ts"]);
  for (const name of formatNames) expect(text).toContain(`import("./${name}.ts")`);
});
