/** Jest compiles every module again for each test file: with this, V8 takes up what it has made of the same text. */
import vm from "node:vm";

const compile = vm.compileFunction;
const known = new Map<string, Buffer>();

export function compileOnce(): void {
  vm.compileFunction = (code, params, options) => {
    // What V8 takes up again does not know any more who loads its `import()`.
    if (code.includes("import(")) return compile(code, params, options);
    const cachedData = known.get(code);
    const made = compile(code, params, { ...options, cachedData, produceCachedData: !cachedData });
    if (made.cachedData) known.set(code, made.cachedData);
    return made;
  };
}
