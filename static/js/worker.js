// The service worker: what lies on the phone for when there is no net. Served at the root with KNOWN before it
// (kb/offline/views.py). Pages come from the net as long as it answers; what fails is answered with the kept copy and its age.
// Kept is only what the lists of the server name: nothing that passes by is stored. Open pages are fetched without cookies;
// what is a person's own lies in a cache of that person alone, which goes when somebody else signs in or anybody signs out.
const { build, files, statics, index, open, own, start, begin, runs, signOut, secret, hours } = KNOWN
const FILES = 'radrum-files-'
const OPEN = 'radrum-open'
const PERSON = 'radrum-person-'
const VERSIONS = 3 // a page that stays open over a new version finds its own files
const LIMIT = 8000
const PATIENCE = 22000 // more, where nothing is kept that could be shown instead
const TRIES = 6 // a net that loses some of what is asked would keep nothing otherwise
const GONE = [403, 404, 410]
const OURS = 'X-Radrum'

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(keepFiles())
})

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  const { kind, person } = event.data
  const work = { keep: () => keep(person), meet: () => forgetOthers(person), forget: forgetPersons }[kind]
  if (work) event.waitUntil(work().then(() => event.ports[0]?.postMessage('klart')))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin) return
  if (request.method === 'GET' && url.pathname.startsWith(statics)) event.respondWith(file(request))
  else if (request.mode !== 'navigate') return
  else if (request.method === 'GET') event.respondWith(page(request, url))
  else if (request.referrer.startsWith(`${location.origin}/`)) event.respondWith(sent(request, url))
})

// What is kept

async function keepFiles() {
  const cache = await caches.open(FILES + build)
  await Promise.all(files.map(async (address) => {
    if (await cache.match(address)) return // an address names its version: what came before the net was cut still holds
    const answer = await ask(address)
    if (!answer.ok || answer.headers.get(OURS) !== build) throw new Error(`another version of ${address}`)
    await cache.put(address, answer)
  }))
  await keepPage(await caches.open(OPEN), { url: index, stamp: build }, { credentials: 'omit' })
}

// An answer of ours, asked for again where the net has cut it off.
async function ask(address, how = {}, left = TRIES) {
  const answer = await fetch(address, how).catch(() => null)
  if (isOwn(answer)) return answer
  if (left > 1) return ask(address, how, left - 1)
  throw new Error(`no answer from ${address}`)
}

let keeping = null
let forgotten = 0

function keep(person) {
  keeping ??= keepAll(person).catch(() => {}).finally(() => { keeping = null })
  return keeping
}

async function keepAll(person) {
  const before = forgotten
  await forgetOthers(person)
  if (!await keepList(OPEN, open, { credentials: 'omit' })) return
  if (person && before !== forgotten) return // signed out meanwhile
  if (person && !await keepList(PERSON + person, own, asPerson(person))) return
  const versions = (await caches.keys()).filter((name) => name.startsWith(FILES))
  for (const name of versions.slice(0, -VERSIONS)) await caches.delete(name)
}

const asPerson = (person) => ({ credentials: 'include', headers: { 'X-Person': person, 'X-Fragment': 'kopia' } })

// Brings a cache up to the list of the server. Whether it is whole.
async function keepList(name, address, how) {
  const cache = await caches.open(name) // first: a cache that is taken away meanwhile stays away
  const answer = await ask(address, { cache: 'no-store', ...how })
  if (!answer.ok || answer.headers.get(OURS) !== build) return false
  const { pages } = await answer.clone().json()
  const itself = name === OPEN ? [{ url: index, stamp: build }] : []
  for (const entry of [...itself, ...pages]) if (!await keepPage(cache, entry, how)) return false
  const wanted = new Set([address, ...[...itself, ...pages].map((entry) => entry.url)])
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url)
    const isMade = (await cache.match(request))?.headers.has('X-Made-Here')
    if (!wanted.has(pathname + search) && !isMade) await cache.delete(request)
  }
  await cache.put(address, marked(answer, build))
  return true
}

async function keepPage(cache, { url, stamp, source }, how) {
  const kept = await cache.match(url)
  if (kept?.headers.get('X-Stamp') === stamp) return true
  const answer = await ask(source || url, { cache: 'no-store', ...how })
  if (!answer.headers.has(OURS)) return false
  if (answer.ok && !answer.redirected) await cache.put(url, marked(answer, stamp))
  else if (answer.redirected || GONE.includes(answer.status)) await cache.delete(url)
  return true // one page that is wrong takes no other with it
}

function marked(answer, stamp) {
  const headers = new Headers(answer.headers)
  headers.set('X-Kept-At', new Date().toISOString())
  headers.set('X-Stamp', stamp)
  return new Response(answer.body, { headers })
}

async function personal() {
  return (await caches.keys()).filter((name) => name.startsWith(PERSON))
}

async function forgetOthers(person) {
  if (person) for (const name of await personal()) if (name !== PERSON + person) await caches.delete(name)
}

async function forgetPersons() {
  forgotten += 1
  for (const name of await personal()) await caches.delete(name)
}

// What is answered

async function file(request) {
  for (const name of await caches.keys()) {
    const kept = name.startsWith(FILES) && await (await caches.open(name)).match(request, { ignoreVary: true })
    if (kept) return kept
  }
  return fetch(request)
}

async function page(request, url) {
  const asked = fetch(request).catch(() => null)
  const soon = await Promise.race([asked, late(LIMIT)])
  if (isOwn(soon)) return soon.status === 404 ? await madeHere(url) ?? soon : soon
  const words = soon === null ? 'Inget nät.' : 'Rådrum svarar inte.'
  const copy = url.pathname === index ? null : await kept(url) ?? await toStart(url.pathname === begin && url.searchParams.get('checklista'))
  if (copy) return withBar(copy, words)
  const answer = soon === undefined && url.pathname !== index ? await Promise.race([asked, late(PATIENCE)]) : soon
  if (isOwn(answer)) return answer
  return await inPlace(words, url.pathname === index ? '' : 'Sidan finns inte sparad på den här enheten.') ?? answer ?? Response.error()
}

// An answer of ours: a server that is away lets its proxy speak.
const isOwn = (answer) => Boolean(answer) && (answer.status < 500 || answer.headers.has(OURS))

const late = (time) => new Promise((resolve) => setTimeout(() => resolve(undefined), time))

async function kept({ pathname, search }) {
  for (const name of [...await personal(), OPEN]) {
    const cache = await caches.open(name)
    const copy = await cache.match(pathname + search) ?? (name === OPEN ? await cache.match(pathname) : undefined)
    if (copy && (name === OPEN || isYoung(copy))) return copy
  }
  return null
}

const isYoung = (copy) =>
  copy.headers.has('X-Made-Here') || Date.now() - Date.parse(copy.headers.get('X-Kept-At')) < hours * 3600e3

// The page that starts a checklist on the phone itself.
async function toStart(slug) {
  return slug ? (await caches.open(OPEN)).match(start.replace('_', slug)) : undefined
}

// A run that was started on this phone, and that the server does not know yet.
async function madeHere(url) {
  for (const name of await personal()) {
    const copy = await (await caches.open(name)).match(url.pathname)
    if (copy?.headers.has('X-Made-Here')) return copy
  }
  return null
}

// A form that left by the browser: what could not be sent is shown, and is sent again by a button.
async function sent(request, url) {
  const copy = request.clone()
  if (url.pathname === signOut) await forgetPersons()
  const answer = await fetch(request).catch(() => null)
  if (url.pathname === signOut) await forgetPersons() // what was being kept until the session had ended
  if (isOwn(answer)) return answer
  const fields = [...await copy.formData().catch(() => [])]
  const slug = url.pathname === runs && fields.find(([name]) => name === 'checklista')?.[1]
  if (slug && await toStart(slug)) return Response.redirect(`${start.replace('_', slug)}#start:${typed(fields)}`, 303)
  return await inPlace(answer ? 'Rådrum svarar inte.' : 'Inget nät.', '', unsent(url, fields)) ?? answer ?? Response.error()
}

// The pages of the phone itself

async function withBar(copy, words) {
  if (copy.headers.has('X-Made-Here')) return copy
  const since = clock(new Date(copy.headers.get('X-Kept-At')))
  const bar = `<aside class="kept-bar" aria-label="Sparad kopia" data-module="kept-bar"><div class="wrap"><span>Sparad kopia från ` +
    `${since}. ${words}</span> <a href="${index}">Allt som är sparat</a></div></aside>`
  return drawn(copy, (html) => html.replace('<header class="top"', `${bar}<header class="top"`))
}

// The page that lists what is kept, at another address: why it is shown, or `main` in place of what it says.
async function inPlace(words, why, main = '') {
  const copy = await (await caches.open(OPEN)).match(index)
  if (!copy) return null
  if (main) {
    return drawn(copy, (html) => html
      .replace(/<title>[^<]*/, '<title>Det gick inte att skicka – Rådrum')
      .replace(/(<main[^>]*>)[^]*<\/main>/, (_all, start) => `${start}${main.replace('{ord}', words)}</main>`))
  }
  return drawn(copy, (html) => html.replace(/(id="lage">)[^<]*/, `$1${words} ${why} Det här finns här.`))
}

async function drawn(copy, change) {
  const headers = new Headers(copy.headers)
  headers.delete('Content-Length')
  headers.delete('Content-Encoding')
  return new Response(change(await copy.text()), { headers })
}

const typed = (fields) => new URLSearchParams(fields.filter(([name]) => name !== 'csrf_token'))

function unsent(url, fields) {
  const hasSecret = fields.some(([name]) => secret.includes(name))
  const texts = fields.filter(([name, value]) => typeof value === 'string' && /\s/.test(value.trim()) && !secret.includes(name))
  const files = fields.filter(([, value]) => typeof value !== 'string' && value.size)
  const hidden = fields.filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
  const again = hasSecret
    ? `<p><a class="button" href="${escape(url.pathname + url.search)}">Försök igen</a></p>`
    : `<form class="form" method="post" action="${escape(url.pathname + url.search)}">${hidden.join('')}
        <div class="buttons"><button class="button" type="submit">Skicka igen</button></div></form>`
  const typed = texts.length
    ? `<h2>Det du skrev</h2>${texts.map(([, value]) => `<p class="lines unsent__text">${escape(value)}</p>`).join('')}` : ''
  const missing = files.length ? '<p>Filen följer inte med. Gå tillbaka och välj den igen när nätet är tillbaka.</p>' : ''
  return `<div class="wrap"><div class="narrow stack"><h1>Det gick inte att skicka</h1>
    <p role="alert">{ord} Inget är sparat på servern. Det du skrev finns kvar här så länge sidan är öppen.</p>
    ${missing}${again}${typed}</div></div>`
}

const escape = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

function clock(at) {
  const day = (moment) => moment.toLocaleDateString('sv-SE', { timeZone: 'Europe/Stockholm' })
  const time = at.toLocaleTimeString('sv-SE', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Stockholm' })
  const date = at.toLocaleDateString('sv-SE', { day: 'numeric', month: 'long', timeZone: 'Europe/Stockholm' })
  return day(at) === day(new Date()) ? time.replace(':', '.') : `${date} ${time.replace(':', '.')}`
}
