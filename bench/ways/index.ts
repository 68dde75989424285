/** What is compared. Each way is a file here; all but the loop are declared by the program in ../program. */

export const PULUMI_WAYS = ["single", "set", "nothing-single", "nothing-set", "dynamic"] as const;
export const WAYS = [...PULUMI_WAYS, "octokit-loop"] as const;
export type Way = (typeof WAYS)[number];

export const label: Record<Way, string> = {
  single: "DeploymentRecord",
  set: "ClusterDeploymentSet",
  "nothing-single": "floor: a resource each, whose provider does nothing",
  "nothing-set": "floor: one resource, whose provider does nothing",
  dynamic: "dynamic provider with Octokit",
  "octokit-loop": "Octokit loop, no Pulumi",
};

/** What Pulumi itself takes for resources of this shape. */
export const floorOf: Partial<Record<Way, Way>> = {
  single: "nothing-single",
  dynamic: "nothing-single",
  set: "nothing-set",
};

/** The others send nothing to GitHub. */
export const writes = (way: Way): boolean => !way.startsWith("nothing-");
