/**
 * `npm run bench`: the package beside what else a user could pick, side by side in one run. It prints what it finds
 * and writes it to bench/results.md, with two plots.
 *
 * `-- --quick` shows in a moment that everything works, and writes nothing; `-- --rounds 5` repeats the large cases too,
 * which takes forty minutes; `-- --engine pulumi` runs on the Pulumi CLI on the PATH.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { atLeast, full, quick } from "./cases";
import { report } from "./report";
import { timePlot, writesPlot } from "./report/plots";
import { runBench } from "./run";

const QUICK_COUNT = 3;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string", default: "1" },
      engine: { type: "string", default: "local" },
      out: { type: "string" },
    },
  });
  const { engine, out } = values;
  if (engine !== "local" && engine !== "pulumi") throw new Error("--engine is `local` or `pulumi`.");
  const rounds = Number(values.rounds);
  if (!(rounds >= 1)) throw new Error("--rounds is how often each case is measured at least.");
  const plan = values.quick ? quick(QUICK_COUNT) : atLeast(rounds, full);
  const results = await runBench(plan, engine, (line) => console.error(line));
  const { format } = await import("oxfmt");
  const { code: page } = await format("results.md", report(results));
  console.log(page);
  if (values.quick && out === undefined) return;
  write(out === undefined ? __dirname : resolve(out), {
    "results.md": page,
    "time.svg": timePlot(results.measured),
    "writes.svg": writesPlot(results.measured),
  });
}

function write(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
