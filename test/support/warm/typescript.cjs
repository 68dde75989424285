/** Each test file that loads @pulumi/pulumi loads the compiler with it, 9 MB of code: once for a worker is enough. */
module.exports = globalThis.requireOnce("typescript");
