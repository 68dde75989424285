/** Property values to and from the protobuf `Struct` of the wire. */
import { ListValue, NullValue, Struct, Value as ProtoValue } from "google-protobuf/google/protobuf/struct_pb";
import { SECRET, SIGNATURE, UNKNOWN, type PropertyMap, type Value } from "./types";

const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** An SDK may mark an unknown by the type it will have; the engine does not tell them apart. */
const TYPED_UNKNOWNS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function toStruct(properties: PropertyMap): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(properties)) fields.set(key, toProto(value));
  return struct;
}

export function fromStruct(struct: Struct | undefined): PropertyMap {
  const entries: [string, Value][] = [];
  struct?.getFieldsMap().forEach((proto, key) => entries.push([key, fromProto(proto)]));
  return Object.fromEntries(entries);
}

/** What a provider is given that takes neither secrets nor resource references: plain text, and ids. */
export function toPlainStruct(properties: PropertyMap): Struct {
  return toStruct(Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, plain(value)])));
}

function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (value[SIGNATURE] === SECRET) return plain(value.value ?? null);
  if (value[SIGNATURE] === RESOURCE_REFERENCE) return value.id ?? value.urn ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function toProto(value: Value): ProtoValue {
  const proto = new ProtoValue();
  if (value === null) return proto.setNullValue(NullValue.NULL_VALUE);
  if (typeof value === "boolean") return proto.setBoolValue(value);
  if (typeof value === "number") return proto.setNumberValue(value);
  if (typeof value === "string") return proto.setStringValue(value);
  if (Array.isArray(value)) return proto.setListValue(new ListValue().setValuesList(value.map(toProto)));
  return proto.setStructValue(toStruct(value));
}

function fromProto(proto: ProtoValue): Value {
  switch (proto.getKindCase()) {
    case ProtoValue.KindCase.BOOL_VALUE:
      return proto.getBoolValue();
    case ProtoValue.KindCase.NUMBER_VALUE:
      return proto.getNumberValue();
    case ProtoValue.KindCase.STRING_VALUE: {
      const text = proto.getStringValue();
      return TYPED_UNKNOWNS.has(text) ? UNKNOWN : text;
    }
    case ProtoValue.KindCase.LIST_VALUE:
      return (proto.getListValue()?.getValuesList() ?? []).map(fromProto);
    case ProtoValue.KindCase.STRUCT_VALUE:
      return fromStruct(proto.getStructValue());
    default:
      return null;
  }
}
