import { pendulum } from "./pendulum.ts";
import { realPendulum } from "./real-pendulum.ts";
import { spring } from "./spring.ts";
import type { Task } from "./task.ts";
import { threeBody } from "./three-body.ts";
import { twoBody } from "./two-body.ts";

/** The tasks by name, in the order of the published table; a new one is one file and one line here. */
export const tasks = {
  spring,
  pendulum,
  "real-pendulum": realPendulum,
  "two-body": twoBody,
  "three-body": threeBody,
} satisfies Record<string, Task>;

export type TaskName = keyof typeof tasks;

export const taskNames = Object.keys(tasks) as readonly TaskName[];
