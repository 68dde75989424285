import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { ProviderError } from "../runtime/errors";

export type Environment = Record<string, string | undefined>;
export interface Configuration extends Pick<pulumi.dynamic.Config, "get"> {
  /** How messages name a key that was found. @default "configuration artifact-metadata:token" */
  describe?: (key: string) => string;
  /** What else an error says where no GitHub token was found. */
  noTokenHint?: string;
}

/** Where a value is looked for: configuration keys first, then environment variables, in this order. */
export interface Places {
  config: string[];
  environment: string[];
}

export interface Found {
  value: string;
  /** For messages. */
  source: string;
  /** Lower is stronger: our own configuration, another package's, the environment. */
  rank: number;
}

export function find(places: Places, config: Configuration, environment: Environment): Found | undefined {
  for (const source of places.config) {
    const value = config.get(source);
    if (value === undefined) continue;
    const rank = source.startsWith("artifact-metadata:") ? 0 : 1;
    return { value: String(value), source: config.describe?.(source) ?? `configuration ${source}`, rank };
  }
  for (const source of places.environment) {
    // CI systems set variables to the empty string where they mean "not set".
    const value = environment[source];
    if (value) return { value, source: `environment variable ${source}`, rank: 2 };
  }
  return undefined;
}

/** Why a changed setting has no effect on these commands. */
export const SAVED_CONFIGURATION =
  "`pulumi refresh --run-program` and `pulumi destroy --run-program` use the new one; without the flag, they use what " +
  "the last `pulumi up` saved.";

/** What is set, of all that may be. */
export function findAll<K extends string>(
  sources: Record<K, Places>,
  config: Configuration,
  environment: Environment,
): Partial<Record<K, Found>> {
  const names = Object.keys(sources) as K[];
  const found = names.map((name) => [name, find(sources[name], config, environment)] as const);
  return Object.fromEntries(found.filter(([, one]) => one)) as Partial<Record<K, Found>>;
}

/**
 * The settings as their schema has them.
 *
 * @throws ProviderError that names each one that is wrong, and where it was found.
 */
export function parseFound<T>(
  schema: z.ZodType<T>,
  found: Partial<Record<string, Found>>,
  problems: string[] = [],
): T {
  const values = Object.entries(found).map(([name, one]) => [name, one?.value]);
  const result = schema.safeParse(Object.fromEntries(values));
  const all = [
    ...problems,
    ...(result.error?.issues ?? []).map(
      ({ path, message }) => `${found[String(path[0])]?.source ?? String(path[0])} ${message}`,
    ),
  ];
  if (!result.success || all.length > 0) throw new ProviderError(`${all.join("; ")}.`);
  return result.data;
}
