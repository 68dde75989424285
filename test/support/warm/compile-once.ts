/**
 * Jest compiles every module again for each test file. With this, test files share a module's script, and with it all
 * that V8 has compiled of it, functions that were called later too.
 */
import vm from "node:vm";

const compile = vm.compileFunction;
const known = new Map<string | undefined, { code: string; script: vm.Script }>();

export function compileOnce(): void {
  vm.compileFunction = (code, params = [], options = {}) => {
    const { parsingContext, filename } = options;
    // Shared, it would load what it imports with `import()` for the test file that came first.
    if (!parsingContext || code.includes("import(")) return compile(code, params, options);
    const before = known.get(filename);
    if (before?.code === code)
      return before.script.runInContext(parsingContext) as ReturnType<typeof compile>;
    const head = `(function (${params.join(", ")}) {`;
    const script = new vm.Script(`${head}${code}\n})`, { filename, columnOffset: -head.length });
    known.set(filename, { code, script });
    return script.runInContext(parsingContext) as ReturnType<typeof compile>;
  };
}
