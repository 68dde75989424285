/** Property values to and from the protobuf `Struct` of the wire. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap } from "./types";

export function toStruct(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(properties);
}

export function fromStruct(struct: Struct | undefined): PropertyMap {
  return struct?.toJavaScript() ?? {};
}
