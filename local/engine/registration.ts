/** The program's requests, from protobuf to the plain data that the step logic takes. */
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { fromStruct } from "./marshal";
import type { AliasSpec, Goal, ReadGoal, Urn } from "./types";

export function toGoal(request: RegisterResourceRequest): Goal {
  rejectUnsupported(request);
  const aliases = request.getAliasurnsList().map((urn): AliasSpec => ({ urn }));
  return {
    ...common(request),
    custom: request.getCustom(),
    properties: fromStruct(request.getObject()),
    propertyDependencies: propertyDependencies(request),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    deleteBeforeReplace:
      request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()
        ? request.getDeletebeforereplace()
        : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    aliases: [...aliases, ...request.getAliasesList().map(toAlias)],
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    importId: optional(request.getImportid()),
  };
}

export function toReadGoal(request: ReadResourceRequest): ReadGoal {
  return { ...common(request), id: request.getId(), properties: fromStruct(request.getProperties()) };
}

const common = (request: RegisterResourceRequest | ReadResourceRequest) => ({
  type: request.getType(),
  name: request.getName(),
  parent: optional(request.getParent()),
  provider: optional(request.getProvider()),
  dependencies: request.getDependenciesList(),
  additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
});

/** The SDK refuses what else there is not. */
function rejectUnsupported(request: RegisterResourceRequest): void {
  if (request.getRemote() || request.hasReplacementTrigger())
    throw new Error(
      `${request.getType()} '${request.getName()}': the local engine has no remote components and no replacement triggers`,
    );
}

function propertyDependencies(request: RegisterResourceRequest): Record<string, Urn[]> {
  const entries: [string, Urn[]][] = [];
  request
    .getPropertydependenciesMap()
    .forEach((dependencies, key) => entries.push([key, dependencies.getUrnsList()]));
  return Object.fromEntries(entries);
}

function toAlias(alias: Alias): AliasSpec {
  const spec = alias.getSpec();
  if (spec === undefined) return { urn: alias.getUrn() };
  if (spec.getStack() !== "" || spec.getProject() !== "")
    throw new Error("the local engine has no aliases of another stack or project");
  return {
    name: optional(spec.getName()),
    type: optional(spec.getType()),
    // An empty URN means the default parent, as an absent one does.
    parentUrn: optional(spec.getParenturn()),
    noParent: spec.getNoparent() || undefined,
  };
}

export function optional(text: string): string | undefined {
  return text === "" ? undefined : text;
}
