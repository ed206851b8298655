import { expect, test } from "vitest";
import { crc32c, eventRecord } from "../../../src/train/run/event-record.ts";
import { eventsIn } from "./events.ts";

const text = (written: string) => new TextEncoder().encode(written);

test("CRC-32C has the values of RFC 3720, B.4", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, k) => k))).toBe(0x46dd794e);
  expect(crc32c(text("123456789"))).toBe(0xe3069283);
});

test("records hold version, start and scalars, and their checksums are right", () => {
  const records = [
    eventRecord(12.5, { kind: "version" }),
    eventRecord(13.25, { kind: "start", step: 101 }),
    eventRecord(1e9, { kind: "scalars", step: 2 ** 33, values: { "loss/train": 0.25, é: -1.5 } }),
  ];
  expect(eventsIn(new Uint8Array(Buffer.concat(records)))).toEqual([
    { wallTime: 12.5, version: "brain.Event:2" },
    { wallTime: 13.25, step: 101, start: true },
    { wallTime: 1e9, step: 2 ** 33, values: { "loss/train": 0.25, é: -1.5 } },
  ]);
});

test("a byte that is changed is noticed by the reader", () => {
  const record = eventRecord(1, { kind: "scalars", step: 1, values: { a: 1 } });
  expect(() => eventsIn(record.with(20, record[20]! ^ 1))).toThrow("checksum");
});
