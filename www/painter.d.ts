/** The class of `../pkg/insitu.js` that `labels/worker.js` owns. `labels.d.ts` tells what the methods do; places come as single numbers. */
import type { Outcome, Piece, Where } from './labels.d.ts';

export interface Painter {
  add(doc: number, width: number, height: number, slices: number): Outcome;
  remove(doc: number): Outcome;
  image(doc: number, slice: number, values: Float32Array): void;
  begin(): void;
  end(): Outcome;
  cancel(): Outcome;
  brush(
    doc: number,
    slice: number,
    x0: number,
    y0: number,
    radius0: number,
    x1: number,
    y1: number,
    radius1: number,
    value: number,
  ): Piece | null;
  polygon(doc: number, slice: number, points: Float64Array, value: number): Outcome;
  flood(doc: number, slice: number, x: number, y: number, tolerance: number, value: number): Outcome;
  wand(doc: number, slice: number, x: number, y: number, tolerance: number, where: Where, value: number): Outcome;
  smooth(doc: number, slice: number, where: Where, radius: number): Outcome;
  clear(doc: number, slice: number, where: Where): Outcome;
  clearAll(): Outcome;
  accept(
    doc: number,
    slice: number,
    where: Where,
    labels: Uint8Array,
    probability: Float32Array,
    classes: number,
    sure: number,
  ): Outcome;
  fillRest(doc: number, slice: number, value: number): Outcome;
  addClass(name: string, colour: string | null): Outcome;
  renameClass(value: number, name: string): Outcome;
  recolourClass(value: number, colour: string): Outcome;
  removeClass(value: number, instead: number): Outcome;
  moveClass(from: number, to: number): Outcome;
  setClasses(classes: { name: string; colour: string }[]): Outcome;
  undo(): Outcome;
  redo(): Outcome;
  read(doc: number, slice: number): Uint8Array;
  pieces(doc: number, slice: number): Piece[];
  png(doc: number, slice: number): Uint8Array;
  zip(names: Record<number, string>): Uint8Array;
  import(doc: number, slice: number, bytes: Uint8Array, name: string): Outcome & { added: number };
  store(doc: number): Uint8Array;
  restore(doc: number, bytes: Uint8Array): Outcome;
  storeOrder(): Uint8Array;
  restoreOrder(bytes: Uint8Array): Outcome;
}

export interface PainterPackage {
  default(): Promise<unknown>;
  Painter: new () => Painter;
}
