/** What every write and every deletion of one declared record has in common. */
import { sameField } from "./diff";
import type { Identity } from "./identity";
import type { RunContext } from "./run-context";

export interface DeclaredWrite<O> {
  key: string;
  /** What is written, of a deployment record: a background job can overtake it. */
  content?: object;
  /** The outputs before an update. */
  olds: object | undefined;
  /** What a write of these outputs sends. */
  writable: (olds: object) => object;
  /** Resolves to undefined where the record was not written, and that is accepted. */
  write: () => Promise<O | undefined>;
}

/** Runs the write of a declared record, and notes what became of it. */
export async function writeDeclared<O>(
  { declarations }: RunContext,
  { key, content, olds, writable, write }: DeclaredWrite<O>,
): Promise<O | undefined> {
  declarations.declare(key);
  declarations.begun(key);
  try {
    const outs = await declarations.during([key], write);
    if (outs !== undefined) declarations.settle(key, "written", content);
    // Of an unknown outcome, too, nobody can say what is there.
    else if (olds === undefined || isNotRecorded(olds)) declarations.settle(key, "not recorded");
    else declarations.unchanged(key, writable(olds));
    return outs;
  } catch (error) {
    declarations.settle(key, "open");
    throw error;
  }
}

/**
 * Whether this deletion only makes room for a replacement, while the program declares the record: then it stays, and what
 * was known of it is kept for the create. What a resource of another provider declares is looked at instead, for nothing
 * can be kept for that one's process.
 */
export function keepForReplacement<K extends object>(
  context: RunContext,
  identity: Identity<K>,
  { record, props }: { record: K; props: object },
): boolean {
  const { declarations } = context;
  const key = identity.key(record);
  const declared = declarations.of(key);
  if (declared?.kind === "open" || declared?.kind === "unchanged") declarations.markLost(key, props);
  if (declared?.kind !== "open" || declared.isElsewhere === true) return false;
  const how = declarations.isReplacing(key);
  if (how === "likely") context.warn(leftForCreate(identity.describe(record)));
  return how !== undefined;
}

/** If Pulumi leaves out the create that is to write the record (a target, an error elsewhere), the provider never hears of it. */
export function leftForCreate(what: string, isOne = true): string {
  const [stays, it, record] = isOne
    ? ["stays as it is", "it", "the record"]
    : ["stay as they are", "them", "these records"];
  return (
    `The ${what} ${stays}: a resource of this program declares ${it}, and writes ${it} next. If this run does not create that ` +
    `resource (--target, --continue-on-error), nothing in the state holds ${record}: keep declaring ${it} until a pulumi up ` +
    `has written ${it}.`
  );
}

/** The state has it, and its last write was not done, or not for certain: the next run writes it. */
export const isNotRecorded = ({ status }: { status?: string }): boolean => status === "not recorded";

/** What says nothing of a record, as long as it has never been written. */
export const wasNeverWritten = (props: { status?: string; updatedAt?: string }): boolean =>
  isNotRecorded(props) && props.updatedAt === undefined;

/** Inputs that can be secrets, and that the removal of a record does without. */
const REPLACEABLE = ["version", "tags", "runtimeRisks"];

/**
 * The outputs of a write that was not done. A value that is declared otherwise now is left out, because a former one can
 * be a secret that is declared as one no more; an empty one stands in its place, so that the next diff shows it.
 */
export function unwritten<O extends object>(olds: O, news: object): O {
  const declared = news as Record<string, unknown>;
  const parts = Object.entries(olds).map(([name, value]: [string, unknown]) => {
    const stays = !REPLACEABLE.includes(name) || sameField(name, value, declared[name]);
    return [name, stays ? value : emptyOf(value)];
  });
  return Object.fromEntries(parts) as O;
}

const emptyOf = (value: unknown) => (Array.isArray(value) ? [] : typeof value === "object" ? {} : "");
