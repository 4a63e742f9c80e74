// Sends one change, and says what became of it. Whatever is not an answer of ours means "later".
import { parse } from './fragment.js'

const LIMIT = 8000
const LATER = { kind: 'later' }

// { kind: 'taken', fresh, run } | { kind: 'refused', words } | { kind: 'question', words, runs } | { kind: 'sign-in' } | { kind: 'later' }
export async function deliver(change, token) {
  try {
    const answer = await read(await post(change, token))
    return answer.kind === 'old-form' ? last(await read(await post(change, answer.token))) : answer
  } catch {
    return LATER
  }
}

function post(change, token) {
  const body = new URLSearchParams(change.fields)
  body.set('csrf_token', token)
  body.set('client_id', change.id)
  body.set('enhetstid', change.at)
  body.set('enhetsnu', new Date().toISOString())
  return asker(change.person)(change.url, { method: 'POST', body })
}

// The token of now was not taken either: cookies are refused, or the clock of the server is wrong. It can only be tried again.
const last = (answer) => answer.kind === 'old-form' ? LATER : answer

// `ask(url, options)` for one person: a request that ends (refused, cut off or answered within eight seconds) and that is
// only answered while that person is signed in.
export function asker(person) {
  return (url, options = {}) => fetch(url, {
    cache: 'no-store',
    keepalive: options.method === 'POST', // it is sent though the page is left meanwhile
    ...options,
    headers: { 'X-Fragment': 'genomforande', 'X-Person': person, ...options.headers },
    signal: AbortSignal.timeout(LIMIT),
  })
}

// The error that our server tells a script about; null for any other page, as a proxy's.
export async function errorOf(response) {
  if (!response.headers.get('Content-Type')?.startsWith('application/json')) return null
  const said = await response.json()
  return said.status === response.status && typeof said.message === 'string' ? said : null
}

async function read(response) {
  if (response.ok) {
    const fresh = parse(await response.text())
    return fresh ? { kind: 'taken', fresh, run: response.headers.get('Content-Location')?.split('/').pop() } : LATER
  }
  const said = await errorOf(response)
  if (!said || said.status === 429 || said.status >= 500) return LATER
  return { kind: said.reason, words: said.message, token: said.token, runs: said.runs }
}
