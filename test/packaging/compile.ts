/** Compiles a file of a project as a user's `tsc` would. */
import { join } from "node:path";
import ts from "typescript";
import { repository } from "./installed";

export interface Compiled {
  /** What is wrong with the file, and with the package's own declarations. */
  errors: string[];
  /** The package's files that the compiler read. */
  declarations: string[];
}

const base: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: ["node"],
  typeRoots: [join(repository, "node_modules", "@types")],
};

/** Files are parsed once for all the ways to resolve modules. */
const parsed = new Map<string, ts.SourceFile | undefined>();

export function compile(file: string, packageDir: string, options: ts.CompilerOptions): Compiled {
  const program = ts.createProgram([file], { ...base, ...options }, cachingHost(options));
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(packageDir));
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...[program.getSourceFile(file), ...own].flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]),
  ];
  return {
    errors: diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    declarations: own.map(({ fileName }) => fileName.slice(packageDir.length + 1)),
  };
}

function cachingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost({ ...base, ...options });
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (fileName, languageVersion, ...rest) => {
    // Whether a file counts as an ES module depends on the way modules are resolved.
    const format = typeof languageVersion === "object" ? languageVersion.impliedNodeFormat : undefined;
    const key = `${format} ${fileName}`;
    if (!parsed.has(key)) parsed.set(key, read(fileName, languageVersion, ...rest));
    return parsed.get(key);
  };
  return host;
}
