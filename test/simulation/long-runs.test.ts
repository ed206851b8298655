import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { planSimulation, simulate } from "../../src/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/options.ts";
import { systems } from "../../src/systems/systems.ts";

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

/**
 * The Pleiades problem at t = 3: F. Mazzia, C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4, Bari
 * 2008, problem `plei`: x1 … x7, y1 … y7, and their velocities. A run of heyoka 7.13 in quadruple precision (order 39)
 * agrees with every digit to 2e-15.
 */
const pleiades = [
  0.3706139143970502, 3.237284092057233, -3.222559032418324, 0.659709145577531, 0.3425581707156584, 1.562172101400631,
  -0.7003092922212495, -3.943437585517392, -3.27138097397255, 5.225081843456543, -2.59061243497747, 1.198213693392275,
  -0.2429682344935824, 1.09144924042898, 3.417003806314313, 1.354584501625501, -2.590065597810775, 2.025053734714242,
  -1.155815100160448, -0.8072988170223021, 0.595239635420871, -3.74124496123401, 0.377345968575063, 0.9386858869551074,
  0.3667922227200571, -0.347404635380849, 2.344915448180937, -1.947020434263292,
];

describe("the seven-body problem (Pleiades) against its published solution", () => {
  const model = compile(systems.pleiades);

  async function end(options: Omit<SimulateOptions, "t" | "x0">): Promise<number[]> {
    const { x0 } = systems.pleiades.initialStates.default!;
    const { states } = await simulate(model, { ...options, t: 3, x0, samples: 2 });
    const [q, p] = [states.subarray(28, 42), states.subarray(42, 56)];
    const entry = (rows: Float64Array, axis: number) =>
      Array.from({ length: 7 }, (_, i) => rows[2 * i + axis]! / (rows === q ? 1 : i + 1));
    return [...entry(q, 0), ...entry(q, 1), ...entry(p, 0), ...entry(p, 1)];
  }

  test("taylor to 2e-12 (rounding, magnified by the close encounters)", async () => {
    expect(farthest(await end({}), pleiades)).toBeLessThan(2e-12);
  });
  test("dop853 at rtol 1e-12 to 2e-9", async () => {
    expect(farthest(await end({ method: "dop853", rtol: 1e-12, atol: 1e-12 }), pleiades)).toBeLessThan(2e-9);
  });
  test("kahan-li8 with 60 000 steps to 1e-12", async () => {
    expect(farthest(await end({ method: "kahan-li8", dt: 5e-5 }), pleiades)).toBeLessThan(1e-12);
  });
});

describe("five outer planets about the sun (DETEST C5) against published values", () => {
  // T. E. Hull, W. H. Enright, B. M. Fellen, A. E. Sedgwick, SIAM Journal on Numerical Analysis 9 (1972) 603,
  // doi:10.1137/0709052; values at t = 20 (2000 days): W. H. Enright, J. D. Pryce, ACM Transactions on Mathematical
  // Software 13 (1987) 1, doi:10.1145/23002.27645 (algorithm 648, NSDTST). Heliocentric, time in hundreds of days.
  const masses = [
    1.00000597682, 0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449, 0.277777777778e-5,
  ];
  const positions = [
    3.42947415189, 3.35386959711, 1.35494901715, 6.6414554255, 5.97156957878, 2.18231499728, 11.2630437207,
    14.6952576794, 6.27960525067, -30.1552268759, 1.65699966404, 1.43785752721, -21.123835338, 28.4465098142,
    15.3882659679,
  ];
  const velocities = [
    -0.557160570446, 0.505696783289, 0.230578543901, -0.415570776342, 0.365682722812, 0.169143213293, -0.325325669158,
    0.189706021964, 0.087726532278, -0.024047625417, -0.287659532608, -0.117219543175, -0.176860753121, -0.216393453025,
    -0.014864789309,
  ];
  const published = [
    -4.792730224323733, -2.420550725448973, -0.9212509306014885, -4.217310404035213, 7.35620294749897,
    3.223785985421212, 4.03555944326227, 17.19865528670555, 7.478910794233703, -29.98759326324844, -4.107310937550929,
    -0.9277008321754407, -24.42125302518482, 23.81459045746554, 14.92096306951359, 0.3499208963063806,
    -0.5748487687912825, -0.2551694020879149, -0.5237040978903326, -0.2493000463579661, -0.08045341642044464,
    -0.387528923733411, 0.05648603288767891, 0.03023606472143342, 0.04133856546712445, -0.2862393029841379,
    -0.1183032405136207, -0.1511986457359206, -0.2460068894318766, -0.03189687411323877,
  ];
  const model = compile(`G = 2.95912208286; m = [${masses.join(", ")}]
q: [6, 3], p: [6, 3]
H = sum(p[i]^2/(2 m[i]), i = 1..6) - G sum(m[i] m[j]/|q[i] - q[j]|, i < j)`);
  // The sun begins at rest in the origin; positions and velocities are then told relative to it.
  const x0 = [0, 0, 0, ...positions, 0, 0, 0, ...velocities.map((v, k) => v * masses[1 + Math.floor(k / 3)]!)];

  test.each<[string, Partial<SimulateOptions>, number]>([
    // Eleven digits of the data, and the published values' own error.
    ["taylor", {}, 1e-12],
    ["dop853", { method: "dop853", rtol: 1e-13, atol: 1e-20 }, 2e-12],
    ["kahan-li8", { method: "kahan-li8", dt: 0.1 }, 1e-12],
  ])("%s", async (_, how, bound) => {
    const { states } = await simulate(model, { ...how, t: 20, x0, samples: 2 });
    const end = states.subarray(36);
    const relative = (from: number, scale: (body: number) => number) =>
      Array.from({ length: 15 }, (_, k) => {
        const body = 1 + Math.floor(k / 3);
        return end[from + 3 + k]! / scale(body) - end[from + (k % 3)]! / scale(0);
      });
    const found = [...relative(0, () => 1), ...relative(18, (body) => masses[body]!)];
    expect(farthest(found, published)).toBeLessThan(bound);
  });
});

/**
 * Positions after 200 000 and 1 000 000 days from the catalogue's start, to the double nearest: heyoka 7.13 with real128
 * and tolerance 1e-33 (order 39), in Cartesian coordinates and velocities.
 */
const planets: readonly (readonly [number, readonly number[]])[] = [
  [
    200_000,
    [
      1.2358425423546084, -0.489943821144275, -0.24610536181432127, 2.6110795701129548, -5.0795254967879595,
      -2.2447206778530475, -7.6691362473911715, -4.052052245488169, -1.3311156697115296, -5.824743949847667,
      15.337173753572557, 6.782463409917623, 20.663980247514985, 20.582956042459887, 7.894795414748213,
      36.5669506988225, -13.767684401259775, -15.043469221823278,
    ],
  ],
  [
    1_000_000,
    [
      6.180644435012523, -2.4419980348981483, -1.2269142986239105, 0.8827755171793498, -1.4207923129770639,
      -0.6680946430307356, 13.749568060114845, -8.180158675436479, -3.976487047237802, -7.692956541833897,
      8.724414388378415, 3.841686463727625, -21.113538078588494, 9.115347769576221, 4.187174838209266,
      -3.0305470294464385, -30.6963967150036, -7.2967271140329055,
    ],
  ],
];

describe("the outer solar system for 2738 years", () => {
  const model = compile(systems["outer-solar-system"]);
  const { x0 } = systems["outer-solar-system"].initialStates.default!;

  // Rounding of 3442 steps and an error of phase that grows as t²; DOP853's own is that of its tolerance.
  test.each<[string, Partial<SimulateOptions>, readonly [number, number]]>([
    ["taylor", {}, [1e-10, 2e-9]],
    ["dop853", { method: "dop853", rtol: 1e-13, atol: 1e-20 }, [5e-8, 2e-6]],
    ["kahan-li8, 10 days", { method: "kahan-li8", dt: 10 }, [5e-12, 1e-11]],
  ])("%s against a run in quadruple precision", async (_, how, bounds) => {
    const { states } = await simulate(model, { ...how, t: 1e6, x0, samples: planets.map(([t]) => t) });
    for (const [k, [, known]] of planets.entries()) {
      const row = states.subarray(36 * (k + 1), 36 * (k + 1) + 18);
      expect(farthest(row, known), `sample ${k}`).toBeLessThan(bounds[k]!);
    }
  });

  test("the energy of leapfrog with 50 days stays, that of RK4 falls", async () => {
    const keeps = await energies(model, { t: 1e6, dt: 50, x0, method: "leapfrog", samples: 1001 });
    const loses = await energies(model, { t: 1e6, dt: 200, x0, method: "rk4", samples: 1001 });
    expect(keeps.most).toBeLessThan(2e-4);
    expect(Math.abs(keeps.drift)).toBeLessThan(1e-6);
    expect(Math.abs(loses.drift)).toBeGreaterThan(1e-4);
  });
});

describe("Burrau's problem, masses 3, 4, 5 at rest (Pythagorean)", () => {
  // C. Burrau, Astronomische Nachrichten 195 (1913) 113; V. Szebehely, C. F. Peters, Astronomical Journal 72 (1967) 876,
  // doi:10.1086/110355. Positions: heyoka 7.13 with real128 and tolerance 1e-33. Errors grow about a thousandfold in
  // each close encounter, the closest being at t = 15.83.
  const known: readonly (readonly [number, readonly number[], number])[] = [
    [
      10,
      [
        0.7784804101380854, 0.14139230029008618, -2.0250924779781987, 0.0972193841460584, 1.1529857362997076,
        -0.16261088749089841,
      ],
      4e-11,
    ],
    [
      20,
      [
        3.004292636696399, 0.5119252350246859, -1.3886265375108955, -0.47047605025272216, -0.6916743520091232,
        0.06922569918736622,
      ],
      3e-8,
    ],
    [
      40,
      [
        -0.6220036918010972, 1.8583181578997727, 0.1735445568164398, -2.3684104432831643, 0.23436656962750643,
        0.7797374598866676,
      ],
      2e-6,
    ],
    [
      60,
      [
        0.7438075001180829, 1.9399479510948634, 0.26401033468625656, -0.7316243948699637, -0.657492767819855,
        -0.578669254760947,
      ],
      2e-2,
    ],
  ];
  const burrau = compile(systems.pythagorean);
  const { x0 } = systems.pythagorean.initialStates.default!;

  test("taylor follows it for sixty units of time", async () => {
    const { states, energies: found } = await simulate(burrau, { t: 60, x0, samples: known.map(([t]) => t) });
    for (const [k, [t, positions, bound]] of known.entries()) {
      expect(farthest(states.subarray(12 * (k + 1), 12 * (k + 1) + 6), positions), `t = ${t}`).toBeLessThan(bound);
    }
    expect(farthest(found!, new Array(found!.length).fill(-769 / 60))).toBeLessThan(3e-8);
  });

  test("dop853 to the encounter at 15.83: their distance is 4e-4 then", async () => {
    const times = Array.from({ length: 4001 }, (_, k) => 15.825 + k * 2.5e-6);
    for (const how of [{}, { method: "dop853" as const, rtol: 1e-13, atol: 1e-14 }]) {
      const { states } = await simulate(burrau, { ...how, t: 15.835, x0, samples: times });
      const distances = times.map((_, k) => {
        const [, , x2, y2, x3, y3] = states.subarray(12 * (k + 1), 12 * (k + 1) + 6);
        return Math.hypot(x2! - x3!, y2! - y3!);
      });
      const closest = Math.min(...distances);
      expect(closest).toBeCloseTo(4e-4, 4);
      expect(times[distances.indexOf(closest)]).toBeCloseTo(15.83, 2);
    }
  });

  test("the lightest is thrown out at last, the others stay bound", async () => {
    const { states } = await simulate(burrau, { t: 80, x0, samples: 2 });
    const x = states.subarray(12);
    const [first, ...others] = [0, 1, 2].map((i) => Math.hypot(x[2 * i]!, x[2 * i + 1]!));
    expect(first).toBeGreaterThan(30);
    expect(Math.max(...others)).toBeLessThan(15);
    expect(Math.hypot(x[2]! - x[4]!, x[3]! - x[5]!)).toBeLessThan(2);
  });
});

/** The relative energy error: its largest value, and the difference of its means over the last and the first tenth. */
async function energies(model: ReturnType<typeof compile>, options: SimulateOptions) {
  const all: number[] = [];
  await planSimulation(model, options).run((chunk: Dataset) => void all.push(...chunk.energies!));
  const errors = all.map((H) => (H - all[0]!) / Math.abs(all[0]!));
  const tenth = Math.floor(errors.length / 10);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    most: Math.max(...errors.map(Math.abs)),
    drift: mean(errors.slice(-tenth)) - mean(errors.slice(0, tenth)),
  };
}

describe("a million steps show no trend of the energy, compiled", () => {
  // Samples lie 97 steps apart, so that they do not keep in step with the orbit.
  test.each<[string, string, number, SimulateOptions["method"], number, number]>([
    ["Kepler e = 0.6", "kepler", 0.01, "leapfrog", 1e-3, 2e-6],
    ["Kepler e = 0.6", "kepler", 0.01, "yoshida4", 4e-6, 7e-9],
    ["Kepler e = 0.6", "kepler", 0.01, "kahan-li8", 1e-13, 1e-13],
    ["Hénon–Heiles", "henon-heiles", 0.1, "leapfrog", 1e-2, 1e-5],
    ["Hénon–Heiles", "henon-heiles", 0.1, "blanes-moan4", 5e-7, 2e-10],
    ["Hénon–Heiles", "henon-heiles", 0.1, "gauss4", 2e-6, 3e-9],
    ["pendulum", "pendulum", 0.1, "gauss6", 1e-7, 2e-10],
  ])("%s (%s), steps of %f: %s", async (_, name, dt, method, most, drift) => {
    const system = systems[name as "kepler"];
    const [start] = Object.values(system.initialStates);
    const samples = Math.floor(1e6 / 97) + 1;
    const t = dt * 97 * (samples - 1);
    const found = await energies(compile(system), { t, dt, method, x0: start!.x0, samples });
    expect(found.most).toBeLessThan(most);
    expect(Math.abs(found.drift)).toBeLessThan(drift);
  });

  test("of RK4 there is one", async () => {
    const { x0 } = systems.kepler.initialStates.default!;
    const found = await energies(compile(systems.kepler), { t: 2000, dt: 0.02, method: "rk4", x0, samples: 1001 });
    expect(Math.abs(found.drift)).toBeGreaterThan(1e-4);
  });
});
