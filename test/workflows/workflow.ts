/** The workflows of this repository and of the example, parsed. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { load } from "js-yaml";

export const repository = resolve(__dirname, "../..");

export interface WorkflowStep {
  name?: string;
  id?: string;
  if?: string;
  "continue-on-error"?: boolean;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}

export interface Job {
  if?: string;
  needs?: string;
  environment?: string;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  strategy?: { matrix: Record<string, unknown[]> };
  env?: Record<string, unknown>;
  steps: WorkflowStep[];
}

export interface Workflow {
  file: string;
  text: string;
  on: Record<string, unknown>;
  permissions: unknown;
  defaults: { run: { shell: string } };
  env?: Record<string, unknown>;
  jobs: Record<string, Job>;
}

export function readWorkflow(file: string): Workflow {
  const text = readFileSync(join(repository, file), "utf8");
  return { ...(load(text) as Workflow), file, text };
}

export const EXAMPLE = "examples/pull-request/.github/workflows/records.yml";

const own = ".github/workflows";

export const workflows: Workflow[] = [
  ...readdirSync(join(repository, own)).map((name) => `${own}/${name}`),
  EXAMPLE,
].map(readWorkflow);

export function stepNamed(job: Job | undefined, name: string): WorkflowStep {
  const step = job?.steps.find((one) => one.name === name);
  if (step === undefined) throw new Error(`There is no step called ${name}`);
  return step;
}
