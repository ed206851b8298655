/** Tiles to be advanced to the sample before `last`: addresses and sizes in bytes. */
export interface Job {
  readonly tilesAt: number;
  readonly tileBytes: number;
  readonly tiles: number;
  /** Trajectories of a tile. */
  readonly lanes: number;
  /** The thread's own scratch memory. */
  readonly scratchAt: number;
  readonly last: number;
  /** Steps of one call, so that a thread looks up now and then. */
  readonly budget: number;
  /** Whether the tiles are at their start. */
  readonly begin: boolean;
  /** Addresses of the shared counter and of the sign to stop. */
  readonly nextTile: number;
  readonly stop: number;
}

/** Threads, or the calling one, that work on tiles in one memory. */
export interface Crew {
  readonly threads: number;
  /** Each job is that of one thread. */
  work(jobs: readonly Job[]): Promise<void>;
}

/** What the module exports. */
export interface KernelExports {
  readonly memory?: WebAssembly.Memory;
  readonly record: (tile: number, scratch: number, lane: number, sample: number, row: number) => void;
  readonly begin?: (tile: number, scratch: number) => void;
  readonly run: (tile: number, scratch: number, lane: number, last: number, budget: number) => number;
}
