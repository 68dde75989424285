/** What identifies a record stands in its ID, in requests and in messages, all in plain text: it cannot be a secret. */
import * as pulumi from "@pulumi/pulumi";
import { programError } from "./errors";
import { isPending } from "./workloads/pending";

export interface IdentityInputs {
  /** How an error names the resource or the function: `DeploymentRecord "web"`. */
  owner: string;
  /** The inputs that cannot be secrets. */
  fields: readonly string[];
  /** By a field, the input that it was made from. */
  from?: Readonly<Record<string, string>>;
  /** Where the value would be shown. */
  shownIn?: string;
}

/**
 * The inputs, in which each part of the identity that is a secret is an error, at preview too: an input that is an error
 * is not registered. Whether an output is a secret shows only once it is there, so what is known at once stays as it is.
 */
export function refuseSecrets<T extends object>(inputs: T, identity: IdentityInputs): T {
  const pending = pendingOf(inputs, identity.fields);
  if (pending.length === 0) return inputs;
  // One error for all of them: Pulumi prints the same one once.
  const checked = pulumi.output(assertNoneSecret(pending, identity));
  return {
    ...inputs,
    ...Object.fromEntries(pending.map(([field, output]) => [field, checked.apply(() => output)])),
  };
}

/** @throws where one of them is a secret */
export const assertPublic = (inputs: object, identity: IdentityInputs): Promise<true> =>
  assertNoneSecret(pendingOf(inputs, identity.fields), identity);

type Pending = readonly [field: string, output: pulumi.Output<unknown>];

const pendingOf = (inputs: object, fields: readonly string[]): Pending[] =>
  fields.flatMap((field): Pending[] => {
    const value = (inputs as Record<string, unknown>)[field];
    return isPending(value) ? [[field, pulumi.output(value)]] : [];
  });

async function assertNoneSecret(
  outputs: Pending[],
  { owner, from = {}, shownIn = "the record's ID" }: IdentityInputs,
): Promise<true> {
  const secret = await Promise.all(
    outputs.map(async ([field, output]) => ((await pulumi.isSecret(output)) ? [from[field] ?? field] : [])),
  );
  const names = [...new Set(secret.flat())];
  if (names.length === 0) return true;
  const [are, them] = names.length === 1 ? ["is a secret", "it"] : ["are secrets", "them"];
  throw programError(
    `${owner}: ${names.join(", ")} ${are}, but ${shownIn} shows ${them} in plain text. Use a value that is not ` +
      "secret; if it only comes from a secret and does not contain it, pass pulumi.unsecret(value).",
  );
}
