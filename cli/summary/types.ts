/** What a value of the preview is, as far as it may and can be shown. */
export type Value = string | typeof UNKNOWN | typeof SECRET;

export const UNKNOWN = Symbol("known after apply");
export const SECRET = Symbol("secret");

export type Kind = "deployment" | "storage" | "chainloop";

/** Where a record belongs: an organisation's environment, a registry, an environment on Chainloop. */
export type Place = Readonly<Record<string, Value>>;

/** One record, before or after. */
export interface Side {
  artifact?: Value;
  version?: Value;
  digest?: Value;
  /** `deployed`, `decommissioned`, `not listed`, …; of storage records `active`, `eol`, `deleted`. */
  status?: Value;
  runtimeRisks?: Value[] | Value;
}

/** What happens to a record, in the order in which a headline counts it. */
export const ACTIONS = [
  "deployed",
  "stored",
  "updated",
  "moved",
  "decommissioned",
  "end of life",
  "deleted",
  "kept",
] as const;
export type Action = (typeof ACTIONS)[number];

export interface Change {
  kind: Kind;
  action: Action;
  place: Place;
  /** The deployment's name, or the stored artifact's. Unknown: all that a set holds. */
  name: Value;
  /** The resource that has the record applyTo, or had it last: `DeploymentRecord "web"`. */
  resource: string;
  /** The resource that had it before, where that is another one. */
  movedFrom?: string;
  before?: Side;
  after?: Side;
  /** The inputs that differ. */
  changed: string[];
}

export interface Summary {
  project?: string;
  stack?: string;
  changes: Change[];
  /** What the preview said, one line each. */
  errors: string[];
  warnings: string[];
}
