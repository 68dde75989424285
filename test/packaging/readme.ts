/** What the README tells a new user to write and to set. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./installed";

export interface FirstSteps {
  pulumiYaml: string;
  /** `index.ts`. */
  program: string;
  config: Record<string, string>;
  /** What `node -e` runs: the local GitHub. */
  server: string;
  /** With which the program finds it. */
  env: Record<string, string>;
}

const pairs = (matches: Iterable<RegExpMatchArray>) =>
  Object.fromEntries([...matches].map(([, key = "", value = ""]) => [key, value]));

/** @param port The local GitHub's, in the place of the one that the README names. */
export function firstSteps(port: number): FirstSteps {
  const text = readFileSync(join(repository, "README.md"), "utf8");
  const [, usage = ""] = text.split("\n## Use it\n");
  const [, pulumiYaml] = /^`Pulumi.yaml`:\n\n```yaml\n(.*?)^```$/ms.exec(usage) ?? [];
  const [, program] = /^`index.ts`:\n\n```ts\n(.*?)^```$/ms.exec(usage) ?? [];
  if (pulumiYaml === undefined || program === undefined) throw new Error("The README has no first program.");
  const config = pairs(usage.matchAll(/^pulumi config set (\S+) (\S+)$/gm));
  const onPort = usage.replaceAll("8787", String(port));
  const [, server = ""] = /^node -e "(.*)"$/m.exec(onPort) ?? [];
  const [, exported = ""] = /^export (.*)$/m.exec(onPort) ?? [];
  return { pulumiYaml, program, config, server, env: pairs(exported.matchAll(/(\w+)=(\S+)/g)) };
}
