import { isTaskComponent, kindOfType } from "../../provider/workloads/containers/kinds";
import type { Reduction } from "../workloads/settle";

/** The properties that are read of what runs containers. */
const KEYS = new Set([
  ...["__pulumiType", "name", "family", "functionName", "containerAppName", "jobName", "containerGroupName"],
  ...[
    "containerDefinitions",
    "containers",
    "initContainers",
    "taskDefinition",
    "template",
    "spec",
    "metadata",
  ],
  ...["code", "imageUri", "image", "packageType", "handler", "runtime", "apiVersion", "kind"],
  ...["tags", "dockerLabels", "annotations", "key", "value"],
]);

export const containerReduction: Reduction = {
  keys: KEYS,
  // Not open: in a preview, a property that the resource does not have is only known from its value.
  maps: new Set(["tags", "dockerLabels", "annotations"]),
  open: new Set(["image"]),
  ofResource(resource) {
    const type = (resource as { __pulumiType?: string }).__pulumiType ?? "";
    return kindOfType(type) || isTaskComponent(type) ? undefined : { __pulumiType: type };
  },
};
