import { isOnCurve, PRIME } from '@cairn/primitives';
import type { GenericArg, TypeId } from './program.ts';
import { rangeOf, requireArgument, singleType, type TypeContext, type TypeInfo } from './typeContext.ts';
import { userType } from './userTypeId.ts';

/** Split of the arguments of `Const<inner, data…>`. @throws CairnError `INVALID_TYPE` for another type. */
export function constParts(
  context: TypeContext,
  constType: TypeId,
): { inner: TypeId; data: readonly GenericArg[] } {
  const { name, args } = context.info(constType);
  requireArgument(name === 'Const');
  return splitConst(args);
}

/** Bounds of address-like types that are no integers of Sierra. */
const ADDRESS_BOUND_251 = 1n << 251n;

/**
 * Checks the arguments of a `Const` type: the data must spell a value of the inner type.
 * @throws CairnError `INVALID_TYPE` @see cairo-lang-sierra, const_type
 */
export function checkConst(context: TypeContext, args: readonly GenericArg[]): void {
  const { inner, data } = splitConst(args);
  const info = context.info(inner);
  const check = COMPOUND_CHECKS[info.name];
  if (check !== undefined) {
    check(context, info, data);
    return;
  }
  const { lower, upper } =
    (info.name === 'ContractAddress' || info.name === 'ClassHash') && info.args.length === 0
      ? { lower: 0n, upper: ADDRESS_BOUND_251 }
      : rangeOf(info);
  const [value] = data;
  requireArgument(data.length === 1 && value?.kind === 'value');
  requireArgument(lower <= value.value && value.value < upper);
}

type Check = (context: TypeContext, info: TypeInfo, data: readonly GenericArg[]) => void;

/** Types whose data is more than one number. */
const COMPOUND_CHECKS: Readonly<Record<string, Check | undefined>> = {
  Struct: checkStruct,
  Enum: checkEnum,
  NonZero: checkNonZero,
  EcPoint: (_context, _info, data) => checkPoint(data),
};

function splitConst(args: readonly GenericArg[]): { inner: TypeId; data: readonly GenericArg[] } {
  const [inner, ...data] = args;
  requireArgument(inner?.kind === 'type');
  return { inner: inner.id, data };
}

function checkStruct(context: TypeContext, info: TypeInfo, data: readonly GenericArg[]): void {
  const members = info.args.slice(1);
  requireArgument(members.length === data.length);
  members.forEach((member, i) => {
    const constant = data[i];
    requireArgument(member.kind === 'type' && constant?.kind === 'type');
    requireArgument(constParts(context, constant.id).inner === member.id);
  });
}

function checkEnum(context: TypeContext, info: TypeInfo, data: readonly GenericArg[]): void {
  const [selector, constant] = data;
  requireArgument(data.length === 2 && selector?.kind === 'value' && constant?.kind === 'type');
  requireArgument(selector.value >= 0n && selector.value < BigInt(info.args.length - 1));
  const variant = info.args[1 + Number(selector.value)];
  requireArgument(variant?.kind === 'type');
  requireArgument(constParts(context, constant.id).inner === variant.id);
}

function checkPoint(data: readonly GenericArg[]): void {
  const [x, y] = data;
  requireArgument(data.length === 2 && x?.kind === 'value' && y?.kind === 'value');
  if (x.value === 0n && y.value === 0n) return;
  for (const { value } of [x, y]) requireArgument(value >= 0n && value < PRIME);
  requireArgument(isOnCurve({ x: x.value, y: y.value }));
}

function checkNonZero(context: TypeContext, info: TypeInfo, data: readonly GenericArg[]): void {
  const wrapped = singleType(info.args);
  const constant = constParts(context, singleType(data));
  requireArgument(constant.inner === wrapped);
  const wrappedInfo = context.info(wrapped);
  const [first, second] = constant.data;
  if (wrappedInfo.name === 'EcPoint') {
    requireArgument(constant.data.length === 2 && first?.kind === 'value' && second?.kind === 'value');
    requireArgument(second.value !== 0n);
  } else if (wrappedInfo.name !== 'Struct') {
    requireArgument(constant.data.length === 1 && first?.kind === 'value' && first.value !== 0n);
    rangeOf(wrappedInfo);
  } else {
    requireArgument(isWideInteger(wrappedInfo, constant.data.length));
    requireArgument(constant.data.some((limb) => limbOf(context, limb) !== 0n));
  }
}

/** u256 with two limbs or u512 with four. */
function isWideInteger({ args }: TypeInfo, limbCount: number): boolean {
  const path = { 2: 'core::integer::u256', 4: 'core::integer::u512' }[limbCount];
  const [tag] = args;
  if (path === undefined || tag?.kind !== 'userType') return false;
  const expected = userType(path);
  return expected.kind === 'userType' && expected.id === tag.id;
}

function limbOf(context: TypeContext, limb: GenericArg): bigint {
  requireArgument(limb.kind === 'type');
  const { inner, data } = constParts(context, limb.id);
  const [value] = data;
  requireArgument(context.info(inner).name === 'u128');
  requireArgument(data.length === 1 && value?.kind === 'value');
  return value.value;
}
