//! What happens to a revision: bytes flipped, words lost, doubled and moved, parts of other revisions put in,
//! and constructs that cost much for their size.

use std::path::PathBuf;

use fastrand::Rng;

/// Constructs that ask for more than a file of their size should get.
const COSTLY: &[&str] = &[
    "\nwhile True:\n    pass\n",
    "\nx = 'a' * 10 ** 12\n",
    "\nx = [0] * 10 ** 10\n",
    "\nx = 10 ** 10 ** 10\n",
    "\ndef f(n):\n    return f(n + 1) + f(n)\nf(0)\n",
    "\nx = [[]]\nfor i in range(10 ** 9):\n    x = [x, x]\n",
    "\nx = 'ab'\nfor i in range(200):\n    x = x + x\n",
    "\nx = {}\nx['x'] = x\nprint(x, repr(x), x == x)\n",
    "\nx = '%100000000d' % 3\n",
    "\nx = f\"{'a':>1000000000}\"\n",
    "\nx = 'a'.join(['b' * 1000000] * 1000000)\n",
    "\nx = 'a'.replace('a', 'b' * 10 ** 9)\n",
    "\nx = 1 << 10 ** 12\n",
    "\nx = list(range(10 ** 12))\n",
    "\nx = [i for i in range(10 ** 6) for j in range(10 ** 6)]\n",
    "\nclass A:\n    def __getattr__(self, n):\n        return getattr(self, n + 'a')\nA().x\n",
    "\nf = lambda f: f(f)\nf(f)\n",
    "\ntry:\n    raise ValueError\nfinally:\n    while 1: pass\n",
];

/// Brackets and blocks that open without an end.
const NESTING: &[&str] =
    &["(", "[", "{", "f'{", "lambda: ", "not ", "-", "[x for x in ", "x if y else "];

/// The bytes of a case.
pub fn mangled(number: u64, originals: &[(PathBuf, Vec<u8>)]) -> Vec<u8> {
    let mut random = Rng::with_seed(number);
    let pick = |random: &mut Rng| -> &[u8] {
        originals.get(random.usize(..originals.len().max(1))).map_or(&[], |(_, bytes)| bytes)
    };
    let mut bytes = pick(&mut random).to_vec();
    for _ in 0..random.usize(1..=6) {
        mangle(&mut random, &mut bytes, |random| pick(random).to_vec());
        bytes.truncate(1 << 20);
    }
    bytes
}

fn mangle(random: &mut Rng, bytes: &mut Vec<u8>, other: impl FnOnce(&mut Rng) -> Vec<u8>) {
    let words = words(bytes);
    let word = |random: &mut Rng| words.get(random.usize(..words.len().max(1))).copied();
    let at = random.usize(..=bytes.len());
    match random.u8(..12) {
        0 => {
            for _ in 0..random.usize(1..=8) {
                let length = bytes.len().max(1);
                if let Some(byte) = bytes.get_mut(random.usize(..length)) {
                    *byte ^= 1 << random.u8(..8);
                }
            }
        }
        1 | 2 => {
            for _ in 0..random.usize(1..=3) {
                if let Some((from, to)) = word(random)
                    && to <= bytes.len()
                {
                    // Later words have moved then: whatever is cut out, it is still a mangled file.
                    bytes.drain(from..to);
                }
            }
        }
        3 => {
            if let Some((from, to)) = word(random) {
                let part = bytes.get(from..to).unwrap_or_default().repeat(random.usize(1..=50));
                bytes.splice(at..at, part);
            }
        }
        4 => {
            let (Some((from, _)), Some((_, to))) = (word(random), word(random)) else { return };
            let part = bytes.get(from..to).unwrap_or_default().to_vec();
            bytes.splice(at..at, part);
        }
        5 | 6 => {
            let other = other(random);
            let from = random.usize(..=other.len());
            let to = (from + random.usize(..2_000)).min(other.len());
            bytes.splice(at..at, other.get(from..to).unwrap_or_default().iter().copied());
        }
        7 => {
            let nest = NESTING.get(random.usize(..NESTING.len())).copied().unwrap_or_default();
            bytes.splice(at..at, nest.repeat(random.usize(1..=5_000)).into_bytes());
        }
        8 => {
            let mut block = String::new();
            for level in 0..random.usize(1..=200) {
                block.push_str(&format!("{}if x{level}:\n", "  ".repeat(level)));
            }
            bytes.splice(at..at, block.into_bytes());
        }
        9 => {
            let costly = COSTLY.get(random.usize(..COSTLY.len())).copied().unwrap_or_default();
            let at = after_line(bytes, at);
            bytes.splice(at..at, costly.bytes());
        }
        10 => {
            // The same inside a function: each line indented as its neighbours are.
            let costly = COSTLY.get(random.usize(..COSTLY.len())).copied().unwrap_or_default();
            let at = after_line(bytes, at);
            bytes.splice(at..at, costly.replace('\n', "\n    ").into_bytes());
        }
        _ => bytes.truncate(at),
    }
}

/// The place after the line in which `at` lies.
fn after_line(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |more| at + more)
}

/// Runs of letters and digits, of spaces, and each other byte alone.
fn words(bytes: &[u8]) -> Vec<(usize, usize)> {
    let kind = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => 1,
        b' ' => 2,
        _ => 0,
    };
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut before = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let own = kind(byte);
        match words.last_mut() {
            Some(last) if own != 0 && own == before => last.1 = at + 1,
            _ => words.push((at, at + 1)),
        }
        before = own;
    }
    words
}
