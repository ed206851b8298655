/** Reads ONNX models back, as far as tests ask: an implementation of the wire format apart from the writer's. */

type Message = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

export function readMessage(bytes: Uint8Array): Message {
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const list = fields.get(tag >> 3) ?? [];
    fields.set(tag >> 3, list);
    if ((tag & 7) === 0) list.push(varint());
    else if ((tag & 7) === 2) {
      const length = Number(varint());
      list.push(bytes.subarray(at, at + length));
      at += length;
    } else throw new Error(`wire type ${tag & 7}`);
  }
  if (at !== bytes.length) throw new Error("a message ends in the middle of a field");
  return fields;
}

export interface ReadNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Graphs among the attributes, which are the bodies of loops. */
  readonly bodies: readonly ReadGraph[];
}

export interface ReadGraph {
  readonly nodes: readonly ReadNode[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly initializers: readonly string[];
}

const messages = (message: Message, field: number): Message[] =>
  (message.get(field) ?? []).map((bytes) => readMessage(bytes as Uint8Array));

const texts = (message: Message, field: number): string[] =>
  (message.get(field) ?? []).map((bytes) => new TextDecoder().decode(bytes as Uint8Array));

/** The graph of a model. */
export function readModel(bytes: Uint8Array): ReadGraph {
  return readGraph(messages(readMessage(bytes), 7)[0]!);
}

function readGraph(graph: Message): ReadGraph {
  const names = (field: number, name: number) => messages(graph, field).map((each) => texts(each, name)[0]!);
  return {
    nodes: messages(graph, 1).map((node) => ({
      op: texts(node, 4)[0]!,
      inputs: texts(node, 1),
      outputs: texts(node, 2),
      bodies: messages(node, 5).flatMap((attribute) => messages(attribute, 6).map(readGraph)),
    })),
    initializers: names(5, 8),
    inputs: names(11, 1),
    outputs: names(12, 1),
  };
}
