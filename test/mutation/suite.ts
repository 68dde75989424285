/** The tests of all files in one process, as the files declare them: what they need of Jest, and no more. */
import { expect } from "expect";
import { bind } from "jest-each";
import { ModuleMocker } from "jest-mock";

type Body = () => unknown;
type Kind = "beforeAll" | "beforeEach" | "afterEach";

interface Group {
  name: string;
  parent: Group | undefined;
  hooks: Record<Kind, Body[]>;
}

export interface Test {
  id: string;
  file: string;
  body: Body;
  /** From the outermost on. */
  groups: Group[];
}

export interface Suite {
  tests: Test[];
  /** Loads a file of tests, or, without a name, one that those require: its hooks are for all tests. */
  declare(file: string | undefined, load: () => void): void;
}

const newGroup = (name: string, parent?: Group): Group => ({
  name,
  parent,
  hooks: { beforeAll: [], beforeEach: [], afterEach: [] },
});

function outermostFirst(group: Group): Group[] {
  return group.parent === undefined ? [group] : [...outermostFirst(group.parent), group];
}

/** Puts `test`, `describe`, `expect` and `jest` where the files look for them. */
export function newSuite(): Suite {
  const tests = new Map<string, Test>();
  const everywhere = newGroup("");
  let [file, group] = ["", everywhere];

  function test(name: string, body: Body): void {
    const groups = outermostFirst(group);
    const title = [...groups.slice(1).map((one) => one.name), name].join(" › ");
    let id = title;
    for (let count = 2; tests.has(id); count++) id = `${title} (${count})`;
    tests.set(id, { id, file, body, groups });
  }
  function within(inner: Group, load: Body): void {
    const outer = group;
    group = inner;
    load();
    group = outer;
  }
  const describe = (name: string, body: Body) => within(newGroup(name, group), body);
  const hook = (kind: Kind) => (body: Body) => void group.hooks[kind].push(body);
  const mocker = new ModuleMocker(globalThis);
  Object.assign(globalThis, {
    expect,
    jest: mocker,
    test: Object.assign(test, { each: bind(test, false), skip: () => undefined }),
    describe: Object.assign(describe, { each: bind(describe, false), skip: () => undefined }),
    beforeAll: hook("beforeAll"),
    beforeEach: hook("beforeEach"),
    afterEach: hook("afterEach"),
    // The process ends with the tests, and what they opened with it.
    afterAll: () => undefined,
  });
  return {
    get tests() {
      return [...tests.values()];
    },
    declare(name, load) {
      const before = file;
      file = name ?? file;
      within(name === undefined ? everywhere : newGroup(name, everywhere), load);
      file = before;
    },
  };
}
