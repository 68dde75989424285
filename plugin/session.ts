/** What belongs to one configuration of the provider. Pulumi has a process for each provider. */
import type { Reader } from "../provider/get-records";
import type { RunContext } from "../provider/lifecycle/run-context";
import { createKeyedQueue } from "../provider/lifecycle/keyed-queue";
import { ProviderError } from "../provider/runtime/errors";
import { createInterruption } from "../provider/runtime/interruption";
import { configurationOf } from "./configuration";
import type { ProviderName } from "./configuration";
import { createDeclarers } from "./declarers";
import type { Declarers } from "./declarers";
import { withLocks } from "./lane-locks";
import type { Log } from "./log";
import { resourceNamed, tokenOf } from "./resources";
import type { LifeCycle, Resource } from "./resources";

export interface Session {
  /** @throws where the type is none of ours */
  resource(urn: string): { resource: Resource; lifeCycle: LifeCycle };
  reader(): Reader;
  /** The organisation of a record that names none. */
  defaultOrg(): string | undefined;
  /** Which resource declares which record. */
  declarers: Declarers;
  /** Pulumi was interrupted, or has ended. */
  interrupt(): void;
}

export interface SessionOptions {
  /** The processes of one run have the same engine. */
  engineAddress: string;
  values: Record<string, string>;
  provider: ProviderName;
  environment: Record<string, string | undefined>;
  log: Log;
}

/* eslint-disable @typescript-eslint/no-require-imports --
   The engine waits for the port before it asks anything: what answers is loaded afterwards. */
const load = {
  context: () => require("../provider/create-run-context") as typeof import("../provider/create-run-context"),
  reader: () => require("../provider/get-records") as typeof import("../provider/get-records"),
  organisation: () =>
    require("../provider/config/organisation") as typeof import("../provider/config/organisation"),
};
/* eslint-enable */

export function createSession({
  engineAddress,
  values,
  provider,
  environment,
  log,
}: SessionOptions): Session {
  const interruption = createInterruption();
  const { warn, info } = log;
  const queue = withLocks(createKeyedQueue(), { run: engineAddress, interrupted: interruption.begun });
  const context: RunContext = load
    .context()
    .createRunContext({ environment, warn, info, interruption, queue });
  const configuration = configurationOf(values, provider);
  context.configure(configuration);
  const lifeCycles = new Map<Resource, LifeCycle>();
  let reader: Reader | undefined;
  return {
    resource(urn) {
      const resource = resourceOf(urn);
      const lifeCycle = lifeCycles.get(resource) ?? resource.lifeCycle(context);
      lifeCycles.set(resource, lifeCycle);
      return { resource, lifeCycle };
    },
    reader: () => (reader ??= load.reader().readerOf(context)),
    defaultOrg: () => load.organisation().defaultOrganisation(configuration, environment),
    declarers: createDeclarers(),
    interrupt: interruption.begin,
  };
}

/** `urn:pulumi:dev::shop::artifact-metadata:index:DeploymentRecord::web`; a child's type stands behind its parents'. */
function resourceOf(urn: string): Resource {
  const [, , types = ""] = urn.split("::");
  const type = types.slice(types.lastIndexOf("$") + 1);
  const name = type.slice(type.lastIndexOf(":") + 1);
  const resource = type === tokenOf(name) ? resourceNamed(name) : undefined;
  if (resource === undefined) throw new ProviderError(`The type ${type} is not one of artifact-metadata.`);
  return resource;
}
