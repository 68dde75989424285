import { fstatSync } from "node:fs";

/**
 * Ends this process when the engine has ended: killed, it leaves its plugins behind. Its end of our standard input is
 * a pipe, and closes then. Anything else (a terminal, /dev/null) says nothing of the engine.
 */
export function endWithEngine(): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on("error", () => process.exit(0));
  process.stdin.on("end", () => process.exit(0));
  process.stdin.resume();
}
