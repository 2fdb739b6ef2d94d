import { offsetBy, type Relocatable, type VmValue } from '@cairn/cairo';
import type { SyscallName } from '@cairn/protocol';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { StarknetSyscalls } from './starknetSyscalls.ts';
import { invalidInput, type Syscall, SyscallRevert } from './syscall.ts';

type Curve = typeof secp256k1 | typeof p256;
type Point = InstanceType<Curve['Point']>;

/** Cells that a point's address stands for, of which the contract reads none. */
const CELLS_PER_POINT = 6;

/** The five syscalls of a curve. Points never leave the handler: contracts hold their addresses. */
function secpSyscalls<N extends 'Secp256k1' | 'Secp256r1'>(prefix: N, curve: Curve) {
  const { Fp, Fn } = curve.Point as { Fp: { ORDER: bigint }; Fn: { ORDER: bigint } };
  const checkCoordinates = (...coordinates: bigint[]): void => {
    if (coordinates.some((c) => c >= Fp.ORDER)) throw SyscallRevert.withText('Invalid argument');
  };
  const name = (suffix: string): SyscallName => `${prefix}${suffix}` as SyscallName;

  const create: Syscall<{ x: bigint; y: bigint }> = {
    name: name('New'),
    read: (reader) => ({ x: reader.u256(), y: reader.u256() }),
    run: ({ x, y }, frame) => {
      checkCoordinates(x, y);
      if (x === 0n && y === 0n) return someAddress(store(frame, curve, curve.Point.ZERO));
      return optionalPoint(frame, curve, () => {
        const point = curve.Point.fromAffine({ x, y });
        point.assertValidity();
        return point;
      });
    },
  };
  const getPointFromX: Syscall<{ x: bigint; odd: boolean }> = {
    name: name('GetPointFromX'),
    read: (reader) => ({ x: reader.u256(), odd: reader.bool('Invalid y parity') }),
    run: ({ x, odd }, frame) => {
      checkCoordinates(x);
      const encoded = (odd ? '03' : '02') + x.toString(16).padStart(64, '0');
      return optionalPoint(frame, curve, () => curve.Point.fromHex(encoded));
    },
  };
  const add: Syscall<{ a: Relocatable; b: Relocatable }> = {
    name: name('Add'),
    read: (reader) => ({ a: reader.pointer(), b: reader.pointer() }),
    run: ({ a, b }, frame) => [store(frame, curve, lookUp(frame, curve, a).add(lookUp(frame, curve, b)))],
  };
  const mul: Syscall<{ point: Relocatable; scalar: bigint }> = {
    name: name('Mul'),
    read: (reader) => ({ point: reader.pointer(), scalar: reader.u256() }),
    run: ({ point, scalar }, frame) => {
      const reduced = scalar % Fn.ORDER;
      const base = lookUp(frame, curve, point);
      return [store(frame, curve, reduced === 0n ? curve.Point.ZERO : base.multiplyUnsafe(reduced))];
    },
  };
  const getXy: Syscall<Relocatable> = {
    name: name('GetXy'),
    read: (reader) => reader.pointer(),
    run: (pointer, frame) => {
      const point = lookUp(frame, curve, pointer);
      // The point at infinity is (0, 0) here.
      const { x, y } = point.is0() ? { x: 0n, y: 0n } : point.toAffine();
      return [x, y].flatMap((c) => [c & ((1n << 128n) - 1n), c >> 128n]);
    },
  };
  return {
    [`${prefix}New`]: create,
    [`${prefix}GetPointFromX`]: getPointFromX,
    [`${prefix}Add`]: add,
    [`${prefix}Mul`]: mul,
    [`${prefix}GetXy`]: getXy,
  } as Record<`${N}${'New' | 'GetPointFromX' | 'Add' | 'Mul' | 'GetXy'}`, Syscall>;
}

/** Cairo's `Option`: 0 and the address, or 1 and nothing where no such point exists. */
function optionalPoint(frame: StarknetSyscalls, curve: Curve, make: () => Point): VmValue[] {
  let point: Point;
  try {
    point = make();
  } catch {
    return [1n, 0n];
  }
  return someAddress(store(frame, curve, point));
}

function someAddress(address: Relocatable): VmValue[] {
  return [0n, address];
}

function store(frame: StarknetSyscalls, curve: Curve, point: Point): Relocatable {
  frame.secpSegment ??= frame.memory.addSegment();
  const offset = CELLS_PER_POINT * frame.secpPoints.size;
  frame.secpPoints.set(offset, { curve, point });
  return offsetBy(frame.secpSegment, offset);
}

function lookUp(frame: StarknetSyscalls, curve: Curve, address: Relocatable): Point {
  const found = frame.secpPoints.get(address.offset) as { curve: Curve; point: Point } | undefined;
  if (!found || found.curve !== curve || address.segment !== frame.secpSegment?.segment) {
    throw invalidInput(BigInt(Math.max(address.segment, 0)), 'Invalid Secp point address');
  }
  return found.point;
}

export const secp256k1Syscalls = secpSyscalls('Secp256k1', secp256k1);
export const secp256r1Syscalls = secpSyscalls('Secp256r1', p256);
