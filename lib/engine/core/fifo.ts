/** First in, first out, without moving the rest on each take. */
export class Fifo<T> {
  #items: T[]
  #head = 0

  constructor(items: T[] = []) {
    this.#items = items
  }

  get size(): number {
    return this.#items.length - this.#head
  }

  first(): T | undefined {
    return this.#items[this.#head]
  }

  add(item: T): void {
    this.#items.push(item)
  }

  take(): T | undefined {
    const item = this.#items[this.#head]
    if (this.#head < this.#items.length) this.#head++
    if (this.#head > 1024 && this.#head > this.#items.length / 2) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  toJSON(): T[] {
    return this.#items.slice(this.#head)
  }
}
