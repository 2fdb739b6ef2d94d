// Prints the passes of the circle transform: 1, 2 or 3 layers at once over strided data, and the last four layers, whose
// strides lie within sixteen values, in registers. Forward multiplies then adds (coefficients to values), inverse adds then
// multiplies. Twiddles are held doubled.

const PASS_SIZES = [1, 2, 3];

const MUL = (a, t) => `mulDoubled(${a}, ${t}, p)`;

function forwardButterfly(a, b, t) {
  return [`y = ${MUL(b, t)};`, `x = ${a};`, `${a} = addLanes(x, y, p);`, `${b} = subLanes(x, y, p);`];
}

function inverseButterfly(a, b, t) {
  return [`x = ${a};`, `y = ${b};`, `${a} = addLanes(x, y, p);`, `${b} = ${MUL('subLanes(x, y, p)', t)};`];
}

/** A pass over layers `top`, top-1 … (forward), or the same upwards (inverse). */
function pass(direction, layerCount) {
  const width = 2 ** layerCount;
  const forward = direction === 'forward';
  const names = Array.from({ length: width }, (_, k) => `v${k}`);
  const twiddles = [];
  const butterflies = [];
  for (let d = 0; d < layerCount; d++) {
    const groups = 2 ** d;
    for (let g = 0; g < groups; g++) {
      twiddles.push(
        `const t${d}_${g} = v128.load32_splat(table${d} + ((<usize>block << ${d + 2}) + ${4 * g}));`,
      );
      const stride = width >> (d + 1);
      for (let k = 0; k < stride; k++) {
        const a = `v${2 * stride * g + k}`;
        const b = `v${2 * stride * g + k + stride}`;
        butterflies.push({ d, lines: (forward ? forwardButterfly : inverseButterfly)(a, b, `t${d}_${g}`) });
      }
    }
  }
  if (!forward) butterflies.sort((a, b) => b.d - a.d);
  return `
/** Layers top … top-${layerCount - 1} of segment \`segment\` of 2^logSegment values, ${direction}, from source to target. */
export function ${direction}Pass${layerCount}(source: usize, target: usize, logSegment: i32, top: i32, segment: i32, layers: usize): void {
  const p = v128.load32_splat(PRIME);
  ${Array.from({ length: layerCount }, (_, d) => `const table${d} = <usize>load<u32>(layers + (<usize>(top - ${d}) << 2));`).join('\n  ')}
  const step: usize = <usize>4 << (top - ${layerCount - 1});
  const blockCount: i32 = 1 << (logSegment - top - 1);
  let block: i32 = segment << (logSegment - top - 1);
  const lastBlock = block + blockCount;
  let ${names.map((v) => `${v}: v128`).join(', ')}, x: v128, y: v128;
  for (; block < lastBlock; block++) {
    ${twiddles.join('\n    ')}
    const end = source + step;
    for (; source < end; source += 16, target += 16) {
      ${names.map((v, k) => `${v} = v128.load(source${k > 0 ? ` + ${k} * step` : ''});`).join('\n      ')}
      ${butterflies.flatMap(({ lines }) => lines).join('\n      ')}
      ${names.map((v, k) => `v128.store(target${k > 0 ? ` + ${k} * step` : ''}, ${v});`).join('\n      ')}
    }
    source += ${width - 1} * step;
    target += ${width - 1} * step;
  }
}
`;
}

function tail(direction) {
  const forward = direction === 'forward';
  const butterfly = forward ? forwardButterfly : inverseButterfly;
  const outer = [
    ...butterfly('v0', 'v2', 't3'),
    ...butterfly('v1', 'v3', 't3'),
    ...butterfly('v0', 'v1', 't2a'),
    ...butterfly('v2', 'v3', 't2b'),
  ];
  if (!forward) {
    const [a, b, c, d] = [outer.slice(0, 4), outer.slice(4, 8), outer.slice(8, 12), outer.slice(12, 16)];
    outer.splice(0, 16, ...c, ...d, ...a, ...b);
  }
  const pairs = [0, 1].flatMap((h) => {
    const [u, w] = [`v${2 * h}`, `v${2 * h + 1}`];
    const t1 = `t1 = v128.load64_zero(table1 + (<usize>block << 4) + ${8 * h}); t1 = v128.shuffle<i32>(t1, t1, 0, 0, 1, 1);`;
    const t0 = `t0 = v128.load(table0 + (<usize>block << 5) + ${16 * h});`;
    if (forward) {
      return [
        t1,
        `a = v128.shuffle<i32>(${u}, ${w}, 0, 1, 4, 5); b = v128.shuffle<i32>(${u}, ${w}, 2, 3, 6, 7);`,
        ...butterfly('a', 'b', 't1'),
        t0,
        'x = v128.shuffle<i32>(a, b, 0, 4, 2, 6); b = v128.shuffle<i32>(a, b, 1, 5, 3, 7); a = x;',
        ...butterfly('a', 'b', 't0'),
        'a = canonical(a, p); b = canonical(b, p);',
        `${u} = v128.shuffle<i32>(a, b, 0, 4, 1, 5); ${w} = v128.shuffle<i32>(a, b, 2, 6, 3, 7);`,
      ];
    }
    return [
      t0,
      `a = v128.shuffle<i32>(${u}, ${w}, 0, 2, 4, 6); b = v128.shuffle<i32>(${u}, ${w}, 1, 3, 5, 7);`,
      ...butterfly('a', 'b', 't0'),
      t1,
      // a = (e0, e2, e4, e6), b = (e1, e3, e5, e7): to (e0, e1, e4, e5) and (e2, e3, e6, e7).
      'x = v128.shuffle<i32>(a, b, 0, 4, 2, 6); b = v128.shuffle<i32>(a, b, 1, 5, 3, 7); a = x;',
      ...butterfly('a', 'b', 't1'),
      `${u} = v128.shuffle<i32>(a, b, 0, 1, 4, 5); ${w} = v128.shuffle<i32>(a, b, 2, 3, 6, 7);`,
    ];
  });
  const body = forward ? [...outer, ...pairs] : [...pairs, ...outer];
  return `
/** Layers ${forward ? '3 … 0' : '0 … 3'} of a segment, ${direction}. */
export function ${direction}Tail(source: usize, target: usize, logSegment: i32, segment: i32, layers: usize): void {
  const p = v128.load32_splat(PRIME);
  const table0 = <usize>load<u32>(layers);
  const table1 = <usize>load<u32>(layers + 4);
  const table2 = <usize>load<u32>(layers + 8);
  const table3 = <usize>load<u32>(layers + 12);
  let block: i32 = segment << (logSegment - 4);
  const lastBlock = block + (1 << (logSegment - 4));
  let v0: v128, v1: v128, v2: v128, v3: v128, a: v128, b: v128, x: v128, y: v128, t0: v128, t1: v128;
  for (; block < lastBlock; block++, source += 64, target += 64) {
    const t3 = v128.load32_splat(table3 + (<usize>block << 2));
    const t2a = v128.load32_splat(table2 + (<usize>block << 3));
    const t2b = v128.load32_splat(table2 + (<usize>block << 3) + 4);
    v0 = v128.load(source); v1 = v128.load(source + 16); v2 = v128.load(source + 32); v3 = v128.load(source + 48);
    ${body.join('\n    ')}
    v128.store(target, v0); v128.store(target + 16, v1); v128.store(target + 32, v2); v128.store(target + 48, v3);
  }
}
`;
}

/** The text of the module `fftKernels`. */
export function fftKernelsText() {
  return `import { addLanes, canonical, mulDoubled, PRIME, subLanes } from './lanes';
${['forward', 'inverse'].flatMap((d) => [...PASS_SIZES.map((n) => pass(d, n)), tail(d)]).join('')}`;
}
