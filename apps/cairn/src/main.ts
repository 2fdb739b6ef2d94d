#!/usr/bin/env node
import { CairnError } from '@cairn/primitives';
import { Command, CommanderError } from 'commander';
import { accountsCommand } from './commands/accounts.ts';
import { compileCommand } from './commands/compile.ts';
import { configCommand } from './commands/config.ts';
import { conformCommand } from './commands/conform.ts';
import { statusCommand } from './commands/status.ts';
import { upCommand } from './commands/up.ts';
import { EXIT } from './exitCodes.ts';
import { errorText } from './output.ts';

const program = new Command('cairn').description('the whole Starknet stack as one command').exitOverride();
for (const add of [
  upCommand,
  accountsCommand,
  statusCommand,
  compileCommand,
  configCommand,
  conformCommand,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCode(error);
  // commander has printed its own errors.
  if (!(error instanceof CommanderError)) process.stderr.write(`${errorText(error)}\n`);
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
  if (!(error instanceof CairnError)) return EXIT.bug;
  if (error.code === 'INVALID_CONFIG' || error.code === 'CONFIG_FILE_UNREADABLE') return EXIT.usage;
  if (error.code === 'PORT_IN_USE' || error.code === 'STORAGE_UNAVAILABLE') return EXIT.environment;
  return EXIT.failure;
}
