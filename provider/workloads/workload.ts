/** Workloads as every reader has them, and what is done with one that was read. */
import { OBJECT } from "./context";
import type { Context } from "./context";
import { quoted, shown } from "./quote";
import type { FoundContainer, WorkloadContainer } from "./types";

export type Workload = Omit<WorkloadContainer, "container">;

export const describe = ({ kind, namespace, workload }: Workload): string =>
  shown(`${kind} ${namespace === "" ? "" : `${namespace}/`}${workload}`.trimEnd());

export const describeContainer = (container: WorkloadContainer): string =>
  container.container === ""
    ? describe(container)
    : `${describe(container)}, container ${quoted(container.container)}`;

/** What a user's function is told of a container. */
export const identityOf = ({
  kind,
  namespace,
  workload,
  container,
}: WorkloadContainer): WorkloadContainer => ({
  kind,
  namespace,
  workload,
  container,
});

/** A workload as far as it could be read. */
export interface WorkloadRead {
  workload: Workload;
  containers: FoundContainer[];
  /** What is wrong with it; the containers are then those that could be told from each other. */
  problem?: string;
}

/** The containers that the option `include` takes. It is asked before anything is refused: the rest need not be right. */
export function includedOf(
  object: object,
  { workload, containers }: WorkloadRead,
  context: Context,
): FoundContainer[] {
  const none = { ...workload, container: "", image: undefined, annotations: [] };
  const asked = containers.length > 0 ? containers : [{ ...none, origin: context.values.originOf(object) }];
  return asked.filter((container) => {
    if (context.include(container)) return true;
    const which = container.container === "" ? "it" : `container ${quoted(container.container)}`;
    context.skip(object, `the option include leaves ${which} out`);
    return false;
  });
}

/** YAML reads 123 as a number: it is shown as it is, and refused. */
export const asText = (value: unknown): string | undefined => {
  if ((value ?? "") === "") return undefined;
  return typeof value === "string" ? value : quoted(value);
};

export function notText(value: unknown, what: string): string | undefined {
  if ((value ?? "") === "" || typeof value === "string") return undefined;
  return `${what} ${quoted(value)}, which is not a string. In YAML, put it in quotes.`;
}

/** What the keys of all annotations of one container count. */
export const keysIn = (levels: readonly unknown[]): number =>
  levels.reduce<number>((sum, level) => sum + keysOf(level), 0);

const keysOf = (level: unknown): number => {
  if (typeof level !== "object" || level === null) return 0;
  // Each of a list is an object with a key and a value.
  return Array.isArray(level) ? level.length * OBJECT : Object.keys(level).length;
};

const MAX_KEYS = 8;

/** For an error about an object that says nothing else of itself. */
export function listKeys(object: object, { values }: Context): string {
  const keys = Object.keys(values.originOf(object) ?? object);
  return `keys ${keys.slice(0, MAX_KEYS).map(shown).join(", ")}${keys.length > MAX_KEYS ? ", …" : ""}`;
}
