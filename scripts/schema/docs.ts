/** What the SDK's sources say of each type and property: the one place where they are described. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export interface Described {
  name: string;
  description: string;
  /** Of a property: whether it can be left out. */
  optional: boolean;
  type: ts.TypeNode | undefined;
}

export interface Declaration {
  description: string;
  members: Described[];
}

const root = join(__dirname, "..", "..");

/** The interfaces, classes and functions of a source file, by name. */
export function declarationsIn(file: string): Map<string, Declaration> {
  const text = readFileSync(join(root, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Map<string, Declaration>();
  source.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node) && !ts.isFunctionDeclaration(node))
      return;
    const name = node.name?.text;
    // Of an overloaded function, the first declaration has the description.
    if (name === undefined || found.has(name)) return;
    const nodes = ts.isFunctionDeclaration(node) ? [] : [...node.members];
    found.set(name, { description: descriptionOf(node), members: nodes.flatMap(memberOf) });
  });
  return found;
}

function memberOf(node: ts.TypeElement | ts.ClassElement): Described[] {
  if (!ts.isPropertySignature(node) && !ts.isPropertyDeclaration(node)) return [];
  if (!ts.isIdentifier(node.name) || node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
    return [];
  return [
    {
      name: node.name.text,
      description: descriptionOf(node),
      optional: node.questionToken !== undefined || isOptional(node.type),
      type: node.type,
    },
  ];
}

const isOptional = (type: ts.TypeNode | undefined): boolean =>
  type !== undefined && /\bundefined\b/.test(type.getText());

/** The text of a comment, with its default and example as sentences. */
function descriptionOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  if (comment === undefined) return "";
  const tagged = (comment.tags ?? []).flatMap((tag) => {
    const name = tag.tagName.text;
    const text = textOf(tag.comment);
    if (name === "default") return [`Default: ${asCode(text)}.`];
    if (name === "example" && !text.includes("```")) return [`Example: ${asCode(text)}.`];
    return [];
  });
  return [textOf(comment.comment), ...tagged].filter((text) => text !== "").join(" ");
}

/** What is a value stands as code; a sentence stays one. */
const asCode = (text: string): string =>
  /^(?:".*"|true|false|\d+|[[{].*[\]}])$/s.test(text) ? `\`${text.replace(/^"(.*)"$/, "$1")}\`` : text;

const textOf = (comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string =>
  (ts.getTextOfJSDocComment(comment) ?? "")
    .replace(/\{@link ([^}]+)\}/g, "`$1`")
    // A blank line separates paragraphs; other line breaks are the source's.
    .replace(/(?<!\n)\n(?!\n|[-*] )/g, " ")
    .trim();
