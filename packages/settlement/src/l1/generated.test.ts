import { expect, it } from 'vitest';
import { CAIRN_BRIDGE } from '../generated/cairnBridge.ts';
import { CAIRN_CORE } from '../generated/cairnCore.ts';
import { DATA_PAGES } from '../generated/dataPages.ts';
import { FACT_REGISTRY } from '../generated/factRegistry.ts';
import { compile } from '../testing/askVerifier.ts';
import { compileContract } from '../verifier/compileSources.ts';
import { contractText } from '../verifier/yulText.ts';

it.each([FACT_REGISTRY, DATA_PAGES, CAIRN_CORE, CAIRN_BRIDGE])(
  '$name is compiled from its source',
  (artifact) => {
    const { name } = artifact;
    expect(artifact).toEqual(compileContract(compile, 'Solidity', name, contractText(`${name}.sol`)));
  },
);
