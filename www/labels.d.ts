/**
 * What `www/labels/client.js` offers: labels that are painted, in a worker of their own, so that a training step never holds a
 * stroke up. One document is the labels of one file, all its slices. Coordinates are pixels of the image, x right, y down,
 * a pixel's centre at .5. Values: 0 background, 1 and up classes, 255 not labelled. All methods of one `Labels` run in the
 * order of their calls; those that fail change nothing and reject with an `InsituError`.
 */

export interface Dab {
  x: number;
  y: number;
  /** pixels; of a pen it follows the pressure */ radius: number;
}

/** A rectangle of new values, to be drawn. */
export interface Piece {
  doc: number;
  slice: number;
  x: number;
  y: number;
  width: number;
  height: number;
  values: Uint8Array;
}

/** What a finished command changed. */
export interface Outcome {
  /** Empty if nothing changed: then it was no step. Of undo and redo: everything to draw anew. */
  pieces: Piece[];
  /** Where to look: the first document and slice that changed; null if only classes did. */
  at: { doc: number; slice: number } | null;
  classes: { name: string; colour: string }[];
  steps: { undo: number; redo: number };
  /** Labelled pixels of all documents: background, then each class. */
  counts: number[];
  /** Slices with labels, with their own counts. */
  labelled: { doc: number; slice: number; counts: number[] }[];
}

/** Where a tool works: a closed outline (even-odd), or a whole slice. */
export type Where = Float64Array /* x0, y0, x1, y1, ... */ | null;

export interface Labels {
  /** A document without labels; the classes are those of all documents. */
  add(doc: number, shape: { width: number; height: number; slices: number }): Promise<Outcome>;
  remove(doc: number): Promise<Outcome>;

  /** Grey values of a slice, which flood and wand need; row by row, any unit. Kept for the last slice given. */
  image(doc: number, slice: number, values: Float32Array): Promise<void>;
  /** Whether `image` of this slice is there. */
  hasImage(doc: number, slice: number): boolean;

  /** Between `begin` and `end` all calls are one command. */
  begin(): Promise<void>;
  end(): Promise<Outcome>;
  /** Gives the open command up. */
  cancel(): Promise<Outcome>;

  /** Of an open command; null if no pixel changed. */
  brush(doc: number, slice: number, from: Dab, to: Dab, value: number): Promise<Piece | null>;

  // Each of these is a command of its own.
  polygon(doc: number, slice: number, points: Float64Array, value: number): Promise<Outcome>;
  /** Fills what is connected with (x, y): neighbours whose values are within `tolerance` (a part, 0 to 1, of the slice's range) of that at (x, y). */
  flood(doc: number, slice: number, x: number, y: number, tolerance: number, value: number): Promise<Outcome>;
  /** Everything in `where` whose grey value is within `tolerance` of that at (x, y). */
  wand(
    doc: number,
    slice: number,
    x: number,
    y: number,
    tolerance: number,
    where: Where,
    value: number,
  ): Promise<Outcome>;
  smooth(doc: number, slice: number, where: Where, radius: number): Promise<Outcome>;
  clear(doc: number, slice: number, where: Where): Promise<Outcome>;
  clearAll(): Promise<Outcome>;
  /** Takes the prediction over as label where its probability is at least `sure` (of what was predicted, background too). */
  accept(
    doc: number,
    slice: number,
    where: Where,
    mask: { labels: Uint8Array; probability: Float32Array; classes: number },
    sure: number,
  ): Promise<Outcome>;
  /** What is not labelled becomes `value`: "the rest of this slice is background". */
  fillRest(doc: number, slice: number, value: number): Promise<Outcome>;

  addClass(name: string, colour: string | null): Promise<Outcome>;
  renameClass(value: number, name: string): Promise<Outcome>;
  recolourClass(value: number, colour: string): Promise<Outcome>;
  /** Its pixels become `instead`. */
  removeClass(value: number, instead: number): Promise<Outcome>;
  moveClass(from: number, to: number): Promise<Outcome>;
  /** Without labels and history: takes these classes, as a model's. */
  setClasses(classes: { name: string; colour: string }[]): Promise<Outcome>;

  /** The last command over all documents, whichever they are. */
  undo(): Promise<Outcome>;
  redo(): Promise<Outcome>;

  read(doc: number, slice: number): Promise<Uint8Array>;
  /** What a slice shows, in pieces: nothing for what is not labelled. */
  pieces(doc: number, slice: number): Promise<Piece[]>;

  /** An 8-bit indexed PNG: index = value, the palette has the classes' colours, 255 is transparent; the class table stands in a text chunk. */
  png(doc: number, slice: number): Promise<Uint8Array>;
  /** All labelled slices as PNG and the class table as `classes.json`, stored in one zip; `names` by document. */
  zip(names: Record<number, string>): Promise<Uint8Array>;
  /**
   * Reads labels into a slice (or, of a stack, all slices), one command: our own PNG or zip, an indexed or grey PNG, a TIFF
   * of other programs. Values of other programs become classes in rising order, 0 is background; 255 of a picture that has
   * just 0 and 255 is foreground, other 255 of 8 bits is not labelled. `label.shape` if it has another size. Of a zip with
   * several images of this size the one called `name`, endings apart. `added`: new classes.
   */
  import(doc: number, slice: number, bytes: Uint8Array, name: string): Promise<Outcome & { added: number }>;

  /**
   * A document with its history, to be stored; and what a document was stored as, in the place of an `add`. Storing waits for
   * the end of an open command. The history of a restored document waits for `restoreOrder`: it is forgotten if a command
   * comes first.
   */
  store(doc: number): Promise<Uint8Array>;
  restore(doc: number, bytes: Uint8Array): Promise<Outcome>;
  /**
   * The order of commands over all documents (they undo one after the other), to be stored beside the documents, and restored
   * after them. `label.order` if it does not fit to them: all labels are there then, and the steps are forgotten.
   */
  storeOrder(): Promise<Uint8Array>;
  restoreOrder(bytes: Uint8Array): Promise<Outcome>;

  /** Ends the worker. */
  close(): void;
}

/** Starts the worker; it loads the engine's module once more, without a network or a GPU. `onDied` when it stopped unexpectedly. */
export function openLabels(options?: { onDied?: (cause: string) => void }): Promise<Labels>;
