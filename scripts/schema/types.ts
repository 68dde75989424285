/** Types of the schema, from the definitions of the inputs (zod) and from the SDK's types. */
import ts from "typescript";
import { z } from "zod";
import type { Field, MapOf } from "../../provider/lifecycle/check";

/** https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/ */
export interface TypeSpec {
  type?: string;
  items?: TypeSpec;
  additionalProperties?: TypeSpec;
  $ref?: string;
}

export interface Typed {
  spec: TypeSpec;
  /** Its values, where only some are allowed. Texts stay texts: enumerations would bind users to this version's values. */
  values?: string[];
  isRequired: boolean;
}

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  items?: JsonSchema;
  additionalProperties?: JsonSchema;
}

export const ref = (name: string): TypeSpec => ({ $ref: `#/types/artifact-metadata:index:${name}` });

export const isMap = (field: Field): field is MapOf => "entry" in field;

export function typeOfField(field: z.ZodType): Typed {
  const json = z.toJSONSchema(field, { io: "output", unrepresentable: "any" }) as JsonSchema;
  const spec = specOf(json);
  const values = (json.items ?? json).enum;
  return {
    spec,
    ...(values && { values: values.map(String) }),
    isRequired: !field.safeParse(undefined).success,
  };
}

function specOf({ type, items, additionalProperties, const: constant }: JsonSchema): TypeSpec {
  if (type === "array" && items) return { type, items: specOf(items) };
  if (type === "object")
    return { type, additionalProperties: specOf(additionalProperties ?? { type: "string" }) };
  if (type === undefined && typeof constant === "string") return { type: "string" };
  if (type === "string" || type === "boolean" || type === "integer" || type === "number") return { type };
  throw new Error(`the schema has no type for ${JSON.stringify({ type, items, additionalProperties })}`);
}

/** Names of the SDK that stand for texts. */
const TEXTS = ["RuntimeRisk", "ChainloopArtifactKind", "ChainloopDeploymentStatus"];
const WRAPPERS = ["Input", "Output"];

export function typeOfNode(node: ts.TypeNode): TypeSpec {
  if (ts.isArrayTypeNode(node)) return { type: "array", items: typeOfNode(node.elementType) };
  if (ts.isTypeOperatorNode(node)) return typeOfNode(node.type);
  if (ts.isUnionTypeNode(node)) return typeOfUnion(node);
  if (ts.isLiteralTypeNode(node)) return { type: "string" };
  if (node.kind === ts.SyntaxKind.StringKeyword) return { type: "string" };
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return { type: "boolean" };
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { type: "integer" };
  if (ts.isTypeReferenceNode(node)) return typeOfReference(node);
  throw new Error(`the schema has no type for ${node.getText()}`);
}

/** A boolean or some texts is a text: a configuration has both as that. */
function typeOfUnion({ types }: ts.UnionTypeNode): TypeSpec {
  const parts = types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
  const [first] = parts;
  return parts.length === 1 && first ? typeOfNode(first) : { type: "string" };
}

function typeOfReference(node: ts.TypeReferenceNode): TypeSpec {
  const name = node.typeName.getText().split(".").at(-1) ?? "";
  const last = node.typeArguments?.at(-1);
  if (WRAPPERS.includes(name) && last) return typeOfNode(last);
  if (name === "Record" && last) return { type: "object", additionalProperties: typeOfNode(last) };
  if (TEXTS.includes(name)) return { type: "string" };
  return ref(name);
}
