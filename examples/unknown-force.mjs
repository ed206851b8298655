// A pendulum whose restoring force is unknown: the formula says p^2 + V(q), a network learns V from noisy rows, and what
// was learned is a formula again, which is simulated and compiled like any other.
import { compile, compileModel, generate, simulate, systems } from "hnnc";
import { modelOf, normalisationOf, train } from "hnnc/learn";

const data = await generate(systems.pendulum, { seed: 0 });
const model = modelOf({
  family: "hybrid",
  coordinates: ["q"],
  momenta: ["p"],
  prior: { text: "p^2 + V(q)" },
  functions: { V: { hidden: [32, 32] } },
  normalisation: normalisationOf(data),
});
const { parameters } = await train(model, data, { steps: 2000, schedule: { kind: "cosine" } });

const learned = compileModel(model.formula(parameters));
const truth = compile(systems.pendulum);
const start = { x0: [1.5, 0], t: 20 };
const [ours, exact] = [await simulate(learned, start), await simulate(truth, start)];
const apart = ours.states.reduce((most, value, k) => Math.max(most, Math.abs(value - exact.states[k])), 0);
console.log(`T(p) + V(q): ${learned.separable}`);
console.log(`apart after six swings: ${apart < 0.2 ? "less than 0.2" : apart}`);
console.log(`a module of its own: ${Math.round(learned.emit("js").length / 1000)} kB`);
