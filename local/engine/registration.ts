/** The program's requests, from protobuf to the plain data that the step logic takes. */
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { SourcePosition, StackTrace } from "@pulumi/pulumi/proto/source_pb";
import { posix } from "node:path";
import { fromStruct } from "./marshal";
import type { AliasSpec, Goal, ReadGoal, Urn } from "./types";

export function toGoal(request: RegisterResourceRequest, projectRoot: string): Goal {
  rejectUnsupported(request);
  const aliases = request.getAliasurnsList().map((urn): AliasSpec => ({ urn }));
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    properties: fromStruct(request.getObject()),
    parent: optional(request.getParent()),
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependencies(request),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    deleteBeforeReplace:
      request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()
        ? request.getDeletebeforereplace()
        : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [...aliases, ...request.getAliasesList().map(toAlias)],
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: optional(request.getDeletedwith()),
    replaceWith: request.getReplaceWithList(),
    importId: optional(request.getImportid()),
    customTimeouts: customTimeouts(request),
    ...position(request, projectRoot),
  };
}

export function toReadGoal(request: ReadResourceRequest, projectRoot: string): ReadGoal {
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    properties: fromStruct(request.getProperties()),
    parent: optional(request.getParent()),
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ...position(request, projectRoot),
  };
}

function rejectUnsupported(request: RegisterResourceRequest): void {
  const unsupported =
    (request.getRemote() && "remote components") ||
    (request.getProvider() !== "" && "explicit providers") ||
    (request.getTransformsList().length > 0 && "transforms") ||
    (request.hasHooks() && hasHooks(request) && "resource hooks") ||
    (request.hasReplacementTrigger() && "replacement triggers") ||
    (request.getImportid() !== "" && "import");
  if (unsupported) {
    const resource = `${request.getType()} '${request.getName()}'`;
    throw new Error(`${resource}: the local engine has no ${unsupported}`);
  }
}

function hasHooks(request: RegisterResourceRequest): boolean {
  return Object.values(request.getHooks()?.toObject() ?? {}).some((names) => names.length > 0);
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
  return {
    name: optional(spec.getName()),
    type: optional(spec.getType()),
    stack: optional(spec.getStack()),
    project: optional(spec.getProject()),
    // An empty URN means the default parent, as an absent one does.
    parentUrn: optional(spec.getParenturn()),
    noParent: spec.getNoparent() || undefined,
  };
}

const UNIT_SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

function customTimeouts(request: RegisterResourceRequest): Goal["customTimeouts"] {
  const timeouts = request.getCustomtimeouts();
  const entries = [
    ["create", timeouts?.getCreate()],
    ["update", timeouts?.getUpdate()],
    ["delete", timeouts?.getDelete()],
  ].flatMap(([name, text]) => (name && text ? [[name, seconds(text)]] : []));
  return entries.length > 0 ? (Object.fromEntries(entries) as Goal["customTimeouts"]) : undefined;
}

/** `1h30m`, as Go writes durations. */
function seconds(duration: string): number {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(duration)) {
    throw new Error(`unable to parse customTimeout Value ${duration}`);
  }
  const parts = duration.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g);
  return [...parts].reduce((sum, [, n, unit]) => sum + Number(n) * (UNIT_SECONDS[unit ?? ""] ?? 0), 0);
}

function position(request: RegisterResourceRequest | ReadResourceRequest, projectRoot: string) {
  return {
    sourcePosition: toProjectUrl(request.getSourceposition(), projectRoot),
    stackTrace: toFrames(request.getStacktrace(), projectRoot),
  };
}

function toFrames(trace: StackTrace | undefined, projectRoot: string): Goal["stackTrace"] {
  return trace?.getFramesList().map((frame) => {
    const sourcePosition = toProjectUrl(frame.getPc(), projectRoot);
    return sourcePosition === undefined ? {} : { sourcePosition };
  });
}

/** `file:///…/index.ts` → `project:///index.ts#line,column`: the state holds no absolute paths. */
function toProjectUrl(position: SourcePosition | undefined, projectRoot: string): string | undefined {
  if (position === undefined || !position.getUri().startsWith("file:///")) return undefined;
  const file = decodeURIComponent(new URL(position.getUri()).pathname);
  const path = encodeURI(posix.relative(projectRoot, file)).replace(
    /[?#!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const column = position.getColumn() === 0 ? "" : `,${position.getColumn()}`;
  return `project:///${path}#${position.getLine()}${column}`;
}

function optional(text: string): string | undefined {
  return text === "" ? undefined : text;
}
