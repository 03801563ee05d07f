/** Numbers that decide. When they are over everything is as small as can be, so that a failure can be shortened. */
export class Tape {
  readonly #numbers: readonly number[];
  #turn = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A number below `most`; 0 when the tape is over. */
  pick(most: number): number {
    return (this.#numbers[this.#turn++] ?? 0) % most;
  }

  /** True once in so many; false when the tape is over. */
  chance(once: number): boolean {
    return this.pick(once) === once - 1;
  }

  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.pick(choices.length)] ?? choices[0];
  }
}
