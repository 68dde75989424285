/** What the states of stacks say about records, in each format. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { runCommand } from "../../cli/command";
import { hostileText, isHarmless, isVisible } from "../support/hostile";
import { chainloop, digest, record, records, report, set, SIGIL, state, stored } from "./states";
import { contentOf, fixture, run, web } from "./support";

const repository = resolve(__dirname, "../..");
const saved = (version: string) => join(repository, `test/fixtures/states/${version}/state.json`);
const golden = (format: string) => readFileSync(join(__dirname, `golden/report.${format}`), "utf8");

const folder = mkdtempSync(join(tmpdir(), "report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["text", "markdown", "json", "csv"])("a state that the Pulumi CLI wrote, as %s", async (format) => {
  const { stdout, stderr, exitCode } = await run(["report", saved("0.1.0"), "--all", "--format", format]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  if (process.env.GOLDEN) writeFileSync(join(__dirname, `golden/report.${format}`), stdout);
  expect(stdout).toBe(golden(format));
});

test("a state that an earlier version wrote has the same records", async () => {
  const of = async (version: string) => (await run(["report", saved(version), "--format", "csv"])).stdout;
  expect(await of("before-0.1.0")).toBe(await of("0.1.0"));
});

test("a state of a program that uses the plugin has the same records", async () => {
  const native = readFileSync(saved("0.1.0"), "utf8").replaceAll(
    "pulumi-nodejs:dynamic/artifact-metadata:",
    "artifact-metadata:index:",
  );
  expect(native).toContain('"artifact-metadata:index:ClusterDeploymentSet"');
  expect((await run(["report", "--all"], native)).stdout).toBe(golden("text"));
});

test("states of several stacks are one report", async () => {
  const other = JSON.parse(
    readFileSync(saved("0.1.0"), "utf8").replaceAll("urn:pulumi:dev::", "urn:pulumi:prod::"),
  );
  const file = join(folder, "prod.json");
  writeFileSync(file, JSON.stringify(other));
  const { stdout } = await run(["report", saved("0.1.0"), file]);
  expect(stdout).toContain("Records of shop/dev, shop/prod: 8 deployed, 2 stored, 2 eol\n");
  expect(stdout.match(/shop-web .* shop\/(dev|prod)\b/g)).toHaveLength(2);
});

test("JSON is as its schema says, and has what the other formats shorten", async () => {
  const schema = JSON.parse(readFileSync(join(repository, "docs/report.schema.json"), "utf8")) as object;
  const validate = new Ajv({ allErrors: true }).compile(schema);
  const states = state(
    record({ version: SIGIL }),
    set({ a: { name: "a" } }),
    set(SIGIL),
    stored(),
    chainloop(),
  );
  const content = JSON.parse(await report(states, "--format", "json")) as object;
  expect([validate(content), validate.errors]).toEqual([true, null]);
  expect(await records(states, "--name", "shop-web-web")).toEqual([
    {
      ...{ kind: "deployment", stack: "shop/dev", resource: 'DeploymentRecord "web"', org: "acme" },
      ...{ logicalEnvironment: "production", physicalEnvironment: "eu-west-1", cluster: "prod-eu" },
      ...{ deploymentName: "shop-web-web", artifact: "ghcr.io/acme/web", version: "[secret]" },
      ...{ digest: web.digest, status: "deployed", secrets: ["version"] },
    },
  ]);
});

test("the identity is read from the outputs, else from the ID, else from the inputs", async () => {
  const { deploymentName, cluster, ...outputs } = web;
  expect([deploymentName, cluster]).toEqual(["shop-web-web", "prod-eu"]);
  const of = (id: string, more: object = {}) => ({
    ...record({}, { id }),
    ...{
      inputs: { ...web, cluster: "declared", deploymentName: "declared" },
      outputs: { ...outputs, ...more },
    },
  });
  const names = async (one: object) =>
    (await records(state(one))).map(({ cluster, deploymentName }) => [cluster, deploymentName]);
  const id = "acme/production/eu-west-1/prod%2Feu/shop%20web";
  expect(await names(of(id))).toEqual([["prod/eu", "shop web"]]);
  expect(await names(of(id, { cluster: "written", deploymentName: "too" }))).toEqual([["written", "too"]]);
  expect(await names(of("not an ID%"))).toEqual([["declared", "declared"]]);
});

test("what is encrypted is shown as such, and is not taken from the ID", async () => {
  const { cluster, ...outputs } = web;
  const hidden = {
    ...record({ cluster: SIGIL }, { id: `acme/production/eu-west-1/${cluster}/shop-web-web` }),
    outputs,
  };
  const states = state(
    hidden,
    set({ a: { name: SIGIL, digest: digest("b"), tags: { t: SIGIL } } }),
    set(SIGIL),
  );
  for (const format of ["text", "markdown", "json", "csv"]) {
    const text = await report(states, "--format", format);
    expect(text).not.toContain("hunter2");
    expect(text).toContain("secret");
  }
  const text = await report(states);
  expect(text).toContain("\nproduction / eu-west-1 / [secret] (acme)\n");
  expect(text).toMatch(/\n {2}a +\[secret\] +bbbbbbbbbbbb/);
});

test("what is not there any more is listed with --all alone", async () => {
  const states = state(
    set({ a: { name: "a", status: "decommissioned" }, b: { name: "b" } }),
    stored({ status: "deleted" }),
    chainloop({ status: "SUPERSEDED" }),
  );
  expect((await records(states)).map(({ artifact }) => artifact)).toEqual(["b"]);
  expect((await records(states, "--all")).map(({ status }) => status)).toEqual([
    ...["decommissioned", "deployed", "deleted", "superseded"],
  ]);
});

test("what another stack declares (.get) is not listed, what is to be removed is said to be", async () => {
  const left = record({ deploymentName: "left" }, { more: { delete: true } });
  expect(
    (await records(state(record({}, { more: { external: true } }), left))).map(({ status }) => status),
  ).toEqual(["to be removed"]);
});

test("a deployment that GitHub did not accept is not recorded", async () => {
  const deployments = { a: { name: "a" }, b: { name: "b" } };
  const partly = set(deployments, { outputs: { deployments: { a: deployments.a }, skipped: ["b"] } });
  expect((await records(state(partly))).map(({ artifact, status }) => [artifact, status])).toEqual([
    ["a", "deployed"],
    ["b", "not recorded"],
  ]);
});

test("an interrupted update is noted", async () => {
  const interrupted = state();
  Object.assign(interrupted.deployment, { pending_operations: [{ resource: record(), type: "creating" }] });
  expect(await report(interrupted)).toBe(
    "Records of shop/dev: none\n\nAn update of shop/dev was interrupted in 1 operation; " +
      "a record may be missing from this report until the next update.\n",
  );
});

const fleetOf = (...names: string[]) =>
  set(
    Object.fromEntries(
      names.map((name, index) => [
        name,
        { name: `ghcr.io/acme/${name}`, digest: digest("abcdef"[index] ?? "0") },
      ]),
    ),
  );

test.each<[string[], string[]]>([
  [["--name", "web"], ["web"]],
  [
    ["--name", "ghcr.io/acme/*"],
    ["api", "web", "web-2", "shop-web"],
  ],
  [
    ["--name", "w*b", "--name", "api"],
    ["api", "web"],
  ],
  [["--name", "*eb*2"], ["web-2"]],
  [["--name", "web*web"], []],
  [
    ["--name", "*"],
    ["api", "web", "web-2", "libfoo", "shop-web"],
  ],
  [["--digest", "bbbbbbb"], ["web"]],
  [
    ["--digest", digest("a")],
    ["api", "shop-web"],
  ],
  [
    ["--cluster", "prod-eu"],
    ["api", "web", "web-2"],
  ],
  [["--cluster", "prod-us"], []],
  [
    ["--environment", "production", "--name", "*web"],
    ["web", "shop-web"],
  ],
])("%j lists what matches", async (args, expected) => {
  const states = state(fleetOf("api", "web", "web-2"), stored(), chainloop());
  const names = (await records(states, ...args)).map(
    ({ deploymentName, artifact }) => deploymentName ?? artifact,
  );
  expect(names).toEqual(expected);
});

test("a filter does not guess what is encrypted", async () => {
  const states = state(record({ digest: SIGIL }), fleetOf("api"));
  expect(await report(states, "--digest", "aaaaaaa")).toContain(
    "1 record is left out: a filter needs a value that is encrypted in the state.\n",
  );
  expect(await report(states, "--digest", "aaaaaaa", "--name", "other")).not.toContain("left out");
});

test("in a CSV no cell is a formula, and each record is one line", async () => {
  const hostile = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "＝1",
    "a\r\n=1",
    'a",=1,"',
    "|x",
    "'=1",
    "a;=1",
  ];
  for (const name of hostile) {
    const text = await report(state(record({ name, deploymentName: name })), "--format", "csv");
    expect(text.split("\r\n")).toHaveLength(3);
    expect(text).not.toMatch(/[\n,;]["' ]*[=+\-@|＝](?!.*\r\n$)/);
    const cells = text.split("\r\n")[1]?.match(/"(?:[^"]|"")*"|[^,]+/g) ?? [];
    const values = cells.map((cell) => cell.replace(/^"|"$/g, ""));
    expect(values.filter((value) => /^\s*[=+\-@|＝]/.test(value))).toEqual([]);
  }
});

const names = [
  "a|b",
  "`",
  "a`b@c.de",
  "<img src=x>",
  "\u202eabc",
  "\u0000",
  "\n| x |",
  "::error::x",
  "\u001b[31m",
  "\ud800",
];

test.each(names)("a hostile name stays in its cell: %j", async (name) => {
  const states = state(
    record({ name, deploymentName: name, cluster: name }),
    stored({ name }),
    chainloop({ deploymentName: name }),
  );
  for (const format of ["text", "markdown", "csv", "json"]) {
    const text = await report(states, "--format", format);
    expect(text).not.toMatch(/(?![\r\n])[\p{Cc}\p{Cf}\p{Cs}]|^::/mu);
    if (format === "markdown") expect(text.replace(/`[^`\n]*`/g, "")).not.toContain("<img");
  }
  const rows = (await report(states, "--format", "markdown"))
    .split("\n")
    .filter((line) => line.startsWith("| "));
  expect(rows.map((line) => line.split(/(?<!\\)\|/).length)).toEqual([7, 7, 7, 6, 6, 6, 7, 7, 7]);
});

test("whatever names a state holds, nothing in a report steers or hides, and JSON has them as they are", async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async (name) => {
      const states = state(
        record({ name, deploymentName: name, version: name }),
        set({ [`${name}x`]: { name } }),
      );
      for (const format of ["text", "markdown", "csv", "json"])
        for (const line of (await report(states, "--format", format)).split(/\r?\n/))
          expect([line, (format === "json" ? isVisible : isHarmless)(line, 20_000)]).toEqual([line, true]);
      const artifacts = (await records(states)).map(({ artifact }) => artifact);
      expect(new Set(artifacts)).toEqual(new Set([name]));
    }),
    { numRuns: 20 },
  );
});

const asTerminal = async (columns: number, states: object, env = {}) => {
  let stdout = "";
  const out = { isTTY: true, columns, write: (text: string) => (stdout += text) };
  async function* stdin() {
    yield Buffer.from(JSON.stringify(states));
  }
  expect(
    await runCommand(["report"], {
      stdin: stdin(),
      stdout: out,
      stderr: out,
      env,
      sleep: async () => undefined,
    }),
  ).toBe(0);
  return stdout;
};

test("a terminal has colour, unless NO_COLOR says no; a pipe has none", async () => {
  const states = state(fleetOf("api"));
  expect(await asTerminal(120, states)).toContain("\u001b[1mRecords of shop/dev: 1 deployed\u001b[22m\n");
  expect(await asTerminal(120, states, { NO_COLOR: "1" })).toBe(await report(states));
});

test("in a narrow terminal long names are cut, in a narrower one each field has its line", async () => {
  const long = "w".repeat(200);
  const states = state(fleetOf("api", long, "日本語".repeat(30)));
  const wide = (text: string) =>
    [...text].reduce((sum, character) => sum + (/[\u3000-\u9fff]/.test(character) ? 2 : 1), 0);
  for (const columns of [200, 100, 60, 40, 20]) {
    const lines = (await asTerminal(columns, states, { NO_COLOR: "1" })).split("\n").slice(1);
    expect(Math.max(...lines.map(wide))).toBeLessThanOrEqual(columns);
  }
  expect(await asTerminal(40, states, { NO_COLOR: "1" })).toContain(
    "- api\n  Artifact   ghcr.io/acme/api\n  Digest     aaaaaaaaaaaa\n  Stack      shop/dev\n",
  );
  expect(await report(states)).toContain(long);
});

test("a state without our resources, and one without any, have no records", async () => {
  expect(await report(state())).toBe("Records of shop/dev: none\n");
  expect(await report({ version: 3, deployment: {} })).toBe("Records of standard input: none\n");
  expect(await report(state(), "--format", "csv")).toMatch(/^kind,stack,.*\r\n$/);
});

const how = "Write it with: pulumi stack export > state.json";
test.each<[string, string, string]>([
  ["nothing", "", `is empty. ${how}`],
  ["text", "Current stack is dev:", `is not JSON (it begins with "Current stack is dev:"). ${how}`],
  [
    "half a state",
    '{"version":3,',
    `begins as JSON, but is cut off or continues with something else. ${how}`,
  ],
  ["a list", "[]", `is not a Pulumi state: it has no "deployment". ${how}`],
  ["null", "null", `is not a Pulumi state: it has no "deployment". ${how}`],
  [
    "a resource that is none",
    '{"deployment":{"resources":[{"urn":1}]}}',
    `is not a Pulumi state: deployment.resources.0.urn: Invalid input: expected string, received number. ${how}`,
  ],
])("%s is refused, and how to write a state is said", async (_, content, message) => {
  expect(await run(["report"], content)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `error: standard input ${message}\n`,
  });
});

test("a preview is refused, and the command that reads it is named", async () => {
  const { exitCode, stderr } = await run(["report", fixture("sample")]);
  expect([exitCode, stderr]).toEqual([
    2,
    `error: ${fixture("sample")} is not a Pulumi state: it is a preview, which the command summary reads. ${how}\n`,
  ]);
  expect(contentOf("sample").length).toBeGreaterThan(0);
});

test.each<[string[], string]>([
  [
    ["nowhere.json"],
    "nowhere.json does not exist. Write the state first: pulumi stack export > nowhere.json",
  ],
  [["--format", "xml"], '--format must be text, markdown, json or csv, not "xml".'],
  [["--digest", "xyz"], '--digest must be 7 to 64 hexadecimal digits in lower case, not "xyz".'],
  [["--colour"], "Unknown option '--colour'. See pulumi-artifact-metadata report --help."],
])("%j: one sentence, exit code 2", async (args, message) => {
  expect(await run(["report", ...args], JSON.stringify(state()))).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `error: ${message}\n`,
  });
});

test("20,000 levels of nesting and a name of a megabyte are no stack trace", async () => {
  const states = JSON.stringify(
    state(record({ name: 1, deploymentName: "w".repeat(1_000_000) }), set({ a: 1 })),
  );
  const nested = states.replaceAll(/"(name|a)":1/g, `"$1":${"[".repeat(20_000)}${"]".repeat(20_000)}`);
  for (const format of ["text", "markdown", "json", "csv"])
    expect(await run(["report", "--format", format], nested)).toMatchObject({ exitCode: 0, stderr: "" });
});
