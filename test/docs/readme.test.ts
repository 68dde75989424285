/** What the README shows comes from a run on the Pulumi CLI. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { summarize } from "../../cli/summary";
import { repository } from "./markdown";

const preview = readFileSync(join(repository, "test/cli/fixtures/readme.json"));
const readme = readFileSync(join(repository, "README.md"), "utf8");

/** Without the columns' alignment, which is the formatter's. */
const unaligned = (markdown: string) => markdown.replace(/ +/g, " ").replace(/-{3,}/g, "---").trim();

test("the comment in the README is the summary of a recorded preview", () => {
  const quoted = [...readme.matchAll(/^> ?(.*)$/gm)].map(([, line = ""]) => line).join("\n");
  const options = { format: "markdown", title: "Records", maxLength: 65_536 } as const;
  const comment = summarize(preview, "the fixture", options).replace(/^<!--.*-->\n/, "");
  expect(unaligned(quoted)).toBe(unaligned(comment));
});

test("the preview in the README shows the digests and versions of the same preview", () => {
  const { steps } = JSON.parse(preview.toString()) as {
    steps: { op: string; oldState: { inputs: Values }; newState: { inputs: Values } }[];
  };
  const update = steps.find(({ op }) => op === "update");
  for (const property of ["digest", "version"]) {
    const [before, after] = [update?.oldState.inputs[property], update?.newState.inputs[property]];
    expect(readme).toMatch(new RegExp(`^  ~ ${property} +: "${before}" => "${after}"$`, "m"));
  }
});

type Values = Record<string, string>;
