import { renderDiff } from "../../local/engine/display";
import {
  SECRET,
  SIGNATURE,
  UNKNOWN,
  type EngineEvent,
  type Op,
  type Operation,
  type PropertyMap,
  type StepMetadata,
  type StepState,
} from "../../local/engine/types";

const RECORD = "pulumi-nodejs:dynamic/shop:Record";
const STACK = "pulumi:pulumi:Stack";
const hidden = { [SIGNATURE]: SECRET, ciphertext: "[secret]" };

const stateOf = (type: string, inputs: PropertyMap = {}, outputs: PropertyMap = {}): StepState => ({
  ...{ type, urn: `urn:pulumi:dev::shop::${type}::web`, id: "", parent: "", provider: "" },
  ...{ inputs, outputs },
});

function stepOf(op: Op, old: StepState | null, now: StepState | null, logical = true): StepMetadata {
  const { type, urn } = now ?? old ?? stateOf(RECORD);
  return { op, urn, type, old, new: now, logical, provider: "" };
}

const event = (body: Partial<EngineEvent>): EngineEvent => ({ sequence: 0, timestamp: 0, ...body });
const begins = (...step: Parameters<typeof stepOf>) =>
  event({ resourcePreEvent: { metadata: stepOf(...step) } });
const ends = (...step: Parameters<typeof stepOf>) =>
  event({ resOutputsEvent: { metadata: stepOf(...step) } });

const display = (operation: Operation, ...events: EngineEvent[]) =>
  renderDiff(events, { operation, stack: "dev" }).trimEnd().split("\n");

test("a preview shows what is created with its properties, and a stack's outputs", () => {
  const inputs = { tags: { team: "shop" }, key: hidden, risks: ["a"], none: [], __provider: "code", n: 1 };
  const stack = stateOf(STACK, {}, { id: UNKNOWN });
  const created = stateOf(RECORD, inputs);
  expect(
    display(
      "preview",
      begins("create", null, stateOf(STACK)),
      begins("create", null, created),
      ends("create", null, { ...created, outputs: { ...inputs, id: UNKNOWN } }),
      ends("create", null, stack),
    ),
  ).toEqual([
    "Previewing update (dev):",
    `+ ${STACK}: (create)`,
    `    [urn=urn:pulumi:dev::shop::${STACK}::web]`,
    `    + ${RECORD}: (create)`,
    `        [urn=urn:pulumi:dev::shop::${RECORD}::web]`,
    "          key  : [secret]",
    "          n    : 1",
    "          none : []",
    "          risks: [",
    '              [0]: "a"',
    "          ]",
    "          tags : {",
    '              team: "shop"',
    "          }",
    "    --outputs:--",
    "      id: [unknown]",
  ]);
});

test("an update shows which properties change, at any depth", () => {
  const old = {
    same: 1,
    digest: "a",
    tags: { team: "shop", tier: "web" },
    risks: ["x", "y"],
    gone: null,
    to: {},
  };
  const now = { same: 1, digest: "b", tags: { team: "web", zone: "1" }, risks: ["x"], to: [true] };
  const [before, after] = [stateOf(RECORD, old, {}), stateOf(RECORD, now, {})];
  const shown = display(
    "up",
    begins("update", { ...before, id: "1" }, after),
    ends("update", { ...before, outputs: { ...old, at: 1 } }, { ...after, outputs: { ...now, at: 2 } }),
  );
  expect(shown.slice(1)).toEqual([
    `    ~ ${RECORD}: (update)`,
    "        [id=1]",
    `        [urn=urn:pulumi:dev::shop::${RECORD}::web]`,
    '        ~ digest: "a" => "b"',
    "        ~ risks : [",
    '            - [1]: "y"',
    "          ]",
    "        ~ tags  : {",
    '            ~ team: "shop" => "web"',
    '            - tier: "web"',
    '            + zone: "1"',
    "          }",
    "        - to    : {}",
    "        + to    : [",
    "            + [0]: true",
    "          ]",
  ]);
});

test("a refresh shows at its end what it found", () => {
  const [old, now] = [stateOf(RECORD, {}, { tags: { a: "1" } }), stateOf(RECORD, {}, { tags: {} })];
  const found = (op: Op, ...states: [StepState, StepState | null]) => [
    begins("refresh", states[0], states[0], false),
    ends(op, ...states, false),
  ];
  const shown = display(
    "refresh",
    ...found("update", old, now),
    ...found("same", old, old),
    ...found("delete", old, null),
  );
  expect(shown).toEqual([
    "Refreshing (dev):",
    `    ~ ${RECORD}: (update)`,
    `        [urn=urn:pulumi:dev::shop::${RECORD}::web]`,
    "        ~ tags: {",
    '            - a: "1"',
    "          }",
    `    - ${RECORD}: (delete)`,
    `        [urn=urn:pulumi:dev::shop::${RECORD}::web]`,
  ]);
});

test("a replacement is shown once, and what stayed the same and the default provider are not shown", () => {
  const [old, now] = [stateOf(RECORD, { a: 1 }), stateOf(RECORD, { a: 2 })];
  const provider = stateOf("pulumi:providers:pulumi-nodejs");
  const providers = { ...provider, urn: provider.urn.replace("::web", "::default") };
  const shown = display(
    "up",
    begins("create", null, providers),
    begins("same", old, old),
    begins("create-replacement", old, now, false),
    begins("replace", old, now),
    begins("delete-replaced", old, null, false),
  );
  expect(shown.filter((line) => line.includes(": ("))).toEqual([`    +-${RECORD}: (replace)`]);
});

test("warnings and errors are shown as they come, debug messages are not, and the summary counts", () => {
  const diagnostic = (severity: "debug" | "warning" | "error", message: string) =>
    event({
      diagnosticEvent: { severity, prefix: `${severity}: `, message: `${message}\n`, color: "never" },
    });
  const resourceChanges = { create: 2, same: 1, "create-replacement": 1 };
  const summary = { durationSeconds: 3, resourceChanges };
  expect(
    display(
      "up",
      diagnostic("warning", "one"),
      diagnostic("debug", "two"),
      diagnostic("error", "three"),
      event({ summaryEvent: { ...summary, isPreview: false } }),
      event({ summaryEvent: { ...summary, isPreview: true } }),
    ).slice(1),
  ).toEqual([
    "warning: one",
    "error: three",
    ...["Resources:", "    + 2 created", "    1 unchanged", "", "Duration: 3s"],
    ...["Resources:", "    + 2 to create", "    1 unchanged"],
  ]);
});

test("characters that a terminal would obey or hide are escaped in values", () => {
  const value = 'a\n\u001b[31m\u009b\u202e\u200b"é😀';
  const shown = display("preview", begins("create", null, stateOf(RECORD, { value })));
  expect(shown.at(-1)).toBe('          value: "a\\n\\u001b[31m\\u{9b}\\u{202e}\\u{200b}\\"é😀"');
});
