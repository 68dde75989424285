export { startGitHub } from "./github";
export type { GitHub, GitHubOptions } from "./github";
