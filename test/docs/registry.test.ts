/** The pages of Pulumi's registry: what the registry asks of them, from the schema and the examples. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import schema from "../../plugin/schema.json";
import { registryPages } from "../../scripts/schema/registry-pages";
import { parsePage, repository } from "./markdown";

const read = (path: string) => readFileSync(join(repository, path), "utf8");
const overview = read("docs/_index.md");
const installation = read("docs/installation-configuration.md");

test("the pages that are checked in are current (npm run schema)", () => {
  const pages = registryPages();
  expect(Object.keys(pages)).toEqual(["docs/_index.md", "docs/installation-configuration.md"]);
  for (const [path, text] of Object.entries(pages))
    expect({ path, text: read(path) }).toEqual({ path, text });
});

test.each([
  ["_index.md", overview],
  ["installation-configuration.md", installation],
])("%s begins with the title, description and layout that the registry asks for", (_, page) => {
  const [, front = ""] = /^---\n(.*?)\n---\n/s.exec(page) ?? [];
  const sentence = expect.stringMatching(/^[A-Z].{30,}[.]$/) as string;
  const title = expect.stringMatching(/^Artifact Metadata/) as string;
  expect(load(front)).toEqual({ title, meta_desc: sentence, layout: "package" });
});

test.each([
  ["_index.md", overview],
  ["installation-configuration.md", installation],
])("%s has each language that its chooser offers, and closes each part", (_, page) => {
  const [, offered = ""] = /^\{\{< chooser language "(.*)" >\}\}$/m.exec(page) ?? [];
  const parts = [
    ...page.matchAll(/^\{\{% choosable language (\w+) %\}\}\n(.*?)^\{\{% \/choosable %\}\}$/gms),
  ];
  expect(parts.map(([, language]) => language)).toEqual(offered.split(","));
  expect(offered.split(",").sort()).toEqual(["go", "python", "typescript", "yaml"]);
  for (const [, , content = ""] of parts) expect(content).not.toContain("choosable");
  expect(page.match(/^\{\{< \/chooser >\}\}$/gm)).toHaveLength(1);
});

test.each([
  ["ts", "examples/cluster-set/index.ts"],
  ["python", "examples/python/__main__.py"],
  ["go", "examples/go/main.go"],
  ["yaml", "examples/yaml/Pulumi.yaml"],
])("the program in %s is %s, but for the comment at its head", (language, file) => {
  const shown = parsePage("docs/_index.md", overview).blocks.filter((block) => block.language === language);
  expect(shown).toHaveLength(1);
  const withoutHead = (text = "") => text.slice(text.search(/^(?:import|package|name)/m)).trim();
  expect(withoutHead(shown[0]?.text)).toBe(withoutHead(read(file)));
});

test("the reference has each variable of the schema, with its type and description", () => {
  const [, reference = ""] = installation.split("## Configuration reference\n");
  const lines = reference.trim().split("\n");
  const variables = Object.entries(schema.config.variables);
  expect(lines).toHaveLength(variables.length);
  for (const [index, [key, variable]] of variables.entries()) {
    const type = "secret" in variable ? `${variable.type}, secret` : variable.type;
    const expected = `- \`artifact-metadata:${key}\` (${type}): ${variable.description}`;
    expect(lines[index]?.replace(/ Environment: .*$/, "")).toBe(expected);
  }
});

/** As the page about the configuration has them, whose tables people write. */
test("the reference names the environment variables that docs/configuration.md names", () => {
  const variablesIn = (text: string) => (text.match(/`[A-Z][A-Z_]+`/g) ?? []).toSorted();
  const rows = [...read("docs/configuration.md").matchAll(/^\| `(artifact-metadata:\w+)`[^|]*\|([^|]*)\|/gm)];
  expect(rows).toHaveLength(Object.keys(schema.config.variables).length);
  for (const [, key = "", also = ""] of rows) {
    const line = installation.split("\n").find((one) => one.startsWith(`- \`${key}\` `));
    expect({ key, variables: variablesIn(line ?? "") }).toEqual({ key, variables: variablesIn(also) });
  }
});
