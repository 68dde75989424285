/** What `pulumi stack export` writes, as far as it matters here. */
import { z } from "zod";
import { UserError } from "../errors";
import { beginning, decode } from "../input";
import type { Expected, Source } from "../input";
import { visible } from "../summary/escape";

export const STATE: Expected = { what: "state", command: "pulumi stack export" };

const HOW = "Write it with: pulumi stack export > state.json";

const values = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((map) => map ?? {});

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().nullish(),
  inputs: values,
  outputs: values,
  /** Read by the program (`.get`), not declared by it. */
  external: z.boolean().nullish(),
  /** Replaced, and not removed yet. */
  delete: z.boolean().nullish(),
});

const state = z.object({
  deployment: z.object({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(z.object({ resource, type: z.string() })).nullish(),
  }),
});

export type Resource = z.infer<typeof resource>;

export interface State {
  /** `shop/prod`; of a state without resources, the file's name. */
  stack: string;
  resources: Resource[];
  /** What an update was doing when it was interrupted. */
  pending: { resource: Resource; type: string }[];
}

/** @throws UserError that says what is there instead of a state, and how to write one */
export function parseState({ bytes, from }: Source): State {
  const content = parseJson(decode(bytes), from);
  const { data, error } = state.safeParse(content);
  if (error) throw new UserError(`${from} is not a Pulumi state: ${whatItIs(content, error)}. ${HOW}`);
  const { resources, pending_operations: pending } = data.deployment;
  return { stack: stackOf(resources?.[0]?.urn) ?? from, resources: resources ?? [], pending: pending ?? [] };
}

function parseJson(text: string, from: string): unknown {
  if (text.trim() === "") throw new UserError(`${from} is empty. ${HOW}`);
  try {
    return JSON.parse(text);
  } catch {
    if (text.trimStart().startsWith("{"))
      throw new UserError(`${from} begins as JSON, but is cut off or continues with something else. ${HOW}`);
    throw new UserError(`${from} is not JSON (it begins with ${beginning(text)}). ${HOW}`);
  }
}

function whatItIs(content: unknown, { issues }: z.ZodError): string {
  const has = (field: string) => typeof content === "object" && content !== null && field in content;
  if (has("steps") || has("changeSummary")) return "it is a preview, which the command summary reads";
  if (has("checkpoint")) return "it is a file of Pulumi's backend";
  if (!has("deployment")) return 'it has no "deployment"';
  const [issue] = issues;
  return visible(`${issue?.path.join(".") ?? "it"}: ${issue?.message ?? "is not valid"}`).slice(0, 300);
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>` */
function stackOf(urn: string | undefined): string | undefined {
  const [head, project] = (urn ?? "").split("::");
  const stack = head?.replace(/^urn:pulumi:/, "");
  return stack && project ? `${project}/${stack}` : undefined;
}
