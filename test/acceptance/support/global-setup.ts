/** Says once what is missing, where otherwise each test would fail; and compiles the local engine once. */
import { spawnSync } from "node:child_process";
import { compileEngine } from "../../support/compile-engine";

export default function requireEngine(): void {
  compileEngine();
  const engine = process.env.PULUMI_ENGINE ?? "local";
  if (engine === "local") return;
  if (engine !== "pulumi") end(`PULUMI_ENGINE is "${engine}"; it may be "local" or "pulumi".`);
  if (spawnSync("pulumi", ["version"]).error !== undefined) {
    end(
      "These tests run on the Pulumi CLI, which is not on the PATH: install it (https://www.pulumi.com/docs/install/).",
    );
  }
}

function end(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
