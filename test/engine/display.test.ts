/**
 * Event logs of the real CLI (`--event-log`) beside what it printed for them, without colour. One line of a
 * fixture is one operation. Where the CLI forgets to take colour codes out of its text, the fixture has.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renderDiff } from "../../local/engine/display";
import type { EngineEvent, Operation } from "../../local/engine/types";

interface Recorded {
  operation: Operation;
  output: string;
  events: EngineEvent[];
}

const folder = join(__dirname, "fixtures", "display");
const fixtures = readdirSync(folder).map((file) => ({
  name: file.replace(".jsonl", ""),
  operations: readFileSync(join(folder, file), "utf8").trim().split("\n").map(parse),
}));

describe.each(fixtures)("the display of $name", ({ operations }) => {
  test.each(operations.map((recorded, i) => ({ ...recorded, title: `${i + 1}: ${recorded.operation}` })))(
    "is the real CLI's, operation $title",
    ({ operation, events, output }) => {
      expect(renderDiff(events, { operation, stack: "dev" })).toBe(output);
    },
  );
});

test("a text of several lines is compared line by line, with two lines around a change", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  const changed = lines.map((line) => (line === "line 9" ? "changed" : line));
  const output = renderDiff([updateOf({ text: lines.join("\n") }, { text: changed.join("\n") })], {
    operation: "up",
    stack: "prod",
  });
  expect(output.split("\n").slice(3, -1)).toEqual([
    "  ~ text: ",
    "        ...",
    "        line 7",
    "        line 8",
    "      - line 9",
    "      + changed",
    "        line 10",
    "        line 11",
    "        ...",
  ]);
});

test("the default provider is not shown, another one is", () => {
  const event = updateOf({ a: 1 }, { a: 2 });
  const metadata = event.resourcePreEvent?.metadata;
  if (!metadata) throw new Error("no step");
  const provider = "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::mine::1";
  const shown = { ...event, resourcePreEvent: { metadata: { ...metadata, provider } } };
  const options = { operation: "up", stack: "dev" } as const;
  expect(renderDiff([event], options)).not.toContain("[provider=");
  expect(renderDiff([shown], options)).toContain(`[provider=${provider}]`);
});

function updateOf(old: Record<string, number | string>, now: Record<string, number | string>): EngineEvent {
  const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/shop:Record::web";
  const type = "pulumi-nodejs:dynamic/shop:Record";
  const provider = "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::default::1";
  const state = { type, urn, id: "", parent: "", outputs: {}, provider };
  const [before, after] = [
    { ...state, inputs: old },
    { ...state, inputs: now },
  ];
  return {
    sequence: 0,
    timestamp: 0,
    resourcePreEvent: {
      metadata: {
        op: "update",
        urn,
        type,
        old: before,
        new: after,
        detailedDiff: null,
        logical: true,
        provider,
      },
    },
  };
}

function parse(line: string): Recorded {
  return JSON.parse(line) as Recorded;
}
