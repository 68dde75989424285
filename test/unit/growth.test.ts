/** Expressions and loops over outside text are linear: lint says so of the expressions, these of what was found once. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseContent } from "../../cli/summary/content";
import { code } from "../../cli/summary/escape";
import { apiUrl } from "../../provider/config/api";
import { parseBody } from "../../provider/http/body";
import { redactorOf, withoutPlainEscapes } from "../../provider/http/redact";
import { comparable } from "../../provider/lifecycle/diff";
import { storageIdentity } from "../../provider/storage-record/identity";
import { splitRisks } from "../../provider/workloads/annotations";
import { documentsOf } from "../../provider/workloads/documents";
import { readImage, registryUrlOf } from "../../provider/workloads/image-reference";
import { naming } from "../../provider/workloads/names";
import { deploymentsFromKubernetes } from "../../sdk";
import { resourceOptions } from "../../sdk/resource-options";
import { cpuOf, growthOf, LINEAR } from "../support/cpu";

/** A quadratic one takes a quarter of a second or more at four times this. */
const SIZE = 12_500;

const quietly = (work: () => unknown) => () => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};
const slashes = (size: number) => `https://reg.example.com${"/".repeat(size)}x`;
const named = naming("{workload}{container}");

const works: [string, (size: number) => () => unknown][] = [
  ["the slashes at an address's end", (size) => () => comparable("registryUrl", slashes(size))],
  ["the slashes of a setting's address", (size) => () => apiUrl("https://x").safeParse(slashes(size))],
  ["a storage record's ID", (size) => quietly(() => storageIdentity.parse("/".repeat(size)))],
  ["an image's slashes", (size) => () => readImage("/".repeat(size))],
  ["an image's separators", (size) => () => readImage(`a/${"a-".repeat(size)}_@sha256:`)],
  ["an image's digest", (size) => () => readImage(`a@${"A+".repeat(size)}:${"0".repeat(size)}x`)],
  ["the registry of a name", (size) => () => registryUrlOf(`${"a.".repeat(size)}:/${"/".repeat(size)}`)],
  [
    "separators in a deployment's name",
    (size) => () =>
      named({ kind: "", namespace: "", workload: `a${"-".repeat(size)}`, container: `${"-".repeat(size)}b` }),
  ],
  ["a list of risks", (size) => () => splitRisks([", ".repeat(size)])],
  ["a manifest's quotes", (size) => quietly(() => documentsOf(`{${'\\"'.repeat(size)}`))],
  ["a manifest's dashes", (size) => quietly(() => documentsOf(`a: 1\na: 2\n${"---\n".repeat(size / 10)}`))],
  [
    "an answer's ids",
    (size) => () => parseBody(`{"id":${"1".repeat(size)}${" ".repeat(size)}x`, "application/json"),
  ],
  ["an answer's escapes", (size) => () => withoutPlainEscapes("\\u0061\\".repeat(size))],
  ["an answer's tokens", (size) => () => redactorOf("token aaaaaaaaab")("a".repeat(size))],
  ["a preview's text", (size) => quietly(() => parseContent(`${"{ \n".repeat(size / 4)}`, "file"))],
  ["a preview's name", (size) => () => code("|@`".repeat(size))],
  [
    "a path in an option",
    (size) => () =>
      resourceOptions(
        "x",
        { ignoreChanges: [`deployments["${"\\\\".repeat(size)}`, `deployments.${"a".repeat(size)}`] },
        [],
      ),
  ],
];

test.each(works)("%s: four times the length is about four times the work", (_, prepare) => {
  expect(growthOf(prepare, SIZE)).toBeLessThan(LINEAR);
});

test("that would be seen of a quadratic expression", () => {
  // eslint-disable-next-line regexp/no-super-linear-move
  const quadratic = (size: number) => () => /\/+$/.test(slashes(size));
  expect(cpuOf(quadratic(20_000), 1) / cpuOf(quadratic(5_000), 1)).toBeGreaterThan(LINEAR);
});

test("lint checks every expression of the product for it, and nothing is left out", () => {
  const root = resolve(__dirname, "../..");
  const { overrides } = JSON.parse(readFileSync(join(root, ".oxlintrc.json"), "utf8")) as {
    overrides: { files: string[]; rules: Record<string, unknown> }[];
  };
  const product = overrides.filter(({ rules }) => "regexp/no-super-linear-move" in rules);
  expect(product).toEqual([
    {
      files: ["{cli,plugin,provider,sdk}/**/*.ts"],
      rules: {
        "regexp/no-super-linear-backtracking": ["error", { report: "potential" }],
        "regexp/no-super-linear-move": "error",
      },
    },
  ]);
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  expect(Object.values(scripts).join()).toMatch(/\boxlint\b/);
  const disabled = ["cli", "provider", "sdk"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .filter((name) => /-disable.*regexp/.test(readFileSync(join(root, folder, name), "utf8"))),
  );
  expect(disabled).toEqual([]);
});

test("a manifest of four times as many workloads takes about four times the work", () => {
  const image = `nginx@sha256:${"a".repeat(64)}`;
  const manifest = (size: number) =>
    Array.from({ length: size }, (_, index) => ({
      kind: "Pod",
      metadata: { name: `p${index}` },
      spec: { containers: [{ name: "app", image }] },
    }));
  expect(
    growthOf((size) => {
      const given = manifest(size);
      return () => deploymentsFromKubernetes(given);
    }, 1_000),
  ).toBeLessThan(LINEAR);
});
