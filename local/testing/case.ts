/** Servers speak snake_case, the resources' properties are in camelCase: the same names otherwise. */
type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;
type Snake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Uppercase<Head> ? `_${Lowercase<Head>}` : Head}${Snake<Tail>}`
  : S;

export const toCamel = <T extends object>(value: T): { [K in keyof T as Camel<K & string>]: T[K] } =>
  renamed(value, (key) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())) as never;

export const toSnake = <T extends object>(value: T): { [K in keyof T as Snake<K & string>]: T[K] } =>
  renamed(value, (key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) as never;

/** Without the keys that have no value, so that a test can compare the whole record. */
function renamed(value: object, rename: (key: string) => string): object {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([key, part]) => [rename(key), part]));
}
