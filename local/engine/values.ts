/** Property values and URNs: what everything in the engine speaks. */

/**
 * A property value in Pulumi's wire form, as plain JSON: a secret is
 * `{ [SIGNATURE]: SECRET, value }`, an unknown is the string `UNKNOWN`.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type PropertyMap = { [key: string]: Value };

export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Urn = string;
