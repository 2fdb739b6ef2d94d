import type { Attack } from '@cairn/stark/soundness';
import { publicValues } from '../../statement/statementEntries.ts';
import { element } from '../../witness/tableColumns.ts';
import type { ForgedTrace } from '../forgedTrace.ts';
import { forge, inverse, coreWitness as witness } from './coreWitness.ts';

/** The address that a step reads as its dst or its op0. */
function addressOf(forged: ForgedTrace, row: number, operand: 'dst' | 'op0'): number {
  const [isFp, offset] = operand === 'dst' ? ['dstFp', 'offDst'] : ['op0Fp', 'offOp0'];
  const base = forged.get('cpu', forged.get('cpu', isFp!, row) === 1 ? 'fp' : 'ap', row);
  const value = forged.get('cpu', offset!, row);
  return base + (value > 2 ** 30 ? value - (2 ** 31 - 1) : value);
}

/** Steps that are none. */
export function cpuAttacks(): Attack[] {
  const attacks: Attack[] = [];
  const { boundary } = witness.layout;
  const values = publicValues(witness.layout, witness.statement, witness.ids);
  for (const [name, { publicCell }] of Object.entries(boundary))
    attacks.push(
      forge()
        .setPublic(publicCell, values[publicCell]! + 1)
        .attack(`another ${name}`),
    );

  const two = forge().find('small values', 'limb0', 2);
  const seventy = forge().find('small values', 'limb0', 70);
  let jump = forge().find('cpu', 'jumpRel', 1);
  while (forge().get('cpu', 'call', jump) === 1) jump = forge().find('cpu', 'jumpRel', 1, jump + 1);
  const jnz = [0, 1].map((taken) => {
    const forged = forge();
    let row = forged.find('cpu', 'jnz', 1);
    while (forged.get('cpu', 'taken', row) !== taken) row = forged.find('cpu', 'jnz', 1, row + 1);
    return row;
  }) as [number, number];
  attacks.push(
    forge().set('cpu', 'id dst', jump, two).attack('a jump with another dst'),
    forge().set('cpu', 'id op0', jump, two).attack('a jump with another op0'),
    forge()
      .set('cpu', 'id op1', jnz[0], seventy)
      .set('cpu', 'id res', jnz[0], seventy)
      .attack('a jnz with another distance'),
    forge().set('cpu', 'reads res', jump, 0).attack('a jump whose distance is not read'),
    forge()
      .set('cpu', 'taken', jnz[1], 0)
      .set('cpu', 'reads res', jnz[1], 0)
      .attack('a jnz that is not taken'),
    forge()
      .set('cpu', 'taken', jnz[0], 1)
      .set('cpu', 'reads res', jnz[0], 1)
      .set('cpu', 'res', jnz[0], 2)
      .attack('a jnz at 0 that is taken'),
  );
  const other = forge();
  other.set('cpu', 'offDst', jump, other.get('cpu', 'offDst', jump) - 1);
  const cell = (forged: ForgedTrace, register: string, row: number, offset: number) => {
    const address = forged.get('cpu', register, row) + offset;
    return forged.get('memory', `id${address % 4}`, Math.floor(address / 4));
  };
  other.set('cpu', 'id dst', jump, cell(other, 'fp', jump, -2));
  attacks.push(other.attack('a jump with another offset'));

  // The value that the taken jnz looks at, written by the step before.
  const write = jnz[1] - 1;
  for (const name of ['assert_eq', 'plain result']) {
    const forged = forge();
    forged.putMemory(forged.get('cpu', 'ap', write), two);
    for (const row of [write, jnz[1]]) forged.set('cpu', 'id dst', row, two);
    forged.set('cpu', 'inverse', jnz[1], inverse(two));
    if (name === 'plain result') forged.set('cpu', 'id res', write, two);
    attacks.push(forged.attack(`a write that violates "${name}"`));
  }
  // 2·2 as 2 + 2, and a write of 2 as a jump by 2.
  const forged = forge();
  let product = forged.find('cpu', 'product', 1);
  while (forged.get('cpu', 'id op0', product) !== two)
    product = forged.find('cpu', 'product', 1, product + 1);
  forged.set('cpu', 'small', product, 1).set('cpu', 'reads res', product, 1);
  forged.set('cpu', 'op0', product, 2).set('cpu', 'res', product, 4);
  attacks.push(forged.attack('a product as a sum'));
  const jumping = forge();
  const pushTwo = product - 1;
  jumping.set('cpu', 'taken', pushTwo, 1).set('cpu', 'reads res', pushTwo, 1).set('cpu', 'res', pushTwo, 2);
  jumping.set('cpu', 'inverse', pushTwo, inverse(two));
  attacks.push(jumping.attack('a write as a jump'));

  // A wrong product, known to everyone who reads it.
  const wrong = forge();
  const firstProduct = wrong.find('cpu', 'product', 1);
  const honest = wrong.get('cpu', 'id dst', firstProduct);
  wrong.putMemory(wrong.get('cpu', 'ap', firstProduct), two);
  for (let row = 0; row < wrong.height('cpu'); row++)
    for (const name of ['id dst', 'id op0', 'id op1', 'id res'])
      if (wrong.get('cpu', name, row) === honest) wrong.set('cpu', name, row, two);
  attacks.push(wrong.attack('a wrong product'));

  // Saved registers that read as they should but stand for other values.
  const callRow = forge().find('cpu', 'call', 1);
  const innerCalls = [forge().find('cpu', 'call', 1, callRow + 1)];
  innerCalls.push(forge().find('cpu', 'call', 1, innerCalls[0]! + 1));
  for (const [name, offset] of [
    ['fp', 0],
    ['pc', 1],
  ] as const) {
    const saved = forge();
    const address = saved.get('cpu', 'ap', callRow) + offset;
    const id = saved.get('memory', `id${address % 4}`, Math.floor(address / 4));
    saved.putMemory(address, two);
    for (let row = 0; row < saved.height('cpu'); row++)
      for (const column of ['id dst', 'id op0', 'id op1', 'id res']) {
        const isSaved = saved.get('cpu', 'call', row) === 1 || saved.get('cpu', 'frame', row) === 1;
        const operand = column === 'id dst' ? 'dst' : column === 'id op0' ? 'op0' : undefined;
        const isRead = isSaved || (operand !== undefined && addressOf(saved, row, operand) === address);
        if (isRead && saved.get('cpu', column, row) === id) saved.set('cpu', column, row, two);
      }
    attacks.push(saved.attack(`a saved ${name} that is another value`));
  }
  // 100 - 30 = 70 and -30 + 70 = 40, where the cell of 70 holds something else.
  const unsaid = forge();
  for (let row = 0; row < unsaid.height('cpu'); row++)
    for (const column of ['id dst', 'id op0', 'id op1', 'id res'])
      if (unsaid.get('cpu', column, row) === seventy) {
        if (column === 'id dst') unsaid.putMemory(unsaid.get('cpu', 'ap', row), two);
        unsaid.set('cpu', column, row, two);
      }
  attacks.push(unsaid.attack('a sum whose cell holds something else'));

  // A step left out: the jump over nothing.
  const leaveOut = (forged: ForgedTrace, first: number) => {
    const columns = forged.columnNames('cpu');
    for (let row = first; row < forged.height('cpu') - 1; row++)
      for (const column of columns) forged.set('cpu', column, row, forged.get('cpu', column, row + 1));
  };
  const shorter = forge();
  leaveOut(shorter, jump);
  attacks.push(shorter.attack('a step left out'));
  const [callG, callF] = innerCalls as [number, number];
  const replaceId = (forged: ForgedTrace, from: number, to: number) => {
    for (let row = callG; row < forged.height('cpu'); row++)
      for (const column of ['id dst', 'id op0', 'id op1', 'id res'])
        if (forged.get('cpu', column, row) === from) forged.set('cpu', column, row, to);
    for (let at = forged.get('cpu', 'ap', callG); at < witness.statement.finalAp; at++)
      if (forged.get('memory', `id${at % 4}`, Math.floor(at / 4)) === from) forged.putMemory(at, to);
  };
  // main's call saves the address behind the jump over nothing: it comes back there, a step sooner.
  const sooner = forge();
  const back = sooner.get('cpu', 'op0', callG) + 2;
  replaceId(sooner, sooner.get('cpu', 'id op0', callG), sooner.addSmall(back));
  sooner.set('cpu', 'op0', callG, back);
  const returned = sooner.find('cpu', 'fp', sooner.get('cpu', 'fp', callG), callG + 1);
  sooner.set('cpu', 'res', returned - 1, back);
  leaveOut(sooner, returned);
  attacks.push(sooner.attack('a call that saves another pc'));
  // g copied its frame's saved registers to the stack and calls f: f may come back to the copy as well.
  const frame = forge();
  const copy = frame.get('cpu', 'fp', callF) + 2;
  replaceId(frame, frame.get('cpu', 'id dst', callF), frame.addSmall(copy));
  frame
    .set('cpu', 'dst', callF, copy)
    .set('cpu', 'dst', callF + 1, copy)
    .set('cpu', 'fp', callF + 2, copy);
  attacks.push(frame.attack('a call that saves another fp'));
  // The step that writes to the output takes the range check's pointer for the output's: the output's cell is not written.
  const elsewhere = forge();
  const store = elsewhere.find('cpu', 'offOp0', element(-4));
  const framePointer = elsewhere.get('cpu', 'fp', store) + 1;
  const pointer = cell(elsewhere, 'fp', store, -3);
  const target = Number(elsewhere.felt(pointer));
  const read = elsewhere.get('memory', `id${target % 4}`, Math.floor(target / 4));
  elsewhere.set('cpu', 'fp', store, framePointer).set('cpu', 'id op0', store, pointer);
  elsewhere.set('cpu', 'op0', store, target).set('cpu', 'id op1', store, read);
  attacks.push(elsewhere.attack('a step in another frame'));
  // ap moved at the very end.
  const moved = forge();
  const end = witness.statement.finalAp;
  const endRow = moved.find('cpu', 'pc', values[boundary.finalPc.publicCell]!);
  for (let row = endRow; row < moved.height('cpu'); row++) moved.set('cpu', 'ap', row, end + 1);
  moved.setPublic(boundary.finalAp.publicCell, end + 1);
  attacks.push(moved.attack('ap moved at the end'));
  return attacks;
}
