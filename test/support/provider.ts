/** The provider of DeploymentRecord in this process, as Pulumi's host would hold it. */
import type * as pulumi from "@pulumi/pulumi";
import { deploymentRecordProvider } from "../../provider/deployment-record";
import type { Inputs, Outputs } from "../../provider/deployment-record";
import { createRunContext } from "../../provider/create-run-context";
import type { RunContext } from "../../provider/lifecycle/run-context";
import type { Environment } from "../../provider/config/github";

/** All of its methods, which Pulumi's own type makes optional. */
export type Provider = Required<pulumi.dynamic.ResourceProvider<Inputs, Outputs>>;

export interface TestProvider {
  provider: Provider;
  host: RunContext;
  /** What the user was told, in order. */
  warnings: string[];
}

export function configOf(values: Record<string, string>): pulumi.dynamic.Config {
  return {
    get: (key) => values[key],
    require(key) {
      const value = values[key];
      if (value === undefined) throw new Error(`no ${key}`);
      return value;
    },
  };
}

/** Without `config` and `environment`, nothing of this machine's own is seen. */
export async function newProvider(
  config: Record<string, string> = {},
  environment: Environment = {},
): Promise<TestProvider> {
  const warnings: string[] = [];
  const host = createRunContext({ environment, warn: (message) => void warnings.push(message) });
  const provider = deploymentRecordProvider(host) as Provider;
  await provider.configure({ config: configOf(config) });
  return { provider, host, warnings };
}

export const DIGEST = `sha256:${"a1".repeat(32)}`;
export const OTHER_DIGEST = `sha256:${"b2".repeat(32)}`;

/** A record with what every record needs, and what the test is about. */
export function recordInputs(more: Partial<Inputs> = {}): Inputs {
  return {
    org: "acme",
    name: "ghcr.io/acme/web",
    digest: DIGEST,
    status: "deployed",
    logicalEnvironment: "production",
    physicalEnvironment: "eu-west-1",
    cluster: "prod-eu",
    deploymentName: "shop-web-web",
    ...more,
  };
}

/** `check` with whatever a program may give it: types do not hold JavaScript programs back. */
export async function checkAnything(provider: Provider, news: Record<string, unknown>) {
  const { inputs, failures } = await provider.check({} as Inputs, news as unknown as Inputs);
  return { inputs: inputs as Inputs & Record<string, unknown>, failures: failures ?? [] };
}
