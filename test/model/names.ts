/** How resources are named in the states of the model. */
import type { Urn } from "../../local/engine/types";
import type { Declared } from "./layout";

export const PROJECT = "shop";
export const STACK_TYPE = "pulumi:pulumi:Stack";
export const TYPE = "pulumi-nodejs:dynamic/artifact-metadata:";
/** Where Pulumi keeps the code of a dynamic provider. */
export const CODE = "the constant line";

export const typeOf = (kind: Declared["kind"]): string =>
  kind === "Other" ? "pulumi-nodejs:dynamic/other:Other" : `${TYPE}${kind}`;

/** Of a resource's URN. */
export const nameOf = (urn = ""): string => urn.split("::").at(-1) ?? "";

export const urnOf = (stack: string, { kind, name }: Pick<Declared, "kind" | "name">): Urn =>
  `urn:pulumi:${stack}::${PROJECT}::${typeOf(kind)}::${name}`;
