/** A project in a folder of its own that uses the plugin, in YAML or in JavaScript. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CliStack } from "../../../local/cli-stack";
import { newProcessStack } from "./engine";
import { newScene } from "./scene";
import type { Scene, SceneOptions } from "./scene";

const repository = resolve(__dirname, "../../..");
export const pluginFolder = join(repository, "dist/plugin");

export const isOnPath = (command: string): boolean => {
  try {
    return execFileSync("sh", ["-c", `command -v ${command}`]).length > 0;
  } catch {
    return false;
  }
};
export const onPulumi = process.env.PULUMI_ENGINE === "pulumi";
/** Where the Pulumi CLI runs, with the language hosts that the tests need. */
export const onYaml = onPulumi && isOnPath("pulumi-language-yaml") ? describe : describe.skip;

export type Resources = Record<string, { type: string; properties: object; options?: object }>;

export interface Project extends Scene<CliStack> {
  folder: string;
  /** From now on, the program is this YAML. */
  write: (resources: Resources) => void;
  /** From now on, the program is this JavaScript, or TypeScript; the package and the SDK are installed beside it. */
  writeScript: (text: string, name?: "index.js" | "index.ts") => void;
}

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

export interface ProjectOptions extends SceneOptions<CliStack> {
  /** Whether the plugin is installed: `Pulumi.yaml` does not say where it is. */
  isInstalled?: boolean;
}

export async function newProject({ isInstalled, ...options }: ProjectOptions = {}): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "native-"));
  folders.push(folder);
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const plugins = isInstalled ? {} : { providers: [{ name: "artifact-metadata", path: pluginFolder }] };
  // JSON is YAML too.
  const project = (rest: object) =>
    writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "shop", plugins, ...rest }));
  const write = (resources: Resources) => project({ runtime: "yaml", resources });
  write({});
  return {
    ...(await newScene({ program: folder, newStack: newProcessStack, ...options })),
    folder,
    write,
    writeScript(text, main = "index.js") {
      const typescript = main === "index.ts";
      project({ runtime: { name: "nodejs", options: { typescript } }, main });
      writeFileSync(join(folder, main), text);
    },
  };
}

export const DIGEST = `sha256:${"a1".repeat(32)}`;
export const OTHER = `sha256:${"b2".repeat(32)}`;
export const image = `ghcr.io/acme/web:1.4.2@${DIGEST}`;
export const record = (properties: object = {}, options = {}): Resources[string] => ({
  type: "artifact-metadata:DeploymentRecord",
  properties: { image, logicalEnvironment: "production", deploymentName: "web", ...properties },
  options,
});
export const set = (deployments: object): Resources[string] => ({
  type: "artifact-metadata:ClusterDeploymentSet",
  properties: { cluster: "eu", logicalEnvironment: "production", deployments },
});
