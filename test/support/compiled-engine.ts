/** What tests start as processes, as JavaScript: ts-node would compile it at each start. See compile-engine.ts. */
import { join } from "node:path";

const repository = join(__dirname, "..", "..");
/** Below node_modules, so that packages are found from there. */
const cache = join(repository, "node_modules", ".cache");

export const folders = [
  { source: join(repository, "local", "engine"), target: join(cache, "local-engine") },
  { source: join(__dirname, "warm"), target: join(cache, "warm") },
];

export const compiledEngine = join(cache, "local-engine", "process.js");
export const warmWorker = join(cache, "warm", "worker.js");
