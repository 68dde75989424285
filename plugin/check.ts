/** Check: the inputs of a resource, with defaults, and what is wrong with them. */
import type * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../provider/lifecycle/check";
import { PLAIN, plainHashes } from "../provider/lifecycle/plain-values";
import { isSecret } from "./codec";
import type { Decoded, Secrets, Values } from "./codec";
import { resolveImages, withDeclaredImages } from "./image";
import type { Resource } from "./resources";
import type { Session } from "./session";

type Failures = pulumi.dynamic.CheckFailure[];

export interface Checked {
  inputs: Values;
  secrets: Secrets | undefined;
  failures: Failures;
}

export async function check(session: Session, urn: string, olds: Values, news: Decoded): Promise<Checked> {
  const { resource, lifeCycle } = session.resource(urn);
  const declared = withDefaultOrg(session, resource, news.values);
  const { inputs: given, secrets, failures } = resolveImages(resource, olds, declared, news.secrets);
  // What errors may repeat: of a set, the entries without a secret.
  const plain = plainHashes(given, (_, path) => !isSecret(secrets, ...path));
  const result = await lifeCycle.check(olds, { ...given, [PLAIN]: plain });
  const inputs = result.inputs as Values;
  failures.push(...imageOrParts(resource, declared, result.failures ?? []));
  failures.push(...secretIdentity(resource, declared, secrets));
  if (failures.length === 0) failures.push(...declaredTwice(session, resource, urn, inputs));
  return { inputs: withDeclaredImages(resource, declared, inputs), secrets, failures };
}

/** Filled in here, so that the record's identity stands in the inputs and shows in the preview. */
function withDefaultOrg(session: Session, { fields }: Resource, values: Values): Values {
  if (!Object.hasOwn(fields, "org") || (values.org ?? undefined) !== undefined) return values;
  const org = session.defaultOrg();
  return org === undefined ? values : { ...values, org };
}

/** Where all that an image says is missing, the image can be what was forgotten. */
function imageOrParts({ image }: Resource, declared: Values, failures: Failures): Failures {
  const { name, digest } = image.stands;
  if (
    image.at !== "resource" ||
    [declared.image, declared[name], declared[digest]].some((one) => one != null)
  )
    return failures;
  const others = failures.filter(({ property }) => property !== name && property !== digest);
  return [{ property: "image", reason: `is required, or ${name} and ${digest} instead` }, ...others];
}

/** The ID of a resource holds its identity, and Pulumi keeps and shows it in plain text. */
function secretIdentity(
  { identity, image }: Resource,
  declared: Values,
  secrets: Secrets | undefined,
): Failures {
  const names = identity.fields.filter((name) => isSecret(secrets, name));
  const { stands } = image;
  // An image stands for several of them, and is one property.
  const properties = names.map((name) =>
    declared.image != null && Object.values(stands).includes(name) ? "image" : name,
  );
  return [...new Set(properties)].map((property) => ({
    property,
    reason:
      "must not be a secret: it identifies the record, and Pulumi stores and shows a resource's ID in plain text",
  }));
}

function declaredTwice(session: Session, resource: Resource, urn: string, inputs: Values): Failures {
  if (resource.identity.fields.some((name) => inputs[name] === UNKNOWN)) return [];
  const other = session.declarers.declare(urn, resource.recordsOf(inputs));
  if (other === undefined) return [];
  const reason =
    `${describe(other.urn)} and ${describe(urn)} declare the same ${other.describe()}: each would overwrite the ` +
    "other. Remove one of them";
  return [{ property: "", reason }];
}

/** `DeploymentRecord "web"` */
function describe(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.slice(types.lastIndexOf(":") + 1)} "${name.join("::")}"`;
}
