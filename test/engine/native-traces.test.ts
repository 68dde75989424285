/**
 * The local engine asks of a plugin what the real engine asked, process by process, and saves what it saved.
 * `PULUMI_ENGINE=pulumi` holds the recordings against the Pulumi CLI; with RECORD=1, it records them anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newStack } from "../acceptance/support/engine";
import { replayNative, type NativeStep } from "./native-replay";

const file = join(__dirname, "native-traces.json");
const traces = JSON.parse(readFileSync(file, "utf8")) as Record<string, NativeStep[]>;

// The others run where LONG is set, and on Pulumi's own engine.
const ALWAYS = ["import-with-explicit-provider", "two-providers", "native-to-dynamic", "invoke"];
const runsAll = process.env.LONG || process.env.PULUMI_ENGINE === "pulumi";
const scenarios = Object.entries(traces).filter(([title]) => runsAll || ALWAYS.includes(title));

jest.setTimeout(180_000);

test.each(scenarios)("%s", async (_, steps) => {
  const replayed = await replayNative(newStack, steps, __dirname);
  if (process.env.RECORD) return replayed.forEach((recorded, i) => Object.assign(steps[i]!, { recorded }));
  replayed.forEach((run, i) => {
    const { command, recorded } = steps[i]!;
    const title = `step ${i + 1}, ${command}`;
    expect({ title, ...run }).toEqual({ title, ...recorded });
  });
});

afterAll(() => {
  if (!process.env.RECORD) return;
  const written = Object.entries(traces).map(([title, steps]) => {
    const lines = steps.map((step) => JSON.stringify(step)).join(",\n");
    return `${JSON.stringify(title)}: [\n${lines}\n]`;
  });
  writeFileSync(file, `{\n${written.join(",\n")}\n}\n`);
});
