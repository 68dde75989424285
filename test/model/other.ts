/** A resource that is not ours, such as the workload itself: it takes time, and it can fail. */
import type { Dynamic } from "./stack";

export function otherProvider(turn: () => Promise<void>, fails: boolean): Dynamic {
  const write = async () => {
    for (let turns = 0; turns < 3; turns++) await turn();
    if (fails) throw new Error("what is not ours cannot be written");
  };
  const versionOf = (properties: object) => (properties as { version?: number }).version;
  return {
    configure: async () => undefined,
    check: async (_olds: object, news: object) => ({ inputs: withoutCode(news) }),
    diff: async (_id: string, olds: object, news: object) => ({
      changes: versionOf(olds) !== versionOf(news),
    }),
    async create(inputs: object) {
      await write();
      return { id: "other", outs: withoutCode(inputs) };
    },
    async update(_id: string, _olds: object, news: object) {
      await write();
      return { outs: withoutCode(news) };
    },
    read: async (id: string, props: object | undefined) => ({ id, props: withoutCode(props ?? {}) }),
    delete: async () => undefined,
  } as unknown as Dynamic;
}

const withoutCode = (properties: object): object => {
  const { __provider, ...rest } = properties as Record<string, unknown>;
  void __provider;
  return rest;
};
