import type { Label } from "./label.ts";

/** A number of two digits, as `3.2 × 10⁻⁵` where it is far from 1. */
export function scientific(value: number): Label {
  const [digits, power] = value.toExponential(1).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent >= -2 && exponent <= 3) return [{ text: minus(String(Number(value.toPrecision(2)))) }];
  const factor = digits === "1.0" ? "" : `${minus(digits)} × `;
  return [{ text: `${factor}10` }, { text: minus(String(exponent)), at: "super" }];
}

function minus(text: string): string {
  return text.replace("-", "−");
}

/** A number as a person would write it, with at most `digits` digits. */
export function shortNumber(value: number, digits = 6): string {
  const rounded = Number(value.toPrecision(digits));
  const text =
    rounded !== 0 && (Math.abs(rounded) >= 1e6 || Math.abs(rounded) < 1e-4) ? rounded.toExponential() : String(rounded);
  return minus(text.replace("e+", "e"));
}
