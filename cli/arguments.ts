/** What all commands do with their arguments. */
import { UserError } from "./errors";
import type { Io, Result } from "./io";

export interface Command {
  /** For the list of commands. */
  summary: string;
  usage: string;
  run: (args: string[], io: Io) => Promise<Result>;
}

/** @throws UserError that names what is allowed */
export function choice<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  const words = `${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1)}`;
  throw new UserError(`${option} must be ${words}, not ${JSON.stringify(value)}.`);
}
