import { describe, expect, it } from 'vitest';
import { TaskWorker } from './taskWorker.ts';

// Threads run JavaScript: the built package.
const PACKAGE = new URL('../../dist/index.js', import.meta.url);
const PRIMITIVES = new URL('../../../primitives/dist/index.js', import.meta.url);
const MODULE = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { CairnError } from '${PRIMITIVES}';
    import { serveTasks } from '${PACKAGE}';
    const held = [];
    serveTasks((request) => {
      if (request === 'loop') for (;;);
      if (request === 'fill') for (;;) held.push(new Array(1e5).fill({}).map((_, i) => ({ i })));
      if (request === 'exit') process.exit(0);
      if (request === 'refuse') throw new CairnError('REFUSED', 'no', { details: { why: 1n }, fix: 'ask again' });
      if (request === 'bug') throw new TypeError('oops');
      return { echo: request };
    });
  `)}`,
);
const worker = (limits = {}) =>
  new TaskWorker(MODULE, { timeLimitMs: 5000, memoryLimitMb: 64, queueLimit: 10, ...limits });

describe('a task worker', () => {
  it('does tasks one after the other and passes errors on', async () => {
    const tasks = worker();
    const answers = await Promise.all([1n, 'a'].map((request) => tasks.run(request)));
    expect(answers).toEqual([{ echo: 1n }, { echo: 'a' }]);
    await expect(tasks.run('refuse')).rejects.toMatchObject({
      code: 'REFUSED',
      message: 'no',
      details: { why: 1n },
      fix: 'ask again',
    });
    await expect(tasks.run('bug')).rejects.toMatchObject({ code: 'INTERNAL', message: 'oops' });
    expect(await tasks.run('still there')).toEqual({ echo: 'still there' });
    await tasks.close();
  });

  it('ends a task that takes too long, and goes on with the next', async () => {
    const tasks = worker({ timeLimitMs: 1000 });
    await tasks.run('warm up');
    const [late, next] = [tasks.run('loop'), tasks.run('next')];
    await expect(late).rejects.toMatchObject({ code: 'TASK_TIME_LIMIT' });
    expect(await next).toEqual({ echo: 'next' });
    await tasks.close();
  });

  it('ends a task that fills the memory or ends the thread', async () => {
    const tasks = worker({ timeLimitMs: 20_000 });
    await expect(tasks.run('fill')).rejects.toMatchObject({ code: 'TASK_MEMORY_LIMIT' });
    await expect(tasks.run('exit')).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await tasks.run('next')).toEqual({ echo: 'next' });
    await tasks.close();
  });

  it('refuses what would wait too long, and everything once it is closed', async () => {
    const tasks = worker({ queueLimit: 1 });
    const [running, waiting] = [tasks.run('loop'), tasks.run(2)];
    await expect(tasks.run(3)).rejects.toMatchObject({ code: 'TASK_QUEUE_FULL' });
    const closed = Promise.allSettled([running, waiting]);
    await tasks.close();
    for (const result of await closed) expect(result).toMatchObject({ reason: { code: 'TASK_CANCELLED' } });
    await expect(tasks.run(4)).rejects.toMatchObject({ code: 'TASK_CANCELLED' });
  });
});
