import type { TaylorMachine } from "./js.ts";
import type { TaylorLayout } from "./layout.ts";
import { reach } from "./reach.ts";
import { clock } from "./wasm.ts";

/** Takes steps. The memory holds the state, the clock and the coefficients of the step at hand. */
export interface TaylorStepper {
  readonly numbers: Float64Array;
  /**
   * Takes steps until one would pass `until`: that one is expanded and its width put into the clock, but not taken.
   *
   * @param end the last step reaches it at most
   * @param most how many steps to take
   * @returns how many were taken
   */
  propagate(until: number, end: number, most: number): number;
  /** Moves the state by h, which is at most the width of the step at hand; leaves the clock. */
  update(h: number): void;
}

/** The stepper of a module that `emitTaylor` wrote. */
export function wasmStepper(exports: WebAssembly.Exports, numbers: Float64Array): TaylorStepper {
  const { propagate, update } = exports as unknown as Pick<TaylorStepper, "propagate" | "update">;
  return { numbers, propagate, update };
}

/** A stepper in plain JavaScript. */
export function plainStepper(machine: TaylorMachine, layout: TaylorLayout): TaylorStepper {
  const { numbers } = machine;
  const [t, carry, step] = [clock.t / 8, clock.carry / 8, clock.step / 8];
  const update = (h: number): void => updateState(layout, numbers, h);
  return {
    numbers,
    update,
    propagate(until, end, most) {
      let steps = 0;
      while (steps < most) {
        machine.expand(numbers[t]!);
        const h = reach(layout, numbers, end - numbers[t]! - numbers[carry]!);
        numbers[step] = h;
        const whole = h + numbers[carry]!;
        const later = numbers[t]! + whole;
        if (!((later - until) * h < 0)) break;
        update(h);
        numbers[carry] = numbers[t]! - later + whole;
        numbers[t] = later;
        steps++;
      }
      return steps;
    },
  };
}

function updateState(
  { state, rowBytes, dimension, order, carry }: TaylorLayout,
  numbers: Float64Array,
  h: number,
): void {
  for (let i = 0; i < dimension; i++) {
    let sum = 0;
    for (let k = order; k >= 1; k--) sum = (sum + numbers[(state + k * rowBytes) / 8 + i]!) * h;
    const old = numbers[state / 8 + i]!;
    const whole = sum + numbers[carry / 8 + i]!;
    const now = old + whole;
    numbers[carry / 8 + i] = old - now + whole;
    numbers[state / 8 + i] = now;
  }
}

/** Dense output: the state a time s after the expansion point, as exact as the step itself. */
export function stateAfter(
  { state, rowBytes, dimension, order, carry }: TaylorLayout,
  numbers: Float64Array,
  s: number,
  out: Float64Array,
): void {
  const row = rowBytes / 8;
  const first = state / 8;
  for (let i = 0; i < dimension; i++) {
    let sum = 0;
    for (let k = order, at = first + order * row + i; k >= 1; k--, at -= row) sum = (sum + numbers[at]!) * s;
    out[i] = numbers[first + i]! + (sum + numbers[carry / 8 + i]!);
  }
}
