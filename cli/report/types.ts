/** What the states of stacks say about records. */
import type { Kind, Place, Value } from "../summary/types";

export interface Entry {
  kind: Kind;
  place: Place;
  /** The deployment's name, or the stored artifact's. Secret: all that a set holds. */
  name: Value;
  artifact?: Value;
  /** Of a storage record: its path, or its address. */
  path?: Value;
  version?: Value;
  digest?: Value;
  status: Value;
  runtimeRisks?: Value[] | Value;
  /** When the record was last written. */
  since?: Value;
  /** `shop/prod` */
  stack: string;
  /** `DeploymentRecord "web"` */
  resource: string;
  /** What `--check` compares beside what is shown; without it, nobody pays for that. */
  compared: () => Readonly<Record<string, unknown>>;
  /** What `--check` found. */
  differences?: Difference[];
}

/** `tags on GitHub:`, and what is there. */
export interface Difference {
  words: string;
  /** From a server. */
  live?: string;
}

export interface Inventory {
  /** `shop/prod`, in the order of the files. */
  stacks: string[];
  entries: Entry[];
  /** What the reader has to know beside the entries. */
  notes: string[];
  /** With `--check`: how many records were compared, and how many of them differ. */
  check?: { compared: number; differing: number };
}

/** For what is there no more. */
export const GONE: readonly unknown[] = ["decommissioned", "superseded", "deleted"];
