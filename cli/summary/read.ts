/** What `pulumi preview --json` writes, as far as it matters here: new fields and operations are let through. */
import { z } from "zod";
import { UserError } from "../errors";
import { beginning, decode } from "../input";

const values = z.record(z.string(), z.unknown());

const state = z.object({
  type: z.string(),
  inputs: values.nullish().transform((inputs) => inputs ?? {}),
  outputs: values.nullish().transform((outputs) => outputs ?? {}),
  id: z.string().nullish(),
  retainOnDelete: z.boolean().nullish(),
  deletedWith: z.string().nullish(),
});

const step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: state.nullish(),
  newState: state.nullish(),
});

const preview = z.object({
  steps: z.array(step).nullish(),
  diagnostics: z.array(z.object({ message: z.string(), severity: z.string() })).nullish(),
  changeSummary: z.unknown().optional(),
});

export type State = z.infer<typeof state>;
export type Step = z.infer<typeof step>;

export interface Preview {
  project?: string;
  stack?: string;
  steps: Step[];
  errors: string[];
  warnings: string[];
}

const HOW = "Write it with: pulumi preview --json > preview.json";

/** @throws UserError that says what is there instead of a preview, and how to write one */
export function parsePreview(bytes: Uint8Array, from: string): Preview {
  const content = parseJson(decode(bytes), from);
  const { data, error } = preview.safeParse(content);
  if (error) throw new UserError(`${from} is not a preview of Pulumi: ${describe(error)}. ${HOW}`);
  const { steps, diagnostics, changeSummary } = data;
  if (!steps && !diagnostics && changeSummary === undefined)
    throw new UserError(`${from} is not a preview of Pulumi: it has no "steps". ${HOW}`);
  const ofSeverity = (severity: string) => (diagnostics ?? []).filter((one) => one.severity === severity);
  // What each of many resources says is said once.
  const messages = (severity: string) => [
    ...new Set(ofSeverity(severity).map(({ message }) => oneLine(message))),
  ];
  const errors = messages("error");
  // A preview with --refresh that failed may have come no further than that.
  if (errors.length === 0) refuseRefresh(steps ?? [], from);
  return { ...stackOf(steps?.[0]?.urn), steps: steps ?? [], errors, warnings: messages("warning") };
}

function parseJson(text: string, from: string): unknown {
  if (text.trim() === "") throw new UserError(`${from} is empty. ${HOW}`);
  try {
    return JSON.parse(text);
  } catch {
    const preview = afterText(text);
    if (preview !== undefined) return preview;
    if (isEventStream(text))
      throw new UserError(
        `${from} is a stream of events. Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and write it again.`,
      );
    if (text.trimStart().startsWith("{"))
      throw new UserError(`${from} begins as JSON, but is cut off or goes on with something else. ${HOW}`);
    throw new UserError(`${from} is not JSON (it begins with ${beginning(text)}). ${HOW}`);
  }
}

/** Pulumi can print lines before the preview, such as `Installing policy pack …`: the JSON begins at a line `{`. */
function afterText(text: string): unknown {
  const start = /^\{\s*$/m.exec(text)?.index;
  if (!start) return undefined;
  try {
    return JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
}

function isEventStream(text: string): boolean {
  try {
    return Object.hasOwn(JSON.parse(text.slice(0, text.indexOf("\n"))) as object, "sequence");
  } catch {
    return false;
  }
}

const describe = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, 1)
    .map(({ path, message }) => `${path.length > 0 ? path.join(".") : "it"}: ${message}`)
    .join();

/** The steps of `pulumi refresh --preview-only --json` show each resource as it was: nothing of the drift. */
function refuseRefresh(steps: Step[], from: string): void {
  if (steps.length === 0 || steps.some(({ op }) => op !== "refresh")) return;
  throw new UserError(
    `${from} is the preview of a refresh, in which Pulumi does not say what changed. ` +
      `Use: pulumi preview --refresh --json`,
  );
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>` */
function stackOf(urn: string | undefined): Pick<Preview, "project" | "stack"> {
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(urn ?? "") ?? [];
  return { project, stack };
}

const ANSI = new RegExp(String.raw`\u001b\[[0-9;]*m`, "g");

/** `error: resource 'web': …`, without what a terminal or a stack trace adds. */
function oneLine(message: string): string {
  const lines = message.replaceAll(ANSI, "").split("\n");
  const kept = lines
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^at .+:\d+:\d+\)?$/.test(line));
  return kept.join(" ").replace(/^(error|warning): /, "");
}
