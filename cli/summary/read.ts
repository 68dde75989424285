/** What `pulumi preview --json` writes, as far as it matters here: new fields and operations are let through. */
import { z } from "zod";
import { UserError } from "../errors";
import { decode } from "../input";
import { HOW, parseContent } from "./content";

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

/** @throws UserError that says what is there instead of a preview, and how to write one */
export function parsePreview(bytes: Uint8Array, from: string): Preview {
  const content = parseContent(decode(bytes), from);
  const { data, error } = preview.safeParse(content);
  if (error) throw new UserError(`${from} is not a Pulumi preview: ${describe(error)}. ${HOW}`);
  const { steps, diagnostics, changeSummary } = data;
  if (!steps && !diagnostics && changeSummary === undefined)
    throw new UserError(`${from} is not a Pulumi preview: ${whatItIs(content)}. ${HOW}`);
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

function whatItIs(content: unknown): string {
  const has = (field: string) => typeof content === "object" && content !== null && field in content;
  return has("deployment") ? "it is a state, which the command report reads" : 'it has no "steps"';
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

/** Of a terminal, and Pulumi's own in events: `<{%fg 1%}>`. */
const COLOURS = new RegExp(String.raw`\u001b\[[0-9;]*m|<\{%[a-z0-9 ]*%\}>`, "g");

/** `error: resource 'web': …`, without what a terminal or a stack trace adds. */
function oneLine(message: string): string {
  const lines = message.replaceAll(COLOURS, "").split("\n");
  const kept = lines
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^at .+:\d+:\d+\)?$/.test(line));
  return kept.join(" ").replace(/^(error|warning): /, "");
}
