/** What the README tells a new user to write and to set. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./installed";

export interface FirstSteps {
  pulumiYaml: string;
  /** `index.ts`. */
  program: string;
  config: Record<string, string>;
}

export function firstSteps(): FirstSteps {
  const text = readFileSync(join(repository, "README.md"), "utf8");
  const [, usage = ""] = text.split("\n## Use it\n");
  const [, pulumiYaml] = /^`Pulumi.yaml`:\n\n```yaml\n(.*?)^```$/ms.exec(usage) ?? [];
  const [, program] = /^`index.ts`:\n\n```ts\n(.*?)^```$/ms.exec(usage) ?? [];
  if (pulumiYaml === undefined || program === undefined) throw new Error("The README has no first program.");
  const set = usage.matchAll(/^pulumi config set (\S+) (\S+)$/gm);
  const config = Object.fromEntries([...set].map(([, key = "", value = ""]) => [key, value]));
  return { pulumiYaml, program, config };
}
