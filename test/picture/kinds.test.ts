import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { makeDataset } from "../../src/data/dataset.ts";
import { panelsOf } from "../../src/picture/choose.ts";
import { labelText } from "../../src/picture/label.ts";
import type { Mark, Panel } from "../../src/picture/panel.ts";
import { terminalPlot } from "../../src/picture/terminal.ts";
import { henonHeiles, kepler, pendulum, swing, trajectoriesOf } from "./datasets.ts";

async function panelOf(...parameters: Parameters<typeof panelsOf>): Promise<Panel> {
  return (await panelsOf(...parameters)).panels[0]!;
}

const data = (marks: readonly Mark[]) =>
  marks.filter((mark) => mark.kind !== "arrows" && (mark.kind !== "line" || !mark.background));
const words = ({ legend }: Panel) => legend.map(({ label }) => labelText(label));

describe("phase", () => {
  test("of one degree of freedom stands over the field and lines of its own energies", async () => {
    const { marks } = await panelOf(swing, { kind: "phase" });
    const arrows = marks.filter((mark) => mark.kind === "arrows");
    expect(arrows).toHaveLength(1);
    for (const { xs, ys, us, vs } of arrows) {
      for (const [k, x] of xs.entries()) {
        expect(us[k]).toBeCloseTo(ys[k]!, 12);
        expect(vs[k]).toBeCloseTo(-Math.sin(x), 12);
      }
    }
    const contours = marks.filter((mark) => mark.kind === "line" && mark.background);
    expect(contours.length).toBeGreaterThan(4);
    for (const { xs, ys, label } of contours as { xs: Float64Array; ys: Float64Array; label: string }[]) {
      const level = Number(label.replace("−", "-"));
      for (const [k, x] of xs.entries()) {
        // Linear interpolation on a grid of 161 points an axis: step² / 8 times the second derivative.
        if (!Number.isNaN(x)) expect(ys[k]! ** 2 / 2 - Math.cos(x)).toBeCloseTo(level, 3);
      }
    }
  });

  test("follows the field between samples", async () => {
    const coarse = trajectoriesOf(pendulum, [[1, 0]], { t: 6, rtol: 1e-12, samples: 21 });
    const [curve] = data((await panelOf(coarse, { kind: "phase" })).marks).filter((mark) => mark.kind === "line");
    expect(curve!.xs.length).toBe(20 * 8 + 1);
    const energies = [...curve!.xs].map((q, k) => curve!.ys[k]! ** 2 / 2 - Math.cos(q));
    // The cubic's error is h⁴/384 times the fourth derivative: 0.3⁴/384 = 2e-5. Chords miss by h²/8 = 1e-2.
    for (const energy of energies) expect(Math.abs(energy + Math.cos(1))).toBeLessThan(2e-4);
  });

  test("of noisy data joins the samples as they are", async () => {
    const provenance = { ...swing.provenance, noise: { sigma: 0.1 } };
    const [curve] = data((await panelOf({ ...swing, provenance }, { kind: "phase" })).marks);
    expect((curve as { xs: Float64Array }).xs.length).toBe(swing.rows);
  });

  test("of a rotating pendulum takes the angle modulo 2π", async () => {
    const rotating = trajectoriesOf(pendulum, [[0, 2.5]], { t: 60, dt: 0.05, method: "leapfrog" });
    const { x, marks, notes } = await panelOf(rotating, { kind: "phase" });
    expect([x.low, x.high]).toEqual([-Math.PI, Math.PI]);
    expect(notes).toContain("the angle is taken modulo 2π");
    const [curve] = data(marks).filter((mark) => mark.kind === "line");
    expect([...curve!.xs].every((value) => !(Math.abs(value) > Math.PI + 1e-12))).toBe(true);
  });

  test("says why there is no field", async () => {
    const bare = makeDataset({ ...swing, provenance: {} });
    const { remarks } = await panelOf(bare, { kind: "phase" });
    expect(remarks).toEqual(["no field and no lines of energy: the data do not say which formula they come from"]);
  });

  test("draws samples far apart as points, and the motion's beginning behind them", async () => {
    const sparse = trajectoriesOf(kepler, [[0.4, 0, 0, 2]], { t: 4000, rtol: 1e-9, samples: 401 });
    const panel = await panelOf(sparse, { kind: "orbit" });
    expect(panel.notes).toEqual(["samples are not joined: they lie too far apart, or scatter"]);
    const [path, points] = data(panel.marks);
    expect(points).toMatchObject({ kind: "points" });
    expect(path).toMatchObject({ kind: "line" });
    const { xs, ys } = path as { xs: Float64Array; ys: Float64Array };
    // The ellipse of semi-axes 1 and 0.8 about (−0.6, 0).
    for (const [k, x] of xs.entries()) expect((x + 0.6) ** 2 + (ys[k]! / 0.8) ** 2).toBeCloseTo(1, 6);
  });
});

describe("energy", () => {
  test("is relative to the start of each run, with a trend: RK4 drifts linearly, leapfrog does not", async () => {
    const drift = trajectoriesOf(pendulum, [[1, 0]], { t: 500, dt: 0.2, method: "rk4" });
    expect(words(await panelOf(drift, { kind: "energy" }))[1]).toMatch(/^trend .* t\^(0\.9|1\.0)\d \(linear drift\)$/);
    const bounded = await panelOf(swing, { kind: "energy" });
    expect(words(bounded)[1]).toMatch(/^no trend, r\.m\.s\./);
    const [curve] = bounded.marks as unknown as [{ ys: Float64Array }];
    const origin = swing.energies![0]!;
    expect(curve.ys[0]).toBeNaN();
    expect(curve.ys[7]).toBe(Math.abs(swing.energies![7]! - origin) / Math.abs(origin));
  });

  test("shows errors of 0 at the machine's epsilon, and says so", async () => {
    const rest = makeDataset({ ...swing, energies: new Float64Array(swing.rows).fill(2) });
    const { marks, notes } = await panelOf(rest, { kind: "energy" });
    expect((marks[0] as { ys: Float64Array }).ys[5]).toBe(Number.EPSILON);
    expect(notes).toEqual(["errors of exactly 0 are drawn at ε = 2.2 × 10⁻¹⁶"]);
  });

  test("is absolute where a run begins at 0", async () => {
    const energies = Float64Array.from({ length: swing.rows }, (_, k) => k * 1e-6);
    const { y, notes } = await panelOf({ ...swing, energies }, { kind: "energy" });
    expect(labelText(y.label)).toBe("|H − H₀|");
    expect(notes).toContain("a run begins at H = 0: the error is absolute");
  });

  test("is computed where the data have none", async () => {
    const { marks } = await panelOf({ ...swing, energies: undefined }, { kind: "energy" });
    const [curve] = (await panelOf(swing, { kind: "energy" })).marks;
    expect((marks[0] as { ys: Float64Array }).ys).toEqual((curve as { ys: Float64Array }).ys);
  });
});

describe("poincare", () => {
  const starts = [
    [0, 0.1, 0.49, 0],
    [0, 0.3, 0.35, 0.1],
  ];
  const stars = trajectoriesOf(henonHeiles, starts, { t: 100, rtol: 1e-12, samples: 2001 });

  test("is integrated again where the data were simulated, and points lie on the shell of energy", async () => {
    const { marks, notes, x, y } = await panelOf(stars, { kind: "poincare", section: "x" });
    expect([labelText(x.label), labelText(y.label)]).toEqual(["y", "p_y"]);
    expect(notes[0]).toMatch(/^\d+ points where x = 0, upwards; integrated again from the first row of 2 runs/);
    expect(marks).toHaveLength(2);
    for (const [run, mark] of (marks as readonly { xs: Float64Array; ys: Float64Array }[]).entries()) {
      const energy = stars.energies![stars.runs[run]!.start]!;
      expect(mark.xs.length).toBeGreaterThan(5);
      for (const [k, height] of mark.xs.entries()) {
        const py = mark.ys[k]!;
        // p_x² = 2E − p_y² − y² + 2y³/3 at x = 0 is positive.
        expect(2 * energy - py ** 2 - height ** 2 + (2 * height ** 3) / 3).toBeGreaterThan(0);
      }
    }
  });

  test("between samples agrees with that to the cubic's error", async () => {
    const exact = await panelOf(stars, { kind: "poincare", section: "x" });
    const { method: _, ...measured } = stars.provenance;
    const cubic = await panelOf({ ...stars, provenance: measured }, { kind: "poincare", section: "x" });
    expect(cubic.notes[0]).toContain("interpolated between samples by cubics along the field");
    const bare = { ...stars, provenance: { source: "stars.csv" } };
    const straight = await panelOf(bare, { kind: "poincare", section: "x" });
    expect(straight.notes[0]).toContain("interpolated between samples by straight lines");
    const worst = (panel: Panel) =>
      Math.max(
        ...panel.marks.flatMap((mark, run) => {
          const wanted = exact.marks[run] as { xs: Float64Array; ys: Float64Array };
          const { xs, ys } = mark as { xs: Float64Array; ys: Float64Array };
          expect(xs.length).toBe(wanted.xs.length);
          return [...xs].map((v, k) => Math.hypot(v - wanted.xs[k]!, ys[k]! - wanted.ys[k]!));
        }),
      );
    // Steps of 0.05: the cubic's error is about h⁴/384 = 2e-8, a chord's h²/8 = 3e-4.
    expect(worst(cubic)).toBeLessThan(1e-7);
    expect(worst(straight)).toBeLessThan(1e-3);
    expect(worst(straight)).toBeGreaterThan(1e-6);
  });

  test("obeys the direction", async () => {
    const count = async (direction: "up" | "down" | "both") =>
      (await panelOf(stars, { kind: "poincare", section: "y", direction })).marks.reduce(
        (sum, mark) => sum + (mark as { xs: Float64Array }).xs.length,
        0,
      );
    const [up, down, both] = [await count("up"), await count("down"), await count("both")];
    expect(up).toBeGreaterThan(5);
    expect(Math.abs(up - down)).toBeLessThanOrEqual(2);
    expect(both).toBe(up + down);
  });

  test("of data that are a section already are their rows", async () => {
    const section = makeDataset({ ...stars, provenance: { section: "x" } });
    const { notes, marks } = await panelOf(section);
    expect(notes[0]).toContain("the data are a section already: x = 0");
    expect((marks[0] as { xs: Float64Array }).xs.length).toBe(2001);
  });

  test.each([
    [{ section: "x + " }, "formula"],
    [{ section: "r" }, "formula"],
    [{ section: "x - 40" }, "data"],
    [{ section: "x", y: ["H"] }, "usage"],
  ])("%j is refused", async (wish, kind) => {
    await expect(panelOf(stars, { kind: "poincare", ...wish })).rejects.toMatchObject({ kind });
  });

  test("of one degree of freedom has to be named", async () => {
    await expect(panelOf(swing, { kind: "poincare" })).rejects.toMatchObject({ code: "missing-section" });
  });
});

describe("in the terminal", () => {
  test("the picture has the size that is asked for, axes and no escape sequences", async () => {
    const text = await terminalPlot(swing, { kind: "phase", columns: 60, rows: 16 });
    const lines = text.split("\n").slice(0, -1);
    expect(lines).toHaveLength(16);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(60);
    expect(text).not.toContain("\u001b");
    expect(lines[0]).toBe("p");
    expect(lines.at(-1)).toMatch(/ q$/);
    expect(text).toMatch(/[\u2801-\u28ff]{10}/);
    expect(text).toMatch(/^ *1 ┤/m);
  });

  test("dots stand where the curve is", async () => {
    const line = makeDataset({
      coordinates: ["q"],
      momenta: ["p"],
      times: Float64Array.of(0, 1),
      states: Float64Array.of(0, 0, 1, 1),
    });
    const rows = (await terminalPlot(line, { kind: "time", y: ["q"], columns: 40, rows: 12 })).split("\n").slice(1, 10);
    const places = rows.map((row) => row.search(/[\u2801-\u28ff]/));
    // A rising line: further to the right the higher the row.
    for (let k = 1; k < places.length; k++) expect(places[k]!).toBeLessThan(places[k - 1]!);
  });

  test("colours tell curves apart where they are wanted", async () => {
    const runs = trajectoriesOf(
      pendulum,
      [
        [1, 0],
        [2, 0],
      ],
      { t: 5, dt: 0.05, method: "leapfrog" },
    );
    const text = await terminalPlot(runs, { color: true });
    expect(new Set(text.match(/38;5;\d+/g)).size).toBe(2);
    expect(stripVTControlCharacters(text)).toBe(await terminalPlot(runs));
  });

  test.each(["energy", "time", "orbit", "poincare"] as const)("%s is drawn", async (kind) => {
    const dataset = trajectoriesOf(henonHeiles, [[0, 0.1, 0.49, 0]], { t: 50, rtol: 1e-10, samples: 501 });
    const text = await terminalPlot(dataset, { kind, rows: 30 });
    expect(text).toMatch(/[\u2801-\u28ff]/);
    expect(text).not.toMatch(/NaN|undefined/);
    expect(Math.max(...text.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(72);
  });
});

test("the fonts of PNGs hold every letter that labels use", () => {
  const file = new URL(
    "../../node_modules/@expo-google-fonts/stix-two-text/400Regular/STIXTwoText_400Regular.ttf",
    import.meta.url,
  );
  const covered = charactersOf(readFileSync(file));
  for (const char of "αβγδεζηθϑικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ−×·…|²Åéöε")
    expect(covered.has(char.codePointAt(0)!), char).toBe(true);
});

/** The characters of a TrueType font, from its cmap of format 4. */
function charactersOf(font: Buffer): Set<number> {
  const tables = font.readUInt16BE(4);
  const cmap = Array.from({ length: tables }, (_, k) => 12 + 16 * k).find(
    (at) => font.toString("latin1", at, at + 4) === "cmap",
  )!;
  const start = font.readUInt32BE(cmap + 8);
  const covered = new Set<number>();
  for (let k = 0; k < font.readUInt16BE(start + 2); k++) {
    const at = start + font.readUInt32BE(start + 4 + 8 * k + 4);
    if (font.readUInt16BE(at) !== 4) continue;
    const segments = font.readUInt16BE(at + 6) / 2;
    for (let segment = 0; segment < segments; segment++) {
      const last = font.readUInt16BE(at + 14 + 2 * segment);
      const first = font.readUInt16BE(at + 16 + 2 * (segments + segment));
      for (let code = first; code <= last && code < 0xffff; code++) covered.add(code);
    }
  }
  return covered;
}
