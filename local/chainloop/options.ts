import type { StandInOptions } from "../http/stand-in";
import type { Operation } from "./types";

/** What a token is allowed to do. Writing includes reading. */
export interface ChainloopAccess {
  /** Default `write`. */
  permission?: "read" | "write" | "none";
}

/** Behaviour that could not be verified: what Chainloop does. A client must work in every case. */
export interface ChainloopRules {
  /** A list without a status shows what is superseded and decommissioned too. Default true. */
  listAll: boolean;
  /** Answers leave out what is empty or zero, as protocol buffers may. Default false. */
  omitEmpty: boolean;
  /** Records have this status in place of their own. Default: none. */
  showStatusAs: string | undefined;
  /** Most records of a page, whatever is asked for. Default 100. */
  maxPageSize: number;
  /** A list is filtered by deployment name too; else that filter is ignored. Default true. */
  filterNames: boolean;
  /** The number of the first page; a lower one is refused. Default 0. */
  firstPage: 0 | 1;
  /** What the same written again moves: `updated_at` and `last_seen_at`, or the latter alone. Default both. */
  repeatMoves: "both" | "last_seen_at";
  /** How answers write enumerations' values: `DEPLOYED`, `deployed` or `DEPLOYMENT_STATUS_DEPLOYED`. Default plain. */
  spellEnums: "plain" | "lower" | "prefixed";
  /** Answers have `deploymentName` in place of `deployment_name`, as protocol buffers may. Default false. */
  camelCase: boolean;
}

export const DEFAULT_RULES: ChainloopRules = {
  listAll: true,
  omitEmpty: false,
  showStatusAs: undefined,
  maxPageSize: 100,
  filterNames: true,
  firstPage: 0,
  repeatMoves: "both",
  spellEnums: "plain",
  camelCase: false,
};

export interface ChainloopOptions extends StandInOptions<Operation, ChainloopAccess> {
  /** Environments that exist. Default: every name. */
  environments?: string[];
  rules?: Partial<ChainloopRules>;
}
