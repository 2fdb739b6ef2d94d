import { type AffinePoint, CairnError, ecOp, type Felt, isOnCurve, verifySignature } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import type { Memory } from '../memory.ts';
import { wordSegment } from '../word.ts';
import { type Builtin, deduceByInstance, readInputs } from './builtin.ts';

/** Cells [p.x, p.y, q.x, q.y, m, r.x, r.y] with r = p + m·q on the Stark curve. */
export function ecOpBuiltin(memory: Memory): Builtin {
  const initialPointer = memory.newSegment();
  const segment = wordSegment(initialPointer);
  return {
    name: 'ec_op',
    segment,
    initialPointer,
    cellsPerInstance: 7,
    inputCells: 5,
    initialCells: 0,
    deduce: deduceByInstance('ec_op', segment, 7, 5, ([px, py, qx, qy, m]) => {
      const p = pointOnCurve(px!, py!);
      const q = pointOnCurve(qx!, qy!);
      const r = ecOp(p, q, m!);
      if (r === undefined)
        throw new CairnError<VmErrorCode>(
          'BUILTIN_INPUT',
          'ec_op reached two points with the same x coordinate',
        );
      return [r.x, r.y];
    }),
  };
}

function pointOnCurve(x: Felt, y: Felt): AffinePoint {
  if (!isOnCurve({ x, y }))
    throw new CairnError<VmErrorCode>('BUILTIN_INPUT', `ec_op input: (${x}, ${y}) is not on the curve`);
  return { x, y };
}

/** The ECDSA builtin and the way hints hand it signatures. */
export interface EcdsaBuiltin extends Builtin {
  /** Signature for the instance whose public key is at `offset`; the first one given stays. */
  addSignature(offset: number, r: Felt, s: Felt): void;
  /** Signatures by offset of their instance. */
  readonly signatures: ReadonlyMap<number, { r: Felt; s: Felt }>;
}

/** Cells [public key, message]; the signature comes from a hint and is checked once both cells are set. */
export function ecdsaBuiltin(memory: Memory): EcdsaBuiltin {
  const initialPointer = memory.newSegment();
  const segment = wordSegment(initialPointer);
  const signatures = new Map<number, { r: Felt; s: Felt }>();
  memory.watch(segment, (_, offset) => {
    const instance = offset - (offset % 2);
    const inputs = readInputs('ecdsa', memory, segment, instance, 2);
    if (inputs === undefined) return;
    const signature = signatures.get(instance);
    if (signature === undefined || !verifySignature(inputs[0]!, inputs[1]!, signature.r, signature.s))
      throw new CairnError<VmErrorCode>(
        'INVALID_SIGNATURE',
        `${signature === undefined ? 'no signature given' : 'signature does not verify'} for ecdsa cell ${instance}`,
      );
  });
  return {
    name: 'ecdsa',
    segment,
    initialPointer,
    cellsPerInstance: 2,
    inputCells: 2,
    initialCells: 0,
    signatures,
    addSignature: (offset, r, s) => {
      if (!signatures.has(offset)) signatures.set(offset, { r, s });
    },
  };
}
