/** Numbers of an emitted text, exact and a third of the length of literals. */

const chunk = 0x8000;

/** Bytes in base64. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += chunk) text += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(text);
}

/** Little-endian numbers in base64. */
export function numbersText(values: ArrayLike<number>, type: "f32" | "f64"): string {
  const size = type === "f32" ? 4 : 8;
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (let k = 0; k < values.length; k++) {
    if (type === "f32") view.setFloat32(size * k, values[k]!, true);
    else view.setFloat64(size * k, values[k]!, true);
  }
  return base64(new Uint8Array(view.buffer));
}

/** The JavaScript function `numbers` that reads such a text, in browsers and in Node. */
export function decoderText(type: "f32" | "f64"): string {
  const [bytes, array] = type === "f32" ? [4, "Float32"] : [8, "Float64"];
  return `/** Little-endian numbers in base64. */
function numbers(text) {
  const chars = atob(text);
  const view = new DataView(new ArrayBuffer(chars.length));
  for (let k = 0; k < chars.length; k++) view.setUint8(k, chars.charCodeAt(k));
  const values = new ${array}Array(chars.length / ${bytes});
  for (let k = 0; k < values.length; k++) values[k] = view.get${array}(${bytes} * k, true);
  return values;
}`;
}
