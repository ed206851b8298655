// The rates of change of 100 000 Kepler orbits at once, two states at a time in WebAssembly SIMD.
import { compile, loadWasm, systems } from "hnnc";

const { batch, meta } = await loadWasm(compile(systems.kepler).emit("wasm"));
const count = 100_000;
const states = new Float64Array(count * meta.dimension);
for (let k = 0; k < count; k++) states.set([1 + k / count, 0, 0, 1], k * meta.dimension);

const rates = batch.field(states);
console.log(`${meta.coordinates} ${meta.momenta}: ${count} states`);
console.log(`first: ${rates.subarray(0, 4).join(" ")}`);
console.log(`last:  ${Array.from(rates.subarray(-4), (rate) => rate.toFixed(6)).join(" ")}`);
