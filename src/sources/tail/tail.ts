import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import type { Milliseconds } from '../../base/duration.ts';
import type { Service } from '../../base/service.ts';
import type { Inlet, InletWorld, Payload } from '../inlet.ts';
import type { Position } from './position.ts';
import { identityOf, isSameFile, markOf, readPosition, rotatedOf, writePosition } from './position.ts';
import { Looped } from '../looped.ts';

export interface TailOptions {
  /** Absolute. */
  readonly path: string;
  /** Between two looks. */
  readonly every: Milliseconds;
  /** Bytes of a line; a longer one is a dead letter. */
  readonly longest: number;
  /** Where the first look begins. A file that comes later is read from its beginning. */
  readonly start: 'end' | 'beginning';
}

/** Lines that are taken at once. */
const BATCH = 256;
const WINDOW = 256 * 1_024;
const NEWLINE = 10;

/**
 * Follows a file that somebody writes lines to.
 *
 * 1. Where it stands is committed with the events (E1): after a crash it goes on there, and what it reads again is known.
 * 2. A line is taken when its end is there. Only of a file that was rotated away and is quiet the rest without an end is one.
 * 3. A file that was renamed is read to its end before the next one is begun, as long as somebody still writes to it.
 * 4. A file that has become shorter, or begins otherwise, was written anew and is read from its beginning.
 */
export class Tail implements Service {
  readonly #options: TailOptions;
  readonly #inlet: Inlet;
  readonly #world: InletWorld;
  readonly #loop = new Looped();
  #open: { readonly handle: FileHandle; readonly file: string } | undefined;
  #position: Position | undefined;
  #behind = 0;
  #trouble: string | undefined;
  /** The file was found rotated away, and had nothing new. */
  #isLeaving = false;

  constructor(options: TailOptions, inlet: Inlet, world: InletWorld) {
    this.#options = options;
    this.#inlet = inlet;
    this.#world = world;
  }

  /** Bytes that are there and not taken, as of the last look; and what is wrong with the file. */
  get state(): { readonly behind: number; readonly trouble?: string } {
    return { behind: this.#behind, ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }) };
  }

  async start(): Promise<void> {
    const { engine, log } = this.#world;
    const world = { activity: engine.activity, log };
    this.#loop.start(() => this.#run(), world, { facts: this.#name(), bug: 'a bug ended this source' });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #run(): Promise<void> {
    const { engine, clock, log } = this.#world;
    const { signal } = this.#loop;
    try {
      while (!signal.aborted) {
        try {
          await this.#look();
          if (this.#trouble !== undefined) log.info(this.#name(), 'a file can be read again');
          this.#trouble = undefined;
        } catch (error) {
          await this.#letGo();
          const trouble = error instanceof Error ? error.message : String(error);
          if (trouble !== this.#trouble) log.warn({ ...this.#name(), trouble }, 'a file cannot be read; trying again');
          this.#trouble = trouble;
        }
        await engine.activity.sleep(clock.now() + this.#options.every, signal);
      }
    } finally {
      await this.#letGo();
    }
  }

  /** Takes all that is there now. */
  async #look(): Promise<void> {
    const position = (this.#position ??= await this.#stored());
    if (position === undefined) return this.#begin();
    const current = await this.#identity();
    const file = await this.#opened(position, current);
    if (file === undefined) {
      if (current !== undefined) await this.#next(current);
      return;
    }
    if (!(await isSameFile(file.handle, position))) await this.#restart(file);
    const before = this.#position?.offset;
    await this.#read(file.handle);
    if (this.#loop.signal.aborted || current === file.file || current === undefined) {
      this.#isLeaving = false;
      return;
    }
    // Rotated away. Whoever writes may not have noticed yet: only when a look brings nothing more is it left.
    if (!this.#isLeaving || this.#position?.offset !== before) {
      this.#isLeaving = true;
      return;
    }
    await this.#readRest(file.handle);
    await this.#next(current);
  }

  async #stored(): Promise<Position | undefined> {
    const kept = await this.#world.engine.store.query.cursor(this.#source());
    return readPosition(kept, this.#options.path);
  }

  /** The very first look. */
  async #begin(): Promise<void> {
    const { path, start } = this.#options;
    const current = await this.#identity();
    if (current === undefined) {
      await this.#move({ ...NOWHERE, path });
      return;
    }
    const handle = await open(path);
    this.#open = { handle, file: current };
    const { size } = await handle.stat();
    const offset = start === 'end' ? await lastLineEnd(handle, size) : 0;
    await this.#move({ ...NOWHERE, path, file: current, offset, ...(await markOf(handle, offset)) });
    await this.#read(handle);
  }

  /** The file that the position is in, wherever it was renamed to; undefined where it is gone. */
  async #opened(
    position: Position,
    current: string | undefined,
  ): Promise<{ readonly handle: FileHandle; readonly file: string } | undefined> {
    if (this.#open !== undefined) return this.#open;
    if (position.file === '') return undefined;
    const { path } = this.#options;
    const rotated = current === position.file ? [] : await rotatedOf(path);
    const found = current === position.file ? path : rotated.find(({ file }) => file === position.file)?.path;
    if (found !== undefined) {
      this.#open = { handle: await open(found), file: position.file };
      // An inode is used again: behind a name of before there must be what was read.
      if (found === path || (await isSameFile(this.#open.handle, position))) return this.#open;
      await this.#letGo();
    }
    if (current !== undefined)
      this.#world.log.warn(
        { ...this.#name(), offset: position.offset },
        'the file that was being read is gone; what was written to it after this offset is lost',
      );
    return undefined;
  }

  /** Begins the file that came after the one that was read: one that was rotated meanwhile too, or what is there now. */
  async #next(current: string): Promise<void> {
    const { path } = this.#options;
    const former = this.#position?.file;
    const rotated = await rotatedOf(path);
    const index = rotated.findIndex(({ file }) => file === former);
    const [after] = index === -1 ? [] : rotated.slice(index + 1).filter(({ file }) => file !== current);
    const chosen = after ?? { path, file: current };
    await this.#letGo();
    this.#isLeaving = false;
    const handle = await open(chosen.path);
    const file = identityOf(await handle.stat({ bigint: true }));
    this.#open = { handle, file };
    const generation = (this.#position?.generation ?? 0) + 1;
    await this.#move({ ...NOWHERE, path, file, generation, ...(await markOf(handle, 0)) });
    await this.#read(handle);
  }

  async #restart({ handle, file }: { readonly handle: FileHandle; readonly file: string }): Promise<void> {
    const { path } = this.#options;
    this.#world.log.info(this.#name(), 'a file was written anew; reading it from its beginning');
    const generation = (this.#position?.generation ?? 0) + 1;
    await this.#move({ ...NOWHERE, path, file, generation, ...(await markOf(handle, 0)) });
  }

  async #read(handle: FileHandle): Promise<void> {
    const { longest } = this.#options;
    const window = Buffer.alloc(Math.max(WINDOW, longest + 1));
    const { signal } = this.#loop;
    while (!signal.aborted && this.#position !== undefined) {
      const { offset } = this.#position;
      const { bytesRead } = await handle.read(window, 0, window.length, offset);
      const { size } = await handle.stat();
      this.#behind = Math.max(0, size - offset);
      const cut = cutLines(window.subarray(0, bytesRead), this.#position, {
        longest,
        isFull: bytesRead === window.length,
      });
      for (let index = 0; index < cut.length; index += BATCH) {
        const batch = cut.slice(index, index + BATCH);
        const last = batch.at(-1);
        if (last === undefined || !(await this.#take(handle, batch, last))) return;
      }
      if (cut.length === 0) return;
    }
  }

  /** The last line of a file that nobody will go on with. */
  async #readRest(handle: FileHandle): Promise<void> {
    const position = this.#position;
    if (position === undefined || position.isSkipping) return;
    const bytes = Buffer.alloc(this.#options.longest + 1);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, position.offset);
    if (bytesRead === 0) return;
    const piece = pieceOf(bytes.subarray(0, bytesRead), position, position.offset, this.#options.longest);
    await this.#take(handle, [piece], { ...piece, end: position.offset + bytesRead });
  }

  async #take(handle: FileHandle, pieces: readonly Piece[], last: Piece): Promise<boolean> {
    if (this.#position === undefined) return false;
    const mark =
      this.#position.headLength < HEAD_WANTED ? await markOf(handle, last.end) : { head: this.#position.head };
    const next = { ...this.#position, ...mark, offset: last.end, isSkipping: last.isSkipping };
    const payloads = pieces.flatMap(({ payload }) => (payload === undefined ? [] : [payload]));
    return this.#move(next, payloads);
  }

  /** Position and events in one commit. */
  async #move(position: Position, payloads: readonly Payload[] = []): Promise<boolean> {
    const cursor = { source: this.#source(), value: writePosition(position) };
    const isTaken = await this.#inlet.insist(payloads, this.#loop.signal, { cursor });
    if (isTaken) {
      this.#behind = Math.max(0, this.#behind - (position.offset - (this.#position?.offset ?? 0)));
      this.#position = position;
    }
    return isTaken;
  }

  async #identity(): Promise<string | undefined> {
    try {
      return identityOf(await stat(this.#options.path, { bigint: true }));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #letGo(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }

  #source(): string {
    return `source ${this.#inlet.options.name}`;
  }

  #name() {
    return { source: this.#inlet.options.name, path: this.#options.path };
  }
}

const NOWHERE = { file: '', generation: 0, offset: 0, isSkipping: false, head: '', headLength: 0 };
/** As much as is kept of a file's beginning. */
const HEAD_WANTED = 1_024;

/** A line with the place behind it, or a part of one that is too long. */
interface Piece {
  readonly payload?: Payload;
  readonly end: number;
  readonly isSkipping: boolean;
}

/** The lines whose ends are there. `isFull` when there may be more than was read. */
function cutLines(
  bytes: Buffer,
  position: Position,
  { longest, isFull }: { readonly longest: number; readonly isFull: boolean },
): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let { isSkipping } = position;
  for (let newline = bytes.indexOf(NEWLINE); newline !== -1; newline = bytes.indexOf(NEWLINE, at)) {
    const end = position.offset + newline + 1;
    if (isSkipping) pieces.push({ end, isSkipping: false });
    else pieces.push({ ...pieceOf(bytes.subarray(at, newline), position, position.offset + at, longest), end });
    isSkipping = false;
    at = newline + 1;
  }
  if (!isFull || at > 0) return pieces;
  // Nothing but the middle of one line: it is told once, and the rest is passed over.
  const end = position.offset + bytes.length;
  if (isSkipping) return [{ end, isSkipping: true }];
  return [{ ...pieceOf(bytes, position, position.offset, longest), end, isSkipping: true }];
}

function pieceOf(bytes: Buffer, { path, generation }: Position, offset: number, longest: number): Piece {
  const position = `${path} ${generation} ${offset}`;
  const end = offset + bytes.length;
  if (bytes.length > longest) {
    const reason = `the line is longer than ${longest} bytes`;
    const raw = bytes.toString('utf8', 0, longest);
    return { payload: { kind: 'unreadable', raw, reason, position }, end, isSkipping: false };
  }
  const text = bytes.toString('utf8').replace(/[\r\0]+$/, '');
  if (text.trim() === '') return { end, isSkipping: false };
  return { payload: { kind: 'text', text, position }, end, isSkipping: false };
}

/** Behind the last newline: a line that somebody is writing just now is read when its end is there. */
async function lastLineEnd(handle: FileHandle, size: number): Promise<number> {
  const bytes = Buffer.alloc(Math.min(size, WINDOW));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, size - bytes.length);
  const newline = bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE);
  return newline === -1 ? size : size - bytes.length + newline + 1;
}
