import { describe, expect, it } from "vitest";
import { compile } from "../../../src/compile.ts";
import { evaluateModel } from "../../../src/train/evaluate/evaluate-model.ts";
import { runPictures } from "../../../src/train/report/run-pictures.ts";
import { framesOf, pointsOf, readSvg, wordsOf } from "../../picture/svg-reader.ts";
import { dampedSpring, linearField, springWith } from "../evaluate/linear-models.ts";
import { springInput } from "./run-inputs.ts";

const [blue, orange] = ["#0072b2", "#d55e00"];

function svgOf(pictures: ReturnType<typeof runPictures>, name: string): string {
  return pictures.find((picture) => picture.name === name)!.svg;
}

describe("pictures of a spring whose k is 1.5", async () => {
  const input = await springInput(springWith(1.5));
  const pictures = runPictures(input);

  it("are all there, are SVG, and say of what they are", () => {
    expect(pictures.map(({ name }) => name)).toEqual(["loss", "roll-out", "phase", "energy-surface", "drift"]);
    for (const { svg, caption } of pictures) {
      expect(readSvg(svg).length).toBeGreaterThan(20);
      expect(wordsOf(svg)).toContain("p2 + k q2");
      expect(caption).toMatch(/\.$/);
    }
  });

  it("are the same each time", () => {
    expect(runPictures(input)).toEqual(pictures);
  });

  it("show a loss that falls, its noise, and the test loss", () => {
    const svg = svgOf(pictures, "loss");
    const [, smooth] = pointsOf(svg, blue);
    // downwards on the screen
    expect(smooth!.at(-1)![1]).toBeGreaterThan(smooth![0]![1] + 100);
    expect(wordsOf(svg)).toContain("training, mean of 50 steps");
    expect(pointsOf(svg, orange)[0]!.length).toBe(2);
  });

  it("show lines of energy that are circles in truth and ellipses as learned, 1/√1.5 as wide", () => {
    const svg = svgOf(pictures, "phase");
    const [frame] = framesOf(svg);
    const closed = (color: string) =>
      pointsOf(svg, color)
        .filter(
          (line) => line.length > 20 && line.every(([u]) => u > frame!.left + 1 && u < frame!.left + frame!.width - 1),
        )
        .map((line) => {
          const [us, vs] = [line.map(([u]) => u), line.map(([, v]) => v)];
          return (Math.max(...us) - Math.min(...us)) / (Math.max(...vs) - Math.min(...vs));
        });
    const [circles, ellipses] = [closed(blue), closed(orange)];
    expect(circles.length).toBeGreaterThan(1);
    expect(ellipses.length).toBeGreaterThan(1);
    // a grid of 141 places and coordinates of a hundredth of a pixel
    expect(Math.abs(ellipses[0]! / circles[0]! - 1 / Math.sqrt(1.5))).toBeLessThan(0.02);
  });

  it("show the true trajectory beside the model's", () => {
    const svg = svgOf(pictures, "roll-out");
    expect(framesOf(svg).length).toBe(2);
    expect(wordsOf(svg)).toEqual(expect.arrayContaining(["true", "model", "q", "p"]));
    // an entry of the legend is a line too
    expect(pointsOf(svg, orange).filter((line) => line.length > 50).length).toBe(2);
  });

  it("show a surface that is too high at large q: orange at the sides", () => {
    const svg = svgOf(pictures, "energy-surface");
    const [frame] = framesOf(svg);
    const fills = readSvg(svg).filter(({ name, attributes }) => name === "path" && attributes.fill?.startsWith("#"));
    expect(fills.length).toBeGreaterThan(3);
    const top = fills.at(-1)!.attributes.d!;
    const firsts = [...top.matchAll(/M(-?[\d.]+)/g)].map(([, u]) => Number(u));
    expect(Math.min(...firsts)).toBeLessThan(frame!.left + 5);
  });
});

it("a model that is the truth has a white surface", async () => {
  const pictures = runPictures(await springInput(springWith(1)));
  const fills = readSvg(svgOf(pictures, "energy-surface")).filter(
    ({ name, attributes }) => name === "path" && attributes.fill?.startsWith("#"),
  );
  expect(fills.map(({ attributes }) => attributes.fill)).toEqual(["#ffffff"]);
});

it("a baseline has arrows and no surface; other models stand beside it in the drift", async () => {
  const input = await springInput(dampedSpring(0.05));
  const other = (await springInput(springWith(1.5))).evaluated!.drift!;
  const pictures = runPictures({ ...input, title: "mlp", others: [{ name: "hybrid", drift: other }] });
  expect(pictures.map(({ name }) => name)).toEqual(["loss", "roll-out", "phase", "drift"]);
  const words = wordsOf(svgOf(pictures, "drift"));
  expect(words).toEqual(expect.arrayContaining(["this model", "hybrid", "cycles"]));
  expect(words.some((each) => each.startsWith("this model: rk4") && each.includes("lost from"))).toBe(true);
});

it("a model that runs away is drawn as far as it goes, in the frame of the truth", async () => {
  const svg = svgOf(runPictures(await springInput(linearField([3, 0, 0, 3]))), "roll-out");
  // e^60 is where it goes; the largest number at the axes is the time
  const numbers = wordsOf(svg).map((word) => Number(word.replace("−", "-")));
  expect(Math.max(...numbers.filter(Number.isFinite))).toBe(20);
});

it("with two degrees of freedom there is no phase plane", async () => {
  const double = compile("(p1^2 + p2^2)/2 + (q1^2 + q2^2)/2");
  const { models } = await import("../../../src/hnn/models.ts");
  const model = models.hnn.create({ dimension: 4, hidden: [3] });
  const trained = { model, parameters: model.parameters.initial(0) };
  const evaluated = await evaluateModel(trained, {
    truth: double,
    starts: [1, 0, 0, 1],
    t: 5,
    samples: 20,
    drift: false,
  });
  const names = { coordinates: ["q1", "q2"], momenta: ["p1", "p2"] };
  const pictures = runPictures({ title: "N(q1, q2, p1, p2)", ...names, truth: double, evaluated });
  expect(pictures.map(({ name }) => name)).toEqual(["roll-out"]);
  expect(framesOf(pictures[0]!.svg).length).toBe(4);
});
