/** The functions. */
import type * as pulumi from "@pulumi/pulumi";
import { ProviderError } from "../provider/runtime/errors";
import { holdsUnknown, UNKNOWN } from "../provider/lifecycle/check";
import { imageProblem, readImage } from "../provider/workloads/image-reference";
import { quoted } from "../provider/workloads/quote";
import type { Values } from "./codec";
import { deploymentsFromKubernetes } from "./deployments-from-kubernetes";
import { tokenOf } from "./resources";
import type { Session } from "./session";

export interface Answer {
  result: Values;
  failures: pulumi.dynamic.CheckFailure[];
}

type Function = (session: Session, args: Values) => Promise<Values> | Values;

/** Arguments that are wrong are named by the functions themselves. */
const functions: Record<string, Function> = {
  getDeploymentRecords: (session, { org, digest }) =>
    session.reader().deploymentRecords({ org: orgOf(session, org), digest: digest as string }),
  getStorageRecords: (session, { org, digest }) =>
    session.reader().storageRecords({ org: orgOf(session, org), digest: digest as string }),
  async getChainloopDeployments(session, { environmentName, status }) {
    const filter = { environmentName, status } as Parameters<
      ReturnType<Session["reader"]>["chainloopDeployments"]
    >[0];
    return { environmentName, status, deployments: await session.reader().chainloopDeployments(filter) };
  },
  parseImage(_session, { image }) {
    const read = readImage(image as string);
    if ("problem" in read) throw new ProviderError(`image ${quoted(image)} ${imageProblem(read)}`);
    return { ...read };
  },
  deploymentsFromKubernetes: (_session, args) => ({ deployments: deploymentsFromKubernetes(args) }),
};

export const functionNames = Object.keys(functions);

export async function invoke(session: Session, token: string, args: Values): Promise<Answer> {
  const name = functionNames.find((one) => tokenOf(one) === token);
  const call = name === undefined ? undefined : functions[name];
  if (call === undefined) throw new ProviderError(`${token} is not a function of artifact-metadata.`);
  // In a preview, nothing that depends on an unknown value is known.
  if (holdsUnknown(args)) return { result: unknownResult(name as string), failures: [] };
  try {
    return { result: await call(session, args), failures: [] };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { result: {}, failures: [{ property: "", reason: `${name}: ${error.message}` }] };
  }
}

const orgOf = (session: Session, org: unknown): string => (org ?? session.defaultOrg()) as string;

const RESULTS: Record<string, string[]> = {
  getDeploymentRecords: ["org", "digest", "records"],
  getStorageRecords: ["org", "digest", "records"],
  getChainloopDeployments: ["environmentName", "status", "deployments"],
  parseImage: ["name", "version", "digest"],
  deploymentsFromKubernetes: ["deployments"],
};
const unknownResult = (name: string): Values =>
  Object.fromEntries((RESULTS[name] ?? []).map((property) => [property, UNKNOWN]));
