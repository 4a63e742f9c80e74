// Changes of running checklists that the server has not taken yet, kept on the device until it has (IndexedDB).
// A change: { number, id, person, run, title, url, fields: [[name, value], …], at: ISO time, refused?: why, in words }.
// `about` names its step in words; `start` is that of the run itself, which was begun on the device; `ruledOut` are its steps that do not apply, `question` the
// runs of the same checklist that the unit follows already. `number` is the order. Where the browser keeps nothing (private windows, a full disk) they live as long as the page.
const NAME = 'radrum'
const STORE = 'changes'
const memory = []
let opening

function open() {
  opening ??= new Promise((resolve) => {
    try {
      const asked = indexedDB.open(NAME, 1)
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'number', autoIncrement: true })
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = asked.onblocked = () => resolve(null)
    } catch {
      resolve(null)
    }
  })
  return opening
}

async function within(mode, work) {
  const database = await open()
  if (!database) return null
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' })
      const asked = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve({ result: asked.result })
      transaction.onerror = transaction.onabort = () => reject(transaction.error)
    })
  } catch {
    return null
  }
}

// Keeps a change; says whether it will be there after the page is gone.
export async function keep(change) {
  const kept = await within('readwrite', (store) => store.add(change))
  if (kept) return true
  memory.push({ ...change, number: memory.length ? memory.at(-1).number + 1 : -1e9 })
  return false
}

// All that wait for this person, in the order they were made; with `run` those of one run.
export async function waiting(person, run = null) {
  const kept = await within('readonly', (store) => store.getAll())
  return [...(kept?.result ?? []), ...memory]
    .filter((change) => change.person === person && (run === null || change.run === run))
}

// The server has said no: it is kept with the words, and not sent again.
export async function refuse(change, words) {
  const refused = { ...change, refused: words }
  const place = memory.findIndex((other) => other.number === change.number)
  if (place >= 0) memory[place] = refused
  else await within('readwrite', (store) => store.put(refused))
}

// Puts changes in the place of those that they were, all or none.
export async function rewrite(changes) {
  const here = changes.filter((change) => memory.some((other) => other.number === change.number))
  for (const change of here) memory[memory.findIndex((other) => other.number === change.number)] = change
  const kept = changes.filter((change) => !here.includes(change))
  if (kept.length) await within('readwrite', (store) => kept.map((change) => store.put(change)).at(-1))
}

export async function forget(change) {
  const place = memory.findIndex((other) => other.number === change.number)
  if (place >= 0) memory.splice(place, 1)
  else await within('readwrite', (store) => store.delete(change.number))
}

// Nothing of this person stays on the device.
export async function forgetAll(person) {
  for (const change of await waiting(person)) await forget(change)
}

// A name for a change that nobody else makes. `crypto.randomUUID` is there on secure connections only.
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
