import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process that passes requests on to `target` and replaces one text by another in all answers. */
export async function lyingProxy(
  target: string,
  honest: string,
  lie: string,
): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, [
    '-e',
    `require('http').createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      const answer = await (await fetch(${JSON.stringify(target)}, { method: 'POST', body })).text();
      response.end(answer.replaceAll(${JSON.stringify(honest)}, ${JSON.stringify(lie)}));
    }).listen(0, '127.0.0.1', function () { console.log(this.address().port); })`,
  ]);
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${Number(port)}`, stop: () => child.kill() };
}
