import { createContext } from "../context";
import type { Context } from "../context";
import type { KubernetesReadOptions, Values } from "../types";
import { parseKinds } from "./kinds";
import type { CustomKind } from "./kinds";

export interface KubernetesContext extends Context<KubernetesReadOptions> {
  kinds: CustomKind[];
}

export const createKubernetesContext = (
  options: KubernetesReadOptions,
  values?: Values,
): KubernetesContext => ({
  ...createContext(options, values),
  kinds: parseKinds(options.kinds ?? []),
});
