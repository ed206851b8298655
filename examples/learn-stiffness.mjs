// A spring constant learnt from measured rates: the emitted TensorFlow.js module takes trainable parameters.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { compile } from "hnnc";

await tf.setBackend("cpu");
const spring = compile("p^2/(2 m) + k q^2/2; m = 0.5; k = 1 learn");
const file = new URL("spring-tfjs.mjs", import.meta.url);
writeFileSync(fileURLToPath(file), spring.emit("tfjs"));
const { field } = await import(file.href);

const states = tf.tensor2d([
  [1, 0],
  [0.5, 1],
  [-0.3, 0.8],
  [0, -1],
]);
const measured = field(states, { k: 3.7 });

const k = tf.variable(tf.scalar(1));
const optimizer = tf.train.adam(0.1);
const loss = () => tf.losses.meanSquaredError(measured, field(states, { k }));
for (let step = 0; step < 400; step++) optimizer.minimize(loss, false, [k]);
console.log(`k = ${k.dataSync()[0].toFixed(3)}`);
