import { type Felt, selectorFromName } from '@cairn/primitives';

/** A script of the probe contract (`contracts/probe.cairo`): operations with their operands, as felts. */
export type Script = readonly Felt[];

/** What a script does when a syscall fails: pass the panic on, go on, or panic with data of its own. */
export type OnFailure = 'pass' | 'swallow' | 'own';

const HANDLING: Record<OnFailure, Felt> = { pass: 0n, swallow: 1n, own: 2n };

const span = (felts: readonly Felt[]): Felt[] => [BigInt(felts.length), ...felts];
const halves = (value: bigint): Felt[] => [value & ((1n << 128n) - 1n), value >> 128n];

export const RUN_SCRIPT = selectorFromName('run_script');

export const read = (key: Felt): Script => [1n, key];
export const write = (key: Felt, value: Felt): Script => [2n, key, value];
export const emit = (keyCount: number, dataLength: number): Script => [
  3n,
  BigInt(keyCount),
  BigInt(dataLength),
];
export const message = (to: Felt, payloadLength: number): Script => [4n, to, BigInt(payloadLength)];
export const call = (
  to: Felt,
  selector: Felt,
  calldata: readonly Felt[],
  onFailure: OnFailure = 'pass',
): Script => [5n, HANDLING[onFailure], to, selector, ...span(calldata)];
/** Calls another probe. */
export const callProbe = (to: Felt, script: Script, onFailure: OnFailure = 'pass'): Script =>
  call(to, RUN_SCRIPT, span(script), onFailure);
export const libraryCall = (
  classHash: Felt,
  selector: Felt,
  calldata: readonly Felt[],
  onFailure: OnFailure = 'pass',
): Script => [6n, HANDLING[onFailure], classHash, selector, ...span(calldata)];
export const libraryProbe = (classHash: Felt, script: Script, onFailure: OnFailure = 'pass'): Script =>
  libraryCall(classHash, RUN_SCRIPT, span(script), onFailure);
export const deploy = (
  classHash: Felt,
  salt: Felt,
  calldata: readonly Felt[],
  onFailure: OnFailure = 'pass',
  fromZero = false,
): Script => [7n, HANDLING[onFailure], classHash, salt, fromZero ? 1n : 0n, ...span(calldata)];
export const replaceClass = (classHash: Felt): Script => [8n, classHash];
export const keccak = (wordCount: number, onFailure: OnFailure = 'pass'): Script => [
  9n,
  HANDLING[onFailure],
  BigInt(wordCount),
];
export const sha256 = (wordCount: number): Script => [10n, BigInt(wordCount)];
const SECP = { k1: 11n, r1: 12n } as const;
export const secpMultiply = (curve: keyof typeof SECP, scalar: bigint): Script => [
  SECP[curve],
  0n,
  ...halves(scalar),
];
export const secpFromX = (curve: keyof typeof SECP, x: bigint): Script => [SECP[curve], 1n, ...halves(x)];
export const secpNew = (curve: keyof typeof SECP, x: bigint, y: bigint): Script => [
  SECP[curve],
  2n,
  ...halves(x),
  ...halves(y),
];
export const blockHash = (blockNumber: bigint, onFailure: OnFailure = 'pass'): Script => [
  13n,
  HANDLING[onFailure],
  blockNumber,
];
export const classHashAt = (address: Felt): Script => [14n, address];
export const executionInfo: Script = [15n];
export const metaTx = (
  to: Felt,
  selector: Felt,
  calldata: readonly Felt[],
  signature: readonly Felt[],
  onFailure: OnFailure = 'pass',
): Script => [16n, HANDLING[onFailure], to, selector, ...span(calldata), ...span(signature)];
export const panic = (...data: Felt[]): Script => [17n, ...span(data)];
export const spin = (count: number): Script => [18n, BigInt(count)];
export const builtins = (count: number): Script => [19n, BigInt(count)];
export const answer = (...data: Felt[]): Script => [20n, ...span(data)];
export const panicWithString: Script = [21n];
export const sha512 = (byteCount: number): Script => [22n, BigInt(byteCount)];
export const dict = (count: number): Script => [23n, BigInt(count)];
export const circuit: Script = [24n];
export const blake = (count: number): Script => [25n, BigInt(count)];
export const writeMany = (base: Felt, count: number): Script => [26n, base, BigInt(count)];
export const writeOtherDomain: Script = [27n];
export const keccakOfInteger = (value: bigint): Script => [28n, ...halves(value)];

/** Emits and sends spans of the transaction that may be null. */
export const forwardAbsentFields: Script = [29n];

/** Calldata of an account transaction of a probe: what it validates with, and what it executes. */
export const probeCalldata = (execution: Script, validation: Script = []): Felt[] => [
  ...span(validation),
  ...span(execution),
];
/** A script as the only argument of an entry point. */
export const scriptCalldata = (script: Script): Felt[] => span(script);
