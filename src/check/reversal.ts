import { along } from "./along.ts";
import { bluntBound, type Check, Tally } from "./check.ts";

const claim = "there and back: x(0) again";

/** The motion run to its end and back. */
export const reversal: Check = {
  name: "reversal",
  title: "Reversal of time",
  run: (subject) =>
    along(subject, [claim], (flow) => {
      const last = flow.states[flow.states.length - 1]!;
      const back = flow.run(last, true);
      const home = back[back.length - 1]!;
      const tally = new Tally(bluntBound);
      // Backwards, what damping drew together grows apart: a start moved a little tells by how much.
      const move = 1e-7;
      const nearby = flow.run(
        last.map((x, k) => x + move * flow.sizes[k]! * flow.directions[0]![k]!),
        true,
      );
      const apart = distance(nearby[nearby.length - 1]!, home, flow.sizes) / move;
      const bound = 2 * flow.rounding * Math.max(flow.growth, apart) * Math.sqrt(flow.sizes.length);
      tally.add(distance(home, flow.states[0]!, flow.sizes), bound, { x: flow.states[0]!, t: 0 });
      const because = `rounding of twice ${flow.steps} Taylor steps, as it grows on the way`;
      return [tally.line(claim, because, "of the variable's size")];
    }),
};

function distance(a: Float64Array, b: Float64Array, sizes: Float64Array): number {
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k]!) / sizes[k]!), 0);
}
