import { describe, expect, it } from "vitest";
import { reportHtml } from "../../../src/train/report/report.ts";
import { runPictures } from "../../../src/train/report/run-pictures.ts";
import { dampedSpring, springWith } from "../evaluate/linear-models.ts";
import { springInput } from "./run-inputs.ts";

const input = await springInput(springWith(1.5));
const pictures = runPictures(input);
const html = reportHtml({
  formula: "p^2 + k q^2",
  summary: "a spring",
  run: "runs/spring",
  configuration: { family: "hybrid", steps: 400 },
  constants: [
    { name: "k", value: 1.49876543, error: 3.2e-3, unit: "N/m", start: 1 },
    { name: "omega_0", value: 2.5 },
  ],
  evaluation: input.evaluated.evaluation,
  others: [{ name: "mlp", evaluation: (await springInput(dampedSpring(0.05))).evaluated.evaluation }],
  pictures,
  provenance: { hnnc: "0.1.0" },
  warnings: ["the truth is near"],
});

describe("a report", () => {
  it("stands alone: no scripts, no other files, no addresses but those of namespaces", () => {
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script|<link|<img|@import|src=|href=/);
    const addresses = [...html.matchAll(/https?:\/\/[^"'\s)]+/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(["http://www.w3.org/2000/svg"]));
  });

  it("has one element an identifier: pictures do not cut one another off", () => {
    const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    const used = [...html.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id!);
    expect(used.length).toBeGreaterThan(4);
    expect(used.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("closes what it opens", () => {
    for (const name of ["section", "table", "tr", "td", "th", "figure", "svg", "dl", "dd", "ul", "small", "div"]) {
      const count = (tag: RegExp) => [...html.matchAll(tag)].length;
      expect(count(new RegExp(`<${name}[\\s>]`, "g")), name).toBe(count(new RegExp(`</${name}>`, "g")));
    }
  });

  it("says what was learned, with as many digits as the error leaves", () => {
    expect(html).toContain("1.4988 ± 0.0032");
    expect(html).toContain("<i>ω</i><sub>0</sub>");
    expect(html).toContain("<h1><i>p</i><sup>2</sup> + <i>k</i> <i>q</i><sup>2</sup></h1>");
  });

  it("has the figures of both models beside one another, and none that is not a number", () => {
    expect(html).toContain('<th scope="col">this model</th><th scope="col">mlp</th>');
    for (const name of ["training loss", "energy error, H", "valid time", "until divergence", "outside the data"]) {
      expect(html, name).toContain(`<th scope="row">${name}<small>`);
    }
    expect(html).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it("says what to do next", () => {
    expect(html).toContain("<code>hnnc simulate runs/spring --t 100</code>");
    expect(html).toContain("<code>hnnc compile runs/spring --target wasm</code>");
    expect(reportHtml({ formula: "mlp", run: "runs/my run", compiles: false })).toContain(
      "hnnc simulate 'runs/my run' --t 100",
    );
    expect(reportHtml({ formula: "mlp", run: "a", compiles: false })).not.toContain("hnnc compile");
  });

  it("leaves out what it was not given", () => {
    const bare = reportHtml({ formula: "p^2", run: "a" });
    expect(bare).not.toMatch(/<figure|<table|What was learned|How good/);
  });
});

it("takes text as text, wherever it comes from", () => {
  const evil = `<script>alert("1")</script>'&`;
  const page = reportHtml({
    formula: evil,
    summary: evil,
    run: evil,
    configuration: { [evil]: evil },
    constants: [{ name: evil, value: 1, unit: evil }],
    provenance: { [evil]: evil },
    warnings: [evil],
    others: [{ name: evil, evaluation: input.evaluated.evaluation }],
    evaluation: { ...input.evaluated.evaluation, energy: [{ name: evil, mean: 1, groupError: null, perStart: [1] }] },
    pictures: [{ name: evil, caption: evil, svg: runPictures({ ...input, title: evil })[0]!.svg }],
  });
  expect(page).not.toMatch(/<script/i);
  expect([...page.matchAll(/&lt;/g)].length).toBeGreaterThan(10);
});
