/** The commands in the README of an example, for a test to run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Command =
  | { kind: "install"; archive: string }
  | { kind: "generate"; executable: string }
  | { kind: "init"; stack: string }
  | { kind: "config"; key: string; value: string; secret: boolean }
  | { kind: "preview" | "up" };

/** The README's first block of commands. A command that the test cannot run is an error, not left out. */
export function commandsOf(folder: string): Command[] {
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const [, block = ""] = /^```sh\n(.*?)^```$/ms.exec(readme) ?? [];
  return block
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "")
    .map(toCommand);
}

function toCommand(line: string): Command {
  const words = line.split(/\s+/);
  const stackless = words.filter((word, index) => word !== "--stack" && words[index - 1] !== "--stack");
  const [program, ...rest] = stackless.filter((word) => word !== "--secret");
  const [first = "", second = "", third = "", fourth = ""] = rest;
  if (program === "npm" && first === "install") return { kind: "install", archive: second };
  if (program === "pulumi" && first === "package" && second === "add")
    return { kind: "generate", executable: third };
  if (program === "pulumi" && first === "stack" && second === "init") return { kind: "init", stack: third };
  if (program === "pulumi" && first === "config" && second === "set")
    return { kind: "config", key: third, value: fourth, secret: words.includes("--secret") };
  if (program === "pulumi" && (first === "preview" || first === "up")) return { kind: first };
  throw new Error(`the test cannot run this command of a README: ${line}`);
}
