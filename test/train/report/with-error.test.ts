import { expect, it } from "vitest";
import { withError } from "../../../src/train/report/with-error.ts";

it.each([
  [1.09124e-4, 3.21e-8, "0.000109124 ± 3.2e-8"],
  [63.981654, 0.00151, "63.98165 ± 0.0015"],
  [-2.5, 1, "−2.5 ± 1"],
  [0, 0.25, "0 ± 0.25"],
  [2, 0, "2 ± 0"],
  [Math.PI, undefined, "3.14159"],
  [3, Number.POSITIVE_INFINITY, "3 (not determined by the data)"],
  [10, Number.NaN, "10 (held by a bound)"],
])("%f, %f: %s", (value, error, text) => expect(withError(value, error)).toBe(text));
