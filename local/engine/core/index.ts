/** The engine's step logic: state and declarations in, steps out. It knows of no process and no wire. */
export { runDeployment } from "./deployment";
export { Bail } from "./run";
export { changedKeys, containsSecret, equal, redact, secret, withoutSecrets } from "./values";
export { parsePath, resetPaths } from "./paths";
export { aliasUrns, createUrn, nameOf, qualifiedType, typeOf } from "./urn";
export { deletionRounds, dependents, transitiveDependencies } from "./graph";
