/**
 * Servers for users' tests. See docs/testing.md.
 *
 * @module pulumi-artifact-metadata/testing
 */
export { startChainloop } from "./testing/chainloop";
export type {
  TestChainloop,
  TestChainloopDeployment,
  TestChainloopDeploymentArgs,
  TestChainloopFaultOptions,
  TestChainloopOptions,
} from "./testing/chainloop-types";
export { startGitHub } from "./testing/github";
export type {
  TestDeploymentRecord,
  TestDeploymentRecordArgs,
  TestRequest,
  TestStorageRecord,
  TestStorageRecordArgs,
  TestViolation,
} from "./testing/record-types";
export type { TestAnswer, TestFault, TestFaultOptions, TestGitHub, TestGitHubOptions } from "./testing/types";
