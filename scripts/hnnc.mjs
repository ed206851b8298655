// hnnc from a checkout, built first where the sources are newer: npm run -s hnnc -- compile "p^2/2 - cos(q)"

import { build } from "./build.mjs";

await build();
await import("../dist/cli/main.js");
