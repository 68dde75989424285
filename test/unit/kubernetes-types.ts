/** What `deploymentsFromKubernetes` takes, written where it is given: compiled with everything else, never run. */
import * as pulumi from "@pulumi/pulumi";
import { deploymentsFromKubernetes } from "../../sdk";

const metadata = { name: "web", namespace: "shop" };

export function workloads(image: pulumi.Output<string>, release: { chart: pulumi.Output<string> }) {
  const spec = { template: { spec: { containers: [{ name: "app", image }] } } };
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec };
  void deploymentsFromKubernetes({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec });
  void deploymentsFromKubernetes([
    { kind: "Pod", metadata, spec: pulumi.output({ containers: [] }) },
    deployment,
  ]);
  void deploymentsFromKubernetes({ apiVersion: "v1", kind: "List", items: [deployment] });
  // @ts-expect-error a Helm release says nothing of what it holds
  void deploymentsFromKubernetes(release);
}
