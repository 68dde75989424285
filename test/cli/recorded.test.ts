/** Previews that the Pulumi CLI wrote, in the Markdown that a reviewer reads. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run, contentOf, fixture, summary } from "./support";

const of = (name: string, ...args: string[]) => summary(contentOf(name).toString(), ...args);

test("a preview of records and a set, in a table of their environment", async () => {
  expect(await of("sample")).toBe(`<!-- pulumi-artifact-metadata: shop%2Fdev -->
### Records of \`shop/dev\`: 3 deployed, 2 updated, 3 decommissioned

#### \`production\` / \`eu-west-1\` / \`prod-eu\` (\`acme\`)

| Deployment | Artifact | From → to | What happens | Runtime risks |
| --- | --- | --- | --- | --- |
| \`jobs-mailer-app\` | \`ghcr.io/acme/mailer\` | \`3.1.0\` (\`111111111111\`) → \`3.2.0\` (\`222222222222\`) | updated |  |
| \`jobs-new-app\` | \`ghcr.io/acme/new\` | \`444444444444\` | deployed |  |
| \`jobs-old-app\` | \`ghcr.io/acme/old\` | \`333333333333\` | decommissioned |  |
| \`shop-api-api\` | \`ghcr.io/acme/api\` | \`2.0.0\` (\`dddddddddddd\`) | decommissioned |  |
| \`shop-api-server\` | \`ghcr.io/acme/api\` | \`2.0.0\` (\`dddddddddddd\`) | deployed |  |
| \`shop-cart-app\` | \`ghcr.io/acme/cart\` | \`1.0.0\` (\`eeeeeeeeeeee\`) | deployed |  |
| \`shop-legacy-app\` | \`ghcr.io/acme/legacy\` | \`0.9.0\` (\`cccccccccccc\`) | decommissioned |  |
| \`shop-web-web\` | \`ghcr.io/acme/web\` | \`1.4.1\` (\`aaaaaaaaaaaa\`) → \`1.4.2\` (\`bbbbbbbbbbbb\`) | updated | \`internet-exposed\` |
`);
});

const changes = `Records of shop/dev: 4 deployed, 1 stored, 4 updated, 3 moved, 4 decommissioned, 1 end of life, 1 deleted

production / eu-west-1 / prod-eu (acme)
  api         ghcr.io/acme/api         1.0.0 (14c2529eb449)                         decommissioned
  api-server  ghcr.io/acme/api         1.0.0 (14c2529eb449)                         deployed
  cart        ghcr.io/acme/cart        [secret] (1c42ddc0285b)                      deployed
  chained     ghcr.io/acme/chained     1.0.0 ([known after apply])                  deployed
  flag        ghcr.io/acme/flag        1.0.0 (807d0fbcae7c)                         decommissioned
  fresh       ghcr.io/acme/fresh       1.0.0 (d098ab5e44b9)                         deployed                                                                   critical-resource
  into-set    ghcr.io/acme/into-set    1.0.0 (b09be37aaf7f)                         moved: from DeploymentRecord "into-set" to ClusterDeploymentSet "fleet"
  legacy      ghcr.io/acme/legacy      1.0.0 (c49fea7425fa)                         decommissioned
  mailer      ghcr.io/acme/mailer      1.0.0 (2e4330b80641) → 2.0.0 (3dd2d902fb6c)  updated
  old         ghcr.io/acme/old         1.0.0 (cba06b5736fa)                         decommissioned
  out-of-set  ghcr.io/acme/out-of-set  1.0.0 (c29c5e10fba6)                         moved: from ClusterDeploymentSet "fleet" to DeploymentRecord "out-of-set"
  renamed     ghcr.io/acme/renamed     1.0.0 (017e9e217af8)                         moved: from DeploymentRecord "old-name" to DeploymentRecord "new-name"
  web         ghcr.io/acme/web         1.0.0 (4b5e57f6eb2f) → 1.1.0 (146d3146edc9)  updated                                                                    internet-exposed, + sensitive-data
  worker      ghcr.io/acme/worker      1.0.0 (87eba76e7f31)                         updated: tags

Stored at https://reg.example.com / libs (acme)
  libbar    1.0.0 (9713a9fc0710)                         end of life
  libfoo    1.0.0 (3213244fb8a3) → 1.0.1 (3213244fb8a3)  updated
  libnew    1.0.0 (33c3537b5d24)                         stored
  libold    1.0.0 (5e9bea2557ab)                         deleted
`;

test.each(["changes", "replacement-steps"])(
  "each kind of change, with secrets and unknown values (%s)",
  async (name) => {
    expect(await of(name, "--format", "text")).toBe(changes);
  },
);

test("what another writer changed, in the preview after a refresh", async () => {
  const rows = (await of("drift", "--title", "Drift")).split("\n").filter((line) => /^(#|\| `)/.test(line));
  expect(rows).toEqual([
    "### Drift of `shop/dev`: 2 updated",
    "#### `production` / `eu-west-1` / `prod-eu` (`acme`)",
    "| `drift2` | `ghcr.io/acme/drift2` | `1.0.0` (`be4b2ee0bd3f`) | updated: GitHub does not list it |  |",
    "| `drifted` | `ghcr.io/acme/drifted` | `1.0.0` (`6d749f6d23f2`) | updated: tags |  |",
  ]);
});

test("a secret that changed is named, not shown", async () => {
  const rows = (await of("secret")).split("\n").filter((line) => line.startsWith("| `"));
  expect(rows).toEqual([
    "| `cart` | `ghcr.io/acme/cart` | *secret* (`1c42ddc0285b`) | updated: version |  |",
    "| `chained` | `ghcr.io/acme/chained` | `1.0.0` (`104400000000`) → `1.0.0` (*known after apply*) | updated |  |",
  ]);
});

test.each(["nothing", "read"])("nothing to write is said in one sentence (%s)", async (name) => {
  expect(await of(name)).toBe(
    "<!-- pulumi-artifact-metadata: shop%2Fdev -->\n### Records of `shop/dev`: no record changes\n",
  );
});

test("a preview that failed says why, in a line without a stack trace", async () => {
  expect(await of("bad-input")).toBe(`<!-- pulumi-artifact-metadata: shop%2Fdev -->
### Records of \`shop/dev\`: the preview failed

**Errors:**

- \`pulumi-nodejs:dynamic/artifact-metadata:DeploymentRecord resource 'web': property digest value {sha256:x} has a problem: must be "sha256:" and 64 hexadecimal digits in lower case\`
`);
  expect(await of("program-error", "--format", "text")).toBe(
    "Records of shop/dev: the preview failed\n" +
      "error: Running program '/home/user/shop/index.js' failed with an unhandled exception: TypeError: artifacts[kind] is not a constructor\n",
  );
});

test("the preview of a refresh alone, which shows no drift, is refused", async () => {
  expect(await run(["summary", fixture("refresh-only")])).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      `error: ${fixture("refresh-only")} is the preview of a refresh, in which Pulumi does not say what changed. ` +
      "Use: pulumi preview --refresh --json\n",
  });
});

test("a preview with --refresh that failed before it came to the program says why", async () => {
  const diagnostics = [{ severity: "error", message: "error: 401 Bad credentials\n" }];
  const failed = { ...(JSON.parse(contentOf("refresh-only").toString()) as object), diagnostics };
  expect(await summary(failed, "--format", "text")).toBe(
    "Records of shop/dev: the preview failed\nerror: 401 Bad credentials\n",
  );
});

describe("a preview whose lines are events, as PULUMI_ENABLE_STREAMING_JSON_PREVIEW has it", () => {
  const events = readFileSync(join(__dirname, "fixtures/events.jsonl"), "utf8");

  test("comes to the same summary as the one object that Pulumi wrote of it", async () => {
    for (const format of ["markdown", "text", "json"])
      expect(await summary(events, "--format", format)).toBe(
        (await run(["summary", fixture("events"), "--format", format])).stdout,
      );
    expect(await summary(events, "--format", "text")).toMatch(/^Records of shop\/dev: 2 deployed\n/);
  });

  test("is read with lines of Pulumi's own between its events", async () => {
    const lines = ["Installing policy pack acme ...", "", events.trimEnd(), "Finished", ""];
    expect(await summary(lines.join("\n"))).toBe(await summary(events));
  });

  test("says what failed", async () => {
    const message = "<{%fg 1%}>error: <{%reset%}>no such thing\n";
    const failed = { sequence: 9, diagnosticEvent: { message, severity: "error" } };
    expect(await summary(`${events}${JSON.stringify(failed)}\n`, "--format", "text")).toBe(
      [
        "Records of shop/dev: the preview failed",
        "error: no such thing",
        ...(await summary(events, "--format", "text")).split("\n").slice(1),
      ].join("\n"),
    );
  });
});

test("the lines that Pulumi prints after the JSON are no part of it", async () => {
  const text = `Installing policy pack ...\n${JSON.stringify(JSON.parse(String(contentOf("sample"))), null, 4)}\nDone\n`;
  expect(await summary(text)).toBe(await summary(String(contentOf("sample"))));
});

test("a preview of a program that uses the plugin comes to the same summary", async () => {
  for (const name of ["sample", "changes", "replacement-steps", "secret", "drift"]) {
    const native = String(contentOf(name)).replaceAll(
      "pulumi-nodejs:dynamic/artifact-metadata:",
      "artifact-metadata:index:",
    );
    expect(native).toContain("artifact-metadata:index:");
    expect(await summary(native)).toBe(await of(name));
  }
});
