// Makes variants/ from pythia/ with the original implementation: npm install tokenizers@0.23.2, then node make.mjs.
import fs from 'node:fs';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
const { Tokenizer } = createRequire(process.cwd() + '/')('tokenizers');

const here = new URL('.', import.meta.url).pathname;
const unzip = name => zlib.gunzipSync(fs.readFileSync(here + name)).toString();
const pythia = JSON.parse(unzip('pythia/tokenizer.json.gz'));
const texts = unzip('pythia/cases.jsonl.gz').trim().split('\n').map(line => JSON.parse(line))
  .filter(c => c.text.length <= 300 && !['single_space_runs', 'space_runs_between', 'latin1'].includes(c.category)).map(c => c.text);

// GPT-2's alphabet: byte -> character.
const alphabet = [];
for (let b = 0, next = 256; b < 256; b++) {
  alphabet.push(String.fromCodePoint((b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174 ? b : next++));
}
const spell = text => [...Buffer.from(text)].map(b => alphabet[b]).join('');

function model(merges, extra, options) {
  const vocab = {};
  const add = token => { if (!(token in vocab)) vocab[token] = Object.keys(vocab).length; };
  alphabet.forEach(add);
  merges.forEach(m => add(m.replace(' ', '')));
  extra.forEach(add);
  return { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, ...options, vocab,
    merges: options.pairs ? merges.map(m => m.split(' ')) : merges, pairs: undefined };
}
function added(model, tokens) {
  let id = Object.keys(model.vocab).length;
  return tokens.map(([content, flags]) => ({ id: id++, content, single_word: flags.includes('w'), lstrip: flags.includes('l'),
    rstrip: flags.includes('r'), normalized: flags.includes('n'), special: flags.includes('s') }));
}
const bytes = (prefix, regex) => ({ type: 'ByteLevel', add_prefix_space: prefix, trim_offsets: true, use_regex: regex });
const split = regex => ({ type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false }, bytes(false, false)] });
const llama3 = n => `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${n}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

// Words that no merges make show where a word starts and ends, if merges are ignored.
const whole = ["'\u017Fa", "'\u017F", 'Hello', ' Hello', '\n\n', ' \n', '123', '12', '\uD840\uDC00\uD840\uDC00', " '", '!!\n', '\u00A0x', "'RE", "x'", '\t\t', '   '].map(spell);
const gpt2 = model(pythia.model.merges.slice(0, 400), [], { continuing_subword_prefix: '', end_of_word_suffix: '' });
const llama = model(pythia.model.merges.slice(0, 500), whole, { pairs: true, ignore_merges: true, byte_fallback: false });
const qwen = model(pythia.model.merges.slice(0, 300), whole, { ignore_merges: true });
const variants = {
  'gpt2-style': { added_tokens: added(gpt2, [['<|endoftext|>', 'sn'], ['<l>', 'l'], ['<r>', 'r'], ['<b>', 'lrs'], ['wort', 'w'], ['wort x', 'wn'], ['  ', 'n'], ['    ', ''], ['\u00E9!', 'n']]),
    normalizer: null, pre_tokenizer: bytes(true, true), post_processor: bytes(true, true), decoder: bytes(true, true), model: gpt2 },
  'llama3-style': { added_tokens: added(llama, [['<|begin_of_text|>', 's'], ['<|end_of_text|>', 's']]), normalizer: null, pre_tokenizer: split(llama3('{1,3}')),
    post_processor: { type: 'Sequence', processors: [bytes(true, true), { type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<|begin_of_text|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [{ SpecialToken: { id: '<|begin_of_text|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '<|begin_of_text|>', type_id: 1 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '<|begin_of_text|>': { id: '<|begin_of_text|>', ids: [Object.keys(llama.vocab).length], tokens: ['<|begin_of_text|>'] } } }] },
    decoder: bytes(true, true), model: llama },
  'qwen2-style': { added_tokens: added(qwen, [['<|endoftext|>', 's'], ['e\u0301\u0323', 'n'], ['<e\u0301>', '']]), normalizer: { type: 'NFC' }, pre_tokenizer: split(llama3('')),
    post_processor: bytes(false, false), decoder: bytes(false, false), model: qwen },
};

// Random strings of pieces that the rules above care about.
let state = 12345n;
const random = n => { state = (state * 6364136223846793005n + 1442695040888963407n) & 0xFFFFFFFFFFFFFFFFn; return Number((state >> 33n) % BigInt(n)); };
const pieces = ['<l>', '<r>', '<b>', 'wort', 'wort x', ' ', ' ', '  ', '    ', '\n', '\r\n', '\t', 'a', 'Hello', '\u00E9!', 'e\u0301', 'e\u0301\u0323', '\u0323', '<e\u0301>', '_', '\u24D0', '\u00B2', '1', '12',
  '123456', "'s", "'S", "'Re", "'\u017F", "'\u017Fa", "'ll", "'", '!', '!!', '\uD840\uDC00', '\uD835\uDFD8', '\uD83D\uDE00', '\u0085', '\u00A0', '\u200D', '\u3000', '\uFEFF', '\uFFFE', '\u0CA1\u0CBC', '<|endoftext|>', '<|begin_of_text|>', '\u0000', 'x'];
for (let i = 0; i < 400; i++) texts.push(Array.from({ length: 1 + random(9) }, () => pieces[random(pieces.length)]).join(''));

for (const [name, file] of Object.entries(variants)) {
  const json = JSON.stringify({ version: '1.0', truncation: null, padding: null, ...file });
  const tokenizer = Tokenizer.fromString(json);
  const lines = [];
  for (const text of texts) {
    const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
    const ids = encoding.getIds();
    lines.push(JSON.stringify({ text, ids, decoded: await tokenizer.decode(ids, false), skipped: await tokenizer.decode(ids, true) }));
  }
  fs.writeFileSync(`${here}variants/${name}.json`, json + '\n');
  fs.writeFileSync(`${here}variants/${name}.cases.jsonl.gz`, zlib.gzipSync(lines.join('\n') + '\n', { level: 9 }));
  console.log(name, lines.length, json.length);
}
