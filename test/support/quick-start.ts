/** For processes of a run that are to start quickly, and are not kept warm: see warm/lazy-packages.cjs. */
import { join } from "node:path";

const preload = join(__dirname, "warm", "lazy-packages.cjs");

export const quickStart = { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
