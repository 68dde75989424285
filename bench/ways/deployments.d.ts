export interface Deployment {
  name: string;
  version: string;
  digest: string;
  deploymentName: string;
}

export function declarationsOf(options: { count: number; changed: boolean; cluster: string }): {
  place: { logicalEnvironment: string; physicalEnvironment: string; cluster: string };
  deployments: Deployment[];
};

export function byName(deployments: Deployment[]): Record<string, Omit<Deployment, "deploymentName">>;
