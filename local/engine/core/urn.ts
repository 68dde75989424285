/** URNs `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`, references to providers, aliases. */
import type { AliasSpec, Urn } from "../types";

export const STACK_TYPE = "pulumi:pulumi:Stack";

export interface Naming {
  stack: string;
  project: string;
}

export function createUrn(naming: Naming, parent: Urn | undefined, type: string, name: string): Urn {
  const parentType = parent ? qualifiedType(parent) : "";
  const chain = parentType && parentType !== STACK_TYPE ? `${parentType}$${type}` : type;
  return `urn:pulumi:${naming.stack}::${naming.project}::${chain}::${name}`;
}

export function namingOf(urn: Urn): Naming {
  const [stack = "", project = ""] = urn.slice("urn:pulumi:".length).split("::");
  return { stack, project };
}

/** The chain of types from the outermost parent on. */
export function qualifiedType(urn: Urn): string {
  return urn.split("::", 3)[2] ?? "";
}

export function typeOf(urn: Urn): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

/** A name can contain the delimiter. */
export function nameOf(urn: Urn): string {
  return urn.split("::").slice(3).join("::");
}

export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

export function isDefaultProvider(urn: Urn): boolean {
  return isProviderType(typeOf(urn)) && nameOf(urn).startsWith("default");
}

export function providerReference({ urn, id = "" }: { urn: Urn; id?: string }): string {
  return `${urn}::${id}`;
}

export function providerUrn(reference: string): Urn {
  return reference.slice(0, reference.lastIndexOf("::"));
}

export function providerId(reference: string): string {
  return reference.slice(reference.lastIndexOf("::") + 2);
}

interface Named {
  name: string;
  type: string;
  parent?: Urn;
}

/** `oldUrns` maps a resource of this run to the URN that it had before, if it was found under an alias. */
export function aliasUrns(
  naming: Naming,
  resource: Named,
  aliases: AliasSpec[],
  oldUrns: Map<Urn, Urn>,
): Urn[] {
  const own = aliases.map((alias) => aliasUrn(naming, resource, alias, oldUrns));
  const parent = resource.parent;
  const oldParent = parent && oldUrns.get(parent);
  if (!oldParent) return [...new Set(own)];
  const inherit = (type: string, name: string): Urn =>
    createUrn(naming, oldParent, type, followRename(name, nameOf(parent), nameOf(oldParent)));
  const inherited = own.map((urn) => inherit(typeOf(urn), nameOf(urn)));
  return [...new Set([...own, inherit(resource.type, resource.name), ...inherited])];
}

function aliasUrn(naming: Naming, resource: Named, alias: AliasSpec, oldUrns: Map<Urn, Urn>): Urn {
  if (alias.urn) return alias.urn;
  const parent = alias.parentUrn ? (oldUrns.get(alias.parentUrn) ?? alias.parentUrn) : resource.parent;
  const name = alias.name || resource.name;
  const type = alias.type || resource.type;
  if (parent && !alias.noParent && qualifiedType(parent) !== STACK_TYPE) {
    return `${parent.slice(0, parent.lastIndexOf("::"))}$${type}::${name}`;
  }
  return createUrn(naming, undefined, type, name);
}

/** By convention a child's name starts with its parent's: where the parent was renamed, so was the child. */
function followRename(child: string, parent: string, oldParent: string): string {
  return child.startsWith(parent) ? oldParent + child.slice(parent.length) : child;
}
