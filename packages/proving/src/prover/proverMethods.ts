import { timingSafeEqual } from 'node:crypto';
import { CairnError } from '@cairn/primitives';
import { defineMethod, type Method, optional, readString, required } from '@cairn/rpc';
import type { ProvingErrorCode } from '../errors.ts';
import type { ProverDesk } from './proverDesk.ts';

/** A task as it goes over the wire. */
export interface TaskJson {
  readonly ticket: string;
  readonly first_block: number;
  readonly last_block: number;
  readonly input: string;
  readonly lease_ms: number;
}

const utf8 = new TextEncoder();

/**
 * What provers call. With a token, only who knows it gets work. `desk` answers undefined as long as the orchestrator is not
 * ready.
 */
export function proverMethods(desk: () => ProverDesk | undefined, token: string): Method[] {
  const secret = { token: optional(readString, '') };
  const open = (given: string): ProverDesk | undefined => {
    const [a, b] = [utf8.encode(given), utf8.encode(token)];
    if (token !== '' && !(a.length === b.length && timingSafeEqual(a, b)))
      throw new CairnError<ProvingErrorCode>(
        'WRONG_TOKEN',
        'token: got another than the orchestrator expects',
      );
    return desk();
  };
  const held = (given: string): ProverDesk => {
    const at = open(given);
    if (at === undefined)
      throw new CairnError<ProvingErrorCode>('NOT_READY', 'the orchestrator is starting: try again');
    return at;
  };
  return [
    defineMethod({
      name: 'cairn_takeProvingTask',
      parameters: { prover: required(readString), ...secret },
      async handler({ prover, token: given }): Promise<TaskJson | null> {
        const task = await open(given)?.take(prover);
        if (task === undefined) return null;
        const { ticket, firstBlock, lastBlock, input, leaseMs } = task;
        return { ticket, first_block: firstBlock, last_block: lastBlock, input, lease_ms: leaseMs };
      },
    }),
    defineMethod({
      name: 'cairn_renewProvingTask',
      parameters: { ticket: required(readString), step: required(readString), ...secret },
      async handler({ ticket, step, token: given }) {
        return { renewed: await held(given).renew(ticket, step) };
      },
    }),
    defineMethod({
      name: 'cairn_deliverProof',
      cost: 1_000,
      parameters: { ticket: required(readString), proof: required(readString), ...secret },
      async handler({ ticket, proof, token: given }) {
        await held(given).deliver(ticket, Buffer.from(proof, 'base64'));
        return { accepted: true };
      },
    }),
    defineMethod({
      name: 'cairn_giveUpProvingTask',
      parameters: {
        ticket: required(readString),
        code: required(readString),
        message: required(readString),
        ...secret,
      },
      async handler({ ticket, code, message, token: given }) {
        await held(given).giveUp(ticket, { code, message });
        return {};
      },
    }),
  ];
}
