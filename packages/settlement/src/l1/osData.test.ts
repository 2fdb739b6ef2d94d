import { evaluationPoint, osConfigHash, osProgram, runOs, stateDiffOfData } from '@cairn/os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { doubleTransfer } from '../../../os/src/testing/attackChains.ts';
import { chunkCommitments } from '../data/chunkCommitments.ts';
import { type CredulousChain, startCredulousChain } from '../testing/credulousCore.ts';
import { beaconBlobs } from './blobSources.ts';
import { coreState } from './core.ts';
import { readBack } from './readBack.ts';
import { settleState } from './settleState.ts';

let chain: CredulousChain;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());

// What the OS itself puts out, though nobody has proven it here (tests/src/settlement does).
it.each(['output', 'blobs', 'pages'] as const)(
  'two blocks are settled with their data in %s, and read back',
  async (kind) => {
    const input = doubleTransfer(2).osInput(1, 2);
    const { data } = runOs(input).output;
    // As an orchestrator does it: the data is known from the state diff, the commitments go into the run.
    const commitments = kind === 'output' ? [] : await chunkCommitments(data, kind);
    const { output, outputWords } = runOs({ ...input, data: { kind, commitments } });
    if (kind !== 'output') expect(output.evaluations!.point).toBe(evaluationPoint(data, commitments));
    const programHash = osProgram().hash();
    const core = await chain.core({
      root: output.initialRoot,
      blockNumber: output.previousBlockNumber,
      blockHash: output.previousBlockHash,
      programHash,
      configHash: osConfigHash(input.chain),
    });
    const fromBlock = await chain.reader.getBlockNumber({ cacheTime: 0 });
    await chain.prove(outputWords, programHash);
    await settleState(chain, core, outputWords, data);
    expect(await coreState(chain, core)).toEqual({
      root: output.finalRoot,
      blockNumber: 2,
      blockHash: output.newBlockHash,
    });
    const ranges = [];
    for await (const range of readBack(chain.reader, core, { fromBlock, blobSource: beaconBlobs(chain.url) }))
      ranges.push(range);
    expect(ranges).toMatchObject([{ firstBlock: 1, lastBlock: 2, dataPlace: kind, data }]);
    expect(stateDiffOfData(ranges[0]!.data, false)).toEqual(stateDiffOfData(data, false));
  },
);
