import { type KernelExports, kernels, writeInteger } from './kernels.ts';
import { PEDERSEN_POINTS } from './pedersenPoints.ts';
import {
  poseidonKernelConstants,
  poseidonLaneConstants,
  poseidonRoundConstants,
} from './poseidonParameters.ts';
import { STARK_CURVE } from './starkCurve.ts';

const prepared = { pedersen: false, poseidon: false, generator: false };

/** The kernels with the tables of the Pedersen points (1 MiB, built in about 12 ms on the first call). */
export function pedersenKernels(): KernelExports {
  const k = kernels();
  if (!prepared.pedersen) {
    PEDERSEN_POINTS.forEach(({ x, y }, i) => {
      writeInteger(2 * i, x);
      writeInteger(2 * i + 1, y);
    });
    k.pedersenPrepare();
    prepared.pedersen = true;
  }
  return k;
}

/** The kernels with the table of the curve's generator (0.5 MiB, built in about 5 ms on the first call). */
export function generatorKernels(): KernelExports {
  const k = kernels();
  if (!prepared.generator) {
    writeInteger(0, STARK_CURVE.generator.x);
    writeInteger(1, STARK_CURVE.generator.y);
    k.generatorPrepare();
    prepared.generator = true;
  }
  return k;
}

/** The kernels with Poseidon's constants. */
export function poseidonKernels(): KernelExports {
  const k = kernels();
  if (!prepared.poseidon) {
    const roundConstants = poseidonRoundConstants();
    poseidonKernelConstants(roundConstants).forEach((constant, i) => {
      writeInteger(i, constant);
    });
    k.poseidonPrepare();
    poseidonLaneConstants(roundConstants).forEach((constant, i) => {
      writeInteger(i, constant);
    });
    k.poseidonLanesPrepare();
    prepared.poseidon = true;
  }
  return k;
}
