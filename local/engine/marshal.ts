/** Property values to and from the protobuf `Struct` of the wire. */
import { ListValue, NullValue, Struct, Value as ProtoValue } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap, Value } from "./types";

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
    case ProtoValue.KindCase.STRING_VALUE:
      return proto.getStringValue();
    case ProtoValue.KindCase.LIST_VALUE:
      return (proto.getListValue()?.getValuesList() ?? []).map(fromProto);
    case ProtoValue.KindCase.STRUCT_VALUE:
      return fromStruct(proto.getStructValue());
    default:
      return null;
  }
}
