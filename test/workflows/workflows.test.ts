/** What holds of each workflow: actions that exist, pinned, with inputs that they have; no right that is not needed. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import known from "./actions.json";
import { EXAMPLE, readWorkflow, repository, workflows } from "./workflow";
import type { Workflow, WorkflowStep } from "./workflow";

interface Action {
  version: string;
  commit: string;
  required: string[];
  inputs: string[];
}
const actions = new Map<string, Action>(Object.entries(known));

const allSteps = ({ jobs }: Workflow): WorkflowStep[] => Object.values(jobs).flatMap(({ steps }) => steps);
const asText = (value: unknown) => (typeof value === "string" ? value : "");
const files = workflows.map((workflow): [string, Workflow] => [workflow.file, workflow]);

test("there are the workflows that are spoken of", () => {
  expect(files.map(([file]) => file)).toEqual([
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
    EXAMPLE,
  ]);
});

describe.each(files)("%s", (file, workflow) => {
  const used = allSteps(workflow).filter(({ uses }) => uses !== undefined);

  test("each action is pinned to the commit of the version that is named beside it", () => {
    const lines = workflow.text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    // Each that is used stands in a line of its own, once: an alias is the same step.
    expect(lines).toHaveLength(new Set(used).size);
    for (const line of lines) {
      const [, name = "", commit, version] = /uses: (.+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/.exec(line) ?? [];
      expect([line, actions.get(name)]).toEqual([line, expect.objectContaining({ commit, version })]);
    }
  });

  test("each input exists in the action, and none that it requires is missing", () => {
    for (const { uses = "", with: inputs = {} } of used) {
      const action = actions.get(uses.replace(/@.*/, ""));
      const given = Object.keys(inputs);
      expect([uses, given.filter((input) => !action?.inputs.includes(input))]).toEqual([uses, []]);
      expect([uses, action?.required.filter((input) => !given.includes(input))]).toEqual([uses, []]);
    }
  });

  test("nothing is permitted but what each job names", () => {
    expect(workflow.permissions).toEqual({});
    for (const [name, { permissions }] of Object.entries(workflow.jobs)) {
      const expected = permitted[file]?.[name];
      expect([name, permissions]).toEqual([name, expected]);
    }
  });

  test("no event hands secrets to a fork's code", () => {
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    expect(Object.keys(workflow.on)).not.toContain("workflow_run");
  });

  test("no script is put together from what somebody else may have written", () => {
    const scripts = allSteps(workflow).flatMap(({ run, with: inputs }) => [run, inputs?.script].map(asText));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  test("no credentials stay in the checkout, and each job ends", () => {
    for (const { uses, with: inputs } of used)
      if (uses?.startsWith("actions/checkout@"))
        expect(inputs).toMatchObject({ "persist-credentials": false });
    for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  test("each script is one that bash can read, in which a failing part of a pipe fails", () => {
    expect(workflow.defaults.run.shell).toBe("bash");
    for (const { run } of allSteps(workflow)) {
      if (run === undefined) continue;
      expect(spawnSync("bash", ["-n"], { input: run, encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
    }
  });

  test("a secret is given to steps that need it, never to a whole job or workflow", () => {
    const shared = [workflow.env, ...Object.values(workflow.jobs).map(({ env }) => env)];
    expect(JSON.stringify(shared)).not.toContain("secrets.");
  });
});

const read = { contents: "read" };
const permitted: Record<string, Record<string, object>> = {
  ".github/workflows/ci.yml": { test: read, consumers: read, platforms: read, pulumi: read, long: read },
  ".github/workflows/release.yml": {
    test: read,
    pack: read,
    publish: { "id-token": "write", attestations: "write" },
    release: { contents: "write", "id-token": "write", attestations: "write" },
  },
  [EXAMPLE]: {
    preview: { contents: "read", attestations: "read", "pull-requests": "write" },
    apply: { contents: "read", "artifact-metadata": "write" },
    drift: { contents: "read", attestations: "read", "artifact-metadata": "read" },
  },
};

const byFile = (file: string) => workflows.find((workflow) => workflow.file === file) as Workflow;

test("CI tests each Node that is supported, and runs scripts that exist", () => {
  const { jobs } = byFile(".github/workflows/ci.yml");
  const { scripts, engines } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
    engines: { node: string };
  };
  expect(jobs.test?.strategy?.matrix.node).toEqual([20, 22, 24, 26]);
  expect(engines.node).toMatch(/^>=20/);
  const named = Object.values(jobs).flatMap(({ steps, strategy }) => [
    ...steps.flatMap(({ run }) => /^npm run ([\w:]+)$/.exec(run ?? "")?.[1] ?? []),
    ...((strategy?.matrix.script ?? []) as string[]),
  ]);
  expect(named.sort()).toEqual([
    ...["build", "build", "test:consumers"],
    ...["test:long", "test:newest", "test:package", "test:pulumi"],
  ]);
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
});

test("pull requests from forks and of Dependabot are given no secret", () => {
  const { jobs } = byFile(EXAMPLE);
  const words = (jobs.preview?.if ?? "").split("&&").map((condition) => condition.trim());
  expect(words).toEqual([
    "github.event_name == 'pull_request'",
    "github.event.pull_request.head.repo.full_name == github.repository",
    "github.actor != 'dependabot[bot]'",
  ]);
  expect(jobs.apply?.if).toBe("github.event_name == 'push'");
  expect(jobs.drift?.if).not.toContain("pull_request");
});

test("what is published is packed in a job of its own, in which neither tests nor install scripts have run", () => {
  const { test, pack, publish } = byFile(".github/workflows/release.yml").jobs;
  expect(test?.steps.flatMap(({ run = "" }) => (run.startsWith("npm") ? [run] : []))).toEqual([
    "npm ci",
    "npm test",
    "npm run test:package",
  ]);
  expect(pack?.needs).toBe("test");
  expect(pack?.steps.flatMap(({ run }) => run ?? [])).toEqual([
    "npm ci --ignore-scripts",
    "npm run build",
    "npm pack --ignore-scripts",
    "node scripts/plugin-archives.mjs archives",
  ]);
  const from = (steps: WorkflowStep[] = []) => steps.flatMap(({ uses }) => uses?.split("@")[0] ?? []);
  expect(from(pack?.steps)).toEqual([
    ...["actions/checkout", "actions/setup-node"],
    ...["actions/upload-artifact", "actions/upload-artifact"],
  ]);
  expect(from(publish?.steps)).toEqual(["actions/download-artifact", "actions/setup-node", "actions/attest"]);
  for (const job of [pack, publish])
    expect(job?.steps.find(({ uses }) => uses?.startsWith("actions/setup-node@"))?.with).toMatchObject({
      "package-manager-cache": false,
    });
});

test("a release gets the plugin's archives after the package is published, attested, and by no code of the repository", () => {
  const { pack, release } = byFile(".github/workflows/release.yml").jobs;
  const uploaded = pack?.steps.find(({ with: inputs }) => inputs?.name === "plugin");
  expect(uploaded?.with).toMatchObject({ path: "archives/*.tar.gz", "if-no-files-found": "error" });
  expect(release?.needs).toBe("publish");
  const [download, attest, create] = release?.steps ?? [];
  expect(download?.with).toEqual({ name: "plugin" });
  expect(attest?.with).toEqual({ "subject-path": "*.tar.gz" });
  expect(create?.run).toContain('gh release create "$GITHUB_REF_NAME"');
  expect(release?.steps).toHaveLength(3);
});

test("nothing that is documented runs or installs the npm name, which may be somebody else's", () => {
  const files = ["README.md", "docs", "examples"].flatMap((place) =>
    statSync(join(repository, place)).isDirectory()
      ? readdirSync(join(repository, place), { recursive: true, encoding: "utf8" }).map((name) =>
          join(place, name),
        )
      : [place],
  );
  const commands = files
    .filter((name) => /\.(md|ya?ml)$/.test(name) && !name.includes("node_modules"))
    .flatMap((name) => readFileSync(join(repository, name), "utf8").split("\n"))
    .filter((line) => /\b(npx|npm (install|i|exec)|(pnpm|yarn) (add|dlx)|bunx)\b/.test(line));
  expect(commands.length).toBeGreaterThan(15);
  expect(commands.filter((line) => /\bnpx (?!--no-install )/.test(line))).toEqual([]);
  expect(
    commands.filter(
      (line) =>
        /(install|i|add|exec|dlx|bunx) (\S+ )*pulumi-artifact-metadata(@\S*)?( |$)/.test(line) &&
        !line.includes("npx --no-install"),
    ),
  ).toEqual([]);
});

test("what may publish runs nobody's code but npm's", () => {
  const publish = byFile(".github/workflows/release.yml").jobs.publish;
  expect(publish?.steps.flatMap(({ run }) => run ?? [])).toEqual([
    "npm publish ./*.tgz --provenance --access public",
  ]);
  expect(publish?.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"))).toBe(false);
  expect(publish).toMatchObject({ needs: "pack", environment: "npm" });
});

test("Dependabot looks after each folder that has workflows", () => {
  const text = readFileSync(join(repository, ".github/dependabot.yml"), "utf8");
  const { updates } = load(text) as { updates: { "package-ecosystem": string; directories?: string[] }[] };
  const { directories = [] } = updates.find((one) => one["package-ecosystem"] === "github-actions") ?? {};
  expect(directories).toEqual(["/", "/examples/pull-request/.github/workflows"]);
  for (const directory of directories) expect(existsSync(join(repository, directory))).toBe(true);
});

test("the example is short enough to be read, and the page says why each part is as it is", () => {
  const { text } = byFile(EXAMPLE);
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  const page = readFileSync(join(repository, "docs/pull-requests.md"), "utf8");
  const example = page.slice(page.indexOf("## The example's workflow"));
  for (const part of [
    "concurrency",
    "continue-on-error",
    "PULUMI_READ_TOKEN",
    "head.repo",
    "persist-credentials",
  ])
    expect([part, text.includes(part), example.includes(part)]).toEqual([part, true, true]);
});

test("in the example, only the job of the environment has the token that can apply", () => {
  const { jobs } = readWorkflow(EXAMPLE);
  const holders = Object.entries(jobs).filter(([, job]) =>
    JSON.stringify(job).includes("secrets.PULUMI_ACCESS_TOKEN"),
  );
  expect(holders.map(([name, { environment }]) => [name, environment])).toEqual([["apply", "production"]]);
  for (const name of ["preview", "drift"])
    expect(JSON.stringify(jobs[name])).toContain("secrets.PULUMI_READ_TOKEN");
});
