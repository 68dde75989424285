/** The engine's step logic: state and declarations in, steps out. It knows of no process and no wire. */
export { runDeployment } from "./deployment";
export { Bail } from "./run";
export { createUrn } from "./urn";
