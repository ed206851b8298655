/** Where the numbers of units stand in the memory that a network works in, by layer, the inputs first. */
export interface ScratchPlaces {
  readonly values: readonly number[];
  /** f′, then the slopes with respect to what goes into the activation. */
  readonly slopes: readonly number[];
  /** For second derivatives: f″, slopes with respect to the values, a tangent before and behind the activation, slopes that turn. */
  readonly bends: readonly number[];
  readonly firsts: readonly number[];
  readonly before: readonly number[];
  readonly behind: readonly number[];
  readonly turned: readonly number[];
}
