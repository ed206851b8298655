/** What must be undone if a signal ends the process, such as removing a temporary file. */
const undoings = new Set<() => void>();

/** Runs an action whose traces `undo` removes if the process is told to end while it runs. */
export async function undoable<T>(undo: () => void, action: () => Promise<T>): Promise<T> {
  undoings.add(undo);
  try {
    return await action();
  } finally {
    undoings.delete(undo);
  }
}

/** Undoes everything that is half done: for whoever ends the process. */
export function undoAll(): void {
  for (const undo of undoings) undo();
}
