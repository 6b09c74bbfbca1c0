// A network of the usual size as an ONNX file, with random weights: what a policy costs does not depend on what it has learnt.
// The fields are those of onnx.proto3 (onnx/onnx, version 1.17).

const varint = (number) => {
  const bytes = [];
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
};
const whole = (field, number) => Buffer.concat([varint(field * 8), varint(number)]);
const block = (field, bytes) => Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
const text = (field, value) => block(field, Buffer.from(value));
const message = (...fields) => Buffer.concat(fields);

const FLOAT = 1;

const tensor = (name, dims, numbers) =>
  message(...dims.map((dim) => whole(1, dim)), whole(2, FLOAT), text(8, name), block(9, Buffer.from(numbers.buffer)));

const node = (operator, inputs, output) =>
  message(...inputs.map((input) => text(1, input)), text(2, output), text(4, operator));

const value = (name, dims) => {
  const shape = message(...dims.map((dim) => block(1, whole(1, dim))));
  return message(text(1, name), block(2, block(1, message(whole(1, FLOAT), block(2, shape)))));
};

/** Layers of these sizes, the inputs first, with a hyperbolic tangent between them. */
export function mlp(sizes) {
  let state = 1;
  const random = () => {
    // A linear congruential generator: the same file every time.
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 31 - 1;
  };
  const [nodes, weights] = [[], []];
  let last = 'observation';
  sizes.slice(1).forEach((size, layer) => {
    const before = sizes[layer];
    const numbers = (count) => Float32Array.from({ length: count }, () => random() / Math.sqrt(before));
    weights.push(
      tensor(`w${layer}`, [before, size], numbers(before * size)),
      tensor(`b${layer}`, [size], numbers(size)),
    );
    const end = layer === sizes.length - 2;
    const sum = end ? 'logits' : `sum${layer}`;
    nodes.push(node('Gemm', [last, `w${layer}`, `b${layer}`], sum));
    last = sum;
    if (!end) {
      last = `layer${layer}`;
      nodes.push(node('Tanh', [sum], last));
    }
  });
  const graph = message(
    ...nodes.map((one) => block(1, one)),
    text(2, 'mlp'),
    ...weights.map((one) => block(5, one)),
    block(11, value('observation', [1, sizes[0]])),
    block(12, value('logits', [1, sizes.at(-1)])),
  );
  return message(whole(1, 9), block(7, graph), block(8, whole(2, 17)));
}
