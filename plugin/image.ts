/** `image` in place of name, version and digest, as the TypeScript classes take it. */
import type * as pulumi from "@pulumi/pulumi";
import { propertyPath, UNKNOWN } from "../provider/lifecycle/check";
import { imageProblem, readImage, registryUrlOf } from "../provider/workloads/image-reference";
import { quoted } from "../provider/workloads/quote";
import { isSecret } from "./codec";
import type { Secrets, Values } from "./codec";
import type { ArtifactProperties, Resource } from "./resources";

export interface WithImages {
  /** The inputs as the life cycle takes them: without `image`. */
  inputs: Values;
  /** Which of them are secrets; what a secret image says is. */
  secrets: Secrets | undefined;
  failures: pulumi.dynamic.CheckFailure[];
}

interface Part {
  values: Values;
  before: Values;
  secrets: Secrets | undefined;
  path: string[];
}

/** @param olds The inputs in the state: what `ignoreChanges` kept of them stands beside the image. */
export function resolveImages(
  { image }: Resource,
  olds: Values,
  news: Values,
  secrets?: Secrets,
): WithImages {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const resolve = (part: Part) => resolveImage(image.stands, part, failures);
  if (image.at === "resource")
    return { ...resolve({ values: news, before: olds, secrets, path: [] }), failures };
  const { deployments } = news;
  if (!isMap(deployments)) return { inputs: news, secrets, failures };
  const before = isMap(olds.deployments) ? olds.deployments : {};
  const own = secrets === true ? true : secrets?.get("deployments");
  const entries = Object.entries(deployments).map(([name, values]) => {
    if (!isMap(values)) return { name, inputs: values, secrets: partOf(own, name) };
    const earlier = Object.hasOwn(before, name) && isMap(before[name]) ? before[name] : {};
    const path = ["deployments", name];
    return { name, ...resolve({ values, before: earlier, secrets: partOf(own, name), path }) };
  });
  const marked = entries.flatMap((entry) => (entry.secrets ? [[entry.name, entry.secrets] as const] : []));
  return {
    inputs: { ...news, deployments: Object.fromEntries(entries.map(({ name, inputs }) => [name, inputs])) },
    secrets: withPart(secrets, "deployments", own === true ? true : new Map(marked)),
    failures,
  };
}

/** The inputs without `image`, for whoever takes checked ones. */
export function withoutImages({ image }: Resource, inputs: Values): Values {
  const { deployments } = inputs;
  if (image.at === "resource") return without(inputs);
  if (!isMap(deployments)) return inputs;
  const entries = Object.entries(deployments).map(([name, entry]) => [
    name,
    isMap(entry) ? without(entry) : entry,
  ]);
  return { ...inputs, deployments: Object.fromEntries(entries) as Values };
}

/**
 * The inputs with the image that was declared, where it says what they say: it stays in the state, so that
 * `ignoreChanges` can keep it.
 */
export function withDeclaredImages({ image }: Resource, declared: Values, inputs: Values): Values {
  const keep = (from: unknown, to: unknown): unknown => {
    if (!isMap(from) || !isMap(to) || typeof from.image !== "string") return to;
    return from.image === UNKNOWN || says(image.stands, from.image, to) ? { ...to, image: from.image } : to;
  };
  if (image.at === "resource") return keep(declared, inputs) as Values;
  const { deployments } = inputs;
  const before = declared.deployments;
  if (!isMap(deployments) || !isMap(before)) return inputs;
  const entries = Object.entries(deployments).map(([name, entry]) => [
    name,
    keep(Object.hasOwn(before, name) ? before[name] : undefined, entry),
  ]);
  return { ...inputs, deployments: Object.fromEntries(entries) as Values };
}

function says(stands: ArtifactProperties, reference: string, values: Values): boolean {
  const read = readImage(reference);
  if ("problem" in read) return false;
  return read.digest === values[stands.digest] && read.name === values[stands.name];
}

function resolveImage(
  stands: ArtifactProperties,
  { values, before, secrets, path }: Part,
  failures: pulumi.dynamic.CheckFailure[],
): Pick<WithImages, "inputs" | "secrets"> {
  const { image, ...rest } = values;
  if ((image ?? undefined) === undefined) return { inputs: rest, secrets };
  const property = propertyPath([...path, "image"]);
  const isOwnSecret = isSecret(secrets, "image");
  const fixed = before.image === undefined ? [] : keptOf(stands, values, before);
  const names = [stands.name, stands.version, stands.digest];
  const other = names.filter((name) => (rest[name] ?? undefined) !== undefined && !fixed.includes(name));
  if (other.length > 0)
    failures.push({
      property,
      reason: `contains the name, version and digest already. Remove image or ${other.join(", ")}`,
    });
  const said = artifactOf(stands, image);
  if (said.problem !== undefined)
    failures.push({
      property,
      reason: `${isOwnSecret ? "(secret)" : quoted(image)} ${said.problem}`,
    });
  const own = withoutNothing(rest);
  const marked = isOwnSecret ? Object.keys(said.values).filter((name) => own[name] === undefined) : [];
  return {
    inputs: { ...said.values, ...own },
    secrets: marked.reduce((all, name) => withPart(all, name, true), secrets),
  };
}

/** What `ignoreChanges` put beside the image: the values in the state. */
const keptOf = (stands: ArtifactProperties, news: Values, olds: Values): string[] =>
  [stands.name, stands.version, stands.digest].filter(
    (name) => news[name] !== undefined && news[name] === olds[name],
  );

/** What an image says, by the properties that it stands for; where it says nothing, they are unknown. */
function artifactOf(stands: ArtifactProperties, image: unknown): { values: Values; problem?: string } {
  const unknown = Object.fromEntries(Object.values(stands).map((name: string) => [name, UNKNOWN]));
  if (image === UNKNOWN) return { values: unknown };
  const read = readImage(image as string);
  if ("problem" in read) return { values: unknown, problem: imageProblem(read) };
  const values = {
    [stands.name]: read.name,
    ...(read.version !== undefined && { [stands.version]: read.version }),
    [stands.digest]: read.digest,
    ...(stands.registryUrl !== undefined && { [stands.registryUrl]: registryUrlOf(read.name) }),
  };
  return { values };
}

const without = ({ image: _, ...rest }: Values): Values => rest;

/** A property that is null is left out. */
const withoutNothing = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => (value ?? undefined) !== undefined));

const isMap = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const partOf = (secrets: Secrets | undefined, name: string): Secrets | undefined =>
  secrets === true ? true : secrets?.get(name);

function withPart(secrets: Secrets | undefined, name: string, part: Secrets): Secrets | undefined {
  if (secrets === true) return true;
  if (part !== true && part.size === 0) return secrets;
  return new Map([...(secrets ?? []), [name, part]]);
}
