/** What tests of programs in Go and Python need besides the CLI. Where it is not there, a test is skipped, and says why. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isOnPath, onPulumi } from "./native-project";

const goMod = readFileSync(resolve(__dirname, "../../../examples/go/go.mod"), "utf8");

/** The version of Pulumi's SDK for Go that the example takes. */
export const [, GO_SDK = ""] = /pulumi\/sdk\/v3 (v[\d.]+)/.exec(goMod) ?? [];

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore", timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

const hasHost = (language: string) => onPulumi && isOnPath(`pulumi-language-${language}`);

const needs = (what: string | undefined) => (name: string, body: () => unknown) =>
  what === undefined
    ? test(name, body as () => Promise<void>)
    : test.skip(`${name} (skipped: ${what})`, body as () => Promise<void>);

export const withGoModules = needs(whyNoGo());
export const withPythonPackages = needs(whyNoPython("packages"));
export const withPython = needs(whyNoPython("host"));

function whyNoGo(): string | undefined {
  if (!hasHost("go")) return "needs PULUMI_ENGINE=pulumi and pulumi-language-go";
  if (!isOnPath("go")) return "needs Go";
  const sdk = `github.com/pulumi/pulumi/sdk/v3@${GO_SDK}`;
  return succeeds("go", "mod", "download", sdk) ? undefined : `Go cannot fetch ${sdk}`;
}

function whyNoPython(what: "host" | "packages"): string | undefined {
  if (!hasHost("python")) return "needs PULUMI_ENGINE=pulumi and pulumi-language-python";
  if (!isOnPath("python3")) return "needs Python";
  const pip = ["-m", "pip", "--retries", "0", "--timeout", "5", "index", "versions", "pulumi"];
  return what === "host" || succeeds("python3", ...pip) ? undefined : "pip cannot fetch the package pulumi";
}
