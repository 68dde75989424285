/** What `pulumi-artifact-metadata/testing` exports: servers for users' tests. */
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
