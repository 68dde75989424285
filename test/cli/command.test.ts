/** The command as it is called: arguments, files, standard input, errors. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import { runCommand } from "../../cli/command";
import { state } from "./states";
import { contentOf, fixture, preview, run, summary } from "./support";

const repository = resolve(__dirname, "../..");
const readJson = (path: string) => JSON.parse(readFileSync(join(repository, path), "utf8")) as object;
const folder = mkdtempSync(join(tmpdir(), "cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(content: string | Uint8Array): string {
  const file = join(folder, `${++files}.json`);
  writeFileSync(file, content);
  return file;
}

test("a file, standard input and - are read alike", async () => {
  const { stdout } = await run(["summary", fixture("sample")]);
  expect(stdout).toContain("### Records of `shop/dev`: 3 deployed");
  const sample = contentOf("sample");
  expect((await run(["summary"], sample)).stdout).toBe(stdout);
  expect((await run(["summary", "-", "--format=markdown"], sample)).stdout).toBe(stdout);
});

test("what PowerShell writes is read too: UTF-16, and a mark at the beginning", async () => {
  const { stdout } = await run(["summary", fixture("sample")]);
  const text = contentOf("sample").toString();
  expect((await run(["summary"], Buffer.from(`\ufeff${text}`, "utf16le"))).stdout).toBe(stdout);
  expect((await run(["summary"], `\ufeff${text}`)).stdout).toBe(stdout);
});

test("lines that Pulumi prints before the JSON are passed over", async () => {
  const { stdout } = await run(["summary", fixture("sample")]);
  const text = `Installing policy pack acme/rules v1.2.0...\n\n{not this}\n${contentOf("sample").toString()}`;
  expect(await run(["summary"], text)).toEqual({ exitCode: 0, stdout, stderr: "" });
  expect((await run(["summary"], text.slice(0, -20))).exitCode).toBe(2);
});

test("--title takes the place of the headline's first words, and is no markup", async () => {
  const { stdout } = await run(["summary", fixture("sample"), "--title", "Drift in *eu* @octocat #1"]);
  // With a space of no width, without which GitHub would mention and refer.
  expect(stdout).toContain(
    "### Drift in &#42;eu&#42; &#64;&#8203;octocat &#35;&#8203;1 of `shop/dev`: 3 deployed",
  );
});

test("--max-length shortens", async () => {
  const { stdout } = await run(["summary", fixture("sample"), "--max-length", "1000"]);
  expect(stdout.length).toBeLessThanOrEqual(1000);
  expect(stdout).toMatch(/…and \d changes? \(.*\) more, which do not fit here\.\n$/);
});

test.each(["sample", "changes", "drift", "secret", "nothing", "bad-input"])(
  "--format json is as its schema says (%s)",
  async (name) => {
    const validate = new Ajv({ allErrors: true }).compile(readJson("docs/pull-request-summary.schema.json"));
    const content: unknown = JSON.parse(await summary(contentOf(name).toString(), "--format", "json"));
    expect([validate(content), validate.errors]).toEqual([true, null]);
  },
);

test("--format json has all of a change", async () => {
  const text = await summary(contentOf("changes").toString(), "--format", "json");
  const { changes, counts } = JSON.parse(text) as { changes: { name: string }[]; counts: object };
  expect(counts).toEqual({
    ...{ deployed: 4, stored: 1, updated: 4, moved: 3, decommissioned: 4 },
    ...{ "end of life": 1, deleted: 1 },
  });
  const side = { artifact: "ghcr.io/acme/into-set", version: "1.0.0", status: "deployed" };
  expect(changes.find(({ name }) => name === "into-set")).toMatchObject({
    kind: "deployment",
    action: "moved",
    resource: 'ClusterDeploymentSet "fleet"',
    movedFrom: 'DeploymentRecord "into-set"',
    place: {
      ...{
        org: "acme",
        logicalEnvironment: "production",
        physicalEnvironment: "eu-west-1",
        cluster: "prod-eu",
      },
    },
    before: side,
    after: side,
    changed: [],
  });
});

const help = "See pulumi-artifact-metadata --help.";
const summaryHelp = "See pulumi-artifact-metadata summary --help.";
const how = "Write it with: pulumi preview --json > preview.json";

test.each<[string, string[], string]>([
  ["no command", [], `A command is missing: summary, comment or report. ${help}`],
  ["another command", ["sumary"], `There is no command "sumary"; use summary, comment or report. ${help}`],
  ["two files", ["summary", "a", "b"], `summary takes one file, not 2. ${summaryHelp}`],
  ["an unknown option", ["summary", "--colour"], `Unknown option '--colour'. ${summaryHelp}`],
  [
    "an unknown format",
    ["summary", "--format", "html"],
    '--format must be markdown, text or json, not "html".',
  ],
  [
    "a length that is no number",
    ["summary", "--max-length", "1e9"],
    '--max-length must be a number of characters, at least 1000, not "1e9".',
  ],
  [
    "a length with room for nothing",
    ["summary", "--max-length", "999"],
    '--max-length must be a number of characters, at least 1000, not "999".',
  ],
  [
    "a file that is not there",
    ["summary", "nowhere.json"],
    "nowhere.json does not exist. Write the preview first: pulumi preview --json > nowhere.json",
  ],
  ["a folder", ["summary", "."], ". is a folder. Name the file of a preview."],
])("%s: one sentence, exit code 2", async (_, args, message) => {
  expect(await run(args)).toEqual({ exitCode: 2, stdout: "", stderr: `error: ${message}\n` });
});

test.each<[string, string, string]>([
  ["nothing", "", `is empty. ${how}`],
  [
    "the preview as text",
    "Previewing update (dev)",
    `is not JSON (it begins with "Previewing update (dev)"). ${how}`,
  ],
  [
    "half a preview",
    '{"steps":[{"op":"create"',
    `begins as JSON, but is cut off or continues with something else. ${how}`,
  ],
  [
    "a preview with something behind it",
    '\n{"steps":[]}\nDone in 3s.\n',
    `begins as JSON, but is cut off or continues with something else. ${how}`,
  ],
  [
    "what steers a terminal",
    "\u001b[2J\u009bx\u202e",
    `is not JSON (it begins with "\\u001b[2J\\u009bx\\u202e"). ${how}`,
  ],
  [
    "half of a stream of events",
    '{"sequence":1,"timestamp":1,"preludeEvent":{}}\n{"sequence":2,"resourcePreEvent":{"metad',
    `has Pulumi's events, but ends before the preview did. ${how}`,
  ],
  ["JSON of something else", '{"version":3}', `is not a Pulumi preview: it has no "steps". ${how}`],
  [
    "a state",
    '{"version":3,"deployment":{}}',
    `is not a Pulumi preview: it is a state, which the command report reads. ${how}`,
  ],
  ["a list", "[]", `is not a Pulumi preview: it: Invalid input: expected object, received array. ${how}`],
  [
    "steps that are none",
    '{"steps":[{"op":"create"}]}',
    `is not a Pulumi preview: steps.0.urn: Invalid input: expected string, received undefined. ${how}`,
  ],
])("%s is refused, and how to write a preview is said", async (_, content, message) => {
  expect(await run(["summary"], content)).toMatchObject({
    exitCode: 2,
    stderr: `error: standard input ${message}\n`,
  });
  const file = fileOf(content);
  expect(await run(["summary", file])).toMatchObject({ exitCode: 2, stderr: `error: ${file} ${message}\n` });
});

test("at a terminal, a file is asked for", async () => {
  const written: string[] = [];
  const terminal = Object.assign((async function* () {})(), { isTTY: true });
  const to = { write: (text: string) => written.push(text) };
  expect(
    await runCommand(["summary"], {
      stdin: terminal,
      stdout: to,
      stderr: to,
      env: {},
      sleep: async () => undefined,
    }),
  ).toBe(2);
  expect(written).toEqual(["error: Name the file of a preview: pulumi preview --json > preview.json\n"]);
});

const others = {
  preview: { ...preview(), steps: [{ op: "create", urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b" }] },
  state: state({ urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b", type: "aws:s3/bucket:Bucket" }),
};

/** What each of them reads, what it says without one, and of one without our resources. */
const commands = [
  ["summary", "preview", "pulumi preview --json", "### Records of `shop/dev`: no record changes\n"],
  ["comment", "preview", "pulumi preview --json", "### Records of `shop/dev`: no record changes\n"],
  ["report", "state", "pulumi stack export", "Records of shop/dev: none\n"],
] as const;

describe.each(commands)("%s", (command, what, written, nothing) => {
  const more = command === "comment" ? ["--dry-run"] : [];
  const failsWith = async (args: string[], message: string, stdin = "") =>
    expect(await run([command, ...more, ...args], stdin)).toEqual({
      ...{ exitCode: 2, stdout: "", stderr: `error: ${message}\n` },
    });
  const how = `Write it with: ${written} > ${what}.json`;

  test("--help and --version need no file", async () => {
    for (const flag of ["--help", "-h"])
      expect((await run([command, flag])).stdout).toMatch(/^Usage: .*\n[^]*Exit codes: 0/);
    expect(await run([command, "--version"])).toEqual(await run(["--version"]));
  });

  test("no file, a folder, an empty and a wrong one are an error in one sentence", async () => {
    await failsWith(["no.json"], `no.json does not exist. Write the ${what} first: ${written} > no.json`);
    await failsWith(["."], `. is a folder. Name the file of a ${what}.`);
    await failsWith([], `standard input is empty. ${how}`);
    const empty = fileOf("");
    await failsWith([empty], `${empty} is empty. ${how}`);
    const text = fileOf("Updating (dev)");
    await failsWith([text], `${text} is not JSON (it begins with "Updating (dev)"). ${how}`);
    const wrong = fileOf(JSON.stringify(others[what === "state" ? "preview" : "state"]));
    const it =
      what === "state" ? "a preview, which the command summary" : "a state, which the command report";
    await failsWith([wrong], `${wrong} is not a Pulumi ${what}: it is ${it} reads. ${how}`);
  });

  test(`a ${what} without our resources has no records, and that is no error`, async () => {
    const { exitCode, stdout, stderr } = await run([command, ...more], JSON.stringify(others[what]));
    expect([exitCode, stdout.slice(stdout.indexOf("\n#") + 1), stderr]).toEqual([0, nothing, ""]);
  });
});

test("fields that a later Pulumi adds are let through", async () => {
  const sample = JSON.parse(contentOf("sample").toString()) as { steps: object[] };
  const later = { ...sample, later: 1, steps: sample.steps.map((step) => ({ ...step, later: { is: [1] } })) };
  expect(await summary(later)).toBe(await summary(sample));
});

test("of many errors and warnings each is said once, and the first ones only", async () => {
  const diagnostics = Array.from({ length: 200 }, (_, index) => ({
    severity: index % 2 ? "warning" : "error",
    message: index % 2 ? "warning: the same\n" : `error: property ${index} is bad: ${"x".repeat(2_500)}\n`,
  }));
  const lines = (await summary({ steps: [], diagnostics })).split("\n");
  expect(lines.filter((line) => line.startsWith("- `"))).toHaveLength(11);
  expect(lines.filter((line) => line.startsWith("- `property 0 is bad: xx"))[0]?.length).toBeLessThan(2_010);
  expect(lines).toContain("- …and 90 more");
  expect(lines).toContain("- `the same`");
});

test("a preview without a step says that nothing changes", async () => {
  expect(await summary({ duration: 1, changeSummary: {} }, "--format", "text")).toBe(
    "Records: no record changes\n",
  );
});

/** The process, as npx starts it. */
const start = (args: string[], input?: Buffer) =>
  spawnSync(process.execPath, [join(repository, "dist/cli/index.js"), ...args], { input, encoding: "utf8" });

test("the process reads, writes and ends with its exit code, and loads nothing but zod", () => {
  const code = `process.argv.splice(1, 1, "pulumi-artifact-metadata"); require("./dist/cli");
    process.on("exit", () => console.error(Object.keys(require.cache).join("\\n")));`;
  const options = { cwd: repository, input: contentOf("sample"), encoding: "utf8" } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", code, "node", "summary"], options);
  expect(stdout).toContain("### Records of `shop/dev`: 3 deployed");
  const packages = stderr
    .split("\n")
    .flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(["zod"]);
  expect(start(["summary", "nowhere.json"])).toMatchObject({
    status: 2,
    stdout: "",
    stderr:
      "error: nowhere.json does not exist. Write the preview first: pulumi preview --json > nowhere.json\n",
  });
});

test("--help and --version need nothing", async () => {
  const { version } = readJson("package.json") as { version: string };
  expect(await run(["--version"])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  const { exitCode, stdout } = await run(["--help"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Usage: pulumi-artifact-metadata <command>");
  for (const command of ["summary", "comment", "report"]) {
    expect(stdout).toMatch(new RegExp(`^  ${command} +\\S`, "m"));
    const { stdout: usage, ...rest } = await run([command, "--help"]);
    expect(rest).toEqual({ exitCode: 0, stderr: "" });
    expect(usage).toMatch(new RegExp(`^Usage: pulumi-artifact-metadata ${command} [^]*Exit codes: 0`));
  }
  expect(start(["--version"])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
});
