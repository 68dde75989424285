/** A step of a deployment, and what every kind of step needs. */
import type {
  DetailedDiff,
  Goal,
  Op,
  PendingOperationType,
  RegistrationResult,
  ResourceState,
  Urn,
} from "../types";
import type { Change } from "./journal";

export interface Outcome {
  error?: Error;
  /** It was done in part, although there is an error. */
  partial?: boolean;
}

export interface Step {
  op: Op;
  urn: Urn;
  type: string;
  provider: string;
  old?: ResourceState;
  new?: ResourceState;
  /** Physical steps belong to a replacement, which is counted once. */
  logical: boolean;
  detailedDiff?: DetailedDiff;
  /** Changes only the state, and is not reported. */
  internal?: boolean;
  /** Noted in the state before the step begins. */
  operation?: { state: ResourceState; type: PendingOperationType };
  apply(): Promise<Outcome>;
  /** What the state becomes if the step succeeded, at least in part. */
  change(): Change;
  /** Lets the program go on, also where the step has failed and the run goes on without it. */
  complete?(result?: RegistrationResult): void;
  /** The steps that follow, which depend on what this one found. */
  next?(): Promise<Step[]>;
  /** What a refresh found: same, update or delete. */
  result?(): Op;
}

export class ProtectedError extends Error {}

export type Reply = (registered: { state: ResourceState; result?: RegistrationResult }) => void;

/** One registration on its way to its steps. */
export interface Registration {
  goal: Goal;
  old: ResourceState | undefined;
  state: ResourceState;
  reply: Reply;
}

export const OK: Outcome = {};

export function stepOn(state: ResourceState, op: Op) {
  return { op, urn: state.urn, type: state.type, provider: state.provider ?? "" };
}

export function failure(error: unknown): Outcome {
  return { error: errorOf(error) };
}

export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export function now(): string {
  return new Date().toISOString();
}
