/** In `toMatchObject`, `{}` matches every object. This matches only an empty one. */
export const noEntries: object = {
  asymmetricMatch: (value: unknown) =>
    typeof value === "object" && value !== null && Object.keys(value).length === 0,
  toString: () => "no entries",
};
