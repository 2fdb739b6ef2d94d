import {
  cairoAir,
  committedProgram,
  decodeProofFile,
  entryWords,
  fixedCommitment,
  layoutFor,
  proveCairo,
  runCommitted,
  verifyCairoProof,
} from '@cairn/cairo-air';
import { osInputOf, STRK_TOKEN } from '@cairn/node';
import { osProgram, osTask, parseOsOutput } from '@cairn/os';
import {
  CORE_ABI,
  compileVerifier,
  deployCore,
  deployFactRegistry,
  deployVerifier,
  emitCairoVerifier,
  encodeStatement,
  factOf,
  programClaim,
  registerFact,
  splitProof,
  updateState,
  verifyInParts,
} from '@cairn/settlement';
import { C96, verifyingKey } from '@cairn/stark';
import { NodePool } from '@cairn/stark/nodePool';
import { WasmBackend } from '@cairn/stark/prover';
import solc from 'solc';
import { expect, it } from 'vitest';
import { startAnvil } from '../../../packages/settlement/src/testing/anvil.ts';
import { testSequencer } from '../node/testSequencer.ts';
import { signedInvoke, transferCall } from '../node/wallet.ts';

const TRANSFERS = Number(process.env.TRANSFERS ?? 10);
/** What public pools take as a transaction, with room for the rest of it. */
const PART_BYTES = 90_000;

it(`the OS run of a block with ${TRANSFERS} transfers is proven, and a contract on an EVM chain says so`, async () => {
  const { sequencer } = testSequencer({ blockMode: { kind: 'demand' } });
  const [alice, bob] = sequencer.chain.genesis.accounts;
  for (let nonce = 0; nonce < TRANSFERS; nonce++)
    await sequencer.backend.submit({
      transaction: signedInvoke(alice!, sequencer.chain.info.chainId, nonce, [
        transferCall(STRK_TOKEN, bob!.address, 1n),
      ]),
      query: false,
      hasProof: false,
    });
  await sequencer.producer.whenIdle();
  const { header } = sequencer.producer.closeBlock().block;
  const started = performance.now();
  const lap = (what: string) =>
    console.log(`${((performance.now() - started) / 1000).toFixed(1)} s  ${what}`);

  const run = runCommitted(osTask(osInputOf(sequencer.chain, 1, 1)), {
    maxSteps: 2 ** 24,
    engine: 'typescript',
  });
  lap(`OS run of ${run.resources.steps} steps`);
  const { program } = osProgram();
  const committed = committedProgram(program.data);
  const layout = { ...layoutFor(run), program: committed };
  const pool = new NodePool(2);
  const backend = new WasmBackend({ pool });
  const proof = await proveCairo(run, { backend, layout, profile: C96, onProgress: lap });
  lap(`proof of ${proof.length} bytes`);
  const file = decodeProofFile(proof)!;
  const logMaxHeight = Number(process.env.LOG ?? 0) || Math.ceil(Math.log2(run.resources.steps));
  const fixed = await fixedCommitment(layout, C96, logMaxHeight, backend);
  expect(verifyCairoProof(proof, C96, () => fixed, [committed])).toMatchObject({ ok: true });
  lap('verified here');
  const output = parseOsOutput(run.output);
  expect(output).toMatchObject({ finalRoot: header.stateRoot, newBlockHash: header.blockHash });

  const anvil = await startAnvil();
  const key = verifyingKey(cairoAir(layout).air, C96, fixed);
  const programHash = osProgram().hash();
  const entry = entryWords(program.builtins, program.main);
  const sources = emitCairoVerifier('StarknetOs', layout, key, { program: entry, start: 0, programHash });
  const artifacts = compileVerifier(solc.compile, sources);
  lap(`${artifacts.constraints.length} contracts of constraints compiled`);
  const manifest = await deployVerifier(anvil, artifacts, key);
  lap('deployed');
  const statement = encodeStatement(file, { isProgramFixed: true });
  const split = splitProof(key, file.stark, PART_BYTES);
  const receipts = await verifyInParts(anvil, manifest, statement, split);
  lap(`verified on chain: gas ${receipts.map(({ gasUsed }) => gasUsed).join(' + ')}`);
  const registry = await deployFactRegistry(anvil);
  const { facts } = await registerFact(anvil, manifest, registry, statement);
  expect(facts).toEqual([factOf(manifest, registry, programClaim(programHash, run.output))]);
  const genesis = sequencer.chain.store.block(0)!.block.header;
  const core = await deployCore(anvil, registry, {
    root: genesis.stateRoot,
    blockNumber: 0n,
    blockHash: genesis.blockHash,
    programHash,
    configHash: output.configHash,
    operator: anvil.wallet.account.address,
    cancellationDelay: 0n,
    governanceDelay: 0n,
    verifiers: [manifest.verifier],
  });
  const { gasUsed } = await updateState(anvil, core, run.output);
  lap(`state updated: gas ${gasUsed}`);
  expect(await anvil.reader.readContract({ address: core, abi: CORE_ABI, functionName: 'stateRoot' })).toBe(
    header.stateRoot,
  );
  anvil.stop();
  await pool.close();
  await sequencer.stop();
}, 1_200_000);
