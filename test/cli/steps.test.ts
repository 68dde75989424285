/** Which operations of a preview change a record, and how. */
import {
  changesIn,
  digest,
  fleet,
  libfoo,
  onChainloop,
  outcomes,
  preview,
  step,
  summary,
  urnOf,
  web,
} from "./support";

const next = { ...web, version: "1.4.2", digest: digest("b") };
const other = { ...web, deploymentName: "shop-web-edge" };
const stays = { ...web, deploymentName: "shop-api-api" };

test.each<[string, object, string[]]>([
  ["create", { new: web }, ["shop-web-web: deployed"]],
  ["update", { old: web, new: next }, ["shop-web-web: updated"]],
  ["replace", { old: web, new: other }, ["shop-web-edge: deployed", "shop-web-web: decommissioned"]],
  ["replace", { old: web, new: next }, ["shop-web-web: updated"]],
  [
    "create-replacement",
    { old: web, new: other },
    ["shop-web-edge: deployed", "shop-web-web: decommissioned"],
  ],
  ["delete-replaced", { old: web }, ["shop-web-web: decommissioned"]],
  ["delete", { old: web }, ["shop-web-web: decommissioned"]],
  ["same", { old: web, new: web }, []],
  ["same", { old: web, new: next }, []],
  ["refresh", { old: web, new: next }, []],
  ["read", { new: web }, []],
  ["read-replacement", { old: web, new: web }, []],
  ["discard", { old: web }, []],
  ["discard-replaced", { old: web }, []],
  ["remove-pending-replace", { old: web }, []],
  ["import", { new: web }, []],
  ["import-replacement", { old: web, new: web }, []],
  ["an operation of tomorrow", { old: web, new: next }, []],
])("%s", (op, states, expected) => {
  // A refresh alone is refused.
  expect(outcomes(preview(step("same", { name: "api", old: stays, new: stays }), step(op, states)))).toEqual(
    expected,
  );
});

test.each<[string, object, object, string]>([
  ["declared as decommissioned", web, { ...web, status: "decommissioned" }, "decommissioned"],
  ["deployed once more", { ...web, status: "decommissioned" }, web, "deployed"],
  [
    "decommissioned stays so",
    { ...web, status: "decommissioned" },
    { ...next, status: "decommissioned" },
    "updated",
  ],
  ["not recorded until now", { ...web, status: "not recorded" }, web, "deployed"],
  ["not listed any more", { ...web, status: "not listed" }, web, "updated"],
])("an update of a record that is %s", (_, old, now, action) => {
  expect(outcomes(preview(step("update", { old, new: now })))).toEqual([`shop-web-web: ${action}`]);
});

test.each<[string, object, object, string[]]>([
  ["is decommissioned already", { ...web, status: "decommissioned" }, {}, []],
  ["was never recorded", { ...web, status: "not recorded" }, {}, []],
  ["is retained", web, { retainOnDelete: true }, ["shop-web-web: kept"]],
  [
    "ends with another resource that goes too",
    web,
    { deletedWith: urnOf("DeploymentRecord", "web") },
    ["shop-web-web: kept"],
  ],
  [
    "would end with a resource that stays",
    web,
    { deletedWith: urnOf("DeploymentRecord", "api") },
    ["shop-web-web: decommissioned"],
  ],
])("the removal of a record that %s", (_, old, state, expected) => {
  expect(outcomes(preview(step("delete", { old, state })))).toEqual(expected);
});

const set = (op: string, of: object) => step(op, { type: "ClusterDeploymentSet", name: "fleet", ...of });
const entries = (deployments: unknown) => ({ ...fleet, deployments });
const entry = fleet.deployments["shop-web-web"];

test("of a set, only the entries that change", () => {
  const old = entries({ kept: entry, gone: entry, changed: entry });
  const now = entries({ kept: entry, added: entry, changed: { ...entry, tags: { team: "shop" } } });
  expect(outcomes(preview(set("update", { old, new: now })))).toEqual([
    "added: deployed",
    "changed: updated",
    "gone: decommissioned",
  ]);
});

test("an entry without a status is deployed", () => {
  const { status, ...without } = entry;
  expect(status).toBe("deployed");
  expect(
    outcomes(preview(set("update", { old: entries({ web: without }), new: entries({ web: entry }) }))),
  ).toEqual([]);
});

test("all entries of a set that is replaced by itself are written again", async () => {
  const same = preview(set("replace", { old: fleet, new: fleet }));
  expect(outcomes(same)).toEqual(["shop-web-web: updated"]);
  expect(await summary(same)).toContain("| updated: written again |");
});

test("deployments called after what each object has are entries like others", () => {
  const names = { constructor: entry, toString: entry };
  expect(outcomes(preview(set("create", { new: entries(names) })))).toEqual([
    "constructor: deployed",
    "toString: deployed",
  ]);
  expect(outcomes(preview(set("update", { old: entries(names), new: entries({}) })))).toHaveLength(2);
});

test.each<[string, object[]]>([
  ["a renamed resource", [step("create", { name: "site", new: web }), step("delete", { old: web })]],
  ["into a set", [set("create", { new: fleet }), step("delete", { old: web })]],
  ["out of a set", [step("create", { new: web }), set("update", { old: fleet, new: entries({}) })]],
  ["out of a set that goes", [step("create", { new: web }), set("delete", { old: fleet })]],
  [
    "organisation in another case",
    [step("create", { name: "site", new: { ...web, org: "Acme" } }), step("delete", { old: web })],
  ],
])("the same record in another resource is moved: %s", (_, steps) => {
  expect(outcomes(preview(...steps))).toEqual(["shop-web-web: moved"]);
  expect(outcomes(preview(...steps.reverse()))).toEqual(["shop-web-web: moved"]);
});

test("a resource's name is whole, also with colons in it", () => {
  const [change] = changesIn(preview(step("create", { name: "shop::web", new: web })));
  expect(change?.resource).toBe('DeploymentRecord "shop::web"');
});

test("a record that moves and changes says both", async () => {
  const moved = preview(step("create", { name: "site", new: next }), step("delete", { old: web }));
  expect(await summary(moved)).toContain(
    '| `1.4.1` (`aaaaaaaaaaaa`) → `1.4.2` (`bbbbbbbbbbbb`) | moved: from `DeploymentRecord "web"` to `DeploymentRecord "site"` |',
  );
});

test("a record in another environment, cluster or organisation is another record", () => {
  for (const field of ["org", "logicalEnvironment", "physicalEnvironment", "cluster"]) {
    const elsewhere = { ...web, [field]: "elsewhere" };
    const steps = [step("create", { name: "site", new: elsewhere }), step("delete", { old: web })];
    expect(outcomes(preview(...steps)).sort()).toEqual([
      "shop-web-web: decommissioned",
      "shop-web-web: deployed",
    ]);
  }
});

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET = "[secret]";

test.each([
  [UNKNOWN, "known after apply"],
  [SECRET, "secret"],
])(
  "a set whose deployments are %s is one row, and none of its entries is said to go",
  async (deployments, words) => {
    const whole = preview(set("update", { old: fleet, new: entries(deployments) }));
    expect(await summary(whole)).toContain(
      `| *${words}* |  |  | updated: all deployments of \`ClusterDeploymentSet "fleet"\` |`,
    );
    expect(changesIn(whole)).toHaveLength(1);
  },
);

test.each([UNKNOWN, SECRET])("an entry that is %s as a whole is shown by its name", (value) => {
  expect(outcomes(preview(set("update", { old: fleet, new: entries({ "shop-web-web": value }) })))).toEqual([
    "shop-web-web: updated",
  ]);
});

test("two records with a secret name are not taken for one, a record with a secret name is the same as before", () => {
  const secret = { ...web, deploymentName: SECRET };
  const two = [step("create", { name: "site", new: secret }), step("delete", { old: secret })];
  expect(changesIn(preview(...two)).map(({ action }) => action)).toEqual(["deployed", "decommissioned"]);
  const one = step("update", { old: secret, new: { ...secret, version: "2" } });
  expect(changesIn(preview(one)).map(({ action }) => action)).toEqual(["updated"]);
});

test("a secret as the protocol marks it is not shown", async () => {
  const marked = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "hunter2",
  };
  const text = await summary(
    preview(step("create", { new: { ...web, version: marked } })),
    "--format",
    "json",
  );
  expect(text).not.toContain("hunter2");
  expect(text).toContain('"version": "[secret]"');
});

test("what is recorded, not what was declared, is what an update starts from", () => {
  const failed = { outputs: { name: web.name, digest: digest("c"), version: "1.4.0", status: "deployed" } };
  const [change] = changesIn(preview(step("update", { old: web, new: next, state: failed })));
  expect(change?.before?.version).toBe("1.4.0");
});

test("inputs that were never written are not taken for what is there", () => {
  const { deploymentName, ...recorded } = web;
  expect(deploymentName).toBe("shop-web-web");
  const tagged = { ...web, tags: { team: "shop" } };
  const [change] = changesIn(
    preview(step("update", { old: tagged, new: tagged, state: { outputs: recorded } })),
  );
  expect(change).toMatchObject({ action: "updated", changed: ["tags"] });
  const missing = set("update", { old: fleet, new: fleet, state: { outputs: { deployments: {} } } });
  expect(outcomes(preview(missing))).toEqual(["shop-web-web: deployed"]);
});

test("an entry that leaves a retained set is decommissioned, and kept where the set goes", () => {
  const state = { retainOnDelete: true };
  const left = set("update", { old: fleet, new: entries({}), state });
  expect(outcomes(preview(left))).toEqual(["shop-web-web: decommissioned"]);
  expect(outcomes(preview(set("delete", { old: fleet, state })))).toEqual(["shop-web-web: kept"]);
});

test("an update starts from its own state, not from what an earlier run left behind", () => {
  const left = step("delete-replaced", { old: { ...web, version: "1.0.0" }, state: { delete: true } });
  const [change] = changesIn(preview(step("update", { old: web, new: next }), left));
  expect(change?.before?.version).toBe("1.4.1");
});

const stored = (op: string, of: object) => step(op, { type: "StorageRecord", name: "libfoo", ...of });

test.each<[string, object, string[]]>([
  ["create", { new: libfoo }, ["libfoo: stored"]],
  ["update", { old: libfoo, new: { ...libfoo, version: "1.0.1" } }, ["libfoo: updated"]],
  ["update", { old: libfoo, new: { ...libfoo, status: "eol" } }, ["libfoo: end of life"]],
  ["update", { old: { ...libfoo, status: "eol" }, new: libfoo }, ["libfoo: stored"]],
  ["update", { old: libfoo, new: { ...libfoo, status: "deleted" } }, ["libfoo: deleted"]],
  ["delete", { old: libfoo }, ["libfoo: deleted"]],
  ["delete", { old: { ...libfoo, onDelete: "eol" } }, ["libfoo: end of life"]],
  ["delete", { old: { ...libfoo, status: "eol", onDelete: "eol" } }, []],
  ["delete", { old: { ...libfoo, status: "deleted" } }, []],
  [
    "replace",
    { old: libfoo, new: { ...libfoo, registryUrl: "https://reg.example.com/" } },
    ["libfoo: updated"],
  ],
  [
    "replace",
    { old: libfoo, new: { ...libfoo, digest: digest("e") } },
    ["libfoo: deleted", "libfoo: stored"],
  ],
])("a storage record: %s %#", (op, of, expected) => {
  expect(outcomes(preview(stored(op, of)))).toEqual(expected);
});

const chainloop = (op: string, of: object) => step(op, { type: "ChainloopDeployment", name: "web", ...of });

test("a deployment on Chainloop stands under its environment there", async () => {
  const now = { ...onChainloop, artifactVersion: "1.4.2", artifactDigest: digest("b") };
  const text = await summary(preview(chainloop("update", { old: onChainloop, new: now })));
  expect(text).toContain("#### Chainloop: `production`\n");
  expect(text).toContain(
    "| `shop-web` | `ghcr.io/acme/web` | `1.4.1` (`aaaaaaaaaaaa`) → `1.4.2` (`bbbbbbbbbbbb`) | updated |",
  );
  const chart = { ...onChainloop, kind: "HELM_CHART" };
  expect(outcomes(preview(chainloop("replace", { old: onChainloop, new: chart })))).toEqual([
    "shop-web: decommissioned",
    "shop-web: deployed",
  ]);
});

test.each([
  ["SUPERSEDED", "updated: another digest has superseded it"],
  ["not listed", "updated: Chainloop does not list it"],
  ["DECOMMISSIONED", "deployed"],
  ["DEPLOYED", "updated: written again"],
])("a deployment on Chainloop that was %s", async (status, words) => {
  const old = { ...onChainloop, status };
  const again = preview(chainloop("update", { old, new: { ...onChainloop, status: "DEPLOYED" } }));
  expect(await summary(again)).toContain(`| ${words} |`);
  const removed = outcomes(preview(chainloop("delete", { old })));
  const isGone = status === "SUPERSEDED" || status === "DECOMMISSIONED";
  expect(removed).toEqual(isGone ? [] : ["shop-web: decommissioned"]);
});

test("resources of other kinds and packages are not counted", () => {
  const foreign = {
    ...step("create", { new: web }),
    newState: { type: "aws:s3/bucket:Bucket", inputs: web },
  };
  expect(outcomes(preview(foreign, step("create", { type: "Later", new: web })))).toEqual([]);
});

test("a resource that stays keeps its record, whatever an earlier run left behind", () => {
  const left = step("delete-replaced", { old: web, state: { delete: true } });
  const same = step("same", { old: web, new: web });
  expect(outcomes(preview(left, same))).toEqual([]);
  expect(outcomes(preview(same, left))).toEqual([]);
});

test.each([
  [["a", "b"], ["a", "c"], "`a`, + `c`, − `b`"],
  [undefined, ["a"], "+ `a`"],
  [["a"], undefined, "− `a`"],
  [["a"], [], "− `a`"],
  [["b", "a"], ["a", "b"], "`a`, `b`"],
  [["a"], UNKNOWN, "*known after apply*"],
  [SECRET, ["a"], "*secret*"],
])("risks that come and go are marked: %j, %j", async (old, now, cell) => {
  const update = { old: { ...web, runtimeRisks: old }, new: { ...next, runtimeRisks: now } };
  expect(await summary(preview(step("update", update)))).toContain(`| updated | ${cell} |\n`);
  const create = await summary(preview(step("create", { new: { ...web, runtimeRisks: ["a"] } })));
  expect(create).toContain("| deployed | `a` |\n");
  const gone = await summary(preview(step("delete", { old: { ...web, runtimeRisks: ["a"] } })));
  expect(gone).toContain("| decommissioned | `a` |\n");
});

test("an entry of a set that holds a secret is named where the set changes: it may have changed", async () => {
  const secret = { ...entry, tags: SECRET, runtimeRisks: SECRET };
  const update = (more: object) =>
    preview(
      set("update", {
        old: entries({ a: secret, b: entry }),
        new: entries({ a: secret, b: entry, ...more }),
      }),
    );
  expect(await summary(update({}))).toContain("| updated: tags, runtimeRisks | *secret* |\n");
  expect(outcomes(update({ c: entry }))).toEqual(["a: updated", "c: deployed"]);
  const now = entries({ a: secret });
  expect(outcomes(preview(set("same", { old: now, new: now })))).toEqual([]);
});

test("a property that differs only in a secret is named also where it has a column", async () => {
  const update = step("update", { old: { ...web, version: SECRET }, new: { ...web, version: SECRET } });
  expect(await summary(preview(update))).toContain("| *secret* (`aaaaaaaaaaaa`) | updated: version |");
});
