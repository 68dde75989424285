/** The containers of one workload. */
import { NotKnown, OBJECT } from "../context";
import type { Context } from "../context";
import { quoted, shown } from "../quote";
import type { FoundContainer } from "../types";
import { asText, describe, keysIn, notText } from "../workload";
import type { Workload, WorkloadRead } from "../workload";
import { FUNCTION } from "./kinds";
import type { ContainerKind } from "./kinds";

/** @returns a text: why the object is skipped. */
export function readWorkload(object: object, kind: ContainerKind, context: Context): WorkloadRead | string {
  const name = nameOf(object, kind.names, context);
  const workload = { kind: kind.kind, namespace: "", workload: asText(name) ?? "" };
  if (kind === FUNCTION && isArchive(object, context))
    return `${describe(workload)} runs an archive, not an image`;
  const { elements, problem } = elementsOf(object, kind, context);
  const levels = kind.annotations.map((path) => context.get(object, ...path));
  context.count(elements.length * keysIn(levels));
  const origin = context.values.originOf(object);
  const containers = elements.map((element): FoundContainer => {
    const container = kind.containers === undefined ? "" : (asText(context.known(element, "name")) ?? "");
    // Labels of ECS are the annotations of a single container.
    const labels = kind.containers === undefined ? [] : [context.get(element, "dockerLabels")];
    context.count(keysIn(labels));
    return {
      ...workload,
      container,
      image: imageOf(element, context),
      annotations: [...labels, ...levels],
      origin,
    };
  });
  const wrong =
    notText(name, `a ${kind.kind} has the name`) ??
    (workload.workload === "" ? withoutName(kind) : undefined) ??
    (problem === undefined ? undefined : `${describe(workload)}${problem}`) ??
    wrongContainerName(elements, containers, workload, context);
  return { workload, containers, ...(wrong !== undefined && { problem: wrong }) };
}

/** In a preview, one of the properties may be known where another is not. */
function nameOf(object: object, names: readonly string[], context: Context): unknown {
  const values = names.map((name) => context.get(object, name));
  const known = values.find((value) => (value ?? "") !== "" && !context.values.isUnknown(value));
  const unknown = values.find(context.values.isUnknown);
  if (known === undefined && unknown !== undefined) throw new NotKnown(unknown);
  return known;
}

const imageOf = (element: unknown, context: Context): unknown =>
  ["image", "imageUri"].map((key) => context.get(element, key)).find((image) => image !== undefined) ??
  context.get(element, "code", "imageUri");

/** A function that is no image says so, or has none. */
function isArchive(object: object, context: Context): boolean {
  const packageType = context.get(object, "packageType");
  if (typeof packageType === "string") return packageType !== "Image";
  const image = imageOf(object, context) ?? undefined;
  if (image === undefined) return true;
  // The provider may still say that it is an archive.
  if (context.values.isUnknown(packageType) && context.values.isUnknown(image)) throw new NotKnown(image);
  return false;
}

interface Elements {
  elements: unknown[];
  problem?: string;
}

function elementsOf(object: object, kind: ContainerKind, context: Context): Elements {
  if (kind.containers === undefined) return { elements: [object] };
  const property = kind.containers.join(".");
  const containers = listOf(context.known(object, ...kind.containers));
  if (!Array.isArray(containers))
    return { elements: [], problem: `: ${property} must be a list, or JSON text of one.` };
  const inits = kind.initContainers && (context.known(object, ...kind.initContainers) ?? []);
  if (inits !== undefined && !Array.isArray(inits))
    return { elements: [], problem: ": its initContainers must be a list." };
  context.count((containers.length + (inits?.length ?? 0)) * OBJECT);
  const all: unknown[] = [...(containers as unknown[]), ...chosenInits(object, inits ?? [], context)];
  if (containers.length === 0) return { elements: [], problem: " has no containers." };
  const odd = all.find((element) => !isObject(context.known(element)));
  if (odd !== undefined)
    return { elements: [], problem: `: ${property} has ${quoted(odd)}, which is not a container.` };
  return { elements: all };
}

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an absent list is is said with the workload; a text that is no JSON stays one. */
function listOf(value: unknown): unknown {
  if ((value ?? "") === "") return [];
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    // The parser's message shows the text, which may hold a secret.
    return undefined;
  }
}

function chosenInits(object: object, inits: readonly unknown[], context: Context): readonly unknown[] {
  if (context.options.initContainers) return inits;
  for (const element of inits)
    context.skip(
      object,
      `init container ${quoted(context.known(element, "name"))}: the option initContainers is false`,
    );
  return [];
}

const withoutName = ({ kind, names }: ContainerKind): string =>
  `a ${kind} has no ${names[0]}. Its records need a stable name: set one, or pass the resource, which has the ` +
  "name that Pulumi gave it.";

function wrongContainerName(
  elements: readonly unknown[],
  containers: readonly FoundContainer[],
  workload: Workload,
  context: Context,
): string | undefined {
  for (const [index, container] of containers.entries()) {
    if (container.container === "" && containers.length > 1)
      return `${describe(workload)} has several containers, and one of them without a name. Name each.`;
    const name = context.known(elements[index], "name");
    const problem = notText(name, `${shown(describe(workload))} has the container name`);
    if (container.container !== "" && problem !== undefined) return problem;
  }
  return undefined;
}
