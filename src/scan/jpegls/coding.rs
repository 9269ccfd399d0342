//! The samples of a scan (ITU-T T.87 annex A): context modelling, prediction, runs, and limited Golomb codes.

use super::bits::Bits;
use super::broken;
use crate::error::Result;

/// The preset coding parameters (C.2.4.1.1), and what follows from them (A.2.1).
#[derive(Clone, Copy)]
pub(super) struct Parameters {
    maxval: i32,
    near: i32,
    t: [i32; 3],
    reset: i32,
    range: i32,
    qbpp: u32,
    limit: u32,
}

impl Parameters {
    /// `preset` are MAXVAL, T1, T2, T3 and RESET of an LSE segment; 0 stands for the default.
    pub(super) fn new(bits: u32, near: i32, preset: [i32; 5]) -> Result<Self> {
        let [maxval, t1, t2, t3, reset] = preset;
        let top = (1i32 << bits) - 1;
        let maxval = if maxval == 0 { top } else { maxval };
        let bad = || broken("its coding parameters are impossible");
        if !(1..=top).contains(&maxval) || near < 0 || near > (maxval / 2).min(255) {
            return Err(bad());
        }
        let clamp = |v: i32, low: i32| if v > maxval || v < low { low } else { v };
        let [d1, d2, d3] = if maxval >= 128 {
            let factor = (maxval.min(4095) + 128) / 256;
            [factor + 2 + 3 * near, factor * 4 + 3 + 5 * near, factor * 17 + 4 + 7 * near]
        } else {
            let factor = 256 / (maxval + 1);
            [(3 / factor + 3 * near).max(2), (7 / factor + 5 * near).max(3), (21 / factor + 7 * near).max(4)]
        };
        let t1 = if t1 == 0 { clamp(d1, near + 1) } else { t1 };
        let t2 = if t2 == 0 { clamp(d2, t1) } else { t2 };
        let t3 = if t3 == 0 { clamp(d3, t2) } else { t3 };
        let reset = if reset == 0 { 64 } else { reset };
        if !(near < t1 && t1 <= t2 && t2 <= t3 && t3 <= maxval) || reset < 3 {
            return Err(bad());
        }
        let range = (maxval + 2 * near) / (2 * near + 1) + 1;
        let log2 = |n: i32| (n - 1).max(1).ilog2() + 1;
        let bpp = log2(maxval + 1).max(2);
        Ok(Self {
            maxval,
            near,
            t: [t1, t2, t3],
            reset,
            range,
            qbpp: log2(range),
            limit: 2 * (bpp + bpp.max(8)),
        })
    }

    /// A difference as one of nine regions (A.3.3).
    fn region(&self, d: i32) -> i32 {
        let [t1, t2, t3] = self.t;
        let size = d.abs();
        let region = if size <= self.near {
            0
        } else if d < 0 {
            // The regions are closed on the side away from zero.
            1 + i32::from(size >= t1) + i32::from(size >= t2) + i32::from(size >= t3)
        } else {
            1 + i32::from(d >= t1) + i32::from(d >= t2) + i32::from(d >= t3)
        };
        region * d.signum()
    }

    /// The value that a prediction and an error give (A.4.5).
    fn value(&self, prediction: i32, error: i32) -> u16 {
        let step = 2 * self.near + 1;
        let mut v = prediction + error * step;
        if v < -self.near {
            v += self.range * step;
        } else if v > self.maxval + self.near {
            v -= self.range * step;
        }
        v.clamp(0, self.maxval) as u16
    }
}

#[derive(Clone, Copy)]
struct Context {
    a: i32,
    b: i32,
    c: i32,
    n: i32,
}

/// Run lengths (A.2.1).
const J: [u32; 32] =
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// What the decoder remembers; one for a scan.
pub(super) struct Coder {
    p: Parameters,
    contexts: Vec<Context>,
    /// Of interrupted runs (A.7.2); `b` counts negative errors.
    interrupted: [Context; 2],
}

/// The two lines that prediction looks at, with a value before the first and one behind the last.
pub(super) struct Lines {
    before: Vec<u16>,
    now: Vec<u16>,
    run_index: usize,
}

impl Lines {
    pub(super) fn new(width: usize) -> Self {
        Self { before: vec![0; width + 2], now: vec![0; width + 2], run_index: 0 }
    }

    /// The line that was decoded last.
    pub(super) fn values(&self) -> &[u16] {
        &self.now[1..self.now.len() - 1]
    }

    fn next(&mut self) {
        std::mem::swap(&mut self.before, &mut self.now);
        let width = self.now.len() - 2;
        self.before[width + 1] = self.before[width];
        self.now[0] = self.before[1];
    }

    /// Left, above, above left, above right of the pixel `x`.
    fn around(&self, x: usize) -> [i32; 4] {
        [self.now[x], self.before[x + 1], self.before[x], self.before[x + 2]].map(i32::from)
    }
}

impl Coder {
    pub(super) fn new(p: Parameters) -> Self {
        let context = Context { a: ((p.range + 32) / 64).max(2), b: 0, c: 0, n: 1 };
        Self { p, contexts: vec![context; 365], interrupted: [context; 2] }
    }

    /// The next line of one component, or of several whose samples are interleaved.
    pub(super) fn line(&mut self, components: &mut [Lines], bits: &mut Bits<'_>) -> Result<()> {
        components.iter_mut().for_each(Lines::next);
        let width = components[0].now.len() - 2;
        let mut x = 0;
        while x < width {
            let flat = |lines: &Lines| {
                let [a, b, c, d] = lines.around(x);
                [d - b, b - c, c - a].iter().all(|d| d.abs() <= self.p.near)
            };
            if components.iter().all(flat) {
                x = self.run(components, x, bits)?;
            } else {
                for lines in components.iter_mut() {
                    let around = lines.around(x);
                    lines.now[x + 1] = self.regular(around, bits)?;
                }
                x += 1;
            }
        }
        if bits.ran_out() { Err(broken("pixels are missing at its end")) } else { Ok(()) }
    }

    /// A limited Golomb code (A.5.3).
    fn golomb(&self, k: u32, limit: u32, bits: &mut Bits<'_>) -> Result<i32> {
        let most = limit - self.p.qbpp - 1;
        let zeros = bits.zeros(most);
        if zeros > most {
            return Err(broken("a code is too long"));
        }
        Ok(if zeros < most { (zeros << k | bits.take(k)) as i32 } else { bits.take(self.p.qbpp) as i32 + 1 })
    }

    /// One sample from its four neighbours (A.4 to A.6).
    fn regular(&mut self, [a, b, c, d]: [i32; 4], bits: &mut Bits<'_>) -> Result<u16> {
        let p = self.p;
        let q = 81 * p.region(d - b) + 9 * p.region(b - c) + p.region(c - a);
        let sign = if q < 0 { -1 } else { 1 };
        let index = q.unsigned_abs() as usize;
        let mut context = self.contexts[index];
        let edge = if c >= a.max(b) {
            a.min(b)
        } else if c <= a.min(b) {
            a.max(b)
        } else {
            a + b - c
        };
        let prediction = (edge + sign * context.c).clamp(0, p.maxval);
        let k = golomb_parameter(context.n, context.a)?;
        let mapped = self.golomb(k, p.limit, bits)?;
        let mut error = if mapped & 1 == 0 { mapped / 2 } else { -((mapped + 1) / 2) };
        if p.near == 0 && k == 0 && 2 * context.b <= -context.n {
            error = -error - 1;
        }
        if error.abs() > p.range {
            return Err(broken("an error is too large"));
        }
        context.b += error * (2 * p.near + 1);
        context.a = context.a.saturating_add(error.abs());
        if context.n == p.reset {
            context.a >>= 1;
            context.b >>= 1;
            context.n >>= 1;
        }
        context.n += 1;
        if context.b <= -context.n {
            context.b = (context.b + context.n).max(1 - context.n);
            context.c = (context.c - 1).max(-128);
        } else if context.b > 0 {
            context.b = (context.b - context.n).min(0);
            context.c = (context.c + 1).min(127);
        }
        self.contexts[index] = context;
        Ok(p.value(prediction, sign * error))
    }

    /// A run of equal pixels from `x` on, and the pixel that ends it, if it ends before the line (A.7). Tells the next `x`.
    fn run(&mut self, components: &mut [Lines], mut x: usize, bits: &mut Bits<'_>) -> Result<usize> {
        let width = components[0].now.len() - 2;
        let mut index = components[0].run_index;
        loop {
            let whole = bits.take(1) == 1;
            let length = if whole { 1usize << J[index] } else { bits.take(J[index]) as usize };
            if !whole && length >= width - x {
                return Err(broken("a run goes beyond its line"));
            }
            let fits = length.min(width - x);
            for lines in components.iter_mut() {
                let value = lines.now[x];
                lines.now[x + 1..x + 1 + fits].fill(value);
            }
            x += fits;
            if !whole {
                break;
            }
            if fits == length && index < 31 {
                index += 1;
            }
            if x == width {
                components[0].run_index = index;
                return Ok(x);
            }
        }
        let alone = components.len() == 1;
        for lines in components.iter_mut() {
            let [a, b, ..] = lines.around(x);
            lines.now[x + 1] = self.interruption(a, b, alone, J[index], bits)?;
        }
        components[0].run_index = index.saturating_sub(1);
        Ok(x + 1)
    }

    fn interruption(&mut self, a: i32, b: i32, alone: bool, run: u32, bits: &mut Bits<'_>) -> Result<u16> {
        let p = self.p;
        // Interleaved samples use the first kind only.
        let kind = i32::from(alone && (a - b).abs() <= p.near);
        let mut context = self.interrupted[kind as usize];
        let k = golomb_parameter(
            context.n,
            context.a.saturating_add(if kind == 1 { context.n >> 1 } else { 0 }),
        )?;
        let mapped = self.golomb(k, p.limit - run - 1, bits)?;
        let odd = (mapped + kind) & 1;
        let size = (mapped + kind + odd) / 2;
        let negative = (k != 0 || 2 * context.b >= context.n) == (odd == 1);
        let error = if negative { -size } else { size };
        if size > p.range {
            return Err(broken("an error is too large"));
        }
        if error < 0 {
            context.b += 1;
        }
        context.a = context.a.saturating_add((mapped + 1 - kind) >> 1);
        if context.n == p.reset {
            context.a >>= 1;
            context.b >>= 1;
            context.n >>= 1;
        }
        context.n += 1;
        self.interrupted[kind as usize] = context;
        Ok(if kind == 1 { p.value(a, error) } else { p.value(b, if b >= a { error } else { -error }) })
    }
}

/// The smallest `k` with `n * 2^k >= a` (A.5.1).
fn golomb_parameter(n: i32, a: i32) -> Result<u32> {
    (0..24).find(|k| i64::from(n) << k >= i64::from(a)).ok_or_else(|| broken("an error is too large"))
}
