import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { type Dataset, makeDataset } from "../../src/data/dataset.ts";
import type { HnncError } from "../../src/errors.ts";
import { distinct } from "../../src/picture/color.ts";
import { pictureKindNames } from "../../src/picture/kinds.ts";
import { drawPicture, pictureFormat } from "../../src/picture/picture.ts";
import { henonHeiles, kepler, pendulum, swing, trajectoriesOf } from "./datasets.ts";
import { type Frame, framesOf, pointsOf, readSvg, wordsOf } from "./svg-reader.ts";

const [blue] = distinct as [string];
const svgOf = (dataset: Dataset = swing, options: Omit<Parameters<typeof drawPicture>[1], "format"> = {}) =>
  drawPicture(dataset, { ...options, format: "svg" });

const planet = trajectoriesOf(kepler, [[0.4, 0, 0, 2]], { t: 20, rtol: 1e-10, samples: 400 });
const stars = trajectoriesOf(
  henonHeiles,
  [
    [0, 0.1, 0.49, 0],
    [0, 0.3, 0.35, 0.1],
  ],
  { t: 800, rtol: 1e-10, samples: 8001 },
);

describe("every kind", () => {
  test.each(pictureKindNames)("%s: well-formed, labelled, without NaN, inside its frame", async (kind) => {
    const dataset = kind === "orbit" || kind === "poincare" ? stars : swing;
    const svg = await svgOf(dataset, { kind });
    const elements = readSvg(svg);
    expect(/NaN|Infinity|undefined|\de[+-]?\d/.exec(svg.replace(/#[0-9a-f]{6}/g, ""))?.[0]).toBeUndefined();
    expect(elements[0]!.attributes).toMatchObject({ xmlns: "http://www.w3.org/2000/svg", width: "640" });
    const [frame] = framesOf(svg) as [Frame];
    // Tick labels stand left of the frame and below it, and inside the picture.
    const texts = elements.filter(({ name }) => name === "text");
    for (const { attributes, text } of texts) {
      expect(Number(attributes.x), text).toBeGreaterThan(4);
      expect(Number(attributes.x), text).toBeLessThan(640);
      expect(Number(attributes.y), text).toBeGreaterThan(8);
      expect(Number(attributes.y), text).toBeLessThan(Number(elements[0]!.attributes.height));
    }
    const ticks = texts.filter(({ attributes }) => attributes["text-anchor"] === "end");
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    for (const { attributes } of ticks) expect(Number(attributes.x)).toBeLessThan(frame.left);
    // The y axis has its name, turned.
    expect(texts.filter(({ attributes }) => attributes.transform?.startsWith("rotate(-90"))).not.toEqual([]);
    for (const [u, v] of pointsOf(svg, blue).flat()) {
      const inFrames = framesOf(svg).some(
        ({ left, top, width, height }) =>
          u >= left - 1 && u <= left + width + 1 && v >= top - 1 && v <= top + height + 1,
      );
      // Swatches of the legend stand above.
      expect(inFrames || v < frame.top || v > frame.top + frame.height).toBe(true);
    }
    expect(pointsOf(svg, blue).flat().length).toBeGreaterThan(30);
  });

  test("labels of ticks on one axis never overlap", async () => {
    for (const dataset of [swing, planet]) {
      const texts = readSvg(await svgOf(dataset, { kind: "time" })).filter(({ name }) => name === "text");
      const rows = Map.groupBy(
        texts.filter(({ attributes }) => attributes["text-anchor"] === "middle" && !attributes.transform),
        ({ attributes }) => attributes.y,
      );
      for (const row of rows.values()) {
        const places = row.map(({ attributes, text }) => [Number(attributes.x), text.length * 6.3] as const);
        places.sort(([a], [b]) => a - b);
        for (let k = 1; k < places.length; k++) {
          expect(places[k]![0] - places[k - 1]![0]).toBeGreaterThan((places[k]![1] + places[k - 1]![1]) / 2);
        }
      }
    }
  });
});

describe("a picture", () => {
  test("says formula, method, step, parameters", async () => {
    const dataset = trajectoriesOf("p^2/(2 m) - cos(theta); m = 2; pairs (theta, p)", [[1, 0]], {
      t: 5,
      dt: 0.05,
      method: "leapfrog",
    });
    const words = wordsOf(await svgOf(dataset));
    expect(words).toContain("H = p2/(2 m) − cos(θ)");
    expect(words).toContain("leapfrog,  Δt = 0.05,  m = 2");
    expect(words).toContain("θ");
  });

  test("says units where the model has them", async () => {
    const text = "m = 0.3 kg; l = 0.5 m; g = 9.81 m/s^2; q [rad], p [kg m^2/s]; H = p^2/(2 m l^2) + m g l (1 - cos(q))";
    const dataset = trajectoriesOf(text, [[1, 0]], { t: 3, dt: 0.01, method: "leapfrog" });
    const words = wordsOf(await svgOf(dataset, { kind: ["phase", "time"] }));
    expect(words).toContain("q (rad)");
    expect(words).toContain("p (kg m2/s)");
    expect(words).toContain("t (s)");
  });

  test("is the same in every process, as SVG and as PNG", async () => {
    const script = `
      import { createHash } from "node:crypto";
      const { drawPicture } = await import(${JSON.stringify(new URL("../../src/picture/picture.ts", import.meta.url).href)});
      const { swing } = await import(${JSON.stringify(new URL("./datasets.ts", import.meta.url).href)});
      const hash = (content) => createHash("sha256").update(content).digest("hex");
      for (const format of ["svg", "png"]) console.log(hash(await drawPicture(swing, { kind: ["phase", "energy"], format })));`;
    const run = () =>
      execFileSync(process.execPath, ["--input-type=module", "-e", script], {
        encoding: "utf8",
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
      });
    const first = run();
    expect(first).toMatch(/^[0-9a-f]{64}\n[0-9a-f]{64}\n$/);
    expect(run()).toBe(first);
  });

  test("takes the size that is asked for; panels stand below one another", async () => {
    const svg = await svgOf(swing, { kind: ["phase", "energy", "time"], width: 500, height: 900 });
    expect(readSvg(svg)[0]!.attributes).toMatchObject({ width: "500", height: "900", viewBox: "0 0 500 900" });
    const frames = framesOf(svg);
    expect(frames).toHaveLength(4);
    for (let k = 1; k < frames.length; k++) {
      expect(frames[k]!.top).toBeGreaterThan(frames[k - 1]!.top + frames[k - 1]!.height);
      expect(frames[k]!.left).toBe(frames[0]!.left);
    }
  });

  test("chooses its kind: orbit in the plane, phase for one degree of freedom, else time", async () => {
    expect(wordsOf(await svgOf(planet))).toEqual(expect.arrayContaining(["x", "y"]));
    expect(wordsOf(await svgOf(swing))).toEqual(expect.arrayContaining(["q", "p"]));
    const chain = trajectoriesOf("q: [3], p: [3]; H = sum(p[i]^2 + q[i]^2, i = 1..3)", [[1, 0, 0, 0, 1, 0]], {
      t: 3,
      rtol: 1e-8,
    });
    expect(wordsOf(await svgOf(chain))).toEqual(expect.arrayContaining(["q1, q2, q3", "t"]));
  });

  test("escapes what data are called", async () => {
    const dataset = makeDataset({
      coordinates: ["<q>&"],
      momenta: ['"p"'],
      times: Float64Array.of(0, 1, 2),
      states: Float64Array.of(0, 1, 1, 2, 2, 1),
      provenance: { source: "a</svg><script>&.csv" },
    });
    expect(wordsOf(await svgOf(dataset))).toEqual(expect.arrayContaining(["a</svg><script>&.csv", "<q>&", '"p"']));
  });
});

describe("PNG", () => {
  let png: Uint8Array;
  beforeAll(async () => {
    png = await drawPicture(swing, { format: "png" });
  });

  test("has the signature and twice the size of the SVG", () => {
    const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([1280, 960]);
  });

  test("is as large as `scale` says", async () => {
    const small = await drawPicture(swing, { format: "png", width: 300, height: 200, scale: 1.5 });
    const view = new DataView(small.buffer, small.byteOffset, small.byteLength);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([450, 300]);
  });

  test("holds letters: the font is there, whatever the machine has", async () => {
    // Without a font the bytes of two pictures that differ in a label alone would be the same.
    const named = (name: string) => makeDataset({ ...swing, coordinates: [name], provenance: {} });
    const [a, b] = [await drawPicture(named("u"), { format: "png" }), await drawPicture(named("w"), { format: "png" })];
    expect(Buffer.compare(a, b)).not.toBe(0);
  });

  test.each([
    ["orbit.svg", "svg"],
    ["a.b/ORBIT.PNG", "png"],
  ])("%s is %s", (path, format) => expect(pictureFormat(path)).toBe(format));

  test.each(["orbit.gif", "orbit", "png"])("%s is refused", (path) =>
    expect(() => pictureFormat(path)).toThrow(`\`${path}\` does not end in .svg or .png`),
  );
});

describe("much data", () => {
  const many = 400_000;
  const noise = (() => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32 - 0.5;
    };
    return makeDataset({
      coordinates: ["q"],
      momenta: ["p"],
      times: Float64Array.from({ length: many }, (_, k) => k),
      states: Float64Array.from({ length: 2 * many }, random),
    });
  })();

  test.each(["time", "phase", "energy"] as const)("%s of 400 000 rows of noise stays below 2 MB", async (kind) => {
    const energies = Float64Array.from(noise.states.subarray(0, many), (value) => 1 + value);
    const svg = await svgOf({ ...noise, energies }, { kind });
    expect(svg.length).toBeLessThan(2e6);
    expect(svg.length).toBeGreaterThan(20_000);
  });

  test("200 trajectories that cross everywhere stay below 2 MB", async () => {
    const runs = Array.from({ length: 200 }, (_, id) => ({ id, start: id * 2000, end: (id + 1) * 2000 }));
    expect((await svgOf({ ...noise, runs }, { kind: "phase" })).length).toBeLessThan(2e6);
  });

  test("64 smooth trajectories are drawn without a break", async () => {
    const starts = Array.from({ length: 64 }, (_, k) => [0, 0.1 + k / 1000, 0.3, 0.2 - k / 1000]);
    const ensemble = trajectoriesOf(henonHeiles, starts, { t: 300, rtol: 1e-8, samples: 1001 });
    const svg = await svgOf(ensemble, { kind: "orbit" });
    expect(svg.length).toBeLessThan(2e6);
    const paths = readSvg(svg).filter(({ attributes }) => attributes["stroke-opacity"] !== undefined);
    expect(paths).toHaveLength(64);
    for (const { attributes } of paths) expect(attributes.d!.match(/M/g)).toHaveLength(1);
  });

  test("keeps every peak of a long series", async () => {
    const states = new Float64Array(2 * many);
    for (let k = 0; k < many; k++) states[2 * k] = Math.sin(k / 1000) / 10;
    const peak = 2 * 123_457;
    states[peak] = 5;
    const svg = await svgOf({ ...noise, states }, { kind: "time", y: ["q"] });
    const [{ left, width, top }] = framesOf(svg) as [Frame];
    const highest = pointsOf(svg, blue)
      .flat()
      .reduce((best, point) => (point[1] < best[1] ? point : best));
    // The axis has five hundredths of the range above the highest value.
    expect(highest[1]).toBeLessThan(top + 30);
    expect(highest[0]).toBeCloseTo(left + (width * 123_457) / (many - 1), 0);
  });
});

describe("data out of the ordinary", () => {
  const points = (states: readonly number[], times?: readonly number[]) =>
    makeDataset({
      coordinates: ["q"],
      momenta: ["p"],
      states: Float64Array.from(states),
      ...(times && { times: Float64Array.from(times) }),
    });

  test.each([
    ["a single sample", points([1, 2], [0])],
    ["a constant", points([1, 2, 1, 2, 1, 2], [0, 1, 2])],
    ["all zero", points([0, 0, 0, 0], [0, 1])],
    ["no times", points([0, 1, 1, 0, 0, -1])],
    ["NaN in between", points([0, 1, Number.NaN, 0, 1, 1, 2, 3], [0, 1, 2, 3])],
    ["infinity", points([0, 1, Number.POSITIVE_INFINITY, 0, 1, 1], [0, 1, 2])],
    ["huge", points([1e300, 1, -1e300, 2, 1e299, 3], [0, 1, 2])],
    ["tiny", points([1e-300, 1, 2e-300, 2, 3e-300, 3], [0, 1, 2])],
    ["large with small differences", points([1e9, 1, 1e9 + 1e-6, 2, 1e9 + 2e-6, 3], [0, 1, 2])],
    ["backwards", points([0, 1, 1, 2, 2, 3], [2, 1, 0])],
  ])("%s is drawn", async (_, dataset) => {
    for (const kind of ["phase", "time"] as const) {
      const svg = await svgOf(dataset, { kind });
      expect(/NaN|Infinity/.exec(svg)).toBeNull();
      expect(wordsOf(svg).length).toBeGreaterThan(4);
      // No 0.30000000000000004; the value that labels count from may be long.
      expect(wordsOf(svg).filter((word) => /^[^−]*\d{9,}/.test(word))).toEqual([]);
    }
  });

  test.each([
    ["empty", points([]), { kind: "phase" }, "data", "the dataset has no rows: there is nothing to draw"],
    ["not finite", points([Number.NaN, 1]), {}, "data", "`q` has no finite value: there is nothing to draw"],
    ["without times", points([1, 2, 3, 4]), { kind: "energy" }, "data", "the rows have no times, which `energy` needs"],
    ["an unknown kind", swing, { kind: "phse" as "phase" }, "usage", "`phse` is not a kind of picture"],
    ["an unknown column", swing, { x: "r" }, "usage", "there is no column `r`"],
    ["an unknown run", swing, { runs: [3] }, "usage", "there is no run 3"],
    ["a wish of another kind", swing, { kind: "energy", section: "q" }, "usage", "`section` means nothing to `energy`"],
    ["no plane", swing, { kind: "orbit" }, "usage", "none of the coordinates are x and y of a body: q"],
    ["no room", swing, { height: 200, kind: ["time", "energy"] }, "usage", "height = 200 is no size of a picture"],
    ["no size", swing, { width: Number.NaN }, "usage", "width = NaN is no size of a picture"],
    [
      "another model",
      swing,
      { model: compile("p_x^2/2 + x^2") },
      "usage",
      "the model's state is x p_x, the data's is q p",
    ],
  ] as const)("%s is refused", async (_, dataset, options, kind, message) => {
    const error = await svgOf(dataset, options).then(
      () => undefined,
      (thrown: unknown) => thrown as HnncError,
    );
    expect(error).toMatchObject({ kind, message });
  });
});

test("a model that is given takes the place of the data's own", async () => {
  const bare = makeDataset({ ...swing, provenance: { source: "arm.csv" }, energies: undefined });
  const without = await svgOf(bare);
  const withModel = await svgOf(bare, { model: compile(pendulum) });
  const contours = (svg: string) => readSvg(svg).filter(({ attributes }) => attributes.stroke === "#9a9a9a").length;
  expect(contours(without)).toBe(0);
  expect(contours(withModel)).toBeGreaterThan(4);
  await expect(svgOf(bare, { kind: "energy" })).rejects.toMatchObject({ kind: "data", code: "no-energies" });
  expect(await svgOf(bare, { kind: "energy", model: compile(pendulum) })).toContain("no trend");
});
