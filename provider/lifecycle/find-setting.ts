import type * as pulumi from "@pulumi/pulumi";

export type Environment = Record<string, string | undefined>;
export type Configuration = Pick<pulumi.dynamic.Config, "get">;

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
    return { value: String(value), source: `configuration ${source}`, rank };
  }
  for (const source of places.environment) {
    // CI systems set variables to the empty string where they mean "not set".
    const value = environment[source];
    if (value) return { value, source: `environment variable ${source}`, rank: 2 };
  }
  return undefined;
}
