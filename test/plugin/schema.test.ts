import schema from "../../plugin/schema.json";
import { functionNames } from "../../plugin/invoke";
import { resourceNames, tokenOf } from "../../plugin/resources";
import { packageSchema } from "../../scripts/schema/package-schema";

test("the schema that is checked in is current (npm run schema)", () => {
  expect(schema).toEqual(JSON.parse(JSON.stringify(packageSchema())));
});

test("it has each resource and each function", () => {
  expect(Object.keys(schema.resources)).toEqual(resourceNames.map(tokenOf));
  expect(Object.keys(schema.functions)).toEqual(functionNames.map(tokenOf));
});

test("every property has a description, which names no key that the plugin is not given", () => {
  const described: [path: string, description: unknown][] = [];
  const visit = (path: string, value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, part] of Object.entries(value as Record<string, unknown>)) {
      const here = `${path}.${name}`;
      if (/\.(?:inputProperties|properties|variables)$/.test(path))
        described.push([here, (part as { description?: unknown }).description]);
      visit(here, part);
    }
  };
  visit("", schema);
  expect(described.length).toBeGreaterThan(100);
  expect(
    described.filter(([, description]) => typeof description !== "string" || description.length < 10),
  ).toEqual([]);
  expect(JSON.stringify(schema)).not.toMatch(/github:owner|\{@link/);
});

test("each resource takes over the state of its dynamic one", () => {
  for (const [token, { aliases }] of Object.entries(schema.resources))
    expect(aliases).toEqual([{ type: `pulumi-nodejs:dynamic/artifact-metadata:${token.split(":")[2]}` }]);
});
