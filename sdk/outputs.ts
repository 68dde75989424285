/** Named as inputs of the resource's registration, so that the class gets an output for each. */
export const outputsNamed = (names: readonly string[]): Record<string, undefined> =>
  Object.fromEntries(names.map((name) => [name, undefined]));
