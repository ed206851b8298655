// Mercury's perihelion under a small 1/r² correction: passages found to round-off, their advance against theory, a picture.
import { writeFileSync } from "node:fs";
import { compile, drawPicture, simulate } from "hnnc";

const planet = compile("(p_x^2 + p_y^2)/2 - 1/r - epsilon/(2 r^2); r = hypot(x, y); epsilon = 1e-4");
const { report, ...orbit } = await simulate(planet, {
  x0: [0.4, 0, 0, 2],
  t: 100,
  samples: 2000,
  events: [{ formula: "r", kind: "minimum" }],
});

const angles = report.events.map(({ state: [x, y] }) => Math.atan2(y, x));
const advance = (angles.at(-1) - angles[0]) / (angles.length - 1);
// The radial motion is Kepler's with L² − ε for L², so that the angle runs L/√(L² − ε) times as far.
const exact = 2 * Math.PI * (0.8 / Math.sqrt(0.64 - 1e-4) - 1);
console.log(`${angles.length} passages, advance ${advance.toFixed(10)} a turn, theory ${exact.toFixed(10)}`);

writeFileSync("perihelion.svg", await drawPicture(orbit, { kind: "orbit", format: "svg" }));
