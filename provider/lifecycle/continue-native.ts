/** A native resource becomes a dynamic one: Pulumi finds it by its alias, with the state that the plugin saved. */
import type * as pulumi from "@pulumi/pulumi";

/**
 * The provider, which also takes over the states of native resources. Such a state is complete but for the resource's code:
 * without it, Pulumi could neither refresh nor remove the resource. So there is a change, and an update that only returns
 * the outputs: Pulumi's host adds the code to them.
 */
export function continueNative<I extends object, O extends object>(
  provider: pulumi.dynamic.ResourceProvider<I, O>,
): pulumi.dynamic.ResourceProvider<I, O> {
  const diff = async (id: string, olds: O, news: I) => (await provider.diff?.(id, olds, news)) ?? {};
  return {
    ...provider,
    async diff(id, olds, news) {
      const result = await diff(id, olds, news);
      return hasNoCode(olds, news) ? { ...result, changes: true } : result;
    },
    async update(id, olds, news) {
      if (hasNoCode(olds, news) && (await diff(id, olds, news)).changes === false) return { outs: olds };
      return (await provider.update?.(id, olds, news)) ?? {};
    },
  };
}

const hasNoCode = (olds: object, news: object): boolean => "__provider" in news && !("__provider" in olds);
