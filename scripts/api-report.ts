/**
 * The public types of each entry point, by name and without comments, in etc/: a change of them shows in a diff.
 * `npm run api` writes the reports; a test compares them with the build.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "..");

interface Manifest {
  name: string;
  exports: Record<string, string | { types: string }>;
}

interface Found {
  file: string;
  name: string;
  statement: ts.Statement;
}

export interface Report {
  /** Relative to the repository. */
  file: string;
  text: string;
}

export function apiReports(): Report[] {
  const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  return Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === "string"
      ? []
      : [report(join(root, target.types), entry === "." ? name : join(name, entry))],
  );
}

function report(entry: string, moduleName: string): Report {
  const exported = exportedBy(entry);
  const inside = referredToBy([...exported.values()]);
  const title = moduleName.split("/")[1] ?? "index";
  const lines = [
    `# ${moduleName}`,
    "",
    "Written by `npm run api`, compared by a test. A change of these types is one for users.",
    "",
    ...block([...exported].map(([name, found]) => [name, textOf(found)])),
  ];
  if (inside.length > 0)
    lines.push(
      ...["", "Not exported, but part of the types above:", ""],
      ...block(inside.map((found) => [found.name, textOf(found)])),
    );
  return { file: `etc/${title}.api.md`, text: `${lines.join("\n")}\n` };
}

function block(declarations: [string, string][]): string[] {
  const sorted = [...declarations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return ["```ts", sorted.join("\n\n"), "```"];
}

const sources = new Map<string, ts.SourceFile>();

function sourceOf(file: string): ts.SourceFile {
  const known = sources.get(file);
  if (known) return known;
  const made = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  sources.set(file, made);
  return made;
}

function resolved(from: string, specifier: ts.Expression | undefined): string | undefined {
  if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith("."))
    return undefined;
  const base = resolve(dirname(from), specifier.text.replace(/\.js$/, ""));
  return [`${base}.d.ts`, join(base, "index.d.ts")].find(existsSync);
}

/** What a declaration file exports, by the names that users see. */
function exportedBy(file: string): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const statement of sourceOf(file).statements) {
    if (isExported(statement))
      for (const name of namesOf(statement)) found.set(name, { file, name, statement });
    if (!ts.isExportDeclaration(statement)) continue;
    const target = resolved(file, statement.moduleSpecifier);
    if (target === undefined || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) {
      if (statement.moduleSpecifier || statement.exportClause?.getChildCount() === 0)
        throw new Error(`${file}: only named exports of the package's own files can be reported.`);
      continue;
    }
    for (const { name, propertyName } of statement.exportClause.elements) {
      const declared = declaredIn(target, (propertyName ?? name).text);
      if (declared) found.set(name.text, declared);
    }
  }
  return found;
}

const isExported = (statement: ts.Statement) =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as { name?: ts.Node };
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}

/** The declaration of a name that a file declares, or takes from another one of the package. */
function declaredIn(file: string, name: string): Found | undefined {
  const { statements } = sourceOf(file);
  const own = statements.find((statement) => namesOf(statement).includes(name));
  if (own && !ts.isImportDeclaration(own)) return { file, name, statement: own };
  for (const statement of statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const clause = ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : statement.exportClause;
    if (clause === undefined || !(ts.isNamedImports(clause) || ts.isNamedExports(clause))) continue;
    const element = clause.elements.find((one) => one.name.text === name);
    const target = element && resolved(file, statement.moduleSpecifier);
    if (element && target !== undefined)
      return declaredIn(target, (element.propertyName ?? element.name).text);
  }
  return undefined;
}

function referredToBy(exported: Found[]): Found[] {
  const seen = new Set(exported.map(({ statement }) => statement));
  const queue = [...exported];
  const inside: Found[] = [];
  for (const { file, statement } of queue) {
    const visit = (node: ts.Node): void => {
      const found = ts.isIdentifier(node) ? declaredIn(file, node.text) : undefined;
      if (found && !seen.has(found.statement)) {
        seen.add(found.statement);
        inside.push(found);
        queue.push(found);
      }
      ts.forEachChild(node, visit);
    };
    visit(statement);
  }
  return inside;
}

const printer = ts.createPrinter({ removeComments: true });

function textOf({ file, statement }: Found): string {
  const text = printer.printNode(ts.EmitHint.Unspecified, statement, sourceOf(file));
  return text
    .replace(/^export /, "")
    .replace(/^declare /, "")
    .replaceAll("    ", "  ");
}

if (require.main === module) {
  mkdirSync(join(root, "etc"), { recursive: true });
  for (const { file, text } of apiReports()) writeFileSync(join(root, file), text);
}
