import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/*
 * A lock for the processes of one machine, without a package, because the set-up runs before packages are installed. Each process puts an empty
 * file, its ticket, into the lock's folder. The ticket's name is a number and the process id, so its owner is known as soon as it exists. The
 * lowest ticket of a running process holds the lock. No process removes the ticket of a running process, so no process can lose the lock.
 */

const POLL_MS = 250

/**
 * @typedef {{ readonly number: number, readonly pid: number }} Ticket
 */

/**
 * Runs `work` while no other process on this machine holds the lock `path`. Tickets of ended processes are ignored.
 *
 * @template T
 * @param {string} path folder of the lock; it is created
 * @param {() => Promise<T>} work
 * @param {(pid: number) => void} [onWait] called once, with the process that holds the lock, if there is one
 * @returns {Promise<T>}
 */
export async function withFileLock(path, work, onWait = () => {}) {
  mkdirSync(path, { recursive: true })
  const own = await takeTicket(path)
  try {
    let isWaiting = false
    for (let [holder] = before(path, own); holder !== undefined; [holder] = before(path, own)) {
      if (!isWaiting) onWait(holder.pid)
      isWaiting = true
      await sleep(POLL_MS)
    }
    return await work()
  } finally {
    rmSync(fileOf(path, own), { force: true })
  }
}

/**
 * Takes a ticket with a number above all others. Another process may take the same or a higher number between reading and writing. It may
 * already hold the lock, so this ticket is then returned.
 *
 * @param {string} path
 * @returns {Promise<Ticket>}
 */
async function takeTicket(path) {
  for (;;) {
    const number = Math.max(0, ...ticketsIn(path).map((ticket) => ticket.number)) + 1
    const own = { number, pid: process.pid }
    if (write(path, own)) {
      const others = ticketsIn(path).filter((ticket) => ticket.number !== own.number || ticket.pid !== own.pid)
      if (others.every((other) => other.number < own.number)) return own
      rmSync(fileOf(path, own), { force: true })
    }
    await sleep(Math.random() * POLL_MS)
  }
}

/**
 * @param {string} path
 * @param {Ticket} ticket
 * @returns {boolean} false: another call in this process has this ticket
 */
function write(path, ticket) {
  try {
    writeFileSync(fileOf(path, ticket), '', { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * Returns the tickets of running processes before this one, lowest first. Removes those of ended processes. Ignores a ticket with the same
 * number: `takeTicket` of its process finds this ticket and withdraws its own.
 *
 * @param {string} path
 * @param {Ticket} own
 */
function before(path, own) {
  return ticketsIn(path)
    .filter((ticket) => ticket.number < own.number)
    .filter((ticket) => {
      if (isAlive(ticket.pid)) return true
      rmSync(fileOf(path, ticket), { force: true })
      return false
    })
    .toSorted((a, b) => a.number - b.number)
}

/**
 * @param {string} path
 * @returns {Ticket[]}
 */
function ticketsIn(path) {
  return readdirSync(path).flatMap((name) => {
    const [, number, pid] = /^(\d+)-(\d+)$/.exec(name) ?? []
    return number === undefined || pid === undefined ? [] : [{ number: Number(number), pid: Number(pid) }]
  })
}

/**
 * @param {string} path
 * @param {Ticket} ticket
 */
function fileOf(path, { number, pid }) {
  return join(path, `${number}-${pid}`)
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
