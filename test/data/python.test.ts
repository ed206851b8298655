import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readDataset } from "../../src/data/read.ts";
import { writeDataset } from "../../src/data/write.ts";
import { generate } from "../../src/simulation/generate.ts";
import { findSystem } from "../../src/systems/systems.ts";
import { bits, oscillations } from "./datasets.ts";

// HNNC_PYTHON names an interpreter that has numpy, pandas and pyarrow.
const python = process.env.HNNC_PYTHON ?? "python3";
const packages = ["numpy", "pandas", "pyarrow"];
const missing = packages.filter((name) => spawnSync(python, ["-c", `import ${name}`]).status !== 0);
const folder = mkdtempSync(join(tmpdir(), "hnnc-python-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program with our files' folder as `d`; what it prints is JSON. */
function run(program: string): unknown {
  const head = "import json, sys, hashlib, numpy as np, pandas as pd\nd = sys.argv[1]\n";
  const result = spawnSync(python, ["-c", head + program, folder], { encoding: "utf8" });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

const at = (name: string) => join(folder, name);
const dataset = oscillations(3, 200, { formula: "p^2/2 + q^2/2 # é", seed: 3 });

if (missing.length > 0)
  test.skip(`NumPy and pandas: ${python} lacks ${missing.join(", ")}; HNNC_PYTHON names another`, () => {});

describe.skipIf(missing.length > 0)("Python", () => {
  test("NumPy loads our npz without pickle, bits equal", async () => {
    await writeDataset(at("ours.npz"), dataset);
    const found = run(`
z = np.load(d + "/ours.npz", allow_pickle=False)
print(json.dumps({"types": {k: [str(z[k].dtype), list(z[k].shape)] for k in z},
  "x": z["x"].tobytes().hex(), "dx": z["dx"].tobytes().hex(), "run": z["run"].tolist(), "columns": z["columns"].tolist(),
  "formula": json.loads(z["provenance"].item())["formula"]}))`) as Record<string, unknown>;
    expect(found.types).toMatchObject({ t: ["float64", [600]], x: ["float64", [600, 2]], run: ["int32", [600]] });
    expect(found.x).toBe(bits(dataset.states));
    expect(found.dx).toBe(bits(dataset.derivatives));
    expect(found.columns).toEqual(["q", "p"]);
    expect(found.formula).toBe("p^2/2 + q^2/2 # é");
    expect((found.run as number[])[400]).toBe(2);
  });

  test("our array headers are NumPy's byte for byte", async () => {
    await writeDataset(at("ours.npz"), dataset);
    const same = run(`
import io, zipfile
z, a = np.load(d + "/ours.npz"), zipfile.ZipFile(d + "/ours.npz")
def saved(v):
  b = io.BytesIO(); np.save(b, v); return b.getvalue()
print(json.dumps({k: saved(z[k]) == a.read(k + ".npy") for k in z}))`);
    expect(new Set(Object.values(same as Record<string, boolean>))).toEqual(new Set([true]));
  });

  test("we read what NumPy writes, in any type, byte order and layout", async () => {
    const hashes = run(`
r = np.random.default_rng(0); q = r.standard_normal((50, 2)); f = np.asfortranarray(q)
np.savez(d + "/a.npz", t=np.arange(50), q=q[:, 0], p=q[:, 1])
np.savez_compressed(d + "/b.npz", t=np.arange(50, dtype=">i2"), q=q[:, 0].astype(">f8"), p=q[:, 1].astype("<f4"), run=np.array(["one"] * 20 + ["two"] * 30))
np.savez_compressed(d + "/c.npz", x=f[:30], dx=-f[:30], test_x=f[30:], test_dx=-f[30:], eval_x0=f[:3])
print(json.dumps([q.tobytes().hex(), q.astype("f4").astype("f8").tobytes().hex()]))`) as string[];
    const plain = await readDataset(at("a.npz"));
    expect(bits(plain.states)).toBe(hashes[0]);
    expect(plain.times![49]).toBe(49);
    const other = await readDataset(at("b.npz"));
    expect([other.states[0], other.times![3], other.runs.map(({ end }) => end)]).toEqual([
      plain.states[0],
      3,
      [20, 50],
    ]);
    expect(other.states[1]).toBe(Math.fround(plain.states[1]!));
    const paper = await readDataset(at("c.npz"));
    expect(bits(paper.states)).toBe(hashes[0]);
    expect([paper.test![29], paper.test![30], paper.derivatives![7]]).toEqual([0, 1, -plain.states[7]!]);
  });

  test("pandas reads our Parquet and CSV, bits equal", async () => {
    await writeDataset(at("ours.parquet"), dataset);
    await writeDataset(at("ours.csv"), dataset);
    const found = run(`
p = pd.read_parquet(d + "/ours.parquet")
c = pd.read_csv(d + "/ours.csv", comment="#", float_precision="round_trip")
import pyarrow.parquet as pq
about = json.loads(pq.read_schema(d + "/ours.parquet").metadata[b"hnnc"])
print(json.dumps({"columns": [list(p.columns), list(c.columns)], "seed": about["seed"],
  "p": p[["q", "p"]].to_numpy().tobytes().hex(), "c": c[["q", "p"]].to_numpy().tobytes().hex(), "types": [str(t) for t in p.dtypes]}))`) as Record<
      string,
      unknown
    >;
    const columns = ["t", "q", "p", "H", "dq/dt", "dp/dt", "run"];
    expect(found.columns).toEqual([columns, columns]);
    expect(found.p).toBe(bits(dataset.states));
    // pandas reads -0 from text as it stands.
    expect(found.c).toBe(bits(dataset.states));
    expect([found.seed, (found.types as string[])[6]]).toEqual([3, "int32"]);
  });

  test("a generated training set is the one told of: NumPy and pandas see the same rows, σ and split", async () => {
    const set = await generate(findSystem("pendulum"), { seed: 5 });
    const clean = await generate(findSystem("pendulum"), { seed: 5, noise: 0 });
    for (const file of ["set.npz", "set.parquet", "clean.npz"]) {
      await writeDataset(at(file), file === "clean.npz" ? clean : set);
    }
    const found = run(`
z, c, p = np.load(d + "/set.npz"), np.load(d + "/clean.npz"), pd.read_parquet(d + "/set.parquet")
q, v = c["x"].T
about = json.loads(z["provenance"].item())
print(json.dumps({"shapes": {k: list(z[k].shape) for k in ["t", "x", "dx", "H", "run", "test"]},
  "same": bool((p[["q", "p"]].to_numpy() == z["x"]).all() and (p["run"].to_numpy() == z["run"]).all()),
  "times": float(np.abs(z["t"].reshape(50, 45) - np.linspace(0, 3, 45)).max()),
  "field": float(np.abs(z["dx"] - np.stack([2 * v, -3 * np.sin(q)], 1)).max()),
  "energy": float(np.abs(z["H"] - (v * v + 3 * (1 - np.cos(q)))).max()),
  "sigma": float((z["x"] - c["x"]).std()), "train": int((~z["test"].astype(bool)).sum()), "noise": about["noise"]}))`) as Record<
      string,
      number
    >;
    expect(found).toMatchObject({
      shapes: { t: [2250], x: [2250, 2], dx: [2250, 2], H: [2250], run: [2250], test: [2250] },
      same: true,
      train: 1125,
      noise: { kind: "normal", sigma: 0.1, of: "states" },
    });
    for (const error of [found.times, found.field, found.energy]) expect(error).toBeLessThan(4e-15);
    // 4500 numbers: the standard error is 0.00105.
    expect(Math.abs(found.sigma! - 0.1)).toBeLessThan(5 * 0.00105);
  });

  test("we read what pandas writes, by every compression, page version and encoding that it has", async () => {
    const hex = run(`
r = np.random.default_rng(1); n = 5000
f = pd.DataFrame({"time": np.arange(n) * .5, "theta": r.standard_normal(n), "omega": np.round(r.standard_normal(n), 1), "trial": np.repeat(np.arange(10), 500), "split": ["train"] * 4000 + ["test"] * 1000})
for c in ["snappy", "gzip", "zstd", "none"]:
  for v in ["1.0", "2.0"]:
    f.to_parquet(f"{d}/pandas-{c}-{v}.parquet", compression=None if c == "none" else c, data_page_version=v)
f.to_parquet(d + "/streams.parquet", use_dictionary=False, column_encoding={"theta": "BYTE_STREAM_SPLIT"})
f.to_csv(d + "/pandas.csv"); f.to_csv(d + "/german.csv", sep=";", decimal=",", index=False)
f.to_json(d + "/records.json", orient="records", double_precision=15)
print(json.dumps(f[["theta", "omega"]].to_numpy().tobytes().hex()))`);
    const columns = new Map(Object.entries({ q: "theta", p: "omega", t: "time", run: "trial" }));
    const files = ["snappy", "gzip", "zstd", "none"].flatMap((c) => [
      `pandas-${c}-1.0.parquet`,
      `pandas-${c}-2.0.parquet`,
    ]);
    for (const file of [...files, "streams.parquet", "pandas.csv", "german.csv"]) {
      const back = await readDataset(at(file), { columns });
      expect(bits(back.states), file).toBe(hex);
      expect([back.times![3], back.runs.length, back.test![4000]], file).toEqual([1.5, 10, 1]);
    }
    const records = await readDataset(at("records.json"), { columns });
    expect(records.rows).toBe(5000);
  });

  test.skipIf(spawnSync(python, ["-c", "import safetensors.numpy"]).status !== 0)(
    "safetensors reads ours and we read its",
    async () => {
      await writeDataset(at("ours.safetensors"), dataset);
      const hex = run(`
from safetensors.numpy import load_file, save_file
z = load_file(d + "/ours.safetensors")
save_file({"q": z["x"][:, 0].copy(), "p": z["x"][:, 1].copy(), "t": z["t"]}, d + "/theirs.safetensors")
print(json.dumps(z["x"].tobytes().hex()))`);
      expect(hex).toBe(bits(dataset.states));
      expect(bits((await readDataset(at("theirs.safetensors"))).states)).toBe(hex);
    },
  );
});
