/** What an editor shows of the types: a text for each property, and errors that say what to do. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";

import { compile } from "./compile";
import { repository } from "./installed";

const sdk = join(repository, "dist", "sdk", "index");
const dir = mkdtempSync(join(tmpdir(), "types-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const options = { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 };

let programs = 0;

function errorsOf(program: string): string[] {
  // Each file is parsed once.
  const file = join(dir, `program-${programs++}.ts`);
  const names = "ClusterDeploymentSet, DeploymentRecord, StorageRecord";
  writeFileSync(file, `import { ${names} } from ${JSON.stringify(sdk)};\n${program}\nexport {};\n`);
  return compile(file, join(repository, "dist"), options).errors;
}

const where = 'logicalEnvironment: "production", deploymentName: "web"';
const set = 'cluster: "prod-eu", logicalEnvironment: "production"';

test.each([
  [
    "nothing is given",
    'new DeploymentRecord("web", {})',
    "missing the following properties from type 'DeploymentRecordImageArgs': logicalEnvironment, deploymentName, image",
  ],
  [
    "an image and a digest are given",
    `new DeploymentRecord("web", { image: "web", digest: "sha256:…", ${where} })`,
    "Type 'string' is not assignable to type 'AlreadyInImage'",
  ],
  [
    "a risk is spelled wrong",
    `new DeploymentRecord("web", { image: "web", runtimeRisks: ["internet-exposd"], ${where} })`,
    "Did you mean '\"internet-exposed\"'?",
  ],
  [
    "a digest is missing",
    `new DeploymentRecord("web", { name: "web", ${where} })`,
    "Property 'digest' is missing",
  ],
  [
    "a property is spelled wrong",
    `new DeploymentRecord("web", { image: "web", tag: {}, ${where} })`,
    "'tag' does not exist in type 'DeploymentRecordImageArgs'",
  ],
  [
    "a storage record has nothing",
    'new StorageRecord("web", {})',
    "is missing in type '{}' but required in type 'StorageRecordImageArgs'",
  ],
  [
    "an entry has an image and a name",
    `new ClusterDeploymentSet("c", { deployments: { web: { image: "web", name: "web" } }, ${set} })`,
    "Type 'string' is not assignable to type 'AlreadyInImage'",
  ],
])("where %s, the compiler says so", (_what, program, message) => {
  const errors = errorsOf(program);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(message);
});

type Documented = [name: string, text: string];

/** What an entry point exports, each member that its classes and interfaces have of their own, and what is said of each. */
function documented(entry: string): Documented[] {
  const file = join(repository, "dist", `${entry}.d.ts`);
  const program = ts.createProgram([file], { ...options, skipLibCheck: true, types: ["node"] });
  const checker = program.getTypeChecker();
  const textOf = (symbol: ts.Symbol | undefined): string =>
    ts.displayPartsToString(symbol?.getDocumentationComment(checker));
  const source = program.getSourceFile(file) as ts.SourceFile;
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol);
  return exported.flatMap((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const members = (target.declarations ?? [])
      .flatMap(membersOf)
      .map(({ name }): Documented => [
        `${symbol.name}.${name.getText()}`,
        textOf(checker.getSymbolAtLocation(name)),
      ]);
    return [[symbol.name, textOf(target)] satisfies Documented, ...members];
  });
}

/** Also those of a type that is written out (`type A = { … } & B`). */
function membersOf(declaration: ts.Node): Member[] {
  if (ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration))
    return nodes(declaration.members).filter(isMember);
  if (!ts.isTypeAliasDeclaration(declaration)) return [];
  const parts =
    ts.isUnionTypeNode(declaration.type) || ts.isIntersectionTypeNode(declaration.type)
      ? [...declaration.type.types]
      : [declaration.type];
  return parts.filter(ts.isTypeLiteralNode).flatMap(({ members }) => nodes(members).filter(isMember));
}

const nodes = (list: Iterable<ts.Node>): ts.Node[] => [...list];

type Member = ts.PropertySignature | ts.PropertyDeclaration | ts.MethodSignature | ts.MethodDeclaration;

const isMember = (member: ts.Node): member is Member =>
  (ts.isPropertySignature(member) ||
    ts.isPropertyDeclaration(member) ||
    ts.isMethodSignature(member) ||
    ts.isMethodDeclaration(member)) &&
  !ts.isComputedPropertyName(member.name) &&
  (ts.getCombinedModifierFlags(member as ts.Declaration) & ts.ModifierFlags.Private) === 0 &&
  // Not for users.
  !member.name.getText().startsWith("__settings");

test.each([
  ["sdk/index", 200],
  ["local/testing", 50],
])("each export, property, output and method of %s has a text that an editor shows", (entry, least) => {
  const all = documented(entry);
  expect(all.length).toBeGreaterThan(least);
  expect(all.filter(([, text]) => text.trim() === "").map(([name]) => name)).toEqual([]);
});
