/**
 * Loaded into the processes of the local engine's runs: @pulumi/pulumi loads a compiler and npm's own library, to
 * serialise functions and to pack their packages. That is 450 modules and most of the time in which a process starts,
 * and hardly any of ours needs one of the two: they are loaded when something of them is used.
 */
const Module = require("node:module");

const USERS = /[\\/]@pulumi[\\/]pulumi[\\/](typescript-shim|runtime[\\/]closure[\\/]codePaths)\.js$/;
const PACKAGES = new Set(["typescript", "@npmcli/arborist"]);

const load = Module._load;
Module._load = function (request, parent, isMain) {
  const now = () => load.call(this, request, parent, isMain);
  return PACKAGES.has(request) && USERS.test(parent?.filename ?? "") ? lazy(now) : now();
};

function lazy(load) {
  let loaded;
  // TypeScript's helper for `import *` asks for `__esModule` at once: it stands for none of the two.
  const get = (_, key) => (key === "__esModule" ? undefined : (loaded ??= load())[key]);
  return new Proxy({}, { get });
}
